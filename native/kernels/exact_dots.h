// Sums of products that need no rounding, in dot8's order, and the numbers a state is for them.
#ifndef HOPFIELD_KERNELS_EXACT_DOTS_H_
#define HOPFIELD_KERNELS_EXACT_DOTS_H_

#include "flag.h"
#include "core/layout.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// Σ of x over the set bits of `words` words.
static inline double sum_where(const uint32_t* column, const double* x, size_t words) {
  Real8 sums[4] = {zero8(), zero8(), zero8(), zero8()};
  for (size_t k = 0; k < words; k++) {
    const uint32_t bits = column[k];
    HOPFIELD_UNROLL(4)
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
  HOPFIELD_UNROLL(8)
  for (size_t r = 0; r < kRows; r++) sums[r] = zero8();
  for (size_t k = 0; k < stride; k += 8) {
    const Real8 factor = load8(x + k);
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kRows; r++) sums[r] = fma8(weights8(rows[r] + k), factor, sums[r]);
  }
  fold_all<kRows>(sums, out);
}

/// The same of `count` rows that follow one another.
template <class Weight>
static void exact_products(const Weight* rows, size_t count, size_t stride, const double* x, double* out) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    heed_flag(i, 32);
    const Weight* four[4];
    for (size_t r = 0; r < 4; r++) four[r] = rows + (i + r) * stride;
    exact_dots<4>(four, x, stride, out + i);
  }
  for (; i < count; i++) {
    const Weight* one[1] = {rows + i * stride};
    exact_dots<1>(one, x, stride, out + i);
  }
}

/// The state as ±1.0, zeros after the last neuron.
static void spins_of(const uint32_t* state, size_t neurons, double* spins) {
  const size_t stride = padded_stride(neurons);
  for (size_t i = 0; i < stride; i++) spins[i] = i >= neurons ? 0 : bit_at(state, i) ? 1 : -1;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_EXACT_DOTS_H_
