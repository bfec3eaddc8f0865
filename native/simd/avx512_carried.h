// Fields of few neurons that are carried from flip to flip (kernels/forms/carried_fields.h) on AVX-512.
//
//   intrinsic                instruction       Ice Lake / Sapphire Rapids: latency, ports
//   _mm512_cvtepi8_epi16     vpmovsxbw zmm     3, p5
//   _mm512_mullo_epi16       vpmullw zmm       5, p0
//   _mm512_cmpgt_epi16_mask  vpcmpgtw k        3, p5
//   _cvtmask32_u32           kmovd r32, k      3, p0
//
// All signs are compared with those before: the next flip need not wait for them, since the processor
// predicts that nothing turned.
#ifndef HOPFIELD_SIMD_AVX512_CARRIED_H_
#define HOPFIELD_SIMD_AVX512_CARRIED_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

static inline uint64_t sign_word(__m512i low, __m512i high, const int16_t* limits) {
  const uint64_t first = _mm512_cmpgt_epi16_mask(low, _mm512_loadu_si512(limits));
  return first | static_cast<uint64_t>(_mm512_cmpgt_epi16_mask(high, _mm512_loadu_si512(limits + 32))) << 32;
}

static inline void signs_over(const int16_t* fields, const int16_t* limits, size_t words, uint64_t* signs) {
  for (size_t w = 0; w < words; w++, fields += 64, limits += 64) {
    signs[w] = sign_word(_mm512_loadu_si512(fields), _mm512_loadu_si512(fields + 32), limits);
  }
}

/// 32 fields, moved.
static inline __m512i moved(const int16_t* field, const int8_t* row, __m512i delta) {
  const __m512i weights = _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(row)));
  return _mm512_add_epi16(_mm512_loadu_si512(field), _mm512_mullo_epi16(weights, delta));
}

static inline bool move_fields(const int8_t* row, int16_t delta, const int16_t* limits, size_t words,
                               int16_t* fields, uint64_t* signs) {
  const __m512i by = _mm512_set1_epi16(delta);
  uint64_t turned = 0;
  for (size_t w = 0; w < words; w++, fields += 64, limits += 64, row += 64) {
    const __m512i low = moved(fields, row, by), high = moved(fields + 32, row + 32, by);
    _mm512_storeu_si512(fields, low);
    _mm512_storeu_si512(fields + 32, high);
    const uint64_t now = sign_word(low, high, limits);
    turned |= now ^ signs[w];
    signs[w] = now;
  }
  return turned != 0;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_CARRIED_H_
