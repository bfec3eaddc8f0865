// Votes and thresholds of a block of 512 neurons in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_FIELDS_H_
#define HOPFIELD_SIMD_PORTABLE_FIELDS_H_

#include "simd/operands.h"

namespace hopfield {
namespace {

namespace portable {

/// The eight bits of every byte as masks of eight 16-bit lanes, 0 or −1: what a compiler makes vectors of.
struct ByteMasks {
  alignas(16) int16_t lane[256][8];
  constexpr ByteMasks() : lane() {
    for (int byte = 0; byte < 256; byte++) {
      for (int bit = 0; bit < 8; bit++) lane[byte][bit] = static_cast<int16_t>(-((byte >> bit) & 1));
    }
  }
};

constexpr ByteMasks kMasks;

/// sum[i] += Σ of the ballots' votes over those whose pattern has bit i of this block set. The ballots of one
/// call have Σ|vote| ≤ 32767, so 16-bit lanes hold every partial sum.
template <class Sum>
static inline void vote_block(const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
                              size_t words, Sum* sum) {
  alignas(64) int16_t lanes[kBlockBits];
  const size_t count = 4 * words;
  memset(lanes, 0, count * sizeof(lanes[0]) * 8);
  for (size_t b = 0; b < n; b++) {
    const int16_t vote = static_cast<int16_t>(ballots[b].vote);
    uint8_t bytes[kBlockBits / 8];
    memcpy(bytes, block + ballots[b].row * stride, count);
    for (size_t k = 0; k < count; k++) {
      const int16_t* mask = kMasks.lane[bytes[k]];
      for (size_t l = 0; l < 8; l++)
        lanes[k * 8 + l] = static_cast<int16_t>(lanes[k * 8 + l] + (mask[l] & vote));
    }
  }
  for (size_t i = 0; i < 8 * count; i++) sum[i] = static_cast<Sum>(sum[i] + lanes[i]);
}

/// next = sign of h_i = 2·sum_i − total − count·s_i, bit 1 = +1, ties by rule. |h| < 2^31.
static inline void threshold_block(const int32_t* sum, int32_t total, int32_t count, Tie tie, size_t words,
                                   const uint32_t* state, uint32_t* next) {
  for (size_t k = 0; k < words; k++) {
    uint32_t word = 0;
    for (size_t b = 0; b < 32; b++) {
      const uint32_t s = (state[k] >> b) & 1;
      const uint32_t field = 2u * static_cast<uint32_t>(sum[k * 32 + b]) - static_cast<uint32_t>(total) -
                             (s ? static_cast<uint32_t>(count) : 0u - static_cast<uint32_t>(count));
      const int32_t h = static_cast<int32_t>(field);
      const uint32_t at_zero = tie == Tie::kKeep ? s : static_cast<uint32_t>(tie == Tie::kPositive);
      word |= (h > 0 ? 1u : h < 0 ? 0u : at_zero) << b;
    }
    next[k] = word;
  }
}

/// next = whether sum_i exceeds `up` where the neuron is +1, `down` where it is −1.
static inline void threshold_words(const int16_t* sum, int16_t up, int16_t down, size_t words,
                                   const uint32_t* state, uint32_t* next) {
  for (size_t k = 0; k < words; k++) {
    uint32_t word = 0;
    for (size_t b = 0; b < 32; b++) {
      word |= static_cast<uint32_t>(sum[k * 32 + b] > ((state[k] >> b) & 1 ? up : down)) << b;
    }
    next[k] = word;
  }
}

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_FIELDS_H_
