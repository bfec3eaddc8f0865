// Least energy among all states: the mirror of src/kernels/reference/lowest-states.ts.
#ifndef HOPFIELD_KERNELS_LOWEST_STATES_H_
#define HOPFIELD_KERNELS_LOWEST_STATES_H_

#include <math.h>

#include "flag.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// The first variables are lanes: 64 states take each step together, and the compiler makes vectors of them.
constexpr size_t kStateLanes = 6;

/// In 32-bit integers where every sum is one, otherwise in f64.
template <class Number>
struct LowestStates {
  static constexpr size_t kSize = size_t{1} << kStateLanes;

  size_t neurons, lanes, fixed, prefix;
  Number couplings[32][32];
  Number fields[32];
  alignas(64) Number lane_sums[32][kSize];
  alignas(64) Number levels[33][kSize];
  Number least;
  size_t first, count, blocks;
  bool found;

  static Number signed_by(size_t state, size_t i, Number x) {
    return state >> i & 1 ? x : static_cast<Number>(0) - x;
  }

  void begin(const double* from, const double* b, size_t of, size_t given, size_t bits) {
    neurons = of;
    lanes = smaller(kStateLanes, of);
    fixed = given;
    prefix = bits;
    least = 0;
    first = count = blocks = 0;
    found = false;
    for (size_t i = 0; i < of; i++) {
      fields[i] = static_cast<Number>(b[i]);
      for (size_t j = 0; j < of; j++) couplings[i][j] = static_cast<Number>(from[i * of + j]);
    }
    const size_t size = size_t{1} << lanes;
    for (size_t l = 0; l < size; l++) {
      for (size_t d = lanes; d < of; d++) {
        Number sum = 0;
        for (size_t j = lanes; j-- > 0;) sum += signed_by(l, j, couplings[d][j]);
        lane_sums[d][l] = sum;
      }
      Number energy = 0;
      for (size_t i = lanes; i-- > 0;) {
        Number field = fields[i];
        for (size_t j = lanes; j-- > i + 1;) field += signed_by(l, j, couplings[i][j]);
        energy -= signed_by(l, i, field);
      }
      levels[of][l] = energy;
    }
  }

  /// A block of states whose energies are known.
  inline void look(const Number* energies, size_t state) {
    const size_t size = size_t{1} << lanes;
    if (size == kSize && found) {
      // No lane's question waits for another's.
      Number below = 0;
      for (size_t l = 0; l < kSize; l++) below += energies[l] <= least ? 1 : 0;
      if (below == 0) return;
    }
    for (size_t l = 0; l < size; l++) {
      if (found && energies[l] > least) continue;
      if (!found || energies[l] < least) {
        found = true;
        least = energies[l];
        first = state + l;
        count = 0;
      }
      count++;
    }
  }

  Number field_of(size_t d, size_t state) const {
    Number field = fields[d];
    for (size_t j = neurons; j-- > d + 1;) field += signed_by(state, j, couplings[d][j]);
    return field;
  }

  /// Both values of variable d, which is not fixed. The last ones are looked at where they are made.
  void down(size_t d, size_t state) {
    const Number field = field_of(d, state);
    const Number* above = levels[d + 1];
    const Number* sums = lane_sums[d];
    Number* to = levels[d];
    for (size_t l = 0; l < kSize; l++) to[l] = above[l] + (field + sums[l]);
    next(d, state);
    for (size_t l = 0; l < kSize; l++) to[l] = above[l] - (field + sums[l]);
    next(d, state | size_t{1} << d);
  }

  inline void next(size_t d, size_t state) {
    if (d == lanes) {
      heed_flag(++blocks, 4096);
      look(levels[d], state);
    } else {
      down(d - 1, state);
    }
  }

  void run() {
    size_t state = 0, d = neurons;
    for (; d > neurons - fixed; d--) {
      const bool up = prefix >> (d - 1 - (neurons - fixed)) & 1;
      const Number field = field_of(d - 1, state);
      for (size_t l = 0; l < kSize; l++) {
        const Number change = field + lane_sums[d - 1][l];
        levels[d - 1][l] = up ? levels[d][l] - change : levels[d][l] + change;
      }
      if (up) state |= size_t{1} << (d - 1);
    }
    if (d == lanes) return look(levels[d], state);
    down(d - 1, state);
  }
};

/// Whether all of these are whole, and no sum of some of them is beyond 32 bits.
static bool fit_in_words(const double* couplings, const double* fields, size_t neurons) {
  double span = 0;
  for (size_t k = 0; k < neurons * neurons; k++) {
    if (!(fabs(couplings[k]) < 0x1p31) || couplings[k] != floor(couplings[k])) return false;
    span += fabs(couplings[k]);
  }
  for (size_t i = 0; i < neurons; i++) {
    if (!(fabs(fields[i]) < 0x1p31) || fields[i] != floor(fields[i])) return false;
    span += fabs(fields[i]);
  }
  return span < 0x1p31;
}

template <class Number>
static void lowest_states_in(const double* couplings, const double* fields, size_t neurons, size_t fixed,
                             size_t prefix, double* out) {
  Workspace workspace;
  auto* search = workspace.take<LowestStates<Number>>(1);
  search->begin(couplings, fields, neurons, fixed, prefix);
  search->run();
  out[0] = static_cast<double>(search->least) + 0.0;
  out[1] = static_cast<double>(search->first);
  out[2] = static_cast<double>(search->count);
}

static void lowest_states(const double* couplings, const double* fields, size_t neurons, size_t fixed,
                          size_t prefix, double* out) {
  if (fit_in_words(couplings, fields, neurons)) {
    return lowest_states_in<int32_t>(couplings, fields, neurons, fixed, prefix, out);
  }
  lowest_states_in<double>(couplings, fields, neurons, fixed, prefix, out);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_LOWEST_STATES_H_
