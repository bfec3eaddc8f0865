// Bits of packed rows, the same in every tier.
#ifndef HOPFIELD_SIMD_BITS_H_
#define HOPFIELD_SIMD_BITS_H_

#include "core/layout.h"

namespace hopfield {
namespace {

static inline uint64_t load64(const uint32_t* p) {
  uint64_t x;
  memcpy(&x, p, sizeof(x));
  return x;
}

static inline unsigned bit_at(const uint32_t* row, size_t i) { return (row[i / 32] >> (i % 32)) & 1u; }

/// Those of some indices whose bit is set in a row, in their order, without a branch an index: an entry more
/// may be written after them. Returns how many.
static inline size_t pick_marked(const uint32_t* indices, size_t count, const uint32_t* row, uint32_t* kept) {
  size_t found = 0;
  for (size_t k = 0; k < count; k++) {
    kept[found] = indices[k];
    found += bit_at(row, indices[k]);
  }
  return found;
}

/// Used bits of 32-bit word `word` of a row of N neurons.
static inline uint32_t used_mask(size_t neurons, size_t word) {
  const size_t first = word * 32;
  if (first >= neurons) return 0;
  return neurons - first >= 32 ? ~0u : (1u << (neurons - first)) - 1;
}

static inline bool same_row(const uint32_t* a, const uint32_t* b, size_t words) {
  return memcmp(a, b, words * sizeof(uint32_t)) == 0;
}

/// The 53 bits of a uniform number; it is that many times 2^-53.
static inline uint64_t uniform_bits(uint32_t high, uint32_t low) {
  return (static_cast<uint64_t>(high) << 21) | (low >> 11);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_BITS_H_
