// One-bit synapses (Willshaw, Buneman and Longuet-Higgins 1969). Input unit i has a row of bits, one an
// output unit. Active units are few, so that a recall reads few rows, and counts in bits: word b of a counter
// holds bit b of the counts of 64 output units, and adding a row is a chain of half adders.
#ifndef HOPFIELD_KERNELS_WILLSHAW_H_
#define HOPFIELD_KERNELS_WILLSHAW_H_

#include "flag.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// 64-bit words that are counted side by side: a block of a row.
constexpr size_t kTally = 8;

/// Bits of the counts of one block of output units.
struct Tally {
  uint64_t bits[32][kTally];
  size_t used;
};

/// How many of the active rows have each bit of block `block` set.
static inline void tally_block(const uint32_t* weights, size_t stride, const uint32_t* active,
                               size_t active_count, size_t block, Tally& tally) {
  tally.used = 0;
  for (size_t k = 0; k < active_count; k++) {
    const uint32_t* row = weights + active[k] * stride + block * 2 * kTally;
    uint64_t carry[kTally];
    if (stride < 2 * kTally) {
      memset(carry, 0, sizeof(carry));
      memcpy(carry, row, stride * sizeof(uint32_t));
    } else {
      memcpy(carry, row, sizeof(carry));
    }
    for (size_t b = 0; b < tally.used; b++) {
      uint64_t* bits = tally.bits[b];
      for (size_t w = 0; w < kTally; w++) {
        const uint64_t both = bits[w] & carry[w];
        bits[w] ^= carry[w];
        carry[w] = both;
      }
    }
    // A further bit only where k + 1 rows can have filled those there are.
    if ((k + 1) >> tally.used != 0) memcpy(tally.bits[tally.used++], carry, sizeof(carry));
  }
}

/// Zeros after the last output unit.
static inline void clear_tail(uint32_t* row, size_t outputs) {
  const size_t words = (outputs + 31) / 32;
  if (outputs % 32 != 0) row[words - 1] &= (1u << outputs % 32) - 1;
  memset(row + words, 0, (row_words(outputs) - words) * sizeof(uint32_t));
}

/// Connects every active input unit with every unit of `row`.
static void willshaw_store(uint32_t* weights, size_t outputs, const uint32_t* active, size_t active_count,
                           const uint32_t* row) {
  const size_t stride = row_words(outputs);
  for (size_t k = 0; k < active_count; k++) {
    uint32_t* at = weights + active[k] * stride;
    for (size_t w = 0; w < stride; w++) at[w] |= row[w];
  }
}

/// What all of the active rows have in common, of 256 output units or fewer.
static void short_rows_in_common(const uint32_t* weights, size_t stride, const uint32_t* active,
                                 size_t active_count, uint32_t* out) {
  memset(out, 0xff, stride * sizeof(uint32_t));
  for (size_t k = 0; k < active_count; k++) {
    heed_flag(k, 1 << 14);
    const uint32_t* row = weights + active[k] * stride;
    for (size_t w = 0; w < stride; w++) out[w] &= row[w];
  }
}

/// The same of any number. Rows come from far away and are short: a block of each in turn
/// keeps many of them on their way, where one row after the other would wait for each anew.
static void rows_in_common(const uint32_t* weights, size_t stride, const uint32_t* active,
                           size_t active_count, uint32_t* out) {
  if (stride < kBlockWords) return short_rows_in_common(weights, stride, active, active_count, out);
  for (size_t at = 0; at < stride; at += kBlockWords) {
    heed_flag(at, 64 * kBlockWords);
    common_block(weights + at, stride, active, active_count, out + at);
  }
}

/// out: the output units that at least `threshold` of the active input units are connected with.
static void willshaw_recall(const uint32_t* weights, size_t outputs, const uint32_t* active,
                            size_t active_count, size_t threshold, uint32_t* out) {
  const size_t stride = row_words(outputs);
  if (threshold > active_count) {
    memset(out, 0, stride * sizeof(uint32_t));
    return;
  }
  if (threshold == active_count || threshold == 0) {
    rows_in_common(weights, stride, active, threshold, out);
  } else {
    Tally tally;
    for (size_t block = 0; block < row_blocks(outputs); block++) {
      heed_flag(block, 16);
      tally_block(weights, stride, active, active_count, block, tally);
      uint64_t enough[kTally];
      memset(enough, 0xff, sizeof(enough));
      for (size_t b = 0; b < tally.used; b++) {
        const uint64_t* bits = tally.bits[b];
        if ((threshold >> b & 1) != 0) {
          for (size_t w = 0; w < kTally; w++) enough[w] &= bits[w];
        } else {
          for (size_t w = 0; w < kTally; w++) enough[w] |= bits[w];
        }
      }
      memcpy(out + block * 2 * kTally, enough, block_words(outputs) * sizeof(uint32_t));
    }
  }
  clear_tail(out, outputs);
}

/// out[j]: how many of the active input units output unit j is connected with.
static void willshaw_counts(const uint32_t* weights, size_t outputs, const uint32_t* active,
                            size_t active_count, uint32_t* out) {
  const size_t stride = row_words(outputs), block_units = 64 * kTally;
  Tally tally;
  for (size_t from = 0; from < outputs; from += block_units) {
    heed_flag();
    const size_t some = smaller(outputs - from, block_units);
    tally_block(weights, stride, active, active_count, from / block_units, tally);
    for (size_t j = 0; j < some; j++) {
      uint32_t count = 0;
      for (size_t b = 0; b < tally.used; b++) {
        count |= static_cast<uint32_t>(tally.bits[b][j / 64] >> j % 64 & 1) << b;
      }
      out[from + j] = count;
    }
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_WILLSHAW_H_
