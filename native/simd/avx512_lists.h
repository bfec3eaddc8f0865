// Lists of keys with AVX-512, without a branch an entry.
#ifndef HOPFIELD_SIMD_AVX512_LISTS_H_
#define HOPFIELD_SIMD_AVX512_LISTS_H_

#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// Writes from + r·kStep for each bit r that is set, and up to 15 entries more after them. Returns how many.
template <uint32_t kStep = 1>
static inline size_t list_bits(uint64_t bits, uint32_t from, uint32_t* out) {
  constexpr int k = kStep;
  const __m512i lane = _mm512_setr_epi32(0, k, 2 * k, 3 * k, 4 * k, 5 * k, 6 * k, 7 * k, 8 * k, 9 * k, 10 * k,
                                         11 * k, 12 * k, 13 * k, 14 * k, 15 * k);
  size_t found = 0;
  for (uint32_t r = 0; r < 64; r += 16) {
    const __mmask16 some = static_cast<__mmask16>(bits >> r);
    const __m512i index = _mm512_add_epi32(lane, _mm512_set1_epi32(static_cast<int>(from + r * kStep)));
    _mm512_storeu_si512(out + found, _mm512_maskz_compress_epi32(some, index));
    found += static_cast<size_t>(count_ones(some));
  }
  return found;
}

/// Keeps those indices whose bit is set in a row of so many words, in their order; up to 16 entries more are
/// written after them. Returns how many. A row of 1024 bits fits two registers.
static inline size_t keep_marked(const uint32_t* indices, size_t count, const uint32_t* row, size_t words,
                                 uint32_t* kept) {
  if (words > 32) return pick_marked(indices, count, row, kept);
  const auto some_of = [words](size_t from) {
    return static_cast<__mmask16>(words <= from       ? 0
                                  : words - from < 16 ? (1u << (words - from)) - 1
                                                      : 0xffff);
  };
  const __m512i low = _mm512_maskz_loadu_epi32(some_of(0), row);
  const __m512i high = _mm512_maskz_loadu_epi32(some_of(16), row + 16);
  size_t found = 0;
  for (size_t k = 0; k < count; k += 16) {
    const __mmask16 used = static_cast<__mmask16>(count - k < 16 ? (1u << (count - k)) - 1 : 0xffff);
    const __m512i index = _mm512_maskz_loadu_epi32(used, indices + k);
    const __m512i word = _mm512_permutex2var_epi32(low, _mm512_srli_epi32(index, 5), high);
    const __mmask16 set =
        _mm512_mask_test_epi32_mask(used, _mm512_rorv_epi32(word, index), _mm512_set1_epi32(1));
    _mm512_storeu_si512(kept + found, _mm512_maskz_compress_epi32(set, index));
    found += static_cast<size_t>(count_ones(set));
  }
  return found;
}

/// Keeps those values that lie no further than `cut` below `reference`, as values − reference, with their
/// keys; up to 7 entries more are written after them. Returns how many.
static inline size_t keep_near(const double* values, const uint32_t* keys, size_t count, double reference,
                               double cut, double* below, uint32_t* kept) {
  const __m512d top = _mm512_set1_pd(reference), least = _mm512_set1_pd(-cut);
  size_t found = 0;
  for (size_t k = 0; k < count; k += 8) {
    const __mmask8 used = static_cast<__mmask8>(count - k < 8 ? (1u << (count - k)) - 1 : 0xff);
    const __m512d d = _mm512_sub_pd(_mm512_maskz_loadu_pd(used, values + k), top);
    const __mmask8 near = _mm512_mask_cmp_pd_mask(used, d, least, _CMP_NLT_UQ);
    const __m256i key = _mm256_maskz_loadu_epi32(used, keys + k);
    _mm512_storeu_pd(below + found, _mm512_maskz_compress_pd(near, d));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(kept + found), _mm256_maskz_compress_epi32(near, key));
    found += static_cast<size_t>(count_ones(near));
  }
  return found;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_LISTS_H_
