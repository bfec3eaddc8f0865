// Fields of few neurons that are carried from flip to flip (kernels/forms/carried_fields.h) on AVX2.
#ifndef HOPFIELD_SIMD_AVX2_CARRIED_H_
#define HOPFIELD_SIMD_AVX2_CARRIED_H_

#include "simd/intrinsics.h"
#include "simd/operands.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// Of 32 neurons. Packing works within 128-bit lanes: the middle quarters change places.
static inline uint32_t signs_of(__m256i low, __m256i high, const int16_t* limits) {
  const __m256i over = _mm256_packs_epi16(_mm256_cmpgt_epi16(low, load256(limits)),
                                          _mm256_cmpgt_epi16(high, load256(limits + 16)));
  return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_permute4x64_epi64(over, 0xd8)));
}

static inline uint64_t sign_word(const int16_t* halves, const int16_t* limits) {
  return signs_of(load256(halves), load256(halves + 16), limits) |
         static_cast<uint64_t>(signs_of(load256(halves + 32), load256(halves + 48), limits + 32)) << 32;
}

static inline void signs_over(const int16_t* halves, const int16_t* limits, size_t words, uint64_t* signs) {
  for (size_t w = 0; w < words; w++) signs[w] = sign_word(halves + 64 * w, limits + 64 * w);
}

/// Adds 32 bytes to as many halves.
static inline void add_bytes(__m256i bytes, int16_t* halves) {
  const __m256i low = _mm256_cvtepi8_epi16(_mm256_castsi256_si128(bytes));
  const __m256i high = _mm256_cvtepi8_epi16(_mm256_extracti128_si256(bytes, 1));
  store256(halves, _mm256_add_epi16(load256(halves), low));
  store256(halves + 16, _mm256_add_epi16(load256(halves + 16), high));
}

static inline bool move_once(const int8_t* row, const int16_t* limits, size_t words, int16_t* halves,
                             uint64_t* signs) {
  uint64_t turned = 0;
  for (size_t w = 0; w < words; w++, halves += 64, limits += 64) {
    add_bytes(load256(row + 64 * w), halves);
    add_bytes(load256(row + 64 * w + 32), halves + 32);
    const uint64_t now = sign_word(halves, limits);
    turned |= now ^ signs[w];
    signs[w] = now;
  }
  return turned != 0;
}

/// Several moves at once in bytes: how far a field is from its limit saturates, but a byte that has saturated
/// is too far away for 127 to change its sign.
static inline bool move_fields(const int8_t* const* rows, size_t* count, const int16_t* limits, size_t words,
                               int16_t* halves, uint64_t* signs) {
  const size_t most = *count;
  if (most > 1) {
    __m256i sums[8];
    __m256i turned = _mm256_setzero_si256();
    for (size_t w = 0; w < 2 * words; w++) {
      const int16_t *half = halves + 32 * w, *limit = limits + 32 * w;
      const __m256i low = _mm256_sub_epi16(load256(limit), load256(half));
      const __m256i high = _mm256_sub_epi16(load256(limit + 16), load256(half + 16));
      const __m256i first = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xd8);
      __m256i margin = first, sum = _mm256_setzero_si256();
      for (size_t k = 0; k < most; k++) {
        const __m256i row = load256(rows[k] + 32 * w);
        margin = _mm256_subs_epi8(margin, row);
        sum = _mm256_add_epi8(sum, row);
        turned = _mm256_or_si256(turned, _mm256_xor_si256(margin, first));
      }
      sums[w] = sum;
    }
    if (_mm256_movemask_epi8(turned) == 0) {
      for (size_t w = 0; w < 2 * words; w++) add_bytes(sums[w], halves + 32 * w);
      return false;
    }
  }
  for (size_t k = 0; k < most; k++) {
    if (!move_once(rows[k], limits, words, halves, signs)) continue;
    *count = k + 1;
    return true;
  }
  return false;
}

static inline void marked_visits(const uint8_t* visits, size_t count, const uint64_t* marks, uint64_t* out) {
  const __m128i* halves = reinterpret_cast<const __m128i*>(marks);
  const __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128(halves));
  const __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128(halves + 1));
  const __m256i bits = _mm256_set1_epi64x(static_cast<int64_t>(0x8040201008040201u));
  for (size_t u = 0; u < count; u += 32) {
    const __m256i visit = load256(visits + u);
    const __m256i byte = _mm256_and_si256(_mm256_srli_epi16(visit, 3), _mm256_set1_epi8(15));
    const __m256i mark =
        _mm256_blendv_epi8(_mm256_shuffle_epi8(low, byte), _mm256_shuffle_epi8(high, byte), visit);
    const __m256i bit = _mm256_shuffle_epi8(bits, _mm256_and_si256(visit, _mm256_set1_epi8(7)));
    const __m256i marked = _mm256_cmpeq_epi8(_mm256_and_si256(mark, bit), bit);
    const uint64_t used = count - u >= 32 ? 0xffffffffu : (uint64_t{1} << (count - u)) - 1;
    const uint64_t some = static_cast<uint32_t>(_mm256_movemask_epi8(marked)) & used;
    out[u / 64] = u % 64 == 0 ? some : out[u / 64] | some << 32;
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_CARRIED_H_
