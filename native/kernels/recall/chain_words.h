// States of 64 chains side by side: a neuron is a word, one bit a chain.
#ifndef HOPFIELD_KERNELS_RECALL_CHAIN_WORDS_H_
#define HOPFIELD_KERNELS_RECALL_CHAIN_WORDS_H_

#include "kernels/pack.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

constexpr size_t kChains = 64;

/// Room for the words of whole squares of 64 neurons.
static inline size_t chain_words(size_t neurons) { return (neurons + 63) / 64 * 64; }

/// Rows of chains that lie `stride` words apart.
struct RowsApart {
  uint32_t* first;
  size_t stride;
  uint32_t* operator()(size_t c) const { return first + c * stride; }
};

/// The rows of `count` chains as words. `row(c)` is that of chain c; those of no chain are zero.
template <class Row>
static void words_of_rows(size_t neurons, size_t count, Row row, uint64_t* words) {
  for (size_t i = 0; i < neurons; i += 64) {
    uint64_t square[64];
    for (size_t c = 0; c < 64; c++) square[c] = c < count ? load64(row(c) + i / 32) : 0;
    transpose64(square);
    memcpy(words + i, square, sizeof(square));
  }
}

/// And back.
template <class Row>
static void rows_of_words(size_t neurons, size_t count, const uint64_t* words, Row row) {
  for (size_t i = 0; i < neurons; i += 64) {
    uint64_t square[64];
    for (size_t k = 0; k < 64; k++) square[k] = i + k < neurons ? words[i + k] : 0;
    transpose64(square);
    for (size_t c = 0; c < count; c++) memcpy(row(c) + i / 32, &square[c], sizeof(uint64_t));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_CHAIN_WORDS_H_
