#ifndef HOPFIELD_SIMD_NEON_NEAREST_H_
#define HOPFIELD_SIMD_NEON_NEAREST_H_

#include "simd/intrinsics.h"
#include "simd/neon_overlaps.h"

namespace hopfield {
namespace {

/// Words whose counts, eight a byte at most, a byte can hold together.
constexpr size_t kByteWords = 31;

/// The least number of bits in which `state` differs from any of 8·blocks patterns in planes.
static inline uint32_t least_difference(const uint32_t* planes, size_t blocks, size_t words,
                                        const uint32_t* state) {
#if defined(__wasm__)
  if (words_count_faster()) return wasm::least_difference(planes, blocks, words, state);
#endif
  // Counts are below 2^31, so the lower half of a lane is all of it.
  uint32x4_t least = vdupq_n_u32(0xffffffffu);
  for (size_t k = 0; k < blocks; k++) {
    const uint32_t* at = planes + k * 16 * words;
    uint64x2_t d[4] = {vdupq_n_u64(0), vdupq_n_u64(0), vdupq_n_u64(0), vdupq_n_u64(0)};
    for (size_t from = 0; from < words; from += kByteWords) {
      const size_t end = words - from < kByteWords ? words : from + kByteWords;
      uint8x16_t bytes[4] = {vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0)};
      for (size_t w = from; w < end; w++) {
        const uint8x16_t s = vreinterpretq_u8_u64(vdupq_n_u64(load64(state + 2 * w)));
        for (size_t q = 0; q < 4; q++) {
          bytes[q] = vaddq_u8(bytes[q], vcntq_u8(veorq_u8(load_bytes(at + 16 * w + 4 * q), s)));
        }
      }
      for (size_t q = 0; q < 4; q++) {
        d[q] = vaddq_u64(d[q], vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(bytes[q]))));
      }
    }
    for (size_t q = 0; q < 4; q++) least = vminq_u32(least, vreinterpretq_u32_u64(d[q]));
  }
  const uint32_t a = vgetq_lane_u32(least, 0), b = vgetq_lane_u32(least, 2);
  return a < b ? a : b;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_NEAREST_H_
