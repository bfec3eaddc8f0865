// Weights that a coupled memory never forms, J_ij = ξ_iᵀAξ_j: the mirror of
// src/kernels/reference/form-weights.ts. All numbers are whole and all sums below 2^53, so that order is ours
// to choose. Where A is a multiple of 1, centred or not, patterns in which two neurons differ need only be
// counted. Otherwise the votes w = Aᵀξ_i of one neuron are added up where bits of the others are set.

#ifndef HOPFIELD_KERNELS_FORM_WEIGHTS_H_
#define HOPFIELD_KERNELS_FORM_WEIGHTS_H_

#include "flag.h"
#include "kernels/exact_dots.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// J_ij = scale·(P − 2d) − own_i·own_j, d being in how many patterns the two neurons differ.
struct Counted {
  bool possible = false;
  double scale = 1;
  const double* own = nullptr;  ///< of every neuron; null for zeros
};

/// Σ_μ ξ_j^μ of every neuron.
static void column_sums(const uint32_t* columns, size_t count, size_t neurons, double* out) {
  const size_t words = column_words(count) / 2;
  for (size_t j = 0; j < neurons; j++) {
    size_t ones = 0;
    for (size_t w = 0; w < words; w++) ones += count_ones(load64(columns + 2 * (j * words + w)));
    out[j] = 2 * static_cast<double>(ones) - static_cast<double>(count);
  }
}

static Counted counted(const Memory& memory, Workspace& workspace) {
  Counted way;
  const CoupledWeights& coupled = memory.coupled;
  if (coupled.coupling == Coupling::kCentred) {
    double* own = workspace.take<double>(memory.neurons);
    column_sums(memory.columns, memory.count, memory.neurons, own);
    way.possible = true;
    way.scale = static_cast<double>(memory.count);
    way.own = own;
  } else if (coupled.coupling == Coupling::kDiagonal) {
    way.possible = true;
    if (memory.count > 0) way.scale = coupled.couplings[0];
    for (size_t mu = 1; mu < memory.count; mu++) way.possible &= coupled.couplings[mu] == way.scale;
  }
  return way;
}

/// Aᵀξ_i for one neuron at a time.
struct NeuronVotes {
  const Memory& memory;
  const size_t words;   ///< of a column
  const size_t stride;  ///< of a row of couplings
  double* spins;
  double* votes;
  double total = 0;

  NeuronVotes(const Memory& of, Workspace& workspace)
      : memory(of),
        words(column_words(of.count)),
        stride(padded_stride(of.count)),
        spins(workspace.take<double>(words * 32)),
        votes(workspace.take<double>(words * 32)) {
    memset(spins, 0, words * 32 * sizeof(double));
    memset(votes, 0, words * 32 * sizeof(double));
  }

  const uint32_t* column(size_t j) const { return memory.columns + j * words; }

  void take(size_t i) {
    const size_t count = memory.count, lag = memory.coupled.lag;
    for (size_t mu = 0; mu < count; mu++) spins[mu] = bit_at(column(i), mu) ? 1 : -1;
    switch (memory.coupled.coupling) {
      case Coupling::kDiagonal:
        for (size_t mu = 0; mu < count; mu++) votes[mu] = memory.coupled.couplings[mu] * spins[mu];
        break;
      case Coupling::kCentred: {
        double sum = 0;
        for (size_t mu = 0; mu < count; mu++) sum += spins[mu];
        for (size_t mu = 0; mu < count; mu++) votes[mu] = static_cast<double>(count) * spins[mu] - sum;
        break;
      }
      case Coupling::kShift:
        for (size_t mu = 0; mu < count; mu++) {
          votes[mu] = mu + lag < count        ? spins[mu + lag]
                      : memory.coupled.cyclic ? spins[mu + lag - count]
                                              : 0;
        }
        break;
      case Coupling::kMatrix:
        exact_products(memory.coupled.couplings, count, stride, spins, votes);
        break;
    }
    Real8 sum = zero8();
    for (size_t mu = 0; mu < words * 32; mu += 8) sum = add8(sum, load8(votes + mu));
    total = fold8(sum);
  }

