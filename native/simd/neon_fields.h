//
//   intrinsic        instruction   Cortex-X2 / Neoverse V1: latency, pipes
//   vcntq_u8         cnt           2, all four
//   vtstq_u16        cmtst         2, all four
//   vandq_s16        and           2, all four
//   vpadalq_u8       uadalp        4, half of them
//
// As in the AVX2 tier, pattern bits are spread to lanes by a test against one bit a lane. 32 registers hold
// the accumulators of 128 neurons with room to spare; a block of 512 is done in quarters.
#ifndef HOPFIELD_SIMD_NEON_FIELDS_H_
#define HOPFIELD_SIMD_NEON_FIELDS_H_

#include "simd/intrinsics.h"
#include "simd/neon_masks.h"
#include "simd/operands.h"

namespace hopfield {
namespace {

/// Byte `q` of bits to eight lanes of 0 or −1. Halves are broadcast as they are, straight from memory.
static inline int16x8_t spread8(const uint32_t* bits, size_t q) {
  static const uint16_t kLane[2][8] = {{1, 2, 4, 8, 16, 32, 64, 128},
                                       {0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000}};
  uint16_t half;
  memcpy(&half, reinterpret_cast<const uint8_t*>(bits) + q / 2 * sizeof(half), sizeof(half));
  return vreinterpretq_s16_u16(lanes_with(vdupq_n_u16(half), vld1q_u16(kLane[q % 2])));
}

/// The low four bits to four lanes of 0 or −1.
static inline int32x4_t spread4(uint32_t bits) {
  static const uint32_t kLane[4] = {1, 2, 4, 8};
  return vreinterpretq_s32_u32(lanes_with(vdupq_n_u32(bits), vld1q_u32(kLane)));
}

static inline void add_lane(int32_t* to, int16x8_t lane) {
  vst1q_s32(to, vaddw_s16(vld1q_s32(to), vget_low_s16(lane)));
  vst1q_s32(to + 4, vaddw_s16(vld1q_s32(to + 4), vget_high_s16(lane)));
}
static inline void add_lane(int16_t* to, int16x8_t lane) { vst1q_s16(to, vaddq_s16(vld1q_s16(to), lane)); }

/// 8·kLanes neurons.
template <size_t kLanes, class Sum>
static inline void vote_lanes(const uint32_t* words, size_t stride, const Ballot* ballots, size_t n,
                              Sum* sum) {
  int16x8_t lanes[kLanes];
  for (size_t k = 0; k < kLanes; k++) lanes[k] = vdupq_n_s16(0);
  for (size_t b = 0; b < n; b++) {
    const uint32_t* bits = words + ballots[b].row * stride;
    const int16x8_t vote = vdupq_n_s16(static_cast<int16_t>(ballots[b].vote));
    HOPFIELD_UNROLL(16)
    for (size_t k = 0; k < kLanes; k++) lanes[k] = vaddq_s16(lanes[k], vandq_s16(spread8(bits, k), vote));
  }
  for (size_t k = 0; k < kLanes; k++) add_lane(sum + k * 8, lanes[k]);
}

template <class Sum>
static inline void vote_block(const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
                              size_t words, Sum* sum) {
  size_t at = 0;
  for (; at + 2 < words; at += 4) vote_lanes<16>(block + at, stride, ballots, n, sum + at * 32);
  if (at < words) vote_lanes<8>(block + at, stride, ballots, n, sum + at * 32);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_FIELDS_H_
