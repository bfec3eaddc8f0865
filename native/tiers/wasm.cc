// WebAssembly with vectors of 128 bits.
#include "tiers/tiers.h"

#if defined(__wasm__)
#define HOPFIELD_SIMD "simd/neon.h"
#include "simd/begin.h"

#include "kernels/all.h"

namespace hopfield {
Tier wasm_tier() { return table(); }
}  // namespace hopfield

#include "simd/end.h"
#endif
