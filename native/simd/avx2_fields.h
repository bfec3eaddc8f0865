//
//   intrinsic                instruction     Haswell … Alder Lake: latency, ports
//   _mm256_set1_epi16(m16)   vpbroadcastw    load + p5
//   _mm256_cmpeq_epi16       vpcmpeqw        1, p01
//   _mm256_and_si256         vpand           1, p015
//   _mm256_add_epi16         vpaddw          1, p015
//
// There are no mask registers: sixteen pattern bits are spread to sixteen lanes by a broadcast, an AND with
// one bit a lane and a comparison, then AND the vote and add. 16 registers hold the accumulators of 128
// neurons beside the constants, so a block of 512 is done in quarters.
#ifndef HOPFIELD_SIMD_AVX2_FIELDS_H_
#define HOPFIELD_SIMD_AVX2_FIELDS_H_

#include "simd/intrinsics.h"
#include "simd/operands.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// Sixteen bits to sixteen lanes of 0 or −1.
static inline __m256i spread16(uint32_t bits) {
  const __m256i lane =
      _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
  return _mm256_cmpeq_epi16(_mm256_and_si256(_mm256_set1_epi16(static_cast<short>(bits)), lane), lane);
}

/// Eight bits to eight lanes of 0 or −1.
static inline __m256i spread8(uint32_t bits) {
  const __m256i lane = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits)), lane), lane);
}

static inline void add_lane(int32_t* to, __m256i lane) {
  const __m256i low = _mm256_cvtepi16_epi32(_mm256_castsi256_si128(lane));
  const __m256i high = _mm256_cvtepi16_epi32(_mm256_extracti128_si256(lane, 1));
  store256(to, _mm256_add_epi32(load256(to), low));
  store256(to + 8, _mm256_add_epi32(load256(to + 8), high));
}
static inline void add_lane(int16_t* to, __m256i lane) { store256(to, _mm256_add_epi16(load256(to), lane)); }

/// 16·kLanes neurons.
template <size_t kLanes, class Sum>
static inline void vote_lanes(const uint32_t* words, size_t stride, const Ballot* ballots, size_t n,
                              Sum* sum) {
  __m256i lanes[kLanes];
  HOPFIELD_UNROLL(8)
  for (size_t k = 0; k < kLanes; k++) lanes[k] = _mm256_setzero_si256();
  for (size_t b = 0; b < n; b++) {
    uint16_t halves[kLanes];
    memcpy(halves, words + ballots[b].row * stride, sizeof(halves));
    const __m256i vote = _mm256_set1_epi16(static_cast<short>(ballots[b].vote));
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < kLanes; k++) {
      lanes[k] = _mm256_add_epi16(lanes[k], _mm256_and_si256(spread16(halves[k]), vote));
    }
  }
  HOPFIELD_UNROLL(8)
  for (size_t k = 0; k < kLanes; k++) add_lane(sum + k * 16, lanes[k]);
}

template <class Sum>
static inline void vote_block(const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
                              size_t words, Sum* sum) {
  size_t at = 0;
  for (; at + 2 < words; at += 4) vote_lanes<8>(block + at, stride, ballots, n, sum + at * 32);
  if (at < words) vote_lanes<4>(block + at, stride, ballots, n, sum + at * 32);
}

static inline void threshold_block(const int32_t* sum, int32_t total, int32_t count, Tie tie, size_t words,
                                   const uint32_t* state, uint32_t* next) {
  const __m256i t = _mm256_set1_epi32(total), p = _mm256_set1_epi32(count), zero = _mm256_setzero_si256();
  for (size_t k = 0; k < words; k++) {
    uint32_t word = 0;
    for (size_t q = 0; q < 4; q++) {
      const __m256i s = spread8(state[k] >> (8 * q));
      // p where the neuron is +1, −p where it is −1.
      const __m256i minus = _mm256_andnot_si256(s, _mm256_set1_epi32(-1));
      const __m256i self = _mm256_sub_epi32(_mm256_xor_si256(p, minus), minus);
      const __m256i votes = _mm256_sub_epi32(_mm256_slli_epi32(load256(sum + k * 32 + q * 8), 1), t);
      const __m256i h = _mm256_sub_epi32(votes, self);
      const __m256i positive = _mm256_cmpgt_epi32(h, zero), at_zero = _mm256_cmpeq_epi32(h, zero);
      const __m256i chosen = tie == Tie::kPositive ? at_zero
                             : tie == Tie::kKeep   ? _mm256_and_si256(at_zero, s)
                                                   : zero;
      const int bits = _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_or_si256(positive, chosen)));
      word |= static_cast<uint32_t>(bits) << (8 * q);
    }
    next[k] = word;
  }
}

static inline void threshold_words(const int16_t* sum, int16_t up, int16_t down, size_t words,
                                   const uint32_t* state, uint32_t* next) {
  const __m256i u = _mm256_set1_epi16(up), d = _mm256_set1_epi16(down);
  for (size_t k = 0; k < words; k++) {
    const __m256i low = _mm256_blendv_epi8(d, u, spread16(state[k]));
    const __m256i high = _mm256_blendv_epi8(d, u, spread16(state[k] >> 16));
    // Packing works within 128-bit lanes: the middle quarters change places.
    const __m256i over = _mm256_packs_epi16(_mm256_cmpgt_epi16(load256(sum + k * 32), low),
                                            _mm256_cmpgt_epi16(load256(sum + k * 32 + 16), high));
    next[k] = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_permute4x64_epi64(over, 0xd8)));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_FIELDS_H_
