// A state that is flipped variable by variable, and what each flip would change: the mirror of
// src/kernels/reference/flipping.ts.
#ifndef HOPFIELD_KERNELS_FLIPPING_H_
#define HOPFIELD_KERNELS_FLIPPING_H_

#include <math.h>

#include "flag.h"
#include "kernels/forms.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// The smallest of many numbers, by blocks whose minima are kept: a flip changes few of them, and most
/// blocks of a sparse graph stay as they are.
struct Minima {
  static constexpr size_t kBlock = 64;

  size_t count, blocks;
  double* values;  ///< whole blocks, infinite after the last
  double* least;   ///< of each block; whole groups of eight, infinite after the last
  uint8_t* stale;

  void take(size_t of, Workspace& workspace) {
    count = of;
    blocks = (of + kBlock - 1) / kBlock;
    const size_t groups = (blocks + 7) / 8 * 8;
    values = workspace.take<double>(blocks * kBlock);
    least = workspace.take<double>(groups);
    stale = workspace.take<uint8_t>(blocks);
    for (size_t i = of; i < blocks * kBlock; i++) values[i] = kInfinite;
    for (size_t k = 0; k < groups; k++) least[k] = kInfinite;
    spoil_all();
  }
  void spoil_all() { memset(stale, 1, blocks); }
  inline void spoil(size_t i) { stale[i / kBlock] = 1; }

  /// Of a multiple of eight numbers. Equal numbers are equal, and a zero's sign is nobody's.
  static double smallest(const double* from, size_t length) {
    double lanes[8];
    for (size_t l = 0; l < 8; l++) lanes[l] = from[l];
    for (size_t k = 8; k < length; k += 8) {
      for (size_t l = 0; l < 8; l++) lanes[l] = from[k + l] < lanes[l] ? from[k + l] : lanes[l];
    }
    double small = lanes[0];
    for (size_t l = 1; l < 8; l++) small = lanes[l] < small ? lanes[l] : small;
    return small;
  }

  void freshen() {
    for (size_t block = 0; block < blocks; block++) {
      if (stale[block] == 0) continue;
      stale[block] = 0;
      least[block] = smallest(values + block * kBlock, kBlock);
    }
  }
  double smallest() const { return smallest(least, (blocks + 7) / 8 * 8); }
  /// The first place of a number that is there.
  size_t place(double value) const {
    size_t block = 0;
    while (block + 1 < blocks && least[block] != value) block++;
    size_t i = block * kBlock;
    while (i + 1 < count && values[i] != value) i++;
    return i;
  }

  static constexpr double kInfinite = HUGE_VAL;
};

template <class Weight>
struct Flipping {
  const Memory& memory;
  const double* fields;
  size_t neurons;
  uint32_t* state = nullptr;
  double* sums;
  double* spins;
  double* gains;

  Flipping(const Memory& of, const double* b, double* gains_of, Workspace& workspace)
      : memory(of),
        fields(b),
        neurons(of.neurons),
        sums(workspace.take<double>(of.neurons)),
        spins(workspace.take<double>(of.neurons)),
        gains(gains_of) {}

  void begin(uint32_t* row) {
    state = row;
    local_fields(memory, row, sums);
    for (size_t i = 0; i < neurons; i++) {
      spins[i] = bit_at(row, i) ? 1 : -1;
      gains[i] = gain(i);
    }
  }
  inline double gain(size_t i) const {
    return spins[i] * (fields == nullptr ? sums[i] : sums[i] + fields[i]);
  }
  double energy() const {
    double pairs = 0, single = 0;
    for (size_t i = 0; i < neurons; i++) pairs += spins[i] * sums[i];
    for (size_t i = 0; i < neurons; i++) single += spins[i] * (fields == nullptr ? 0 : fields[i]);
    return 0 - pairs / 2 - single;
  }

  /// @param spoil called for every variable whose gain has changed, or may have.
  template <class Spoil>
  void flip(size_t i, Spoil spoil) {
    spins[i] = -spins[i];
    state[i / 32] ^= 1u << (i % 32);
    const double twice = 2 * spins[i];
    if (memory.form == Form::kSparse) {
      const Places row = memory.sparse.row(i);
      for (size_t k = row.from; k < row.end; k++) {
        const size_t j = neuron_of(memory, k);
        sums[j] += twice * static_cast<double>(memory.weights_as<Weight>()[k]);
        gains[j] = gain(j);
        spoil(j);
      }
      gains[i] = gain(i);
      spoil(i);
      return;
    }
    const Weight* row = memory.weights_as<Weight>() + i * padded_stride(neurons);
    for (size_t j = 0; j < neurons; j++) sums[j] += twice * static_cast<double>(row[j]);
    if (fields == nullptr) {
      for (size_t j = 0; j < neurons; j++) gains[j] = spins[j] * sums[j];
    } else {
      for (size_t j = 0; j < neurons; j++) gains[j] = spins[j] * (sums[j] + fields[j]);
    }
    for (size_t j = 0; j < neurons; j += Minima::kBlock) spoil(j);
  }
};

/// Calls `run` with a number of the kind that the couplings are.
template <class Run>
static void with_weights(const Memory& memory, Run run) {
  switch (memory.number) {
    case Number::kInt32:
      return run(int32_t{});
    case Number::kFloat32:
      return run(float{});
    default:
      return run(double{});
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FLIPPING_H_
