// Fields of few neurons that are carried from flip to flip (kernels/forms/carried_fields.h) on Advanced SIMD.
#ifndef HOPFIELD_SIMD_NEON_CARRIED_H_
#define HOPFIELD_SIMD_NEON_CARRIED_H_

#include "simd/intrinsics.h"
#include "simd/neon_masks.h"
#include "simd/operands.h"

namespace hopfield {
namespace {

/// Sixteen numbers as bytes, those too large as the largest.
static inline int8x16_t narrowed16(int16x8_t low, int16x8_t high) {
  return vcombine_s8(vqmovn_s16(low), vqmovn_s16(high));
}

static inline uint64_t sign_word(const int16_t* halves, const int16_t* limits) {
  uint64_t word = 0;
  for (size_t l = 0; l < 64; l += 32) {
    uint16x8_t over[4];
    HOPFIELD_UNROLL(4)
    for (size_t k = 0; k < 4; k++)
      over[k] = vcgtq_s16(vld1q_s16(halves + l + 8 * k), vld1q_s16(limits + l + 8 * k));
    const uint32_t half = mask_word(narrow_masks(over[0], over[1]), narrow_masks(over[2], over[3]));
    word |= static_cast<uint64_t>(half) << l;
  }
  return word;
}

static inline void signs_over(const int16_t* halves, const int16_t* limits, size_t words, uint64_t* signs) {
  for (size_t w = 0; w < words; w++) signs[w] = sign_word(halves + 64 * w, limits + 64 * w);
}

/// Adds sixteen bytes to as many halves.
static inline void add_bytes(int8x16_t bytes, int16_t* halves) {
  vst1q_s16(halves, vaddw_s8(vld1q_s16(halves), vget_low_s8(bytes)));
  vst1q_s16(halves + 8, vaddw_s8(vld1q_s16(halves + 8), vget_high_s8(bytes)));
}

static inline bool move_once(const int8_t* row, const int16_t* limits, size_t words, int16_t* halves,
                             uint64_t* signs) {
  uint64_t turned = 0;
  for (size_t w = 0; w < words; w++, halves += 64, limits += 64) {
    for (size_t l = 0; l < 64; l += 16) add_bytes(vld1q_s8(row + 64 * w + l), halves + l);
    const uint64_t now = sign_word(halves, limits);
    turned |= now ^ signs[w];
    signs[w] = now;
  }
  return turned != 0;
}

/// Several moves at once in bytes: how far a field is from its limit saturates, but a byte that has saturated
/// is too far away for 127 to change its sign.
static inline bool move_fields(const int8_t* const* rows, size_t* count, const int16_t* limits, size_t words,
                               int16_t* halves, uint64_t* signs) {
  const size_t most = *count;
  if (most > 1) {
    int8x16_t sums[16];
    int8x16_t turned = vdupq_n_s8(0);
    for (size_t w = 0; w < 4 * words; w++) {
      const int16_t *half = halves + 16 * w, *limit = limits + 16 * w;
      const int8x16_t first = narrowed16(vsubq_s16(vld1q_s16(limit), vld1q_s16(half)),
                                         vsubq_s16(vld1q_s16(limit + 8), vld1q_s16(half + 8)));
      int8x16_t margin = first, sum = vdupq_n_s8(0);
      for (size_t k = 0; k < most; k++) {
        const int8x16_t row = vld1q_s8(rows[k] + 16 * w);
        margin = vqsubq_s8(margin, row);
        sum = vaddq_s8(sum, row);
        turned = vorrq_s8(turned, veorq_s8(margin, first));
      }
      sums[w] = sum;
    }
    const uint64x2_t any = vreinterpretq_u64_s8(turned);
    if (((vgetq_lane_u64(any, 0) | vgetq_lane_u64(any, 1)) & 0x8080808080808080u) == 0) {
      for (size_t w = 0; w < 4 * words; w++) add_bytes(sums[w], halves + 16 * w);
      return false;
    }
  }
  for (size_t k = 0; k < most; k++) {
    if (!move_once(rows[k], limits, words, halves, signs)) continue;
    *count = k + 1;
    return true;
  }
  return false;
}

static inline void marked_visits(const uint8_t* visits, size_t count, const uint64_t* marks, uint64_t* out) {
  static const uint8_t kBit[16] = {1, 2, 4, 8, 16, 32, 64, 128};
  const uint8_t* halves = reinterpret_cast<const uint8_t*>(marks);
  const uint8x16_t low = vld1q_u8(halves), high = vld1q_u8(halves + 16), bits = vld1q_u8(kBit);
  for (size_t u = 0; u < count; u += 16) {
    const uint8x16_t visit = vld1q_u8(visits + u), byte = vshrq_n_u8(visit, 3);
    // A table has zero for an index past its end.
    const uint8x16_t mark = vorrq_u8(vqtbl1q_u8(low, byte), vqtbl1q_u8(high, vsubq_u8(byte, vdupq_n_u8(16))));
    const uint8x16_t bit = vqtbl1q_u8(bits, vandq_u8(visit, vdupq_n_u8(7)));
    const uint64_t used = count - u >= 16 ? 0xffff : (uint64_t{1} << (count - u)) - 1;
    const uint64_t some = mask_half(lanes_with(mark, bit)) & used;
    out[u / 64] = u % 64 == 0 ? some : out[u / 64] | some << u % 64;
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_CARRIED_H_
