// Votes w = A·v between patterns, the mirror of src/kernels/reference/coupled.ts. All numbers are whole and
// all sums below 2^53, so that order is ours to choose. Votes lie in whole words of a column, zeros behind
// them.
#ifndef HOPFIELD_KERNELS_COUPLED_H_
#define HOPFIELD_KERNELS_COUPLED_H_

#include "simd/simd.h"

namespace hopfield {
namespace {

/// Σ of x over the set bits of `words` words.
static inline double sum_where(const uint32_t* column, const double* x, size_t words) {
  Real8 sums[4] = {zero8(), zero8(), zero8(), zero8()};
  for (size_t k = 0; k < words; k++) {
    const uint32_t bits = column[k];
#pragma GCC unroll 4
    for (size_t q = 0; q < 4; q++) {
      sums[q] = add_where8(sums[q], static_cast<uint8_t>(bits >> (8 * q)), load8(x + 32 * k + 8 * q));
    }
  }
  return fold8(add8(add8(sums[0], sums[1]), add8(sums[2], sums[3])));
}

/// dot8 of kRows rows with one vector, in whole groups of eight; any products but those of f64 with ±1 or
/// small whole numbers would have to be rounded.
template <size_t kRows, class Weight>
static inline void exact_dots(const Weight* const* rows, const double* x, size_t stride, double* out) {
  Real8 sums[kRows];
#pragma GCC unroll 8
  for (size_t r = 0; r < kRows; r++) sums[r] = zero8();
  for (size_t k = 0; k < stride; k += 8) {
    const Real8 factor = load8(x + k);
#pragma GCC unroll 8
    for (size_t r = 0; r < kRows; r++) sums[r] = fma8(weights8(rows[r] + k), factor, sums[r]);
  }
  fold_all<kRows>(sums, out);
}

/// The same of `count` rows that follow one another.
template <class Weight>
static void exact_products(const Weight* rows, size_t count, size_t stride, const double* x, double* out) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const Weight* four[4];
    for (size_t r = 0; r < 4; r++) four[r] = rows + (i + r) * stride;
    exact_dots<4>(four, x, stride, out + i);
  }
  for (; i < count; i++) {
    const Weight* one[1] = {rows + i * stride};
    exact_dots<1>(one, x, stride, out + i);
  }
}

struct CoupledForm {
  static constexpr bool kFours = false;
  const Memory& memory;
  const size_t words;   ///< of a column
  const size_t stride;  ///< of a row of couplings
  int32_t* overlap_values;
  double* reals;  ///< the overlaps, for products
  double* votes;
  double total = 0;

  CoupledForm(const Memory& of, Workspace& workspace)
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
    row_overlaps(memory.rows, memory.count, row_blocks(memory.neurons), memory.neurons, state,
                 overlap_values);
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
      Real8 sums[8];
      for (size_t q = 0; q < 8; q++) sums[q] = zero8();
      const uint32_t* bits = memory.rows + first / 32;
      for (size_t mu = 0; mu < memory.count; mu++) {
        const uint64_t word = load64(bits + mu * row);
        const Real8 vote = broadcast8(votes[mu]);
#pragma GCC unroll 8
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

  /// No field is larger; negative where that is not known, or fields are not whole numbers.
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

#endif  // HOPFIELD_KERNELS_COUPLED_H_
