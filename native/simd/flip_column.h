#ifndef HOPFIELD_SIMD_FLIP_COLUMN_H_
#define HOPFIELD_SIMD_FLIP_COLUMN_H_

#include "simd/operands.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// Neuron i changes its value; `up` if it becomes +1. The overlaps follow.
template <class Vote>
static inline void flip_column(Pass<Vote>& pass, size_t i, bool up) {
  const uint32_t* column = pass.columns + i * pass.height;
  pass.state[i / 32] ^= 1u << (i % 32);
  column_add(column, pass.votes, pass.used, up ? 2 : -2);
  int64_t ones = 0;
  for (size_t k = 0; k < pass.height; k += 2) ones += count_ones(load64(column + k));
  pass.total += (up ? 2 : -2) * (2 * ones - pass.count);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_FLIP_COLUMN_H_
