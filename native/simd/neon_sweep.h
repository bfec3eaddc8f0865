// Asynchronous visits on Advanced SIMD, four at a time.
#ifndef HOPFIELD_SIMD_NEON_SWEEP_H_
#define HOPFIELD_SIMD_NEON_SWEEP_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/neon.h"
#endif

#include "simd/intrinsics.h"
#include "simd/neon_columns.h"
#include "simd/operands.h"
#include "simd/sweep_by_fours.h"

namespace hopfield {
namespace {

/// See sweep_by_fours.h.
struct Fours {
  static constexpr size_t kOwn = 2;
  const int32x4_t patterns;

  explicit Fours(int32_t count) : patterns(vdupq_n_s32(count)) {}

  static inline unsigned first(unsigned four) {
    static const uint8_t kPlace[16] = {4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0};
    return kPlace[four];
  }

  template <class Vote>
  static inline void prefetch(const Pass<Vote>&, size_t) {}

  template <size_t kWords, class Vote>
  HOPFIELD_INLINE unsigned wanted(const Pass<Vote>& pass, const uint32_t* const c[4], unsigned s,
                                  int32_t* fields) const {
    const int32x4_t sums = four_columns<kWords>(c, pass.votes, pass.used, pass.span);
    const int32x4_t h0 = vsubq_s32(vshlq_n_s32(sums, 1), vdupq_n_s32(static_cast<int32_t>(pass.total)));
    const int32x4_t h = vsubq_s32(h0, vmulq_s32(patterns, vld1q_s32(kFourSigns[s])));
    vst1q_s32(fields, h);
    // Of a tie that keeps, zero is enough where the neuron is at +1.
    const unsigned over = mask_four(vcgtq_s32(h, vdupq_n_s32(0)));
    if (pass.tie == Tie::kNegative) return over ^ s;
    const unsigned least = mask_four(vcgtq_s32(h, vdupq_n_s32(-1)));
    return (pass.tie == Tie::kPositive ? least : over | (least & s)) ^ s;
  }
};

template <class Vote>
static size_t sweep_columns(Pass<Vote>& pass) {
  return sweep_by_fours<Fours>(pass);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_SWEEP_H_
