// kernels/recall/vote_tables.h on Advanced SIMD.
#ifndef HOPFIELD_SIMD_NEON_LOOKUP_H_
#define HOPFIELD_SIMD_NEON_LOOKUP_H_

#include "simd/intrinsics.h"
#include "simd/neon_masks.h"
#include "simd/portable_lookup.h"

namespace hopfield {
namespace {

/// FourSums patterns a table; tbl finds 16 bytes in 16, and the zips keep the natural order.
struct Lookup {
  static constexpr size_t kBits = 4, kLanes = 16;
  static constexpr size_t kLeastCues = 4;
#if defined(__wasm__)
  // On x86-64 an engine has sixteen registers: sums of digits would be spilled.
  static constexpr size_t kMostZips = SIZE_MAX;
#else
  static constexpr size_t kMostZips = 8;
#endif
  static constexpr bool kAlone = true;
  static constexpr size_t kPackedBytes = 0, kPackedTables = 0;
  static constexpr bool kTallies = false;

  static inline uint8x16_t zero() { return vdupq_n_u8(0); }
  static inline uint8x16_t load(const uint8_t* p) { return vld1q_u8(p); }
  static inline void store(uint8_t* p, uint8x16_t x) { vst1q_u8(p, x); }
  static inline uint8x16_t spread(const uint32_t* words, size_t reg, uint8_t value) {
    static const uint8_t kBit[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint32_t bits = words[reg / 2] >> (16 * (reg % 2));
    const uint8x16_t x =
        vcombine_u8(vdup_n_u8(static_cast<uint8_t>(bits)), vdup_n_u8(static_cast<uint8_t>(bits >> 8)));
    return vandq_u8(lanes_with(x, vld1q_u8(kBit)), vdupq_n_u8(value));
  }
  static inline uint8x16_t join(uint8x16_t a, uint8x16_t b) { return vorrq_u8(a, b); }
  static inline uint8x16_t arrange(uint8x16_t index) { return index; }
  static inline uint8x16_t find(const uint8_t* plane, uint8x16_t index) {
    return vqtbl1q_u8(vld1q_u8(plane), index);
  }
  static inline uint8x16_t add8(uint8x16_t a, uint8x16_t b) { return vaddq_u8(a, b); }
  static inline uint8x16_t add16(uint8x16_t a, uint8x16_t b) {
    return vreinterpretq_u8_u16(vaddq_u16(vreinterpretq_u16_u8(a), vreinterpretq_u16_u8(b)));
  }
  static inline uint8x16_t shift16(uint8x16_t x, unsigned bits) {
    return vreinterpretq_u8_u16(vshlq_u16(vreinterpretq_u16_u8(x), vdupq_n_s16(static_cast<int16_t>(bits))));
  }
  static inline uint8x16_t even(uint8x16_t x) {
    return vreinterpretq_u8_u16(vandq_u16(vreinterpretq_u16_u8(x), vdupq_n_u16(0xff)));
  }
  static inline uint8x16_t odd(uint8x16_t x) {
    return vreinterpretq_u8_u16(vshrq_n_u16(vreinterpretq_u16_u8(x), 8));
  }
  static inline uint8x16_t zip8_low(uint8x16_t l, uint8x16_t h) { return vzip1q_u8(l, h); }
  static inline uint8x16_t zip8_high(uint8x16_t l, uint8x16_t h) { return vzip2q_u8(l, h); }
  static inline uint8x16_t zip16_low(uint8x16_t e, uint8x16_t o) {
    return vreinterpretq_u8_u16(vzip1q_u16(vreinterpretq_u16_u8(e), vreinterpretq_u16_u8(o)));
  }
  static inline uint8x16_t zip16_high(uint8x16_t e, uint8x16_t o) {
    return vreinterpretq_u8_u16(vzip2q_u16(vreinterpretq_u16_u8(e), vreinterpretq_u16_u8(o)));
  }
  static inline int32_t tables(const int16_t* votes, size_t groups, unsigned bits, uint8_t* planes) {
    return portable::nibble_tables(votes, groups, bits, planes);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_LOOKUP_H_
