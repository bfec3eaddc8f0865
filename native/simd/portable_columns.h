// Sums over the patterns of one neuron's column in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_COLUMNS_H_
#define HOPFIELD_SIMD_PORTABLE_COLUMNS_H_

#include "simd/portable_fields.h"
#include "simd/portable_overlaps.h"

namespace hopfield {
namespace {

namespace portable {

static inline int trailing_zeros(uint32_t x) { return count_ones((x & (0u - x)) - 1); }

/// Σ of votes over the one bits of a column of `words` × 32 patterns. `span` is how many words 16-bit lane
/// sums can take before they must be widened; it means nothing to 32-bit votes, whose lane sums always fit.
static inline int64_t column_sum(const uint32_t* column, const int16_t* votes, size_t words, size_t span) {
  int64_t sum = 0;
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    alignas(64) int16_t lanes[32] = {};
    for (; k < end; k++) {
      for (size_t q = 0; q < 4; q++) {
        const int16_t* mask = kMasks.lane[(column[k] >> (8 * q)) & 0xff];
        for (size_t l = 0; l < 8; l++) {
          const int16_t vote = static_cast<int16_t>(mask[l] & votes[k * 32 + q * 8 + l]);
          lanes[q * 8 + l] = static_cast<int16_t>(lanes[q * 8 + l] + vote);
        }
      }
    }
    int32_t run = 0;
    for (size_t l = 0; l < 32; l++) run += lanes[l];
    sum += run;
  }
  return sum;
}

static inline int64_t column_sum(const uint32_t* column, const int32_t* votes, size_t words, size_t span) {
  (void)span;
  int64_t sum = 0;
  for (size_t k = 0; k < words; k++) {
    for (uint32_t rest = column[k]; rest != 0; rest &= rest - 1) sum += votes[k * 32 + trailing_zeros(rest)];
  }
  return sum;
}

/// votes += delta where the column's bit is 1, −= delta where it is 0. Lanes past the last pattern may wrap;
/// no sum ever takes them.
template <class Vote>
static inline void column_add(const uint32_t* column, Vote* votes, size_t words, int delta) {
  for (size_t k = 0; k < words; k++) {
    for (size_t b = 0; b < 32; b++) {
      const uint32_t change =
          (column[k] >> b) & 1 ? static_cast<uint32_t>(delta) : 0u - static_cast<uint32_t>(delta);
      votes[k * 32 + b] = static_cast<Vote>(static_cast<uint32_t>(votes[k * 32 + b]) + change);
    }
  }
}

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_COLUMNS_H_
