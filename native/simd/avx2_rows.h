// Packed rows on AVX2.
#ifndef HOPFIELD_SIMD_AVX2_ROWS_H_
#define HOPFIELD_SIMD_AVX2_ROWS_H_

#include "simd/intrinsics.h"
#include "simd/portable_rows.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

using portable::unpack_word;

/// One block of what these rows have in common: all bits if there are none.
static inline void common_block(const uint32_t* rows, size_t stride, const uint32_t* which, size_t count,
                                uint32_t* out) {
  __m256i low = _mm256_set1_epi32(-1), high = low;
  for (size_t k = 0; k < count; k++) {
    const uint32_t* row = rows + which[k] * stride;
    low = _mm256_and_si256(low, load256(row));
    high = _mm256_and_si256(high, load256(row + 8));
  }
  store256(out, low);
  store256(out + 8, high);
}

static inline int64_t pack_word(const int8_t* states, size_t n, uint64_t* out) {
  if (n < 64) return portable::pack_word(states, n, out);
  const __m256i one = _mm256_set1_epi8(1), minus = _mm256_set1_epi8(-1);
  uint64_t positive = 0, valid = 0;
  for (size_t half = 0; half < 2; half++) {
    const __m256i x = load256(states + 32 * half);
    const __m256i plus = _mm256_cmpeq_epi8(x, one);
    const uint32_t bits = static_cast<uint32_t>(_mm256_movemask_epi8(plus));
    const uint32_t good =
        static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(plus, _mm256_cmpeq_epi8(x, minus))));
    positive |= static_cast<uint64_t>(bits) << (32 * half);
    valid |= static_cast<uint64_t>(good) << (32 * half);
  }
  if (~valid != 0) return static_cast<int64_t>(_tzcnt_u64(~valid));
  *out = positive;
  return -1;
}

/// Whole cache lines go straight to memory, without being read first.
static inline void write_past_cache(int32_t* to, const int32_t* from, size_t count) {
  size_t k = 0;
  while (k < count && reinterpret_cast<uintptr_t>(to + k) % 32 != 0) to[k] = from[k], k++;
  for (; k + 8 <= count; k += 8) _mm256_stream_si256(reinterpret_cast<__m256i*>(to + k), load256(from + k));
  for (; k < count; k++) to[k] = from[k];
}

static inline void finish_writes() { _mm_sfence(); }

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_ROWS_H_
