// Counts of differing bits on Advanced SIMD.
#ifndef HOPFIELD_SIMD_NEON_OVERLAPS_H_
#define HOPFIELD_SIMD_NEON_OVERLAPS_H_

#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/portable_overlaps.h"
#if defined(__wasm__)
#include "simd/wasm_counts.h"
#endif

namespace hopfield {
namespace {

#if !defined(__wasm__)
static inline int count_ones(uint64_t x) { return vaddv_u8(vcnt_u8(vcreate_u8(x))); }
#endif
static inline size_t lowest_bit(uint64_t x) { return static_cast<size_t>(count_ones((x & (0 - x)) - 1)); }

static inline uint8x16_t load_bytes(const uint32_t* p) { return vreinterpretq_u8_u32(vld1q_u32(p)); }

static inline void row_overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* state,
                                int32_t* out) {
  if (neurons <= kShortBits) {
    return short_overlaps([](uint64_t x) { return count_ones(x); }, rows, count, neurons, state, out);
  }
#if defined(__wasm__)
  if (words_count_faster()) return wasm::row_overlaps(rows, count, neurons, state, out);
#endif
  const size_t words = row_words(neurons);
  for (size_t mu = 0; mu < count; mu++) {
    const uint32_t* row = rows + mu * words;
    uint64x2_t sum = vdupq_n_u64(0);
    for (size_t k = 0; k < words; k += kBlockWords) {
      // FourSums counts a byte lane reach 32 at most.
      uint8x16_t bytes = vdupq_n_u8(0);
      for (size_t q = 0; q < kBlockWords; q += 4) {
        bytes = vaddq_u8(bytes, vcntq_u8(veorq_u8(load_bytes(row + k + q), load_bytes(state + k + q))));
      }
      sum = vaddq_u64(sum, vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(bytes))));
    }
    out[mu] = static_cast<int32_t>(static_cast<int64_t>(neurons) - 2 * static_cast<int64_t>(vaddvq_u64(sum)));
  }
}

static inline void column_differences(const uint64_t* planes, size_t neurons, size_t words,
                                      const uint64_t* column, int32_t* out) {
  size_t j = 0;
  for (; j + 2 <= neurons; j += 2) {
    uint64x2_t sum = vdupq_n_u64(0);
    for (size_t w = 0; w < words; w++) {
      const uint64x2_t x = veorq_u64(vld1q_u64(planes + w * neurons + j), vdupq_n_u64(column[w]));
      sum = vaddq_u64(sum, vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u64(x))))));
    }
    vst1_s32(out + j, vreinterpret_s32_u32(vmovn_u64(sum)));
  }
  for (; j < neurons; j++) {
    int differing = 0;
    for (size_t w = 0; w < words; w++) differing += count_ones(planes[w * neurons + j] ^ column[w]);
    out[j] = differing;
  }
}

static inline void overlaps_of(const uint32_t* rows, size_t count, size_t neurons, size_t states,
                               const uint32_t* const* state, int32_t* const* out) {
  portable::overlaps_in_turn(row_overlaps, rows, count, neurons, states, state, out);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_OVERLAPS_H_
