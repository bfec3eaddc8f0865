// Fields of few neurons that are carried from flip to flip (kernels/forms/carried_fields.h) on AVX2.
#ifndef HOPFIELD_SIMD_AVX2_CARRIED_H_
#define HOPFIELD_SIMD_AVX2_CARRIED_H_

#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// Of 32 neurons. Packing works within 128-bit lanes: the middle quarters change places.
static inline uint32_t signs_of(__m256i low, __m256i high, const int16_t* limits) {
  const __m256i over = _mm256_packs_epi16(_mm256_cmpgt_epi16(low, load256(limits)),
                                          _mm256_cmpgt_epi16(high, load256(limits + 16)));
  return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_permute4x64_epi64(over, 0xd8)));
}

static inline void signs_over(const int16_t* fields, const int16_t* limits, size_t words, uint64_t* signs) {
  for (size_t w = 0; w < words; w++, fields += 64, limits += 64) {
    signs[w] = signs_of(load256(fields), load256(fields + 16), limits) |
               static_cast<uint64_t>(signs_of(load256(fields + 32), load256(fields + 48), limits + 32)) << 32;
  }
}

/// Sixteen fields, moved.
static inline __m256i moved(int16_t* fields, const int8_t* row, __m256i delta) {
  const __m256i weights = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row)));
  const __m256i now = _mm256_add_epi16(load256(fields), _mm256_mullo_epi16(weights, delta));
  store256(fields, now);
  return now;
}

static inline bool move_fields(const int8_t* row, int16_t delta, const int16_t* limits, size_t words,
                               int16_t* fields, uint64_t* signs) {
  const __m256i by = _mm256_set1_epi16(delta);
  uint64_t turned = 0;
  for (size_t w = 0; w < words; w++, fields += 64, limits += 64, row += 64) {
    const __m256i a = moved(fields, row, by), b = moved(fields + 16, row + 16, by);
    const uint64_t low = signs_of(a, b, limits);
    const __m256i c = moved(fields + 32, row + 32, by), d = moved(fields + 48, row + 48, by);
    const uint64_t now = low | static_cast<uint64_t>(signs_of(c, d, limits + 32)) << 32;
    turned |= now ^ signs[w];
    signs[w] = now;
  }
  return turned != 0;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_CARRIED_H_
