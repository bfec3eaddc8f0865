// kernels/recall/lookup_fields.h in portable C++, without any instruction for it.
#ifndef HOPFIELD_SIMD_PORTABLE_LOOKUP_H_
#define HOPFIELD_SIMD_PORTABLE_LOOKUP_H_

#include "simd/bits.h"

namespace hopfield {
namespace {

namespace portable {

/// The tables of kernels/recall/lookup_fields.h, four patterns each: 16 sums in two planes of bytes.
static inline void nibble_tables(const int16_t* votes, size_t groups, uint8_t* planes) {
  for (size_t g = 0; g < groups; g++) {
    const int16_t* v = votes + 4 * g;
    for (unsigned i = 0; i < 16; i++) {
      const int sum = (i & 1 ? v[0] : 0) + (i & 2 ? v[1] : 0) + (i & 4 ? v[2] : 0) + (i & 8 ? v[3] : 0);
      planes[32 * g + i] = static_cast<uint8_t>(sum);
      planes[32 * g + 16 + i] = static_cast<uint8_t>(sum >> 8);
    }
  }
}

/// kernels/recall/lookup_fields.h without any instruction for it.
struct Lookup {
  static constexpr size_t kBits = 4, kLanes = 16;
  /// From so many cues on, recalling them together pays; kernels/recall/choose.h.
  static constexpr size_t kLeastCues = 16;

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
  static inline Bytes zip(const uint8_t* l, const uint8_t* h) {
    Bytes x;
    for (size_t k = 0; k < 8; k++) {
      x.lane[2 * k] = l[k];
      x.lane[2 * k + 1] = h[k];
    }
    return x;
  }
  static inline Bytes low(Bytes l, Bytes h) { return zip(l.lane, h.lane); }
  static inline Bytes high(Bytes l, Bytes h) { return zip(l.lane + 8, h.lane + 8); }
  static inline Bytes add(Bytes a, Bytes b) {
    uint16_t x[8], y[8];
    memcpy(x, a.lane, 16);
    memcpy(y, b.lane, 16);
    for (size_t k = 0; k < 8; k++) x[k] = static_cast<uint16_t>(x[k] + y[k]);
    memcpy(a.lane, x, 16);
    return a;
  }
  static inline void tables(const int16_t* votes, size_t groups, uint8_t* planes) {
    nibble_tables(votes, groups, planes);
  }
};

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_LOOKUP_H_
