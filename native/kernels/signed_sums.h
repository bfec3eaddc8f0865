// Sums of whole numbers by the signs that bits give them: the mirror of src/kernels/reference/signed-sums.ts.
#ifndef HOPFIELD_KERNELS_SIGNED_SUMS_H_
#define HOPFIELD_KERNELS_SIGNED_SUMS_H_

#include "kernels/exact_dots.h"
#include "simd/small.h"

namespace hopfield {
namespace {

static void signed_sums(const uint32_t* bits, size_t stride, size_t count, const double* values, size_t rows,
                        double* out) {
  const size_t words = (count + 31) / 32;
  Workspace workspace;
  double* padded = workspace.take<double>(words * 32 + 8);
  Real8 sum = zero8();
  for (size_t k = 0; k < words * 32; k++) padded[k] = k < count ? values[k] : 0;
  for (size_t k = 0; k < words * 32; k += 8) sum = add8(sum, load8(padded + k));
  const double total = fold8(sum);
  for (size_t r = 0; r < rows; r++) out[r] = 2 * sum_where(bits + r * stride, padded, words) - total;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_SIGNED_SUMS_H_
