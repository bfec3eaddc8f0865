// Votes w = A·v between patterns, the mirror of src/kernels/reference/coupled.ts. All numbers are whole and
// all sums below 2^53, so that order is ours to choose. Votes lie in whole words of a column, zeros after
// them.
#ifndef HOPFIELD_KERNELS_FORMS_COUPLED_H_
#define HOPFIELD_KERNELS_FORMS_COUPLED_H_

#include "flag.h"
#include "kernels/exact_dots.h"
#include "kernels/field.h"
#include "kernels/forms/form.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

struct CoupledForm : PlainForm {
  const Memory& memory;
  const size_t words;   ///< of a column
  const size_t stride;  ///< of a row of couplings
  int32_t* overlap_values;
  double* reals;  ///< the overlaps, for products
  double* votes;
  double total = 0;

  CoupledForm(const Memory& of, const Update&, size_t, Workspace& workspace)
      : memory(of),
        words(column_words(of.count)),
        stride(padded_stride(of.count)),
        overlap_values(workspace.take<int32_t>(words * 32)),
        reals(workspace.take<double>(stride)),
        votes(workspace.take<double>(words * 32)) {
    memset(overlap_values, 0, words * 32 * sizeof(int32_t));
    memset(votes, 0, words * 32 * sizeof(double));
  }

  void begin(const uint32_t* state) {
    heeding_overlaps(memory.rows, memory.count, memory.neurons, state, overlap_values);
    couple();
  }

  void couple() {
    const size_t count = memory.count;
    const int32_t* v = overlap_values;
    switch (memory.coupled.coupling) {
      case Coupling::kDiagonal:
        for (size_t mu = 0; mu < count; mu++) votes[mu] = memory.coupled.couplings[mu] * v[mu];
        break;
      case Coupling::kCentred: {
        int64_t sum = 0;
        for (size_t mu = 0; mu < count; mu++) sum += v[mu];
        const double mean = static_cast<double>(sum);
        for (size_t mu = 0; mu < count; mu++) votes[mu] = static_cast<double>(count) * v[mu] - mean;
        break;
      }
      case Coupling::kShift:
        for (size_t mu = 0; mu < count; mu++) {
          votes[mu] = mu >= memory.coupled.lag ? v[mu - memory.coupled.lag]
                      : memory.coupled.cyclic  ? v[mu + count - memory.coupled.lag]
                                               : 0;
        }
        break;
      case Coupling::kMatrix:
        for (size_t mu = 0; mu < stride; mu++) reals[mu] = mu < count ? v[mu] : 0;
        exact_products(memory.coupled.couplings, count, stride, reals, votes);
        break;
    }
    count_up();
  }

  void count_up() {
    Real8 sum = zero8();
    for (size_t mu = 0; mu < words * 32; mu += 8) sum = add8(sum, load8(votes + mu));
    total = fold8(sum);
  }

  inline double self(size_t i, unsigned bit) const {
    return bit ? memory.coupled.self_weights[i] : 0 - memory.coupled.self_weights[i];
  }

  double field(size_t i, unsigned bit) const {
    return 2 * sum_where(memory.columns + i * words, votes, words) - total - self(i, bit);
  }

  void flipped(size_t i, unsigned next) {
    column_add(memory.columns + i * words, overlap_values, words, next ? 2 : -2);
    for (size_t mu = memory.count; mu < words * 32; mu++) overlap_values[mu] = 0;
    if (memory.coupled.coupling != Coupling::kMatrix) return couple();
    const double* response = memory.coupled.responses + i * stride;
    const Real8 two = broadcast8(next ? 2 : -2);
    for (size_t mu = 0; mu < stride; mu += 8) {
      store8(votes + mu, add8(load8(votes + mu), mul8(two, load8(response + mu))));
    }
    count_up();
  }

  void fields(const uint32_t* state, double* out) const {
    const size_t row = row_words(memory.neurons);
    for (size_t first = 0; first < memory.neurons; first += 64) {
      heed_flag(first, 512);
      Real8 sums[8];
      for (size_t q = 0; q < 8; q++) sums[q] = zero8();
      const uint32_t* bits = memory.rows + first / 32;
      for (size_t mu = 0; mu < memory.count; mu++) {
        const uint64_t word = load64(bits + mu * row);
        const Real8 vote = broadcast8(votes[mu]);
        HOPFIELD_UNROLL(8)
        for (size_t q = 0; q < 8; q++) {
          sums[q] = add_where8(sums[q], static_cast<uint8_t>(word >> (8 * q)), vote);
        }
      }
      alignas(64) double sum[64];
      for (size_t q = 0; q < 8; q++) store8(sum + 8 * q, sums[q]);
      for (size_t i = first; i < memory.neurons && i < first + 64; i++) {
        out[i] = 2 * sum[i - first] - total - self(i, bit_at(state, i));
      }
    }
  }

  double largest() const { return -1; }

  double quadratic(const uint32_t*) const {
    double sum = 0, own = 0;
    for (size_t mu = 0; mu < memory.count; mu++) sum += overlap_values[mu] * votes[mu];
    for (size_t i = 0; i < memory.neurons; i++) own += memory.coupled.self_weights[i];
    return sum - own;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_COUPLED_H_
