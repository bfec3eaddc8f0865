// kernels/recall/vote_tables.h in portable C++, without any instruction for it.
#ifndef HOPFIELD_SIMD_PORTABLE_LOOKUP_H_
#define HOPFIELD_SIMD_PORTABLE_LOOKUP_H_

#include "simd/bits.h"
#include "simd/operands.h"

namespace hopfield {
namespace {

namespace portable {

/// The tables of kernels/recall/vote_tables.h, four patterns each: 16 sums in planes of digits.
static inline int32_t nibble_tables(const int16_t* votes, size_t groups, unsigned bits, uint8_t* planes) {
  const int digit = (1 << bits) - 1;
  int32_t lifts = 0;
  for (size_t g = 0; g < groups; g++) {
    const int16_t* v = votes + 4 * g;
    int lift = 0;
    for (unsigned k = 0; k < 4; k++) lift += v[k] < 0 ? -v[k] : 0;
    lifts += lift;
    int sums[16];
    for (unsigned i = 0; i < 16; i++) {
      sums[i] = lift + (i & 1 ? v[0] : 0) + (i & 2 ? v[1] : 0) + (i & 4 ? v[2] : 0) + (i & 8 ? v[3] : 0);
    }
    for (unsigned i = 0; i < 16; i++) {
      planes[32 * g + i] = static_cast<uint8_t>(sums[i] & digit);
      planes[32 * g + 16 + i] = static_cast<uint8_t>(sums[i] >> bits);
    }
  }
  return lifts;
}

/// kernels/recall/vote_tables.h without any instruction for it.
struct Lookup {
  static constexpr size_t kBits = 4, kLanes = 16;
  static constexpr size_t kLeastCues = 16;
  static constexpr size_t kMostZips = 8;
  static constexpr bool kAlone = false;
  static constexpr size_t kPackedBytes = 0, kPackedTables = 0;
  static constexpr bool kTallies = false;

  struct Bytes {
    uint8_t lane[16];
  };

  static inline Bytes zero() { return Bytes{}; }
  static inline Bytes load(const uint8_t* p) {
    Bytes x;
    memcpy(x.lane, p, 16);
    return x;
  }
  static inline void store(uint8_t* p, Bytes x) { memcpy(p, x.lane, 16); }
  static inline Bytes spread(const uint32_t* words, size_t reg, uint8_t value) {
    Bytes x;
    const uint32_t bits = words[reg / 2] >> (16 * (reg % 2));
    for (size_t l = 0; l < 16; l++) x.lane[l] = static_cast<uint8_t>(((bits >> l) & 1) * value);
    return x;
  }
  static inline Bytes join(Bytes a, Bytes b) {
    for (size_t l = 0; l < 16; l++) a.lane[l] = static_cast<uint8_t>(a.lane[l] | b.lane[l]);
    return a;
  }
  static inline Bytes arrange(Bytes index) { return index; }
  static inline Bytes find(const uint8_t* plane, Bytes index) {
    for (size_t l = 0; l < 16; l++) index.lane[l] = plane[index.lane[l]];
    return index;
  }
  static inline Bytes add8(Bytes a, Bytes b) {
    for (size_t l = 0; l < 16; l++) a.lane[l] = static_cast<uint8_t>(a.lane[l] + b.lane[l]);
    return a;
  }
  static inline Bytes add16(Bytes a, Bytes b) {
    uint16_t x[8], y[8];
    memcpy(x, a.lane, 16);
    memcpy(y, b.lane, 16);
    for (size_t k = 0; k < 8; k++) x[k] = static_cast<uint16_t>(x[k] + y[k]);
    memcpy(a.lane, x, 16);
    return a;
  }
  static inline Bytes shift16(Bytes a, unsigned bits) {
    uint16_t x[8];
    memcpy(x, a.lane, 16);
    for (size_t k = 0; k < 8; k++) x[k] = static_cast<uint16_t>(x[k] << bits);
    memcpy(a.lane, x, 16);
    return a;
  }
  static inline Bytes every_other(const uint8_t* from) {
    uint16_t x[8];
    for (size_t k = 0; k < 8; k++) x[k] = from[2 * k];
    Bytes to;
    memcpy(to.lane, x, 16);
    return to;
  }
  static inline Bytes even(const Bytes& x) { return every_other(x.lane); }
  static inline Bytes odd(const Bytes& x) { return every_other(x.lane + 1); }
  template <size_t kSize>
  static inline Bytes zip(const uint8_t* a, const uint8_t* b) {
    Bytes x;
    for (size_t k = 0; k < 8; k += kSize) {
      memcpy(x.lane + 2 * k, a + k, kSize);
      memcpy(x.lane + 2 * k + kSize, b + k, kSize);
    }
    return x;
  }
  static inline Bytes zip8_low(const Bytes& l, const Bytes& h) { return zip<1>(l.lane, h.lane); }
  static inline Bytes zip8_high(const Bytes& l, const Bytes& h) { return zip<1>(l.lane + 8, h.lane + 8); }
  static inline Bytes zip16_low(const Bytes& e, const Bytes& o) { return zip<2>(e.lane, o.lane); }
  static inline Bytes zip16_high(const Bytes& e, const Bytes& o) { return zip<2>(e.lane + 8, o.lane + 8); }
  static inline int32_t tables(const int16_t* votes, size_t groups, unsigned bits, uint8_t* planes) {
    return nibble_tables(votes, groups, bits, planes);
  }
};

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_LOOKUP_H_
