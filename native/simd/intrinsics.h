// The compiler's names for instructions, and the core's own vocabulary: included before the region of a tier.
#ifndef HOPFIELD_SIMD_INTRINSICS_H_
#define HOPFIELD_SIMD_INTRINSICS_H_

#include "core/tier.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#elif defined(__aarch64__) || defined(_M_ARM64)
#include <arm_neon.h>
#elif defined(__wasm__)
#include "simd/neon_on_wasm.h"
#endif

#endif  // HOPFIELD_SIMD_INTRINSICS_H_
