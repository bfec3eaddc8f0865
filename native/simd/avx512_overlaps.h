// Counts of differing bits on AVX-512.
#ifndef HOPFIELD_SIMD_AVX512_OVERLAPS_H_
#define HOPFIELD_SIMD_AVX512_OVERLAPS_H_

#include "simd/avx512_popcount.h"
#include "simd/avx512_rows.h"
#include "simd/bits.h"
#include "simd/portable_overlaps.h"
#include "simd/avx512_short_rows.h"
#include "simd/intrinsics.h"

namespace hopfield {
namespace {

static inline __m512i differing_lanes(const uint32_t* row, const uint32_t* state, size_t blocks) {
  __m512i sum = _mm512_setzero_si512();
  for (size_t k = 0; k < blocks; k++) {
    const __m512i x =
        _mm512_xor_si512(load_block(row + k * kBlockWords), load_block(state + k * kBlockWords));
    sum = _mm512_add_epi64(sum, popcount_lanes(x));
  }
  return sum;
}

static inline void row_overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* state,
                                int32_t* out) {
  if (neurons <= kShortBits) return short_overlaps(rows, count, neurons, state, out);
  const size_t blocks = row_blocks(neurons), stride = row_words(neurons);
  const __m512i all = _mm512_set1_epi64(static_cast<long long>(neurons));
  size_t mu = 0;
  for (; mu + 8 <= count; mu += 8) {
    __m512i d[8];
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < 8; r++) d[r] = _mm512_setzero_si512();
    for (size_t k = 0; k < blocks; k++) {
      const __m512i s = load_block(state + k * kBlockWords);
      const uint32_t* row = rows + mu * stride + k * kBlockWords;
      HOPFIELD_UNROLL(8)
      for (size_t r = 0; r < 8; r++) {
        d[r] = _mm512_add_epi64(d[r], popcount_lanes(_mm512_xor_si512(load_block(row + r * stride), s)));
      }
    }
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 8; r += 2) {
      d[r] = fold_pairs(d[r], d[r + 1]);
    }
    const __m512i sums = fold(fold(d[0], d[2]), fold(d[4], d[6]));
    const __m512i v = _mm512_sub_epi64(all, _mm512_slli_epi64(sums, 1));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + mu), _mm512_cvtepi64_epi32(v));
  }
  for (; mu < count; mu++) {
    const long long differing = _mm512_reduce_add_epi64(differing_lanes(rows + mu * stride, state, blocks));
    out[mu] = static_cast<int32_t>(static_cast<int64_t>(neurons) - 2 * differing);
  }
}

/// FourSums states a pass: each pattern is loaded once for all of them.
static inline void overlaps_of(const uint32_t* rows, size_t count, size_t neurons, size_t states,
                               const uint32_t* const* state, int32_t* const* out) {
  if (neurons <= kShortBits) {
    return portable::overlaps_in_turn(row_overlaps, rows, count, neurons, states, state, out);
  }
  const size_t blocks = row_blocks(neurons), stride = row_words(neurons);
  const __m512i all = _mm512_set1_epi64(static_cast<long long>(neurons));
  size_t b = 0;
  for (; b + 4 <= states; b += 4) {
    size_t mu = 0;
    for (; mu + 2 <= count; mu += 2) {
      __m512i d[8];
      HOPFIELD_UNROLL(8)
      for (size_t r = 0; r < 8; r++) d[r] = _mm512_setzero_si512();
      const uint32_t* row = rows + mu * stride;
      for (size_t k = 0; k < blocks; k++) {
        const __m512i x = load_block(row + k * kBlockWords), y = load_block(row + stride + k * kBlockWords);
        HOPFIELD_UNROLL(4)
        for (size_t c = 0; c < 4; c++) {
          const __m512i s = load_block(state[b + c] + k * kBlockWords);
          d[2 * c] = _mm512_add_epi64(d[2 * c], popcount_lanes(_mm512_xor_si512(x, s)));
          d[2 * c + 1] = _mm512_add_epi64(d[2 * c + 1], popcount_lanes(_mm512_xor_si512(y, s)));
        }
      }
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < 8; r += 2) {
        d[r] = fold_pairs(d[r], d[r + 1]);
      }
      const __m512i sums = fold(fold(d[0], d[2]), fold(d[4], d[6]));
      const __m256i v = _mm512_cvtepi64_epi32(_mm512_sub_epi64(all, _mm512_slli_epi64(sums, 1)));
      alignas(32) uint64_t pairs[4];
      _mm256_store_si256(reinterpret_cast<__m256i*>(pairs), v);
      HOPFIELD_UNROLL(4)
      for (size_t c = 0; c < 4; c++) memcpy(out[b + c] + mu, &pairs[c], sizeof(pairs[c]));
    }
    for (; mu < count; mu++) {
      for (size_t c = 0; c < 4; c++)
        row_overlaps(rows + mu * stride, 1, neurons, state[b + c], out[b + c] + mu);
    }
  }
  for (; b < states; b++) row_overlaps(rows, count, neurons, state[b], out[b]);
}

static inline void column_differences(const uint64_t* planes, size_t neurons, size_t words,
                                      const uint64_t* column, int32_t* out) {
  for (size_t j = 0; j < neurons; j += 8) {
    const __mmask8 used = neurons - j >= 8 ? 0xff : static_cast<__mmask8>((1u << (neurons - j)) - 1);
    __m512i sum = _mm512_setzero_si512();
    for (size_t w = 0; w < words; w++) {
      const __m512i x = _mm512_maskz_loadu_epi64(used, planes + w * neurons + j);
      sum = _mm512_add_epi64(
          sum, popcount_lanes(_mm512_xor_si512(x, _mm512_set1_epi64(static_cast<long long>(column[w])))));
    }
    _mm256_mask_storeu_epi32(out + j, used, _mm512_cvtepi64_epi32(sum));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_OVERLAPS_H_
