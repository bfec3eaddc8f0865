#ifndef HOPFIELD_KERNELS_ENERGY_H_
#define HOPFIELD_KERNELS_ENERGY_H_

#include "core/memory.h"
#include "simd/bits.h"

namespace hopfield {
namespace {

/// A symmetric integer matrix without self weights: its fields are kept as integers, and a flip of neuron i
/// moves them by row i.
static inline bool keeps_fields(const Memory& memory) {
  return memory.form == Form::kMatrix && memory.number == Number::kInt32 && memory.symmetric;
}

/// Symmetric weights in whole numbers, none of a neuron on itself.
static inline bool is_symmetric_integer(const Memory& memory) {
  return memory.form == Form::kImplicit || keeps_fields(memory);
}

/// No field of these weights is larger.
static inline double largest_field(const Memory& memory) {
  return memory.form == Form::kImplicit
             ? static_cast<double>(memory.neurons) * static_cast<double>(memory.count)
             : memory.largest;
}

/// Below 2^53 sums of squares are integers that f64 holds exactly, so any order of summation gives its bits.
static inline bool exact_quadratic(size_t neurons, size_t count) {
  return static_cast<double>(neurons) * static_cast<double>(neurons) * static_cast<double>(count) < 0x1p53;
}
static inline bool exact_quadratic(const Memory& memory) {
  return static_cast<double>(memory.neurons) * largest_field(memory) < 0x1p53;
}

/// Σ v² of overlaps within ±N, where it is below 2^53.
static inline int64_t sum_of_squares(const int32_t* overlaps, size_t count, size_t neurons) {
  int64_t sum = 0;
  if (neurons <= 32767) {
    for (size_t mu = 0; mu < count; mu++) {
      const int16_t v = static_cast<int16_t>(overlaps[mu]);
      sum += static_cast<int64_t>(static_cast<int32_t>(v) * v);
    }
  } else {
    for (size_t mu = 0; mu < count; mu++) sum += static_cast<int64_t>(overlaps[mu]) * overlaps[mu];
  }
  return sum;
}

static double implicit_quadratic(const int32_t* overlaps, size_t count, size_t neurons) {
  const double self = static_cast<double>(neurons) * static_cast<double>(count);
  bool exact = exact_quadratic(neurons, count);
  // Overlaps beyond ±N are not overlaps, but the kernel is defined on them: then the sum may round.
  for (size_t mu = 0; exact && mu < count; mu++) {
    exact = overlaps[mu] <= static_cast<int64_t>(neurons) &&
            -static_cast<int64_t>(overlaps[mu]) <= static_cast<int64_t>(neurons);
  }
  if (exact) {
    return static_cast<double>(sum_of_squares(overlaps, count, neurons)) - self;
  }
  double sum = 0;
  for (size_t mu = 0; mu < count; mu++)
    sum += static_cast<double>(overlaps[mu]) * static_cast<double>(overlaps[mu]);
  return sum - self;
}

static double dense_quadratic(const double* fields, size_t neurons, const uint32_t* state) {
  double sum = 0;
  for (size_t i = 0; i < neurons; i++) sum += bit_at(state, i) ? fields[i] : -fields[i];
  return sum;
}

/// dot8 of NUMERICS: eight accumulators, element k to accumulator k mod 8, one fixed fold.
static double external_dot(const double* external_field, size_t neurons, const uint32_t* state) {
  double a[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  for (size_t k = 0; k < neurons; k++) a[k % 8] += bit_at(state, k) ? external_field[k] : -external_field[k];
  return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

/// E = −Q/(2·scale) − Σ_i b_i s_i, with one division and one subtraction.
static inline double energy_of(double quadratic, double scale, double external) {
  return (0 - quadratic / 2) / scale - external;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ENERGY_H_
