// The mirror of src/kernels/reference/storkey.ts. While the weights learn pattern μ, the field of pattern
// μ + 1 is taken from them, in one pass over one triangle of the matrix (symmetric.h).
#ifndef HOPFIELD_KERNELS_STORKEY_H_
#define HOPFIELD_KERNELS_STORKEY_H_

#include "flag.h"
#include "kernels/exact_dots.h"
#include "kernels/symmetric.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// J_ij += ((ξ_iξ_j + 2·J_ij) − (ξ_iH_j + H_iξ_j))·(1/N). BatchedProducts with ±1 and 2 are exact, so they
/// may be fused.
struct StorkeyChange {
  static constexpr bool kChanges = true, kHollow = true;
  const double* x;
  const double* field;
  double share;

  struct Row {
    Real8 spin, field;
  };
  struct Columns {
    Real8 spin, field;
  };
  Row row(size_t i) const { return {broadcast8(x[i]), broadcast8(field[i])}; }
  Columns columns(size_t j) const { return {load8(x + j), load8(field + j)}; }
  Real8 apply(const Row& row, const Columns& columns, const Real8& m) const {
    const Real8 gain = fma8(broadcast8(2), m, mul8(row.spin, columns.spin));
    const Real8 loss = fma8(row.field, columns.spin, mul8(row.spin, columns.field));
    return add8(m, mul8(sub8(gain, loss), broadcast8(share)));
  }
  static Real8 add_product(const Real8& m, const Real8& spins, const Real8& sum) {
    return fma8(m, spins, sum);
  }
};

static void storkey(const uint32_t* rows, size_t count, size_t neurons, double* weights) {
  if (count == 0 || neurons == 0) return;
  Workspace workspace;
  const size_t stride = padded_stride(neurons), words = row_words(neurons);
  double* x = workspace.take<double>(stride);
  double* next = workspace.take<double>(stride);
  double* field = workspace.take<double>(stride);
  double* sums = workspace.take<double>(stride * 8);
  memset(sums, 0, stride * 8 * sizeof(double));
  spins_of(rows, neurons, next);
  symmetric_pass<true>(weights, stride, neurons, Unchanged<true>{}, next, sums);
  for (size_t mu = 0; mu < count; mu++) {
    fold_symmetric(sums, neurons, field);
    double* learned = next;
    next = x;
    x = learned;
    const StorkeyChange change{x, field, 1 / static_cast<double>(neurons)};
    if (mu + 1 == count) {
      symmetric_pass<false>(weights, stride, neurons, change, nullptr, sums);
    } else {
      spins_of(rows + (mu + 1) * words, neurons, next);
      symmetric_pass<true>(weights, stride, neurons, change, next, sums);
    }
  }
  mirror(weights, stride, neurons);
}

static void rank_one(const uint32_t* state, size_t neurons, double factor, double* weights) {
  Workspace workspace;
  const size_t stride = padded_stride(neurons);
  double* x = workspace.take<double>(stride);
  spins_of(state, neurons, x);
  for (size_t i = 0; i < neurons; i++) {
    heed_flag();
    double* row = weights + i * stride;
    const double kept = row[i];
    const Real8 by = broadcast8(factor * x[i]);
    size_t j = 0;
    for (; j + 8 <= neurons; j += 8) store8(row + j, fma8(by, load8(x + j), load8(row + j)));
    for (; j < neurons; j++) row[j] += factor * x[i] * x[j];
    row[i] = kept;
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_STORKEY_H_
