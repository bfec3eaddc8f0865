// The sums of kernels/forms/interaction.h on Advanced SIMD; what they do is said in portable_interaction.h.
// There are no gathers, so look-ups are the portable ones.
#ifndef HOPFIELD_SIMD_NEON_INTERACTION_H_
#define HOPFIELD_SIMD_NEON_INTERACTION_H_

#include "simd/bits.h"
#include "simd/intrinsics.h"

namespace hopfield {
namespace {

static inline void weigh_four(const uint32_t* const columns[4], const uint64_t inverse[4], const double* same,
                              const double* differs, size_t groups, double sums[4]) {
  static const uint64_t kLane[8] = {1, 2, 4, 8, 16, 32, 64, 128};
  float64x2_t a[4][4];
  uint64_t bits[4] = {0, 0, 0, 0};
  for (size_t r = 0; r < 4; r++) {
    for (size_t q = 0; q < 4; q++) a[r][q] = vdupq_n_f64(0);
  }
  for (size_t g = 0; g < groups; g++) {
    if (g % 8 == 0) {
      for (size_t r = 0; r < 4; r++) bits[r] = load64(columns[r] + g / 4) ^ inverse[r];
    }
    HOPFIELD_UNROLL(4)
    for (size_t q = 0; q < 4; q++) {
      const float64x2_t s = vld1q_f64(same + 8 * g + 2 * q), d = vld1q_f64(differs + 8 * g + 2 * q);
      const uint64x2_t lane = vld1q_u64(kLane + 2 * q);
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < 4; r++) {
        a[r][q] = vaddq_f64(a[r][q], vbslq_f64(vtstq_u64(vdupq_n_u64(bits[r]), lane), s, d));
      }
    }
    for (size_t r = 0; r < 4; r++) bits[r] >>= 8;
  }
  for (size_t r = 0; r < 4; r++) {
    // Lanes 0, 1 · 2, 3 · 4, 5 · 6, 7: pairs are added as dot8 folds them.
    const float64x2_t x = vaddq_f64(vaddq_f64(a[r][0], a[r][2]), vaddq_f64(a[r][1], a[r][3]));
    sums[r] = vgetq_lane_f64(x, 0) + vgetq_lane_f64(x, 1);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_INTERACTION_H_