  double from(size_t j) const { return 2 * sum_where(column(j), votes, words) - total; }

  /// From all neurons.
  void row(double* out) const {
    const size_t row = row_words(memory.neurons);
    for (size_t first = 0; first < memory.neurons; first += 64) {
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
      for (size_t j = first; j < memory.neurons && j < first + 64; j++) out[j] = 2 * sum[j - first] - total;
    }
  }
};

static inline void put_weight(double* out, double weight) { *out = weight; }
/// The lowest 32 bits of what may not fit; nothing of what is no whole number.
static inline void put_weight(int32_t* out, double weight) {
  const double whole = fabs(weight) < 0x1p63 ? weight : 0;
  *out = static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(static_cast<int64_t>(whole))));
}

/// One row of weights into either kind of numbers.
static void write_row(const double* row, size_t neurons, double divisor, double* out) {
  for (size_t j = 0; j < neurons; j++) out[j] = row[j] / divisor;
}
static void write_row(const double* row, size_t neurons, double, int32_t* out) {
  for (size_t j = 0; j < neurons; j++) put_weight(out + j, row[j]);
}

/// Patterns in which a neuron differs from every other: word w of all of them side by side.
struct Differences {
  const size_t words, neurons;
  uint64_t* planes;
  uint64_t* column;
  int32_t* counts;

  Differences(const uint32_t* columns, size_t count, size_t n, Workspace& workspace)
      : words(column_words(count) / 2),
        neurons(n),
        planes(workspace.take<uint64_t>(words * n)),
        column(workspace.take<uint64_t>(words)),
        counts(workspace.take<int32_t>(n)) {
    for (size_t j = 0; j < n; j++) {
      for (size_t w = 0; w < words; w++) planes[w * n + j] = load64(columns + 2 * (j * words + w));
    }
  }

  const int32_t* of(const uint32_t* from) {
    for (size_t w = 0; w < words; w++) column[w] = load64(from + 2 * w);
    column_differences(planes, neurons, words, column, counts);
    return counts;
  }
};

/// Rows of a shift: neuron i `lag` patterns later against all others, in the patterns that have a later one.
template <class Weight>
static void form_shifted(const Memory& memory, size_t from, size_t to, double divisor, Weight* out,
                         Workspace& workspace) {
  const size_t neurons = memory.neurons, count = memory.count, lag = memory.coupled.lag;
  const size_t words = column_words(count), paired = memory.coupled.cyclic ? count : count - lag;
  uint32_t* masked = workspace.take<uint32_t>(neurons * words);
  uint32_t* later = workspace.take<uint32_t>(words);
  for (size_t j = 0; j < neurons; j++) {
    for (size_t w = 0; w < words; w++) {
      const size_t left = paired > 32 * w ? paired - 32 * w : 0;
      const uint32_t mask = left >= 32 ? ~0u : (1u << left) - 1;
      masked[j * words + w] = memory.columns[j * words + w] & mask;
    }
  }
  Differences differences(masked, count, neurons, workspace);
  double* row = workspace.take<double>(neurons);
  for (size_t i = from; i < to; i++, out += neurons) {
    const uint32_t* own = memory.columns + i * words;
    memset(later, 0, words * sizeof(uint32_t));
    for (size_t mu = 0; mu < paired; mu++) {
      const size_t at = mu + lag < count ? mu + lag : mu + lag - count;
      later[mu / 32] |= static_cast<uint32_t>(bit_at(own, at)) << (mu % 32);
    }
    const int32_t* differing = differences.of(later);
    for (size_t j = 0; j < neurons; j++) row[j] = static_cast<double>(paired) - 2.0 * differing[j];
    row[i] -= memory.coupled.self_weights[i];
    write_row(row, neurons, divisor, out);
  }
}

