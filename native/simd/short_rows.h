// Overlaps with rows of 256 neurons or fewer, which lie word by word: a row is counted in registers.
#ifndef HOPFIELD_SIMD_SHORT_ROWS_H_
#define HOPFIELD_SIMD_SHORT_ROWS_H_

#include "simd/bits.h"

namespace hopfield {
namespace {

/// Short rows that stay in the first-level cache while several states are held against them.
constexpr size_t kShortRowsNear = 512;

/// Of rows of kWords 64-bit words; `ones` counts the bits of one.
template <size_t kWords, class Ones>
static inline void count_short(Ones ones, const uint32_t* rows, size_t count, size_t neurons,
                               const uint32_t* state, int32_t* out) {
  uint64_t own[kWords];
  memcpy(own, state, sizeof(own));
  for (size_t mu = 0; mu < count; mu++) {
    const uint32_t* row = rows + 2 * kWords * mu;
    int differing = 0;
    HOPFIELD_UNROLL(4)
    for (size_t w = 0; w < kWords; w++) differing += ones(load64(row + 2 * w) ^ own[w]);
    out[mu] = static_cast<int32_t>(neurons) - 2 * differing;
  }
}

/// out[μ] = N − 2·popcount(row μ xor state) for N ≤ 256.
template <class Ones>
static inline void short_overlaps(Ones ones, const uint32_t* rows, size_t count, size_t neurons,
                                  const uint32_t* state, int32_t* out) {
  switch (row_words(neurons)) {
    case 2:
      return count_short<1>(ones, rows, count, neurons, state, out);
    case 4:
      return count_short<2>(ones, rows, count, neurons, state, out);
    case 6:
      return count_short<3>(ones, rows, count, neurons, state, out);
    default:
      return count_short<4>(ones, rows, count, neurons, state, out);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_SHORT_ROWS_H_
