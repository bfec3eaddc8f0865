// Fields of few neurons that are carried from flip to flip (kernels/forms/carried_fields.h), in C++ that a
// compiler makes vectors of.
#ifndef HOPFIELD_SIMD_PORTABLE_CARRIED_H_
#define HOPFIELD_SIMD_PORTABLE_CARRIED_H_

#include "simd/operands.h"

namespace hopfield {
namespace {

namespace portable {

static inline void signs_over(const int16_t* halves, const int16_t* limits, size_t words, uint64_t* signs) {
  for (size_t w = 0; w < words; w++) {
    uint64_t word = 0;
    for (size_t l = 0; l < 64; l++) {
      word |= static_cast<uint64_t>(halves[64 * w + l] > limits[64 * w + l]) << l;
    }
    signs[w] = word;
  }
}

/// Bits cost more than all the rest, and a flip seldom turns another field.
static inline bool move_fields(const int8_t* const* rows, size_t* count, const int16_t* limits, size_t words,
                               int16_t* halves, uint64_t* signs) {
  for (size_t k = 0; k < *count; k++) {
    const int8_t* row = rows[k];
    int16_t turned = 0;
    for (size_t i = 0; i < 64 * words; i++) {
      const int16_t before = halves[i], limit = limits[i];
      const int16_t after = static_cast<int16_t>(before + row[i]);
      turned = static_cast<int16_t>(turned | ((before > limit) ^ (after > limit)));
      halves[i] = after;
    }
    if (turned == 0) continue;
    signs_over(halves, limits, words, signs);
    *count = k + 1;
    return true;
  }
  return false;
}

static inline void marked_visits(const uint8_t* visits, size_t count, const uint64_t* marks, uint64_t* out) {
  for (size_t from = 0; from < count; from += 64) {
    uint64_t word = 0;
    const size_t some = count - from < 64 ? count - from : 64;
    for (size_t l = 0; l < some; l++) {
      const uint8_t i = visits[from + l];
      word |= (marks[i / 64] >> i % 64 & 1) << l;
    }
    out[from / 64] = word;
  }
}

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_CARRIED_H_
