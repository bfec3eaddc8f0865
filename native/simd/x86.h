// What the tiers for x86-64 share.
#ifndef HOPFIELD_SIMD_X86_H_
#define HOPFIELD_SIMD_X86_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

static inline int count_ones(uint64_t x) { return static_cast<int>(_mm_popcnt_u64(x)); }

static inline __m256i load256(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
static inline void store256(void* p, __m256i x) { _mm256_storeu_si256(static_cast<__m256i*>(p), x); }

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_X86_H_
