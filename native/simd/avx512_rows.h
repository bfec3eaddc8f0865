// Packed rows on AVX-512.
#ifndef HOPFIELD_SIMD_AVX512_ROWS_H_
#define HOPFIELD_SIMD_AVX512_ROWS_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

static inline __m512i load_block(const uint32_t* p) { return _mm512_loadu_si512(p); }

static inline int64_t pack_word(const int8_t* states, size_t n, uint64_t* out) {
  const __mmask64 used = n == 64 ? ~0ull : (1ull << n) - 1;
  const __m512i x = _mm512_maskz_loadu_epi8(used, states);
  const __mmask64 positive = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(1));
  const __mmask64 negative = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(-1));
  const uint64_t wrong = used & ~(positive | negative);
  if (wrong != 0) return static_cast<int64_t>(_tzcnt_u64(wrong));
  *out = positive;
  return -1;
}

static inline void unpack_word(uint64_t bits, size_t n, int8_t* states) {
  const __mmask64 used = n == 64 ? ~0ull : (1ull << n) - 1;
  const __m512i x = _mm512_mask_blend_epi8(bits, _mm512_set1_epi8(-1), _mm512_set1_epi8(1));
  _mm512_mask_storeu_epi8(states, used, x);
}

/// Whole cache lines go straight to memory, without being read first.
static inline void write_past_cache(int32_t* to, const int32_t* from, size_t count) {
  size_t k = 0;
  while (k < count && reinterpret_cast<uintptr_t>(to + k) % 64 != 0) to[k] = from[k], k++;
  for (; k + 16 <= count; k += 16) {
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to + k), _mm512_loadu_si512(from + k));
  }
  for (; k < count; k++) to[k] = from[k];
}

static inline void finish_writes() { _mm_sfence(); }

/// One block of what these rows have in common: all bits if there are none.
static inline void common_block(const uint32_t* rows, size_t stride, const uint32_t* which, size_t count,
                                uint32_t* out) {
  __m512i common = _mm512_set1_epi32(-1);
  for (size_t k = 0; k < count; k++) {
    common = _mm512_and_si512(common, _mm512_loadu_si512(rows + which[k] * stride));
  }
  _mm512_storeu_si512(out, common);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_ROWS_H_
