// Sixteen neurons of one annealed replica, in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_ANNEALING_H_
#define HOPFIELD_SIMD_PORTABLE_ANNEALING_H_

#include "core/layout.h"

namespace hopfield {
namespace {

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

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_ANNEALING_H_
