// Signs of fields on Advanced SIMD. Each sum is compared with both thresholds, that of neurons at +1 and that
// of those at −1; the state chooses between whole words of answers, so that its bits need not become lanes.
#ifndef HOPFIELD_SIMD_NEON_THRESHOLDS_H_
#define HOPFIELD_SIMD_NEON_THRESHOLDS_H_

#include "simd/intrinsics.h"
#include "simd/neon_masks.h"
#include "simd/operands.h"

namespace hopfield {
namespace {

/// Which of 32 numbers, eight or four a register, exceed a threshold.
static inline uint32_t over_word(const int16x8_t x[4], int16x8_t threshold) {
  return mask_word(narrow_masks(vcgtq_s16(x[0], threshold), vcgtq_s16(x[1], threshold)),
                   narrow_masks(vcgtq_s16(x[2], threshold), vcgtq_s16(x[3], threshold)));
}
static inline uint32_t over_word(const int32x4_t x[8], int32x4_t threshold) {
  uint16x8_t over[4];
  HOPFIELD_UNROLL(4)
  for (size_t k = 0; k < 4; k++)
    over[k] = narrow_masks(vcgtq_s32(x[2 * k], threshold), vcgtq_s32(x[2 * k + 1], threshold));
  return mask_word(narrow_masks(over[0], over[1]), narrow_masks(over[2], over[3]));
}

static inline void threshold_words(const int16_t* sum, int16_t up, int16_t down, size_t words,
                                   const uint32_t* state, uint32_t* next) {
  const int16x8_t u = vdupq_n_s16(up), d = vdupq_n_s16(down);
  for (size_t k = 0; k < words; k++) {
    int16x8_t x[4];
    HOPFIELD_UNROLL(4)
    for (size_t q = 0; q < 4; q++) x[q] = vld1q_s16(sum + k * 32 + q * 8);
    next[k] = (over_word(x, u) & state[k]) | (over_word(x, d) & ~state[k]);
  }
}

static inline void threshold_block(const int32_t* sum, int32_t total, int32_t count, Tie tie, size_t words,
                                   const uint32_t* state, uint32_t* next) {
  // Of a neuron with the other value, a field may leave 32 bits: nobody asks for its sign.
  const int32x4_t t = vdupq_n_s32(total), p = vdupq_n_s32(count);
  const int32x4_t up = vdupq_n_s32(-(tie != Tie::kNegative)), down = vdupq_n_s32(-(tie == Tie::kPositive));
  for (size_t k = 0; k < words; k++) {
    int32x4_t plus[8], minus[8];
    HOPFIELD_UNROLL(8)
    for (size_t q = 0; q < 8; q++) {
      const int32x4_t votes = vsubq_s32(vshlq_n_s32(vld1q_s32(sum + k * 32 + q * 4), 1), t);
      plus[q] = vsubq_s32(votes, p);
      minus[q] = vaddq_s32(votes, p);
    }
    next[k] = (over_word(plus, up) & state[k]) | (over_word(minus, down) & ~state[k]);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_THRESHOLDS_H_
