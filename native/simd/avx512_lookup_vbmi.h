// kernels/recall/vote_tables.h with VBMI.
#ifndef HOPFIELD_SIMD_AVX512_LOOKUP_VBMI_H_
#define HOPFIELD_SIMD_AVX512_LOOKUP_VBMI_H_

#include "simd/avx512_lookup.h"
#include "simd/intrinsics.h"

namespace hopfield {
namespace {

/// Six patterns a table: vpermb finds 64 bytes in 64 in one step of port 5.
struct Lookup : LookupOf64 {
  static constexpr size_t kBits = 6;
  static constexpr size_t kMostZips = 8;
  static constexpr size_t kPackedBytes = 3, kPackedTables = 4;
  static constexpr bool kTallies = true;

  static inline __m512i find(const uint8_t* plane, __m512i index) {
    return _mm512_permutexvar_epi8(index, load(plane));
  }

  /// vpermb leaves out the upper two bits of an index by itself.
  static inline void unpack(__m512i x[4]) {
    const __m512i a = _mm512_srli_epi16(x[0], 6), b = _mm512_srli_epi16(x[1], 4),
                  c = _mm512_srli_epi16(x[2], 2);
    x[3] = choose(_mm512_set1_epi8(0x0f), choose(_mm512_set1_epi8(0x03), a, b), c);
  }

  /// Eight neurons' bytes of eight patterns become a byte of eight neurons a pattern.
  static inline __m512i differ(__m512i index, __m512i state, __m512i marks) {
    constexpr int kDifferMarked = 0x28;
    const __m512i x = _mm512_ternarylogic_epi32(index, state, marks, kDifferMarked);
    const __m512i unit = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201u));
    return _mm512_popcnt_epi8(_mm512_gf2p8affine_epi64_epi8(unit, x, 0));
  }

  /// counts[p] += byte p of every qword.
  static inline void add_tallies(const uint8_t* bytes, int32_t* counts) {
    const __m512i x = load(bytes);
    const __m256i sums = _mm256_cvtepu16_epi32(_mm_unpacklo_epi16(sum_qwords(even(x)), sum_qwords(odd(x))));
    auto* to = reinterpret_cast<__m256i*>(counts);
    _mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), sums));
  }

  /// Sixteen-bit sums are packed to bytes within 128-bit lanes, so that bit 3 of an index tells the two
  /// halves apart: pattern 3 is added last, patterns 4 and 5 choose the lane.
  static inline int32_t tables(const int16_t* votes, size_t groups, unsigned bits, uint8_t* planes) {
    const __m512i digit = _mm512_set1_epi16(static_cast<short>((1 << bits) - 1));
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(bits));
    int32_t lifts = 0;
    for (size_t g = 0; g < groups; g++) {
      const int16_t* v = votes + 6 * g;
      int32_t lift = 0;
      for (size_t k = 0; k < 6; k++) lift += v[k] < 0 ? -v[k] : 0;
      lifts += lift;
      __m512i a = _mm512_set1_epi16(static_cast<short>(lift));
      a = _mm512_mask_add_epi16(a, 0xaaaaaaaa, a, _mm512_set1_epi16(v[0]));
      a = _mm512_mask_add_epi16(a, 0xcccccccc, a, _mm512_set1_epi16(v[1]));
      a = _mm512_mask_add_epi16(a, 0xf0f0f0f0, a, _mm512_set1_epi16(v[2]));
      a = _mm512_mask_add_epi16(a, 0xff00ff00, a, _mm512_set1_epi16(v[4]));
      a = _mm512_mask_add_epi16(a, 0xffff0000, a, _mm512_set1_epi16(v[5]));
      const __m512i b = _mm512_add_epi16(a, _mm512_set1_epi16(v[3]));
      store(planes + 128 * g, _mm512_packus_epi16(_mm512_and_si512(a, digit), _mm512_and_si512(b, digit)));
      store(planes + 128 * g + 64,
            _mm512_packus_epi16(_mm512_srl_epi16(a, shift), _mm512_srl_epi16(b, shift)));
    }
    return lifts;
  }

 private:
  static inline __m512i choose(__m512i mask, __m512i yes, __m512i no) {
    return _mm512_ternarylogic_epi32(mask, yes, no, 0xca);
  }
  /// Of lanes of 16 bits, in the lower qword.
  static inline __m128i sum_qwords(__m512i x) {
    const __m256i four = _mm256_add_epi16(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
    const __m128i two = _mm_add_epi16(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
    return _mm_add_epi16(two, _mm_unpackhi_epi64(two, two));
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_LOOKUP_VBMI_H_
