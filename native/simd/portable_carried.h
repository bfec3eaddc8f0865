// Fields of few neurons that are carried from flip to flip (kernels/forms/carried_fields.h), in C++ that a
// compiler makes vectors of.
#ifndef HOPFIELD_SIMD_PORTABLE_CARRIED_H_
#define HOPFIELD_SIMD_PORTABLE_CARRIED_H_

#include "simd/operands.h"

namespace hopfield {
namespace {

namespace portable {

static inline void signs_over(const int16_t* fields, const int16_t* limits, size_t words, uint64_t* signs) {
  for (size_t w = 0; w < words; w++) {
    uint64_t word = 0;
    for (size_t l = 0; l < 64; l++) {
      word |= static_cast<uint64_t>(fields[64 * w + l] > limits[64 * w + l]) << l;
    }
    signs[w] = word;
  }
}

/// Bits cost more than all the rest, and a flip seldom turns another field.
static inline bool move_fields(const int8_t* row, int16_t delta, const int16_t* limits, size_t words,
                               int16_t* fields, uint64_t* signs) {
  int16_t turned = 0;
  for (size_t i = 0; i < 64 * words; i++) {
    const int16_t before = fields[i], limit = limits[i];
    const int16_t after = static_cast<int16_t>(before + delta * row[i]);
    turned = static_cast<int16_t>(turned | ((before > limit) ^ (after > limit)));
    fields[i] = after;
  }
  if (turned == 0) return false;
  signs_over(fields, limits, words, signs);
  return true;
}

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_CARRIED_H_
