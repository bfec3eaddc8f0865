// Counts of differing bits by whole words, for WebAssembly on x86-64: an engine makes ten instructions of
// i8x16.popcnt there, and one of i64.popcnt. On AArch64 it is the other way round.
#ifndef HOPFIELD_SIMD_WASM_COUNTS_H_
#define HOPFIELD_SIMD_WASM_COUNTS_H_

#include "simd/bits.h"

namespace hopfield {
namespace {

static inline int count_ones(uint64_t x) { return __builtin_popcountll(x); }

/// Whether words are counted faster than vectors of bytes. The NaN that a processor makes itself is negative
/// on x86 alone, and a module can ask for nothing better; whatever the answer, counts are the same.
static inline bool words_count_faster() {
  const volatile double zero = 0;
  const double made = zero / zero;
  int64_t bits;
  memcpy(&bits, &made, sizeof(bits));
  return bits < 0;
}

namespace wasm {

static inline void row_overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* state,
                                int32_t* out) {
  const size_t words = row_words(neurons);
  for (size_t mu = 0; mu < count; mu++) {
    const uint32_t* row = rows + mu * words;
    uint64_t sum = 0;
#pragma clang loop vectorize(disable) unroll(disable)
    for (size_t k = 0; k < words; k += kBlockWords) {
      HOPFIELD_UNROLL(8)
      for (size_t w = 0; w < kBlockWords; w += 2)
        sum += static_cast<uint64_t>(count_ones(load64(row + k + w) ^ load64(state + k + w)));
    }
    out[mu] = static_cast<int32_t>(static_cast<int64_t>(neurons) - 2 * static_cast<int64_t>(sum));
  }
}

static inline uint32_t least_difference(const uint32_t* planes, size_t blocks, size_t words,
                                        const uint32_t* state) {
  uint32_t least = ~0u;
  for (size_t half = 0; half < 2 * blocks; half++) {
    const uint32_t* at = planes + half / 2 * 16 * words + half % 2 * 8;
    uint32_t sums[4] = {0, 0, 0, 0};
#pragma clang loop vectorize(disable) unroll(disable)
    for (size_t w = 0; w < words; w++) {
      const uint64_t s = load64(state + 2 * w);
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < 4; r++)
        sums[r] += static_cast<uint32_t>(count_ones(load64(at + 16 * w + 2 * r) ^ s));
    }
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) least = sums[r] < least ? sums[r] : least;
  }
  return least;
}

}  // namespace wasm

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_WASM_COUNTS_H_
