// The perceptron rule: the mirror of src/kernels/reference/perceptron.ts.
#ifndef HOPFIELD_KERNELS_PERCEPTRON_H_
#define HOPFIELD_KERNELS_PERCEPTRON_H_

#include "flag.h"
#include "kernels/field.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// Overlaps of patterns with each other, and what a neuron has learned of each. A neuron's fields in all
/// patterns are kept rather than its weights: a pattern that is right costs one comparison, and one that is
/// learned changes the fields by a row of overlaps.
struct Perceptron {
  static constexpr double kMostSquare = 9007199254740992.0;

  const uint32_t* rows;
  const size_t count, neurons, words, padded;
  const double kappa;
  const uint32_t max_epochs;
  float* overlaps;   ///< count × padded
  double* spins;     ///< the neuron in each pattern; zeros after the last
  double* aligned;   ///< ξ_i h_i in each
  int32_t* learned;  ///< how often, times ξ_i
  double* changes;
  int32_t* before;  ///< the neuron's weights, zeros after the last

  Perceptron(const uint32_t* of, size_t pattern_count, size_t neuron_count, double margin, uint32_t most,
             Workspace& workspace)
      : rows(of),
        count(pattern_count),
        neurons(neuron_count),
        words(row_words(neuron_count)),
        padded(padded_stride(pattern_count)),
        kappa(margin),
        max_epochs(most),
        overlaps(workspace.take<float>(count * padded)),
        spins(workspace.take<double>(padded)),
        aligned(workspace.take<double>(padded)),
        learned(workspace.take<int32_t>(count)),
        changes(workspace.take<double>(neuron_count)),
        before(workspace.take<int32_t>(words * 32)) {
    memset(before, 0, words * 32 * sizeof(int32_t));
    int32_t* whole = workspace.take<int32_t>(count);
    memset(overlaps, 0, count * padded * sizeof(float));
    memset(spins, 0, padded * sizeof(double));
    memset(aligned, 0, padded * sizeof(double));
    for (size_t mu = 0; mu < count; mu++) {
      heed_flag();
      row_overlaps(rows, count, neurons, rows + mu * words, whole);
      for (size_t nu = 0; nu < count; nu++) overlaps[mu * padded + nu] = static_cast<float>(whole[nu]);
    }
  }

  uint32_t neuron(size_t i, int32_t* row) {
    double square = 0;
    int64_t total = 0, weight = 0;
    for (size_t j = 0; j < neurons; j++) {
      square += static_cast<double>(row[j]) * row[j];
      total += row[j];
      weight += magnitude(row[j]);
    }
    if (!(square < kMostSquare)) return UINT32_MAX;
    const bool empty = weight == 0;
    memcpy(before, row, neurons * sizeof(int32_t));
    for (size_t mu = 0; mu < count; mu++) {
      const uint32_t* pattern = rows + mu * words;
      spins[mu] = bit_at(pattern, i) ? 1 : -1;
      aligned[mu] = empty ? 0 : spins[mu] * field(pattern, total, weight);
    }
    memset(learned, 0, count * sizeof(int32_t));
    const uint32_t epoch = learn(square);
    apply(i, row);
    return epoch;
  }

  /// Σ_j J_ij ξ_j, from what the weights were.
  double field(const uint32_t* pattern, int64_t total, int64_t weight) const {
    int64_t ones = 0;
    if (weight < INT32_MAX) {
      ones = column_sum(pattern, before, words, 1);
    } else {
      for (size_t j = 0; j < neurons; j++) ones += bit_at(pattern, j) ? before[j] : 0;
    }
    return static_cast<double>(2 * ones - total);
  }

  uint32_t learn(double square) {
    const double others = static_cast<double>(neurons) - 1;
    double threshold = kappa * sqrt(square);
    for (uint32_t epoch = 1; epoch <= max_epochs; epoch++) {
      heed_flag();
      bool changed = false;
      for (size_t mu = 0; mu < count; mu++) {
        if (aligned[mu] > threshold) continue;
        const double larger = square + 2 * aligned[mu] + others;
        if (!(larger < kMostSquare)) return UINT32_MAX;
        square = larger;
        threshold = kappa * sqrt(square);
        changed = true;
        learned[mu] += spins[mu] > 0 ? 1 : -1;
        const Real8 spin = broadcast8(spins[mu]), one = broadcast8(1);
        const float* overlap = overlaps + mu * padded;
        for (size_t nu = 0; nu < padded; nu += 8) {
          const Real8 sign = mul8(spin, load8(spins + nu));
          store8(aligned + nu, sub8(fma8(sign, widen8(overlap + nu), load8(aligned + nu)), one));
        }
      }
      if (!changed) return epoch;
    }
    return UINT32_MAX;
  }

  /// J_ij += Σ_μ ξ_j^μ·learned_μ.
  void apply(size_t i, int32_t* row) {
    Workspace workspace;
    uint32_t* minus = workspace.take<uint32_t>(words);
    memset(minus, 0, words * sizeof(uint32_t));
    implicit_fields(rows, count, neurons, learned, minus, changes);
    // A state of −1 everywhere adds P to each.
    for (size_t j = 0; j < neurons; j++) {
      if (j != i) row[j] += static_cast<int32_t>(changes[j] - static_cast<double>(count));
    }
  }
};

static void perceptron(const uint32_t* rows, size_t count, size_t neurons, double kappa, uint32_t max_epochs,
                       int32_t* weights, uint32_t* epochs) {
  Workspace workspace;
  Perceptron rule(rows, count, neurons, kappa, max_epochs, workspace);
  for (size_t i = 0; i < neurons; i++) {
    int32_t* row = weights + i * padded_stride(neurons);
    const int32_t own = row[i];
    row[i] = 0;
    epochs[i] = rule.neuron(i, row);
    row[i] = own;
    count_done(1);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_PERCEPTRON_H_
