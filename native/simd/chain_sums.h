// Sixteen-bit sums of 64 chains, as two halves that the tier knows how to add.
#ifndef HOPFIELD_SIMD_CHAIN_SUMS_H_
#define HOPFIELD_SIMD_CHAIN_SUMS_H_

#include <stdint.h>

#include "simd/small.h"

namespace hopfield {
namespace {

/// All of them wrap.
template <class HalfSums>
struct TwoHalves {
  using Bits = uint64_t;

  HalfSums half[2];

  TwoHalves() = default;
  explicit TwoHalves(int16_t from) : half{HalfSums(from), HalfSums(from)} {}
  /// On a cache line.
  static inline TwoHalves of(const int16_t* from) {
    TwoHalves sums;
    sums.half[0] = HalfSums::of(from);
    sums.half[1] = HalfSums::of(from + 32);
    return sums;
  }

  /// To the chains whose bits are set.
  inline void add(uint64_t bits, int16_t x) {
    half[0].add(static_cast<uint32_t>(bits), x);
    half[1].add(static_cast<uint32_t>(bits >> 32), x);
  }
  inline void give(const TwoHalves& other) {
    half[0].give(other.half[0]);
    half[1].give(other.half[1]);
  }
  inline void take(const TwoHalves& other) {
    half[0].take(other.half[0]);
    half[1].take(other.half[1]);
  }
  /// Twice every sum, and x.
  inline void twice_and(int16_t x) {
    half[0].twice_and(x);
    half[1].twice_and(x);
  }
  inline void times(int16_t x) {
    half[0].times(x);
    half[1].times(x);
  }
  /// Absolute values of others to sums without a sign, which go no further than 65,535.
  inline void give_magnitudes(const TwoHalves& other) {
    half[0].give_magnitudes(other.half[0]);
    half[1].give_magnitudes(other.half[1]);
  }
  /// Of sums without a sign.
  inline uint16_t largest() const { return larger(half[0].largest(), half[1].largest()); }
  /// Bits of the chains whose sums are larger than x.
  inline uint64_t above(int16_t x) const {
    return half[0].above(x) | static_cast<uint64_t>(half[1].above(x)) << 32;
  }
  /// To the chains whose bits are set, what they have in `other`; from all others it is taken.
  inline void add_signed(uint64_t bits, const TwoHalves& other) {
    half[0].add_signed(static_cast<uint32_t>(bits), other.half[0]);
    half[1].add_signed(static_cast<uint32_t>(bits >> 32), other.half[1]);
  }
  inline void store(int16_t* out) const {
    half[0].store(out);
    half[1].store(out + 32);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_CHAIN_SUMS_H_
