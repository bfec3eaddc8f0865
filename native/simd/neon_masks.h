// Masks of lanes on Advanced SIMD: of bits, narrower ones, and bits again. WebAssembly has other instructions
// for them.
#ifndef HOPFIELD_SIMD_NEON_MASKS_H_
#define HOPFIELD_SIMD_NEON_MASKS_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

#if defined(__wasm__)

/// Lanes of −1 where x has the only bit of `bit`. WebAssembly has no instruction that tests bits.
template <class T>
static inline T lanes_with(T x, T bit) {
  return reinterpret_cast<T>((x & bit) == bit);
}

/// Two masks as one of lanes half as wide.
static inline uint8x16_t narrow_masks(uint16x8_t a, uint16x8_t b) {
  return reinterpret_cast<uint8x16_t>(
      wasm_i8x16_narrow_i16x8(reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b)));
}
static inline uint16x8_t narrow_masks(uint32x4_t a, uint32x4_t b) {
  return reinterpret_cast<uint16x8_t>(
      wasm_i16x8_narrow_i32x4(reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b)));
}

/// A bit of each of four lanes, of 16, and of 32.
static inline uint32_t mask_four(uint32x4_t x) { return wasm_i32x4_bitmask(reinterpret_cast<v128_t>(x)); }
static inline uint32_t mask_half(uint8x16_t x) { return wasm_i8x16_bitmask(reinterpret_cast<v128_t>(x)); }
static inline uint32_t mask_word(uint8x16_t low, uint8x16_t high) {
  return mask_half(low) | mask_half(high) << 16;
}

#else

static inline uint8x16_t lanes_with(uint8x16_t x, uint8x16_t bit) { return vtstq_u8(x, bit); }
static inline uint16x8_t lanes_with(uint16x8_t x, uint16x8_t bit) { return vtstq_u16(x, bit); }
static inline uint32x4_t lanes_with(uint32x4_t x, uint32x4_t bit) { return vtstq_u32(x, bit); }

static inline uint8x16_t narrow_masks(uint16x8_t a, uint16x8_t b) {
  return vuzp1q_u8(vreinterpretq_u8_u16(a), vreinterpretq_u8_u16(b));
}
static inline uint16x8_t narrow_masks(uint32x4_t a, uint32x4_t b) {
  return vuzp1q_u16(vreinterpretq_u16_u32(a), vreinterpretq_u16_u32(b));
}

static inline uint32_t mask_word(uint8x16_t low, uint8x16_t high) {
  static const uint8_t kBit[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bit = vld1q_u8(kBit);
  uint8x16_t bytes = vpaddq_u8(vandq_u8(low, bit), vandq_u8(high, bit));
  bytes = vpaddq_u8(bytes, bytes);
  bytes = vpaddq_u8(bytes, bytes);
  return vgetq_lane_u32(vreinterpretq_u32_u8(bytes), 0);
}
static inline uint32_t mask_four(uint32x4_t x) {
  static const uint32_t kBit[4] = {1, 2, 4, 8};
  return vaddvq_u32(vandq_u32(x, vld1q_u32(kBit)));
}
static inline uint32_t mask_half(uint8x16_t x) { return mask_word(x, vdupq_n_u8(0)); }

#endif

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_MASKS_H_
