// Sums over the patterns of one neuron's column on Advanced SIMD.
#ifndef HOPFIELD_SIMD_NEON_COLUMNS_H_
#define HOPFIELD_SIMD_NEON_COLUMNS_H_

#include "simd/intrinsics.h"
#include "simd/neon_fields.h"

namespace hopfield {
namespace {

static inline int64_t column_sum(const uint32_t* column, const int16_t* votes, size_t words, size_t span) {
  int64x2_t sum = vdupq_n_s64(0);
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    int16x8_t lanes[4] = {vdupq_n_s16(0), vdupq_n_s16(0), vdupq_n_s16(0), vdupq_n_s16(0)};
    for (; k < end; k++) {
      for (size_t q = 0; q < 4; q++) {
        lanes[q] = vaddq_s16(
            lanes[q], vandq_s16(spread8((column[k] >> (8 * q)) & 0xff), vld1q_s16(votes + k * 32 + q * 8)));
      }
    }
    for (size_t q = 0; q < 4; q++) sum = vpadalq_s32(sum, vpaddlq_s16(lanes[q]));
  }
  return vaddvq_s64(sum);
}

static inline int64_t column_sum(const uint32_t* column, const int32_t* votes, size_t words, size_t) {
  int64x2_t sum = vdupq_n_s64(0);
  for (size_t q = 0; q < 8 * words; q++) {
    const int32x4_t mask = spread4((column[q / 8] >> (4 * (q % 8))) & 15);
    sum = vpadalq_s32(sum, vandq_s32(mask, vld1q_s32(votes + q * 4)));
  }
  return vaddvq_s64(sum);
}

static inline void column_add(const uint32_t* column, int16_t* votes, size_t words, int delta) {
  const int16x8_t up = vdupq_n_s16(static_cast<int16_t>(delta)),
                  down = vdupq_n_s16(static_cast<int16_t>(-delta));
  for (size_t q = 0; q < 4 * words; q++) {
    const uint16x8_t mask = vreinterpretq_u16_s16(spread8((column[q / 4] >> (8 * (q % 4))) & 0xff));
    vst1q_s16(votes + q * 8, vaddq_s16(vld1q_s16(votes + q * 8), vbslq_s16(mask, up, down)));
  }
}

static inline void column_add(const uint32_t* column, int32_t* votes, size_t words, int delta) {
  const int32x4_t up = vdupq_n_s32(delta), down = vdupq_n_s32(-delta);
  for (size_t q = 0; q < 8 * words; q++) {
    const uint32x4_t mask = vreinterpretq_u32_s32(spread4((column[q / 8] >> (4 * (q % 8))) & 15));
    vst1q_s32(votes + q * 4, vaddq_s32(vld1q_s32(votes + q * 4), vbslq_s32(mask, up, down)));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_COLUMNS_H_
