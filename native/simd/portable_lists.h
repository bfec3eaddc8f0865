// Lists of keys in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_LISTS_H_
#define HOPFIELD_SIMD_PORTABLE_LISTS_H_

#include "simd/bits.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// Writes from + r·kStep for each bit r that is set. Returns how many.
template <uint32_t kStep = 1>
static inline size_t list_bits(uint64_t bits, uint32_t from, uint32_t* out) {
  size_t found = 0;
  for (; bits != 0; bits &= bits - 1) {
    out[found++] = from + kStep * static_cast<uint32_t>(count_ones((bits & (0 - bits)) - 1));
  }
  return found;
}

/// Keeps those indices whose bit is set in a row, in their order, and one entry more after them. Returns how
/// many.
static inline size_t keep_marked(const uint32_t* indices, size_t count, const uint32_t* row, size_t,
                                 uint32_t* kept) {
  return pick_marked(indices, count, row, kept);
}

/// Keeps those values that lie no further than `cut` below `reference`, as values − reference, with their
/// keys. Returns how many.
static inline size_t keep_near(const double* values, const uint32_t* keys, size_t count, double reference,
                               double cut, double* below, uint32_t* kept) {
  size_t found = 0;
  for (size_t k = 0; k < count; k++) {
    const double d = values[k] - reference;
    below[found] = d;
    kept[found] = keys[k];
    found += !(d < -cut);
  }
  return found;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_LISTS_H_
