// kernels/recall/vote_tables.h on AVX2.
#ifndef HOPFIELD_SIMD_AVX2_LOOKUP_H_
#define HOPFIELD_SIMD_AVX2_LOOKUP_H_

#include "simd/intrinsics.h"
#include "simd/portable_lookup.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// FourSums patterns a table, the same in both lanes; 32 neurons a register.
struct Lookup {
  static constexpr size_t kBits = 4, kLanes = 32;
  static constexpr size_t kLeastCues = 4;
  static constexpr size_t kMostZips = SIZE_MAX;
  static constexpr bool kAlone = true;
  static constexpr size_t kPackedBytes = 1, kPackedTables = 2;
  static constexpr bool kTallies = false;

  static inline __m256i zero() { return _mm256_setzero_si256(); }
  static inline __m256i load(const uint8_t* p) { return load256(p); }
  static inline void store(uint8_t* p, __m256i x) { store256(p, x); }
  static inline __m256i spread(const uint32_t* words, size_t reg, uint8_t value) {
    const __m256i byte = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2,
                                          2, 3, 3, 3, 3, 3, 3, 3, 3);
    const __m256i bit = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201u));
    const __m256i x = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(words[reg])), byte);
    return _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_and_si256(x, bit), bit),
                            _mm256_set1_epi8(static_cast<char>(value)));
  }
  static inline __m256i join(__m256i a, __m256i b) { return _mm256_or_si256(a, b); }
  static inline __m256i arrange(__m256i index) { return _mm256_permute4x64_epi64(index, 0xd8); }
  static inline void unpack(__m256i x[2]) {
    const __m256i low = _mm256_set1_epi8(0x0f);
    x[1] = _mm256_and_si256(_mm256_srli_epi16(x[0], 4), low);
    x[0] = _mm256_and_si256(x[0], low);
  }
  static inline __m256i find(const uint8_t* plane, __m256i index) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(plane));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(x), index);
  }
  static inline __m256i add8(__m256i a, __m256i b) { return _mm256_add_epi8(a, b); }
  static inline __m256i add16(__m256i a, __m256i b) { return _mm256_add_epi16(a, b); }
  static inline __m256i shift16(__m256i x, unsigned bits) {
    return _mm256_sll_epi16(x, _mm_cvtsi32_si128(static_cast<int>(bits)));
  }
  static inline __m256i even(__m256i x) { return _mm256_and_si256(x, _mm256_set1_epi16(0xff)); }
  static inline __m256i odd(__m256i x) { return _mm256_srli_epi16(x, 8); }
  static inline __m256i zip8_low(__m256i l, __m256i h) { return _mm256_unpacklo_epi8(l, h); }
  static inline __m256i zip8_high(__m256i l, __m256i h) { return _mm256_unpackhi_epi8(l, h); }
  static inline __m256i zip16_low(__m256i e, __m256i o) { return _mm256_unpacklo_epi16(e, o); }
  static inline __m256i zip16_high(__m256i e, __m256i o) { return _mm256_unpackhi_epi16(e, o); }
  static inline int32_t tables(const int16_t* votes, size_t groups, unsigned bits, uint8_t* planes) {
    return portable::nibble_tables(votes, groups, bits, planes);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_LOOKUP_H_
