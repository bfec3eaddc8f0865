// Votes and thresholds of a block of 512 neurons on AVX-512.
//
//   intrinsic                 instruction         Ice Lake / Sapphire Rapids: latency, ports
//   _mm512_mask_add_epi16     vpaddw zmm{k}       1, p05
//   _load_mask32              kmovd k, m32        load + p5
//   _mm512_popcnt_epi64       vpopcntq zmm        3, p5
//   _mm512_madd_epi16         vpmaddwd zmm        5, p05
//   _mm512_mul_epu32          vpmuludq zmm        5, p05
//
// Patterns are used as masks straight from memory. A vote costs one mask load (port 5) and one masked
// addition (ports 0 and 5) for 32 neurons, so 512 neurons take 16 cycles a pattern with their 16 accumulators
// in registers.
#ifndef HOPFIELD_SIMD_AVX512_FIELDS_H_
#define HOPFIELD_SIMD_AVX512_FIELDS_H_

#include "simd/intrinsics.h"
#include "simd/operands.h"

namespace hopfield {
namespace {

static inline void add_lane(int32_t* to, __m512i lane) {
  const __m512i low = _mm512_cvtepi16_epi32(_mm512_castsi512_si256(lane));
  const __m512i high = _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(lane, 1));
  _mm512_storeu_si512(to, _mm512_add_epi32(_mm512_loadu_si512(to), low));
  _mm512_storeu_si512(to + 16, _mm512_add_epi32(_mm512_loadu_si512(to + 16), high));
}
static inline void add_lane(int16_t* to, __m512i lane) {
  _mm512_storeu_si512(to, _mm512_add_epi16(_mm512_loadu_si512(to), lane));
}

template <size_t kLanes, class Sum>
static inline void vote_lanes(const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
                              Sum* sum) {
  __m512i lanes[kLanes];
  HOPFIELD_UNROLL(16)
  for (size_t k = 0; k < kLanes; k++) lanes[k] = _mm512_setzero_si512();
  for (size_t b = 0; b < n; b++) {
    const uint32_t* words = block + ballots[b].row * stride;
    const __m512i vote = _mm512_set1_epi16(static_cast<short>(ballots[b].vote));
    HOPFIELD_UNROLL(16)
    for (size_t k = 0; k < kLanes; k++) {
      lanes[k] = _mm512_mask_add_epi16(lanes[k], words[k], lanes[k], vote);
    }
  }
  HOPFIELD_UNROLL(16)
  for (size_t k = 0; k < kLanes; k++) add_lane(sum + k * 32, lanes[k]);
}

template <class Sum>
static inline void vote_block(const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
                              size_t words, Sum* sum) {
  if (words <= 2) return vote_lanes<2>(block, stride, ballots, n, sum);
  if (words <= 4) return vote_lanes<4>(block, stride, ballots, n, sum);
  if (words <= 6) return vote_lanes<6>(block, stride, ballots, n, sum);
  if (words <= 8) return vote_lanes<8>(block, stride, ballots, n, sum);
  vote_lanes<16>(block, stride, ballots, n, sum);
}

static inline void threshold_block(const int32_t* sum, int32_t total, int32_t count, Tie tie, size_t words,
                                   const uint32_t* state, uint32_t* next) {
  const __m512i t = _mm512_set1_epi32(total);
  const __m512i p = _mm512_set1_epi32(count);
  const __m512i zero = _mm512_setzero_si512();
  for (size_t half = 0; half < 2 * words; half++) {
    const __mmask16 s = static_cast<__mmask16>(state[half / 2] >> (16 * (half % 2)));
    __m512i h = _mm512_sub_epi32(_mm512_slli_epi32(_mm512_loadu_si512(sum + half * 16), 1), t);
    h = _mm512_mask_sub_epi32(_mm512_add_epi32(h, p), s, h, p);
    const __mmask16 positive = _mm512_cmpgt_epi32_mask(h, zero);
    const __mmask16 at_zero = _mm512_cmpeq_epi32_mask(h, zero);
    const __mmask16 chosen = tie == Tie::kPositive ? at_zero : tie == Tie::kKeep ? (at_zero & s) : 0;
    const uint32_t bits = static_cast<uint16_t>(positive | chosen);
    next[half / 2] = half % 2 == 0 ? bits : next[half / 2] | bits << 16;
  }
}

static inline void threshold_words(const int16_t* sum, int16_t up, int16_t down, size_t words,
                                   const uint32_t* state, uint32_t* next) {
  const __m512i u = _mm512_set1_epi16(up), d = _mm512_set1_epi16(down);
  for (size_t k = 0; k < words; k++) {
    next[k] =
        _mm512_cmpgt_epi16_mask(_mm512_loadu_si512(sum + k * 32), _mm512_mask_blend_epi16(state[k], d, u));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_FIELDS_H_
