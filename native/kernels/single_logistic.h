// The logistic function in f32 for sixteen lanes: the mirror of src/numerics/single-logistic.ts.
#ifndef HOPFIELD_KERNELS_SINGLE_LOGISTIC_H_
#define HOPFIELD_KERNELS_SINGLE_LOGISTIC_H_

#include "kernels/single_exp.h"

namespace hopfield {
namespace {

/// 1/(1 + e^−x) in place, any x, in kCount registers at once.
template <size_t kCount>
static inline void single_logistics(Single16* x) {
  const Single16 one = broadcast16(1);
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) {
    x[n] = most16(least16(sub16(zero16(), x[n]), broadcast16(87)), broadcast16(-87));
  }
  single_exps<kCount>(x);
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) x[n] = div16(one, add16(one, x[n]));
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_SINGLE_LOGISTIC_H_
