// What the tiers for x86-64 share.
#ifndef HOPFIELD_SIMD_X86_H_
#define HOPFIELD_SIMD_X86_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

static inline int count_ones(uint64_t x) { return static_cast<int>(_mm_popcnt_u64(x)); }

constexpr size_t kVotedChains = 64;

static inline size_t lowest_bit(uint64_t x) { return static_cast<size_t>(_tzcnt_u64(x)); }

/// Of eight numbers without a sign: the complement of the least of complements.
static inline uint16_t largest_of(__m128i eight) {
  const __m128i least = _mm_minpos_epu16(_mm_xor_si128(eight, _mm_set1_epi32(-1)));
  return static_cast<uint16_t>(~_mm_cvtsi128_si32(least));
}

static inline __m256i load256(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
static inline void store256(void* p, __m256i x) { _mm256_storeu_si256(static_cast<__m256i*>(p), x); }

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_X86_H_
