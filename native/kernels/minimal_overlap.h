// Perceptrons of optimal stability: the mirror of src/kernels/reference/minimal-overlap.ts.
#ifndef HOPFIELD_KERNELS_MINIMAL_OVERLAP_H_
#define HOPFIELD_KERNELS_MINIMAL_OVERLAP_H_

#include "flag.h"
#include "kernels/perceptron.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// A perceptron that always learns its least stable pattern.
struct MinimalOverlap : Perceptron {
  /// No pattern: larger than any field, and still so after any number of steps.
  static constexpr double kNever = 1e300;

  MinimalOverlap(const uint32_t* of, size_t pattern_count, size_t neuron_count, Workspace& workspace)
      : Perceptron(of, pattern_count, neuron_count, 0, 0, workspace) {}

  /// Adds the change that pattern `mu` makes to all fields; the least of them.
  double step(size_t mu) {
    const Real8 spin = broadcast8(spins[mu]), one = broadcast8(1);
    const float* overlap = overlaps + mu * padded;
    Real8 least = broadcast8(kNever);
    for (size_t nu = 0; nu < padded; nu += 8) {
      const Real8 sign = mul8(spin, load8(spins + nu));
      const Real8 next = sub8(fma8(sign, widen8(overlap + nu), load8(aligned + nu)), one);
      store8(aligned + nu, next);
      least = least8(least, next);
    }
    alignas(64) double lanes[8];
    store8(lanes, least);
    for (size_t l = 1; l < 8; l++) lanes[0] = smaller(lanes[l], lanes[0]);
    return lanes[0];
  }

  uint32_t neuron(size_t i, double bound, uint32_t max_steps, int32_t* row, double stability[2]) {
    for (size_t mu = 0; mu < padded; mu++) {
      aligned[mu] = mu < count ? 0 : kNever;
      if (mu < count) spins[mu] = bit_at(rows + mu * words, i) ? 1 : -1;
    }
    memset(learned, 0, count * sizeof(int32_t));
    double square = 0, least = 0;
    size_t weakest = 0;
    uint32_t steps = 0;
    while (least <= bound && steps < max_steps) {
      if (steps % 64 == 0) heed_flag();
      const double larger = square + 2 * least + (static_cast<double>(neurons) - 1);
      if (!(larger < kMostSquare)) break;
      square = larger;
      steps++;
      learned[weakest] += spins[weakest] > 0 ? 1 : -1;
      least = step(weakest);
      for (weakest = 0; aligned[weakest] != least;) weakest++;
    }
    memset(row, 0, neurons * sizeof(int32_t));
    apply(i, row);
    stability[0] = square == 0 ? 0 : least / sqrt(square);
    stability[1] = steps == 0 ? 0 : sqrt(square) / steps;
    return least > bound ? steps : UINT32_MAX;
  }
};

static void minimal_overlap(const uint32_t* rows, size_t count, size_t neurons, double bound,
                            uint32_t max_steps, int32_t* weights, uint32_t* steps, double* stabilities) {
  const size_t stride = padded_stride(neurons);
  if (count == 0) {
    memset(weights, 0, neurons * stride * sizeof(int32_t));
    memset(steps, 0, neurons * sizeof(uint32_t));
    memset(stabilities, 0, 2 * neurons * sizeof(double));
    return;
  }
  Workspace workspace;
  MinimalOverlap rule(rows, count, neurons, workspace);
  for (size_t i = 0; i < neurons; i++) {
    int32_t* row = weights + i * stride;
    steps[i] = rule.neuron(i, bound, max_steps, row, stabilities + 2 * i);
    for (size_t j = neurons; j < stride; j++) row[j] = 0;
    count_done(1);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_MINIMAL_OVERLAP_H_
