// The weights of a memory as bonds: who acts on whom, and how strongly. Copied once per call, so that no
// change of the memory under the call can lead a kernel out of its arrays.
#ifndef HOPFIELD_KERNELS_ANNEALING_BONDS_H_
#define HOPFIELD_KERNELS_ANNEALING_BONDS_H_

#include "core/annealing.h"
#include "flag.h"
#include "kernels/field.h"
#include "kernels/forms/sparse.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Calls use(j, J_ij) for each connection of neuron i with J_ij ≠ 0; weights are kInt32.
template <class Use>
static inline void each_weight(const Memory& memory, size_t i, Use use) {
  const int32_t* weights = memory.weights_as<int32_t>();
  if (memory.form == Form::kMatrix) {
    const int32_t* row = weights + i * padded_stride(memory.neurons);
    for (size_t j = 0; j < memory.neurons; j++) {
      if (row[j] != 0) use(j, row[j]);
    }
    return;
  }
  const Places row = memory.sparse.row(i);
  for (size_t k = row.from; k < row.end; k++) {
    if (weights[k] != 0) use(neuron_of(memory, k), weights[k]);
  }
}

/// Whether all weights and all of the external field are integers.
static bool is_whole(const Memory& memory, const double* external_field) {
  if (memory.number != Number::kInt32) return false;
  for (size_t i = 0; external_field != nullptr && i < memory.neurons; i++) {
    const double b = external_field[i];
    if (!(fabs(b) < 0x1p31) || b != static_cast<double>(static_cast<int32_t>(b))) return false;
  }
  return true;
}

static inline int32_t whole_field(const double* external_field, size_t i) {
  return external_field == nullptr ? 0 : static_cast<int32_t>(external_field[i]);
}

/// Σ_j |J_ij| + |b_i|.
static uint64_t total_of(const Memory& memory, const double* external_field, size_t i) {
  uint64_t sum = magnitude(whole_field(external_field, i));
  each_weight(memory, i, [&sum](size_t, int32_t weight) { sum += magnitude(weight); });
  return sum;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_BONDS_H_
