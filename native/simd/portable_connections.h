// Sums over a neuron's connections in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_CONNECTIONS_H_
#define HOPFIELD_SIMD_PORTABLE_CONNECTIONS_H_

#include "simd/simd.h"

namespace hopfield {
namespace {

/// Σ_k weights[k]·s_k, where s_k is ±1 as bit sources[k] of the state says, or bit `last` where that is
/// beyond.
static inline int32_t connected_sum(const int32_t* weights, const uint32_t* sources, size_t count,
                                    const uint32_t* state, uint32_t last) {
  int32_t sum = 0;
  for (size_t k = 0; k < count; k++) {
    const uint32_t source = sources[k] < last ? sources[k] : last;
    const bool up = (state[source / 32] >> (source % 32) & 1u) != 0;
    sum += up ? weights[k] : -weights[k];
  }
  return sum;
}

/// The same of connections in three bytes each.
static inline int32_t connected_sum(const int8_t* weights, const uint16_t* sources, size_t count,
                                    const uint32_t* state) {
  int32_t sum = 0;
  for (size_t k = 0; k < count; k++) {
    const bool up = (state[sources[k] / 32] >> (sources[k] % 32) & 1u) != 0;
    sum += up ? weights[k] : -weights[k];
  }
  return sum;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_CONNECTIONS_H_
