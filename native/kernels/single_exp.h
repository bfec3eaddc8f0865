// e^x in f32 for sixteen lanes: the mirror of src/numerics/single-exp.ts.
#ifndef HOPFIELD_KERNELS_SINGLE_EXP_H_
#define HOPFIELD_KERNELS_SINGLE_EXP_H_

#include "simd/simd.h"

namespace hopfield {
namespace {

/// 1/ln 2, and ln 2 in two parts; the first ends in enough zero bits that its products are exact.
constexpr float kSinglePerLn2 = 1.44269504f, kSingleLn2High = 0.693145752f, kSingleLn2Low = 1.42860677e-6f;
/// 1.5·2^23: adding and subtracting it rounds to a whole number.
constexpr float kSingleRound = 12582912.0f;

/// e^x in place, −87 ≤ x ≤ 88, in kCount registers at once.
template <size_t kCount>
static HOPFIELD_INLINE void single_exps(Single16* x) {
  constexpr float kTaylor[6] = {1.0f / 5040.0f, 1.0f / 720.0f, 1.0f / 120.0f,
                                1.0f / 24.0f,   1.0f / 6.0f,   1.0f / 2.0f};
  Single16 power[kCount], r[kCount], q[kCount];
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) {
    const Single16 t = fused16(x[n], broadcast16(kSinglePerLn2), broadcast16(kSingleRound));
    const Single16 k = sub16(t, broadcast16(kSingleRound));
    const Single16 high = fused16(k, broadcast16(-kSingleLn2High), x[n]);
    r[n] = fused16(k, broadcast16(-kSingleLn2Low), high);
    power[n] = power16(t);
    q[n] = broadcast16(kTaylor[0]);
  }
  HOPFIELD_UNROLL(6)
  for (size_t i = 1; i < 6; i++) {
    HOPFIELD_UNROLL(4)
    for (size_t n = 0; n < kCount; n++) q[n] = fused16(q[n], r[n], broadcast16(kTaylor[i]));
  }
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) {
    const Single16 tail = fused16(mul16(r[n], r[n]), q[n], r[n]);
    x[n] = mul16(add16(broadcast16(1), tail), power[n]);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_SINGLE_EXP_H_
