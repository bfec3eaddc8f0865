// What 64 chains side by side need, in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_CHAINS_H_
#define HOPFIELD_SIMD_PORTABLE_CHAINS_H_

#include "simd/chain_sums.h"
#include "simd/operands.h"
#include "simd/portable_fields.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// The sums of 64 do not stay in registers.
constexpr size_t kVotedChains = 32;

/// Sixteen-bit sums of 32 chains.
struct HalfSums {
  using Bits = uint32_t;
  alignas(64) int16_t lanes[32];

  HalfSums() : HalfSums(0) {}
  explicit HalfSums(int16_t from) {
    for (int16_t& some : lanes) some = from;
  }
  static inline HalfSums of(const int16_t* from) {
    HalfSums sums;
    memcpy(sums.lanes, from, sizeof(sums.lanes));
    return sums;
  }
  inline void add(uint32_t bits, int16_t x) {
    for (size_t q = 0; q < 4; q++) {
      const int16_t* mask = portable::kMasks.lane[(bits >> (8 * q)) & 0xff];
      for (size_t l = 0; l < 8; l++) {
        lanes[8 * q + l] = static_cast<int16_t>(lanes[8 * q + l] + (mask[l] & x));
      }
    }
  }
  inline void give(const HalfSums& other) {
    for (size_t c = 0; c < 32; c++) lanes[c] = static_cast<int16_t>(lanes[c] + other.lanes[c]);
  }
  inline void take(const HalfSums& other) {
    for (size_t c = 0; c < 32; c++) lanes[c] = static_cast<int16_t>(lanes[c] - other.lanes[c]);
  }
  inline void twice_and(int16_t x) {
    for (int16_t& some : lanes) some = static_cast<int16_t>(2 * some + x);
  }
  inline void times(int16_t x) {
    for (int16_t& some : lanes) some = static_cast<int16_t>(some * x);
  }
  inline void give_magnitudes(const HalfSums& other) {
    for (size_t c = 0; c < 32; c++) {
      const int32_t x = other.lanes[c], sum = static_cast<uint16_t>(lanes[c]) + (x < 0 ? -x : x);
      lanes[c] = static_cast<int16_t>(sum < UINT16_MAX ? sum : UINT16_MAX);
    }
  }
  inline uint16_t largest() const {
    uint16_t most = 0;
    for (const int16_t some : lanes) most = larger(most, static_cast<uint16_t>(some));
    return most;
  }
  inline uint32_t above(int16_t x) const {
    uint32_t bits = 0;
    for (size_t c = 0; c < 32; c++) bits |= static_cast<uint32_t>(lanes[c] > x) << c;
    return bits;
  }
  inline void add_signed(uint32_t bits, const HalfSums& other) {
    for (size_t q = 0; q < 4; q++) {
      const int16_t* mask = portable::kMasks.lane[(bits >> (8 * q)) & 0xff];
      for (size_t l = 0; l < 8; l++) {
        const int16_t x = other.lanes[8 * q + l];
        lanes[8 * q + l] = static_cast<int16_t>(lanes[8 * q + l] - x + 2 * (mask[l] & x));
      }
    }
  }
  inline void store(int16_t* out) const { memcpy(out, lanes, sizeof(lanes)); }
};

using ChainSums = TwoHalves<HalfSums>;

/// Adds a bit to each of 64 bytes.
static inline void count_chains(uint8_t* counts, uint64_t bits) {
  for (size_t q = 0; q < 8; q++) {
    // The bits of a byte, each where it is in a byte of its own; then as one.
    const uint64_t spread = ((bits >> (8 * q)) & 0xff) * 0x0101010101010101u & 0x8040201008040201u;
    const uint64_t ones = (spread + 0x7f7f7f7f7f7f7f7fu) >> 7 & 0x0101010101010101u;
    uint64_t eight;
    memcpy(&eight, counts + 8 * q, sizeof(eight));
    eight += ones;
    memcpy(counts + 8 * q, &eight, sizeof(eight));
  }
}

/// Bit c: whether the number of chain c is no larger than the limit at its place.
static inline uint64_t chains_below(const ChainSums& places, const ChanceLimits& limits, const uint32_t* high,
                                    const uint32_t* low) {
  uint64_t below = 0;
  for (size_t c = 0; c < 64; c++) {
    below |= static_cast<uint64_t>(uniform_bits(high[c], low[c]) <=
                                   limits.whole[places.half[c / 32].lanes[c % 32]])
             << c;
  }
  return below;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_CHAINS_H_
