// Fields of few neurons that are carried from flip to flip (kernels/forms/carried_fields.h) on AVX-512.
//
//   intrinsic                instruction       Ice Lake / Sapphire Rapids: latency, ports
//   _mm512_subs_epi8         vpsubsb zmm       1, p0
//   _mm512_ternarylogic      vpternlogd zmm    1, p05
//   _mm512_cvtepi8_epi16     vpmovsxbw zmm     3, p5
//   _mm512_cmpgt_epi16_mask  vpcmpgtw k        3, p5
//
// Several moves at once take three instructions for 64 neurons each, all in bytes: how far a field is from
// its limit saturates, but a byte that has saturated is too far away for 127 to change its sign.
#ifndef HOPFIELD_SIMD_AVX512_CARRIED_H_
#define HOPFIELD_SIMD_AVX512_CARRIED_H_

#include "simd/intrinsics.h"
#include "simd/operands.h"

namespace hopfield {
namespace {

static inline uint64_t sign_word(__m512i low, __m512i high, const int16_t* limits) {
  const uint64_t first = _mm512_cmpgt_epi16_mask(low, _mm512_loadu_si512(limits));
  return first | static_cast<uint64_t>(_mm512_cmpgt_epi16_mask(high, _mm512_loadu_si512(limits + 32))) << 32;
}

static inline void signs_over(const int16_t* halves, const int16_t* limits, size_t words, uint64_t* signs) {
  for (size_t w = 0; w < words; w++, halves += 64, limits += 64) {
    signs[w] = sign_word(_mm512_loadu_si512(halves), _mm512_loadu_si512(halves + 32), limits);
  }
}

/// Adds 64 bytes to as many halves.
static inline void add_bytes(__m512i bytes, int16_t* halves, __m512i* low, __m512i* high) {
  *low = _mm512_add_epi16(_mm512_loadu_si512(halves), _mm512_cvtepi8_epi16(_mm512_castsi512_si256(bytes)));
  *high = _mm512_add_epi16(_mm512_loadu_si512(halves + 32),
                           _mm512_cvtepi8_epi16(_mm512_extracti64x4_epi64(bytes, 1)));
  _mm512_storeu_si512(halves, *low);
  _mm512_storeu_si512(halves + 32, *high);
}

static inline bool move_once(const int8_t* row, const int16_t* limits, size_t words, int16_t* halves,
                             uint64_t* signs) {
  uint64_t turned = 0;
  for (size_t w = 0; w < words; w++) {
    __m512i low, high;
    add_bytes(_mm512_loadu_si512(row + 64 * w), halves + 64 * w, &low, &high);
    const uint64_t now = sign_word(low, high, limits + 64 * w);
    turned |= now ^ signs[w];
    signs[w] = now;
  }
  return turned != 0;
}

/// Several moves of `kWords` words: false, and nothing has happened, if a sign turns.
template <size_t kWords>
static inline bool move_all(const int8_t* const* rows, size_t count, const int16_t* limits, int16_t* halves) {
  // Packing works within 128-bit lanes.
  const __m512i in_order = _mm512_set_epi64(7, 5, 3, 1, 6, 4, 2, 0);
  __m512i first[kWords], margin[kWords], sum[kWords];
  HOPFIELD_UNROLL(4)
  for (size_t w = 0; w < kWords; w++) {
    const int16_t *half = halves + 64 * w, *limit = limits + 64 * w;
    const __m512i low = _mm512_sub_epi16(_mm512_loadu_si512(limit), _mm512_loadu_si512(half));
    const __m512i high = _mm512_sub_epi16(_mm512_loadu_si512(limit + 32), _mm512_loadu_si512(half + 32));
    first[w] = _mm512_permutexvar_epi64(in_order, _mm512_packs_epi16(low, high));
    margin[w] = first[w];
    sum[w] = _mm512_setzero_si512();
  }
  __m512i turned = _mm512_setzero_si512();
  for (size_t k = 0; k < count; k++) {
    HOPFIELD_UNROLL(4)
    for (size_t w = 0; w < kWords; w++) {
      const __m512i row = _mm512_loadu_si512(rows[k] + 64 * w);
      margin[w] = _mm512_subs_epi8(margin[w], row);
      sum[w] = _mm512_add_epi8(sum[w], row);
      turned = _mm512_ternarylogic_epi32(turned, margin[w], first[w], 0xf6);  // turned | (margin ^ first)
    }
  }
  if (_mm512_movepi8_mask(turned) != 0) return false;
  __m512i low, high;
  HOPFIELD_UNROLL(4)
  for (size_t w = 0; w < kWords; w++) add_bytes(sum[w], halves + 64 * w, &low, &high);
  return true;
}

static inline bool move_fields(const int8_t* const* rows, size_t* count, const int16_t* limits, size_t words,
                               int16_t* halves, uint64_t* signs) {
  const size_t most = *count;
  const bool all = most > 1 && (words == 4   ? move_all<4>(rows, most, limits, halves)
                                : words == 3 ? move_all<3>(rows, most, limits, halves)
                                : words == 2 ? move_all<2>(rows, most, limits, halves)
                                             : move_all<1>(rows, most, limits, halves));
  if (all) return false;
  for (size_t k = 0; k < most; k++) {
    if (!move_once(rows[k], limits, words, halves, signs)) continue;
    *count = k + 1;
    return true;
  }
  return false;
}

static inline void marked_visits(const uint8_t* visits, size_t count, const uint64_t* marks, uint64_t* out) {
  const __m128i* halves = reinterpret_cast<const __m128i*>(marks);
  const __m512i low = _mm512_broadcast_i32x4(_mm_loadu_si128(halves));
  const __m512i high = _mm512_broadcast_i32x4(_mm_loadu_si128(halves + 1));
  const __m512i bits = _mm512_set1_epi64(static_cast<int64_t>(0x8040201008040201u));
  for (size_t u = 0; u < count; u += 64) {
    const __m512i visit = _mm512_loadu_si512(visits + u);
    const __m512i byte = _mm512_and_si512(_mm512_srli_epi16(visit, 3), _mm512_set1_epi8(15));
    const __m512i mark =
        _mm512_mask_shuffle_epi8(_mm512_shuffle_epi8(low, byte), _mm512_movepi8_mask(visit), high, byte);
    const __m512i bit = _mm512_shuffle_epi8(bits, _mm512_and_si512(visit, _mm512_set1_epi8(7)));
    const uint64_t used = count - u >= 64 ? ~uint64_t{0} : (uint64_t{1} << (count - u)) - 1;
    out[u / 64] = _mm512_test_epi8_mask(mark, bit) & used;
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_CARRIED_H_