template <class Weight>
static void form_rows(const Memory& memory, size_t from, size_t to, double divisor, Weight* out) {
  const size_t neurons = memory.neurons, words = column_words(memory.count);
  Workspace workspace;
  if (memory.coupled.coupling == Coupling::kShift) {
    form_shifted(memory, from, to, divisor, out, workspace);
    return;
  }
  double* row = workspace.take<double>(neurons);
  const Counted way = counted(memory, workspace);
  if (way.possible) {
    Differences differences(memory.columns, memory.count, neurons, workspace);
    const double count = static_cast<double>(memory.count);
    for (size_t i = from; i < to; i++, out += neurons) {
      const int32_t* differing = differences.of(memory.columns + i * words);
      for (size_t j = 0; j < neurons; j++) row[j] = 0 + way.scale * (count - 2.0 * differing[j]);
      for (size_t j = 0; j < neurons && way.own != nullptr; j++) row[j] -= way.own[i] * way.own[j];
      row[i] -= memory.coupled.self_weights[i];
      write_row(row, neurons, divisor, out);
    }
    return;
  }
  NeuronVotes votes(memory, workspace);
  for (size_t i = from; i < to; i++, out += neurons) {
    votes.take(i);
    votes.row(row);
    row[i] -= memory.coupled.self_weights[i];
    write_row(row, neurons, divisor, out);
  }
}

static void form_weights(const Memory& memory, size_t from, size_t to, double divisor, int32_t* integers,
                         double* reals) {
  if (integers != nullptr) return form_rows(memory, from, to, divisor, integers);
  form_rows(memory, from, to, divisor, reals);
}

template <class Weight>
static double connect(const Memory& memory, size_t first, const uint32_t* starts, const uint32_t* sources,
                      size_t targets, Weight* out) {
  Workspace workspace;
  const size_t words = column_words(memory.count);
  const double count = static_cast<double>(memory.count);
  const Counted way = counted(memory, workspace);
  NeuronVotes votes(memory, workspace);
  double largest = 0;
  for (size_t r = 0; r < targets; r++) {
    const size_t i = first + r;
    const uint32_t* own = memory.columns + i * words;
    if (!way.possible) votes.take(i);
    for (size_t k = starts[r] - starts[0]; k < starts[r + 1] - starts[0]; k++) {
      // In memory that others may write since it was checked.
      const size_t j = smaller(static_cast<size_t>(sources[k]), memory.neurons - 1);
      double weight;
      if (way.possible) {
        size_t differing = 0;
        for (size_t w = 0; w < words; w += 2) {
          differing += count_ones(load64(own + w) ^ load64(memory.columns + j * words + w));
        }
        weight = 0 + way.scale * (count - 2.0 * static_cast<double>(differing));
        if (way.own != nullptr) weight -= way.own[i] * way.own[j];
      } else {
        weight = votes.from(j);
      }
      const double size = weight < 0 ? -weight : weight;
      largest = larger(size, largest);
      put_weight(out + k, weight);
    }
  }
  return largest;
}

static double connection_weights(const Memory& memory, size_t first, const uint32_t* starts,
                                 const uint32_t* sources, size_t targets, int32_t* integers, double* reals) {
  return integers != nullptr ? connect(memory, first, starts, sources, targets, integers)
                             : connect(memory, first, starts, sources, targets, reals);
}

static void self_weights(const Memory& memory, size_t from, size_t to, double* out) {
  Workspace workspace;
  NeuronVotes votes(memory, workspace);
  for (size_t i = from; i < to; i++) {
    votes.take(i);
    out[i - from] = votes.from(i);
  }
}

static void correlations(const uint32_t* left, const uint32_t* right, size_t count, size_t n, size_t m,
                         int32_t* out) {
  Workspace workspace;
  Differences differences(right, count, m, workspace);
  const int32_t most = static_cast<int32_t>(count);
  for (size_t i = 0; i < n; i++, out += m) {
    heed_flag();
    const int32_t* differing = differences.of(left + i * column_words(count));
    for (size_t j = 0; j < m; j++) out[j] = most - 2 * differing[j];
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORM_WEIGHTS_H_
