// Sixteen neurons of one annealed replica, in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_ANNEALING_H_
#define HOPFIELD_SIMD_PORTABLE_ANNEALING_H_

#include "core/layout.h"

namespace hopfield {
namespace {

constexpr size_t kNeuronsPerBond = 0;

/// Bit l: whether x = spins[l]·totals[l] ≤ 0, or x ≤ count and drawn[l] < limits[x − 1].
template <class Total>
static inline uint32_t taken_of_sixteen(const Total* totals, const int32_t* spins, const uint32_t* drawn,
                                        const uint32_t* limits, uint32_t count) {
  uint32_t taken = 0;
  for (uint32_t l = 0; l < 16; l++) {
    const auto x = static_cast<int32_t>(static_cast<uint32_t>(spins[l]) * static_cast<uint32_t>(totals[l]));
    const bool below = x <= 0 || (static_cast<uint32_t>(x) <= count && drawn[l] < limits[x - 1]);
    taken |= static_cast<uint32_t>(below) << l;
  }
  return taken;
}

static inline void limits_above(const uint32_t* drawn, const uint32_t* limits, uint32_t count, int32_t base,
                                int8_t* out) {
  for (uint32_t l = 0; l < 64; l++) {
    uint32_t above = 0, beyond = count;
    while (above < beyond) {
      const uint32_t middle = (above + beyond) / 2;
      if (drawn[l] < limits[middle]) {
        above = middle + 1;
      } else {
        beyond = middle;
      }
    }
    out[l] = static_cast<int8_t>(base + static_cast<int32_t>(above));
  }
}

static inline uint32_t flips_of_sixteen(const int8_t* totals, const int32_t* spins, const int8_t* bounds,
                                        const int8_t* weights, size_t stride) {
  int32_t x[16];
  for (uint32_t l = 0; l < 16; l++) x[l] = spins[l] * totals[l];
  uint32_t flips = 0;
  for (uint32_t l = 0; l < 16; l++) {
    if (x[l] > bounds[l]) continue;
    flips |= 1u << l;
    const int8_t* row = weights + l * stride;
    for (uint32_t k = l + 1; k < 16; k++) x[k] -= spins[l] * spins[k] * row[k];
  }
  return flips;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_ANNEALING_H_
