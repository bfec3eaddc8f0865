// Sums over the patterns of one neuron's column on Advanced SIMD, and of four neurons' columns at once.
#ifndef HOPFIELD_SIMD_NEON_COLUMNS_H_
#define HOPFIELD_SIMD_NEON_COLUMNS_H_

#include "simd/intrinsics.h"
#include "simd/neon_fields.h"
#include "simd/small.h"

namespace hopfield {
namespace {

static inline int64_t column_sum(const uint32_t* column, const int16_t* votes, size_t words, size_t span) {
  int64x2_t sum = vdupq_n_s64(0);
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    int16x8_t lanes[4] = {vdupq_n_s16(0), vdupq_n_s16(0), vdupq_n_s16(0), vdupq_n_s16(0)};
    for (; k < end; k++) {
      HOPFIELD_UNROLL(4)
      for (size_t q = 0; q < 4; q++)
        lanes[q] = vaddq_s16(lanes[q], vandq_s16(spread8(column + k, q), vld1q_s16(votes + k * 32 + q * 8)));
    }
    HOPFIELD_UNROLL(4)
    for (size_t q = 0; q < 4; q++) sum = vpadalq_s32(sum, vpaddlq_s16(lanes[q]));
  }
  return vaddvq_s64(sum);
}

static inline int64_t column_sum(const uint32_t* column, const int32_t* votes, size_t words, size_t) {
  int64x2_t sum = vdupq_n_s64(0);
  for (size_t q = 0; q < 8 * words; q++) {
    const int32x4_t mask = spread4(column[q / 8] >> (4 * (q % 8)));
    sum = vpadalq_s32(sum, vandq_s32(mask, vld1q_s32(votes + q * 4)));
  }
  return vaddvq_s64(sum);
}

/// The sums of four columns, each below 2^31. kWords is the number of words where it is known, 0 where it is
/// not.
template <size_t kWords>
static HOPFIELD_INLINE int32x4_t four_columns(const uint32_t* const c[4], const int16_t* votes, size_t words,
                                              size_t span) {
  const size_t count = kWords != 0 ? kWords : words;
  int32x4_t sums[4] = {vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0)};
  // Four votes of a word go to one lane, where the lane holds as many.
  const size_t some = span / 4;
  for (size_t k = 0; k < count;) {
    const size_t end = some == 0 ? k + 1 : smaller(count, k + some);
    int16x8_t lanes[4] = {vdupq_n_s16(0), vdupq_n_s16(0), vdupq_n_s16(0), vdupq_n_s16(0)};
    for (; k < end; k++) {
      HOPFIELD_UNROLL(4)
      for (size_t q = 0; q < 4; q++) {
        const int16x8_t vote = vld1q_s16(votes + k * 32 + q * 8);
        HOPFIELD_UNROLL(4)
        for (size_t r = 0; r < 4; r++) {
          const int16x8_t chosen = vandq_s16(spread8(c[r] + k, q), vote);
          if (some == 0) {
            sums[r] = vpadalq_s16(sums[r], chosen);
          } else {
            lanes[r] = vaddq_s16(lanes[r], chosen);
          }
        }
      }
    }
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) sums[r] = vpadalq_s16(sums[r], lanes[r]);
  }
  return vpaddq_s32(vpaddq_s32(sums[0], sums[1]), vpaddq_s32(sums[2], sums[3]));
}

template <size_t kWords>
static inline int32x4_t four_columns(const uint32_t* const c[4], const int32_t* votes, size_t words, size_t) {
  int32x4_t sums[4] = {vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0)};
  for (size_t q = 0; q < 8 * words; q++) {
    const int32x4_t vote = vld1q_s32(votes + q * 4);
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++)
      sums[r] = vaddq_s32(sums[r], vandq_s32(spread4(c[r][q / 8] >> (4 * (q % 8))), vote));
  }
  return vpaddq_s32(vpaddq_s32(sums[0], sums[1]), vpaddq_s32(sums[2], sums[3]));
}

static inline void column_add(const uint32_t* column, int16_t* votes, size_t words, int delta) {
  // −delta everywhere, and twice delta where a bit is set.
  const int16x8_t down = vdupq_n_s16(static_cast<int16_t>(-delta)),
                  both = vdupq_n_s16(static_cast<int16_t>(2 * delta));
  for (size_t k = 0; k < words; k++) {
    HOPFIELD_UNROLL(4)
    for (size_t q = 0; q < 4; q++) {
      int16_t* to = votes + k * 32 + q * 8;
      vst1q_s16(to, vaddq_s16(vaddq_s16(vld1q_s16(to), down), vandq_s16(spread8(column + k, q), both)));
    }
  }
}

static inline void column_add(const uint32_t* column, int32_t* votes, size_t words, int delta) {
  const int32x4_t down = vdupq_n_s32(-delta), both = vdupq_n_s32(2 * delta);
  for (size_t q = 0; q < 8 * words; q++) {
    const int32x4_t mask = spread4(column[q / 8] >> (4 * (q % 8)));
    vst1q_s32(votes + q * 4, vaddq_s32(vaddq_s32(vld1q_s32(votes + q * 4), down), vandq_s32(mask, both)));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_COLUMNS_H_
