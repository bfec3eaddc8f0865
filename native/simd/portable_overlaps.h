// Counts of differing bits in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_OVERLAPS_H_
#define HOPFIELD_SIMD_PORTABLE_OVERLAPS_H_

#include "simd/bits.h"
#include "simd/short_rows.h"

namespace hopfield {
namespace {

namespace portable {

static inline int count_ones(uint64_t x) {
  x -= (x >> 1) & 0x5555555555555555u;
  x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return static_cast<int>((x * 0x0101010101010101u) >> 56);
}
static inline size_t lowest_bit(uint64_t x) { return static_cast<size_t>(count_ones((x & (0 - x)) - 1)); }

/// out[μ] = N − 2·popcount(row μ xor state).
static inline void row_overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* state,
                                int32_t* out) {
  if (neurons <= kShortBits) return short_overlaps(count_ones, rows, count, neurons, state, out);
  const size_t words = row_words(neurons);
  for (size_t mu = 0; mu < count; mu++) {
    const uint32_t* row = rows + mu * words;
    uint64_t differing = 0;
    for (size_t k = 0; k < words; k += 2) differing += count_ones(load64(row + k) ^ load64(state + k));
    out[mu] = static_cast<int32_t>(static_cast<int64_t>(neurons) - 2 * static_cast<int64_t>(differing));
  }
}

/// out[j] = Σ_w popcount(planes[w·N + j] xor column[w]) for every neuron j.
static inline void column_differences(const uint64_t* planes, size_t neurons, size_t words,
                                      const uint64_t* column, int32_t* out) {
  for (size_t j = 0; j < neurons; j++) {
    int differing = 0;
    for (size_t w = 0; w < words; w++) differing += count_ones(planes[w * neurons + j] ^ column[w]);
    out[j] = differing;
  }
}

/// Overlaps of several states, one after the other; with short rows, all of them with some rows at a time.
template <class Overlaps>
static inline void overlaps_in_turn(Overlaps row_overlaps, const uint32_t* rows, size_t count, size_t neurons,
                                    size_t states, const uint32_t* const* state, int32_t* const* out) {
  const size_t words = row_words(neurons), some = neurons <= kShortBits ? kShortRowsNear : count;
  for (size_t from = 0; from < count; from += some) {
    const size_t now = count - from < some ? count - from : some;
    for (size_t b = 0; b < states; b++)
      row_overlaps(rows + from * words, now, neurons, state[b], out[b] + from);
  }
}

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_OVERLAPS_H_
