// What 64 chains side by side need where their fields fit a byte, in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_CHAIN_BYTES_H_
#define HOPFIELD_SIMD_PORTABLE_CHAIN_BYTES_H_

#include "simd/chain_draws.h"
#include "simd/operands.h"
#include "simd/portable_chains.h"

namespace hopfield {
namespace {

/// Up to so many connections of a neuron, SampledChains keeps each partial sum: none, since they lie in
/// memory anyway.
constexpr size_t kKeptSums = 0;

namespace portable {

/// The eight bits of every byte as eight bytes, 0 or 255.
struct EightMasks {
  alignas(64) uint8_t lane[256][8];
  constexpr EightMasks() : lane() {
    for (int byte = 0; byte < 256; byte++) {
      for (int bit = 0; bit < 8; bit++) lane[byte][bit] = ((byte >> bit) & 1) != 0 ? 255 : 0;
    }
  }
};

constexpr EightMasks kEightMasks;

}  // namespace portable

/// Eight-bit sums of 64 chains, which wrap.
struct ChainBytes {
  alignas(64) uint8_t lanes[64];

  ChainBytes() : ChainBytes(0) {}
  explicit ChainBytes(int from) { memset(lanes, from, sizeof(lanes)); }
  /// To the chains whose bits are set.
  inline void add(uint64_t bits, int32_t x) {
    for (size_t q = 0; q < 8; q++) {
      const uint8_t* mask = portable::kEightMasks.lane[(bits >> (8 * q)) & 0xff];
      for (size_t l = 0; l < 8; l++) {
        lanes[8 * q + l] = static_cast<uint8_t>(lanes[8 * q + l] + (mask[l] & static_cast<uint8_t>(x)));
      }
    }
  }
  inline void take(const ChainBytes& other) {
    for (size_t c = 0; c < 64; c++) lanes[c] = static_cast<uint8_t>(lanes[c] - other.lanes[c]);
  }
  /// Twice every sum, and x.
  inline void twice_and(int x) {
    for (uint8_t& some : lanes) some = static_cast<uint8_t>(2 * some + x);
  }
  /// Bits of the chains whose sums are larger than x.
  inline uint64_t above(int x) const {
    uint64_t bits = 0;
    for (size_t c = 0; c < 64; c++) bits |= static_cast<uint64_t>(static_cast<int8_t>(lanes[c]) > x) << c;
    return bits;
  }
  inline void store(uint8_t* out) const { memcpy(out, lanes, sizeof(lanes)); }
};

/// Sixteen-bit totals.
struct ByteTotals {
  alignas(64) int16_t lanes[64] = {};

  /// Adds what the chains whose bits are set have in `other`; from all others it is taken.
  inline void add_signed(uint64_t bits, const ChainBytes& other) {
    for (size_t q = 0; q < 8; q++) {
      const int16_t* mask = portable::kMasks.lane[(bits >> (8 * q)) & 0xff];
      for (size_t l = 0; l < 8; l++) {
        const int16_t x = static_cast<int8_t>(other.lanes[8 * q + l]);
        lanes[8 * q + l] = static_cast<int16_t>(lanes[8 * q + l] - x + 2 * (mask[l] & x));
      }
    }
  }
  inline void store(int16_t* out) const { memcpy(out, lanes, sizeof(lanes)); }
};

struct ByteDraws : ChainDraws {
  using ChainDraws::ChainDraws;

  /// Bit c: whether the number of chain c is no larger than the limit at its place.
  inline uint64_t below(const ChainBytes& places, const ChanceLimits& limits, size_t visit) const {
    const uint32_t *upper = words[2 * visit], *lower = words[2 * visit + 1];
    uint64_t below = 0;
    for (size_t c = 0; c < 64; c++) {
      const uint64_t bits = uniform_bits(upper[c], lower[c]);
      below |= static_cast<uint64_t>(bits <= limits.whole[places.lanes[c]]) << c;
    }
    return below;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_CHAIN_BYTES_H_
