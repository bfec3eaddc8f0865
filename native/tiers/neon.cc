// Advanced SIMD, which every AArch64 processor has.
//
//   intrinsic        instruction   Cortex-X2 / Neoverse V1: latency, pipes
//   vcntq_u8         cnt           2, all four
//   vtstq_u16        cmtst         2, all four
//   vandq_s16        and           2, all four
//   vpadalq_u8       uadalp        4, half of them
//
// As in the AVX2 tier, pattern bits are spread to lanes by a test against one bit a lane. 32 registers hold
// the accumulators of 128 neurons with room to spare; a block of 512 is done in quarters.
#include "tiers/tiers.h"

#if defined(__aarch64__) || defined(_M_ARM64)
#include <arm_neon.h>

namespace hopfield {
namespace {

#include "kernels/bits.h"
#include "tiers/ballot.h"
#include "tiers/portable.h"
#include "tiers/portable_votes.h"

using portable::common_block;
using portable::finish_writes;
using portable::follow;
using portable::kPhiloxLanes;
using portable::look_up;
using portable::look_up_near;
using portable::pack_word;
using portable::philox_lanes;
using portable::reached;
using portable::threshold_block;
using portable::threshold_words;
using portable::unpack_word;
using portable::write_past_cache;

static inline int count_ones(uint64_t x) { return vaddv_u8(vcnt_u8(vcreate_u8(x))); }

static inline uint8x16_t load_bytes(const uint32_t* p) { return vreinterpretq_u8_u32(vld1q_u32(p)); }

static inline void row_overlaps(const uint32_t* rows, size_t count, size_t blocks, size_t neurons,
                                const uint32_t* state, int32_t* out) {
  const size_t words = blocks * kBlockWords;
  for (size_t mu = 0; mu < count; mu++) {
    const uint32_t* row = rows + mu * words;
    uint64x2_t sum = vdupq_n_u64(0);
    for (size_t k = 0; k < words; k += kBlockWords) {
      // Four counts a byte lane reach 32 at most.
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

/// Eight bits to eight lanes of 0 or −1.
static inline int16x8_t spread8(uint32_t bits) {
  static const uint16_t kLane[8] = {1, 2, 4, 8, 16, 32, 64, 128};
  return vreinterpretq_s16_u16(vtstq_u16(vdupq_n_u16(static_cast<uint16_t>(bits)), vld1q_u16(kLane)));
}

/// Four bits to four lanes of 0 or −1.
static inline int32x4_t spread4(uint32_t bits) {
  static const uint32_t kLane[4] = {1, 2, 4, 8};
  return vreinterpretq_s32_u32(vtstq_u32(vdupq_n_u32(bits), vld1q_u32(kLane)));
}

static inline void vote_block(const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
                              int32_t* sum) {
  for (size_t quarter = 0; quarter < 4; quarter++) {
    int16x8_t lanes[16];
    for (size_t k = 0; k < 16; k++) lanes[k] = vdupq_n_s16(0);
    for (size_t b = 0; b < n; b++) {
      uint8_t bytes[16];
      memcpy(bytes, block + ballots[b].row * stride + 4 * quarter, sizeof(bytes));
      const int16x8_t vote = vdupq_n_s16(static_cast<int16_t>(ballots[b].vote));
#pragma GCC unroll 16
      for (size_t k = 0; k < 16; k++) lanes[k] = vaddq_s16(lanes[k], vandq_s16(spread8(bytes[k]), vote));
    }
    for (size_t k = 0; k < 16; k++) {
      int32_t* to = sum + quarter * 128 + k * 8;
      vst1q_s32(to, vaddw_s16(vld1q_s32(to), vget_low_s16(lanes[k])));
      vst1q_s32(to + 4, vaddw_s16(vld1q_s32(to + 4), vget_high_s16(lanes[k])));
    }
  }
}

static inline int64_t column_sum(const uint32_t* column, const int16_t* votes, size_t words, size_t span) {
  int64x2_t sum = vdupq_n_s64(0);
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    int16x8_t lanes[4] = {vdupq_n_s16(0), vdupq_n_s16(0), vdupq_n_s16(0), vdupq_n_s16(0)};
    for (; k < end; k++) {
      for (size_t q = 0; q < 4; q++) {
        lanes[q] = vaddq_s16(
            lanes[q], vandq_s16(spread8((column[k] >> (8 * q)) & 0xff), vld1q_s16(votes + k * 32 + q * 8)));
      }
    }
    for (size_t q = 0; q < 4; q++) sum = vpadalq_s32(sum, vpaddlq_s16(lanes[q]));
  }
  return vaddvq_s64(sum);
}

static inline int64_t column_sum(const uint32_t* column, const int32_t* votes, size_t words, size_t) {
  int64x2_t sum = vdupq_n_s64(0);
  for (size_t q = 0; q < 8 * words; q++) {
    const int32x4_t mask = spread4((column[q / 8] >> (4 * (q % 8))) & 15);
    sum = vpadalq_s32(sum, vandq_s32(mask, vld1q_s32(votes + q * 4)));
  }
  return vaddvq_s64(sum);
}

static inline void column_add(const uint32_t* column, int16_t* votes, size_t words, int delta) {
  const int16x8_t up = vdupq_n_s16(static_cast<int16_t>(delta)),
                  down = vdupq_n_s16(static_cast<int16_t>(-delta));
  for (size_t q = 0; q < 4 * words; q++) {
    const uint16x8_t mask = vreinterpretq_u16_s16(spread8((column[q / 4] >> (8 * (q % 4))) & 0xff));
    vst1q_s16(votes + q * 8, vaddq_s16(vld1q_s16(votes + q * 8), vbslq_s16(mask, up, down)));
  }
}

static inline void column_add(const uint32_t* column, int32_t* votes, size_t words, int delta) {
  const int32x4_t up = vdupq_n_s32(delta), down = vdupq_n_s32(-delta);
  for (size_t q = 0; q < 8 * words; q++) {
    const uint32x4_t mask = vreinterpretq_u32_s32(spread4((column[q / 8] >> (4 * (q % 8))) & 15));
    vst1q_s32(votes + q * 4, vaddq_s32(vld1q_s32(votes + q * 4), vbslq_s32(mask, up, down)));
  }
}

/// Four patterns a table; tbl finds 16 bytes in 16, and the zips keep the natural order.
struct Lookup {
  static constexpr size_t kBits = 4, kLanes = 16;

  static inline uint8x16_t zero() { return vdupq_n_u8(0); }
  static inline uint8x16_t load(const uint8_t* p) { return vld1q_u8(p); }
  static inline void store(uint8_t* p, uint8x16_t x) { vst1q_u8(p, x); }
  static inline uint8x16_t spread(const uint32_t* words, size_t reg, uint8_t value) {
    static const uint8_t kBit[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint32_t bits = words[reg / 2] >> (16 * (reg % 2));
    const uint8x16_t x =
        vcombine_u8(vdup_n_u8(static_cast<uint8_t>(bits)), vdup_n_u8(static_cast<uint8_t>(bits >> 8)));
    return vandq_u8(vtstq_u8(x, vld1q_u8(kBit)), vdupq_n_u8(value));
  }
  static inline uint8x16_t join(uint8x16_t a, uint8x16_t b) { return vorrq_u8(a, b); }
  static inline uint8x16_t arrange(uint8x16_t index) { return index; }
  static inline uint8x16_t find(const uint8_t* plane, uint8x16_t index) {
    return vqtbl1q_u8(vld1q_u8(plane), index);
  }
  static inline uint8x16_t low(uint8x16_t l, uint8x16_t h) { return vzip1q_u8(l, h); }
  static inline uint8x16_t high(uint8x16_t l, uint8x16_t h) { return vzip2q_u8(l, h); }
  static inline uint8x16_t add(uint8x16_t a, uint8x16_t b) {
    return vreinterpretq_u8_u16(vaddq_u16(vreinterpretq_u16_u8(a), vreinterpretq_u16_u8(b)));
  }
  static inline void tables(const int16_t* votes, size_t groups, uint8_t* planes) {
    portable::nibble_tables(votes, groups, planes);
  }
};
static inline void overlaps_of(const uint32_t* rows, size_t count, size_t blocks, size_t neurons,
                               size_t states, const uint32_t* const* state, int32_t* const* out) {
  portable::overlaps_in_turn(row_overlaps, rows, count, blocks, neurons, states, state, out);
}

#include "tiers/neon_votes.h"
#include "tiers/portable_sweep.h"
#include "tiers/neon_real.h"
constexpr size_t kKeysAlone = 4, kKeysTogether = 2, kQueriesTogether = 3, kColumnsTogether = 2, kExps = 1;
#include "tiers/portable_screen.h"
#include "tiers/portable_lists.h"
#include "tiers/neon_nearest.h"
#include "tiers/portable_chains.h"
#include "kernels/all.h"
using Together = LookupTogether<Lookup>;
using Products = DenseProducts;
constexpr size_t kLeastTogether = 4;
#include "kernels/table.h"

}  // namespace

Tier neon_tier() { return table(); }

}  // namespace hopfield
#endif
