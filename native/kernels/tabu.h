// Tabu search: the mirror of src/kernels/reference/tabu.ts.
#ifndef HOPFIELD_KERNELS_TABU_H_
#define HOPFIELD_KERNELS_TABU_H_

#include "kernels/flipping.h"

namespace hopfield {
namespace {

/// The least of all gains, and of those that are not tabu; both infinite after the last variable.
struct Gains {
  double all, free;
};

static inline Gains least_gains(const double* gains, const uint32_t* until, size_t padded, uint32_t now) {
  double all[8], free[8];
  for (size_t l = 0; l < 8; l++) all[l] = free[l] = Minima::kInfinite;
  for (size_t k = 0; k < padded; k += 8) {
    for (size_t l = 0; l < 8; l++) {
      const double gain = gains[k + l];
      all[l] = gain < all[l] ? gain : all[l];
      const double open = until[k + l] <= now ? gain : Minima::kInfinite;
      free[l] = open < free[l] ? open : free[l];
    }
  }
  Gains least{all[0], free[0]};
  for (size_t l = 1; l < 8; l++) {
    least.all = all[l] < least.all ? all[l] : least.all;
    least.free = free[l] < least.free ? free[l] : least.free;
  }
  return least;
}

template <class Weight>
static void tabu_steps(const Memory& memory, const double* fields, uint32_t* row, uint32_t* best,
                       uint32_t* until, uint32_t first, const uint32_t* tenures, size_t steps,
                       double* numbers) {
  Workspace workspace;
  const size_t neurons = memory.neurons, padded = padded_stride(neurons);
  double* gains = workspace.take<double>(padded);
  uint32_t* ends = workspace.take<uint32_t>(padded);
  for (size_t i = neurons; i < padded; i++) {
    gains[i] = Minima::kInfinite;
    ends[i] = 0;
  }
  memcpy(ends, until, neurons * sizeof(uint32_t));
  Flipping<Weight> state(memory, fields, gains, workspace);
  state.begin(row);
  double energy = state.energy();
  for (size_t k = 0; k < steps; k++) {
    heed_flag(k, 256);
    const uint32_t now = first + static_cast<uint32_t>(k);
    const Gains least = least_gains(gains, ends, padded, now);
    const bool any = energy + 2 * least.all < numbers[1] || least.free == Minima::kInfinite;
    const double gain = any ? least.all : least.free;
    size_t i = 0;
    while (i + 1 < neurons && !(gains[i] == gain && (any || ends[i] <= now))) i++;
    energy += 2 * gain;
    state.flip(i, [](size_t) {});
    ends[i] = now + 1 + tenures[k];
    if (!(energy < numbers[1])) continue;
    numbers[1] = energy;
    numbers[2] = static_cast<double>(now) + 1;
    memcpy(best, row, row_words(neurons) * sizeof(uint32_t));
  }
  memcpy(until, ends, neurons * sizeof(uint32_t));
  numbers[0] = energy;
}

static void tabu(const Memory& memory, const double* fields, uint32_t* row, uint32_t* best, uint32_t* until,
                 uint32_t first, const uint32_t* tenures, size_t steps, double* numbers) {
  with_weights(memory, [&](auto weight) {
    tabu_steps<decltype(weight)>(memory, fields, row, best, until, first, tenures, steps, numbers);
  });
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_TABU_H_
