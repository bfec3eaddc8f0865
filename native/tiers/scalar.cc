// Portable C++: the tier that is always there, and the mirror of the TypeScript reference.
#include "tiers/tiers.h"

#define HOPFIELD_SIMD "simd/scalar.h"
#include "simd/begin.h"

#include "kernels/all.h"

namespace hopfield {
Tier scalar_tier() { return table(); }
}  // namespace hopfield

#include "simd/end.h"
