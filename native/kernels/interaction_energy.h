// Energies of patterns that vote by a function of their overlap, the mirror of
// src/kernels/reference/interaction.ts.
#ifndef HOPFIELD_KERNELS_INTERACTION_ENERGY_H_
#define HOPFIELD_KERNELS_INTERACTION_ENERGY_H_

#include "core/memory.h"
#include "kernels/log.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Σ_μ value(μ) in the order of dot8.
template <class Value>
static inline double sum_eight(size_t count, Value value) {
  double a[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  size_t mu = 0;
  for (; mu + 8 <= count; mu += 8) {
    for (size_t l = 0; l < 8; l++) a[l] += value(mu + l);
  }
  for (size_t l = 0; mu + l < count; l++) a[l] += value(mu + l);
  return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

static inline int32_t largest_of(const int32_t* values, size_t count) {
  int32_t most = values[0];
  for (size_t k = 1; k < count; k++) most = larger(values[k], most);
  return most;
}

/// j of an overlap: v + N may not fit in 31 bits. Rows in memory that other threads write may bring overlaps
/// below −N: they count as that.
static inline int32_t agreeing_of(int32_t overlap, size_t neurons) {
  const int32_t v = larger(overlap, -static_cast<int32_t>(neurons));
  return static_cast<int32_t>((static_cast<uint32_t>(v) + static_cast<uint32_t>(neurons)) >> 1);
}

/// −4·E from Σ F, where the table is relative: `shift` is N − max j.
static inline double relative_quadratic(const Memory& memory, int32_t shift, double sum) {
  if (memory.count == 0) return 0;
  const double most = static_cast<double>(memory.neurons) - 2 * static_cast<double>(shift);
  return 4 * (most + natural_log(sum) / memory.interaction.beta);
}

/// −4·E from the overlaps of a state.
static double interaction_quadratic(const Memory& memory, const int32_t* overlaps) {
  const size_t neurons = memory.neurons;
  const bool relative = memory.interaction.beta > 0 && memory.count > 0;
  const int32_t shift =
      relative ? static_cast<int32_t>(neurons) - agreeing_of(largest_of(overlaps, memory.count), neurons) : 0;
  const double* table = memory.interaction.energies + shift;
  const double sum =
      sum_eight(memory.count, [=](size_t mu) { return table[agreeing_of(overlaps[mu], neurons)]; });
  return memory.interaction.beta > 0 ? relative_quadratic(memory, shift, sum) : 4 * sum;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_INTERACTION_ENERGY_H_
