// Philox 4×32-10 (Salmon et al. 2011) of eight blocks at once on Advanced SIMD.
#ifndef HOPFIELD_SIMD_NEON_PHILOX_H_
#define HOPFIELD_SIMD_NEON_PHILOX_H_

#include "simd/intrinsics.h"
#include "simd/neon_masks.h"
#include "simd/operands.h"

namespace hopfield {
namespace {

constexpr size_t kPhiloxLanes = 16;

/// Both words of products of four numbers with one.
struct Products {
  uint32x4_t low, high;

  HOPFIELD_INLINE Products(uint32x4_t x, uint32x4_t y) {
    const uint32x4_t a = vreinterpretq_u32_u64(vmull_u32(vget_low_u32(x), vget_low_u32(y)));
    const uint32x4_t b = vreinterpretq_u32_u64(vmull_high_u32(x, y));
    low = vuzp1q_u32(a, b);
    high = vuzp2q_u32(a, b);
  }
};

/// Word w of blocks 4·k…4·k + 3 is c[k][w].
struct PhiloxBlocks {
  uint32x4_t c[2][4];

  HOPFIELD_INLINE void run(const PhiloxKeys& keys) {
    const uint32x4_t m0 = vdupq_n_u32(static_cast<uint32_t>(kPhiloxFactors[0])),
                     m1 = vdupq_n_u32(static_cast<uint32_t>(kPhiloxFactors[1]));
    for (int round = 0; round < 10; round++) {
      const uint32x4_t key0 = vdupq_n_u32(keys.words[2 * round]),
                       key1 = vdupq_n_u32(keys.words[2 * round + 1]);
      HOPFIELD_UNROLL(2)
      for (size_t k = 0; k < 2; k++) {
        const Products p0(c[k][0], m0), p1(c[k][2], m1);
        c[k][0] = veorq_u32(veorq_u32(p1.high, c[k][1]), key0);
        c[k][1] = p1.low;
        c[k][2] = veorq_u32(veorq_u32(p0.high, c[k][3]), key1);
        c[k][3] = p0.low;
      }
    }
  }
};

/// kPhiloxLanes blocks of four words from block `draw` on.
static inline void philox_lanes(const uint32_t seed[2], uint32_t draw, uint32_t sweep, uint32_t query_low,
                                uint32_t query_high, uint32_t* out) {
  static const uint32_t kIndex[4] = {0, 1, 2, 3};
  const PhiloxKeys keys(seed);
  for (size_t from = 0; from < kPhiloxLanes; from += 8) {
    PhiloxBlocks blocks;
    for (size_t k = 0; k < 2; k++) {
      const uint32_t first = draw + static_cast<uint32_t>(from + 4 * k);
      blocks.c[k][0] = vaddq_u32(vdupq_n_u32(first), vld1q_u32(kIndex));
      blocks.c[k][1] = vdupq_n_u32(sweep);
      blocks.c[k][2] = vdupq_n_u32(query_low);
      blocks.c[k][3] = vdupq_n_u32(query_high);
    }
    blocks.run(keys);
    for (size_t k = 0; k < 2; k++) {
      // Words 0 and 2 of two blocks, and words 1 and 3; then in turn.
      const uint32x4_t* c = blocks.c[k];
      const uint32x4_t even_low = vzip1q_u32(c[0], c[2]), even_high = vzip2q_u32(c[0], c[2]);
      const uint32x4_t odd_low = vzip1q_u32(c[1], c[3]), odd_high = vzip2q_u32(c[1], c[3]);
      uint32_t* to = out + 4 * (from + 4 * k);
      vst1q_u32(to, vzip1q_u32(even_low, odd_low));
      vst1q_u32(to + 4, vzip2q_u32(even_low, odd_low));
      vst1q_u32(to + 8, vzip1q_u32(even_high, odd_high));
      vst1q_u32(to + 12, vzip2q_u32(even_high, odd_high));
    }
  }
}

/// One block of each of sixteen queries; word w of query l goes to out[64·w + l].
static inline void philox_across(const PhiloxKeys& keys, uint32_t draw, uint32_t sweep, const uint32_t* low,
                                 const uint32_t* high, uint32_t* out) {
  for (size_t from = 0; from < 16; from += 8) {
    PhiloxBlocks blocks;
    for (size_t k = 0; k < 2; k++) {
      blocks.c[k][0] = vdupq_n_u32(draw);
      blocks.c[k][1] = vdupq_n_u32(sweep);
      blocks.c[k][2] = vld1q_u32(low + from + 4 * k);
      blocks.c[k][3] = vld1q_u32(high + from + 4 * k);
    }
    blocks.run(keys);
    for (size_t k = 0; k < 2; k++) {
      for (size_t w = 0; w < 4; w++) vst1q_u32(out + 64 * w + from + 4 * k, blocks.c[k][w]);
    }
  }
}

static inline uint32_t bounded_sixteen(const uint32_t* words, uint32_t bound, uint32_t* drawn) {
  static const uint32_t kIndex[4] = {0, 1, 2, 3};
  uint32x4_t rejectable[4];
  HOPFIELD_UNROLL(4)
  for (uint32_t k = 0; k < 4; k++) {
    const uint32x4_t bounds = vsubq_u32(vdupq_n_u32(bound - 4 * k), vld1q_u32(kIndex));
    const Products products(vld1q_u32(words + 4 * k), bounds);
    vst1q_u32(drawn + 4 * k, products.high);
    rejectable[k] = vcltq_u32(products.low, bounds);
  }
  return mask_half(
      narrow_masks(narrow_masks(rejectable[0], rejectable[1]), narrow_masks(rejectable[2], rejectable[3])));
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_PHILOX_H_
