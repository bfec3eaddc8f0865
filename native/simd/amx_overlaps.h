// Overlaps of many states on the matrix unit: v = 2·Σ_{ξ=1} s − Σ s, with the states as bytes ±1 on the left
// and the patterns as bits on the right. Every sum is exact: int32 holds N.
#ifndef HOPFIELD_SIMD_AMX_OVERLAPS_H_
#define HOPFIELD_SIMD_AMX_OVERLAPS_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/amx.h"
#endif

#include "core/memory.h"
#include "flag.h"
#include "simd/amx.h"
#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/small.h"
#include "workspace.h"

namespace hopfield {
namespace {

struct TileOverlaps {
  /// Tiles a block of neurons; products of so many stay in the first-level cache.
  static constexpr size_t kSteps = kBlockBits / 64;
  /// Tiles of states that stay in the second-level cache. Where they are few, many blocks pass by while the
  /// sums of a square stay in their registers, and rows are read in long runs.
  static constexpr size_t kTilesNear = 256;

  const Memory& memory;
  Workspace& workspace;
  size_t blocks;
  size_t steps;                 ///< tiles of a block that rows have: fewer if they are short
  size_t room = 0;              ///< states the buffers below hold, in whole squares
  uint8_t* patterns = nullptr;  ///< a block of 32 patterns: 2 × kSteps tiles
  int8_t* spins = nullptr;      ///< room / 16 × kSteps tiles, or more of few states
  int32_t* squares = nullptr;   ///< room / 32 × P / 32 squares of sums
  int32_t* totals = nullptr;    ///< Σ s of each state

  TileOverlaps(const Memory& of, Workspace& scratch)
      : memory(of), workspace(scratch), blocks(row_blocks(of.neurons)), steps(block_words(of.neurons) / 2) {}

  void make_room(size_t count) {
    if (patterns == nullptr) patterns = workspace.take<uint8_t>(2 * kSteps * kTileBytes);
    if (count <= room) return;
    room = (count + 31) / 32 * 32;
    spins = workspace.take<int8_t>(larger(room / 16 * kSteps, kTilesNear) * kTileBytes);
    squares = workspace.take<int32_t>(room / 32 * ((memory.count + 31) / 32) * 1024);
    totals = workspace.take<int32_t>(room);
  }

  /// 32 patterns of one block, as two columns of tiles.
  void spread_patterns(size_t first, size_t block) {
    const size_t stride = row_words(memory.neurons);
    const uint32_t* from = memory.rows + block * kBlockWords;
    for (size_t t = 0; t < 2; t++) {
      // Sums of patterns past the last one are not looked at.
      const size_t own = smaller(first + 16 * t, memory.count - 1);
      block_tiles(from + own * stride, stride, smaller(memory.count - own, 16), used_words(memory.neurons),
                  patterns + t * kSteps * kTileBytes);
    }
  }

  /// The states' bytes of `some` blocks, as rows of tiles; their sums so far go to `totals`.
  void spread_states(const uint32_t* const* states, size_t count, size_t block, size_t some) {
    for (size_t b = 0; b < count; b++) {
      int8_t* to = spins + b / 16 * some * kSteps * kTileBytes + b % 16 * 64;
      int ones = 0;
      for (size_t k = 0; k < (some - 1) * kSteps + steps; k++) {
        const uint64_t bits = load64(states[b] + block * kBlockWords + 2 * k);
        ones += count_ones(bits);
        _mm512_storeu_si512(to + k * kTileBytes, spins_of(bits));
      }
      const int32_t before = block == 0 ? 0 - static_cast<int32_t>(memory.neurons) : totals[b];
      totals[b] = before + 2 * ones;
    }
  }

  void overlaps(size_t count, const uint32_t* const* states, int32_t* const* out) {
    make_room(count);
    const TileConfig config;
    const size_t columns = (memory.count + 31) / 32,
                 together = count <= 32 ? kTilesNear / kSteps / ((count + 15) / 16) : 1;
    for (size_t block = 0; block < blocks; block += together) {
      const size_t some = smaller(blocks - block, together);
      spread_states(states, count, block, some);
      for (size_t t = 0; t < columns; t++) {
        heed_flag(t, 8);
        for (size_t near = 0; near < some; near++) {
          spread_patterns(32 * t, block + near);
          tile_fence();
          for (size_t from = 0; from < count; from += 32) {
            int32_t* sums = squares + (from / 32 * columns + t) * 1024;
            if (block + near == 0) {
              clear_square();
            } else if (near == 0) {
              load_square(sums);
            }
            const int8_t* a = spins + (from / 16 * some + near) * kSteps * kTileBytes;
            if (count - from > 16) {
              add_products(a, a + some * kSteps * kTileBytes, patterns, patterns + kSteps * kTileBytes,
                           steps);
            } else {
              add_half_products(a, patterns, patterns + kSteps * kTileBytes, steps);
            }
            if (near + 1 == some) store_square(sums);
          }
        }
      }
    }
    tile_fence();
    for (size_t b = 0; b < count; b++) write(b, count, columns, out[b]);
  }

 private:
  void write(size_t b, size_t count, size_t columns, int32_t* out) const {
    const bool halves = count - b / 32 * 32 <= 16;
    const __m512i total = _mm512_set1_epi32(totals[b]);
    for (size_t mu = 0; mu < memory.count; mu += 16) {
      const size_t left = memory.count - mu;
      const __mmask16 used = static_cast<__mmask16>(left < 16 ? (1u << left) - 1 : 0xffff);
      const int32_t* at = squares + (b / 32 * columns + mu / 32) * 1024 + b % 32 * 32 + mu % 32;
      __m512i sum = _mm512_loadu_si512(at);
      if (halves) sum = _mm512_add_epi32(sum, _mm512_loadu_si512(at + 512));
      _mm512_mask_storeu_epi32(out + mu, used, _mm512_sub_epi32(_mm512_slli_epi32(sum, 1), total));
    }
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AMX_OVERLAPS_H_
