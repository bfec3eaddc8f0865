// Overlaps of many states as two signed bytes each, v = 255·a + b, for the matrix unit (amx_votes.h).
#ifndef HOPFIELD_SIMD_AMX_LIMBS_H_
#define HOPFIELD_SIMD_AMX_LIMBS_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/amx.h"
#endif

#include "core/memory.h"
#include "flag.h"
#include "simd/amx.h"
#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/operands.h"
#include "simd/small.h"
#include "workspace.h"

namespace hopfield {
namespace {

/// Patterns come in portions of whole quads, four of them to a row of a tile. 32 states are a square: two
/// rows of tiles that hold b of a portion's patterns and then a, which meet bits that stand there as 0 or 1
/// and again as 0 or 255, so that one accumulator takes both. Where no more than 16 states are left, one row
/// of tiles holds b and the other a, and both meet the same bits.
struct TileLimbs {
  /// Tiles a portion: what stays in the first-level cache while states and neurons pass by.
  static constexpr size_t kSteps = 8;

  const Memory& memory;
  Workspace& workspace;
  const size_t quads;
  size_t room = 0, bytes_room = 0, excess_room = 0;
  size_t count = 0;           ///< states
  bool twice = false;         ///< whether bits must stand there twice
  size_t portion = 1;         ///< quads
  size_t steps = 0;           ///< tiles a row of tiles
  int8_t* bytes = nullptr;    ///< count / 16, in whole squares, × steps tiles
  bool* fits = nullptr;       ///< whether the fields of a state are less than 2^31
  int32_t* totals = nullptr;  ///< Σ v, if so
  Ballot* excess = nullptr;   ///< what overlaps exceed two bytes by, state after state
  size_t* ends = nullptr;     ///< where those of each state start: count + 1

  TileLimbs(const Memory& of, Workspace& scratch)
      : memory(of), workspace(scratch), quads((of.count + 3) / 4) {}

  size_t squares() const { return (count + 31) / 32; }
  size_t portions() const { return (quads + portion - 1) / portion; }
  size_t quads_of(size_t which) const { return smaller(quads - which * portion, portion); }
  bool halved(size_t square) const { return count - 32 * square <= 16; }
  const int8_t* tile(size_t row, size_t which) const {
    return bytes + (row * steps + which * kSteps) * kTileBytes;
  }
  /// Tiles of a row that a portion fills.
  size_t length(size_t square, size_t which) const {
    return ((halved(square) ? 1 : 2) * quads_of(which) + kTileRows - 1) / kTileRows;
  }

  /// False if so many overlaps exceed two bytes that adding them one by one does not pay.
  bool take(size_t some, const int32_t* const* overlaps) {
    count = some;
    make_room();
    size_t over = 0;
    for (size_t b = 0; b < count; b++) {
      heed_flag(b, 16);
      over += measure(overlaps[b], b);
    }
    if (over > count * (memory.count / 32 + 2)) return false;
    twice = count > 16;
    portion = kSteps * kTileRows / (twice ? 2 : 1);
    steps =
        (portions() - 1) * kSteps + (quads_of(portions() - 1) * (twice ? 2 : 1) + kTileRows - 1) / kTileRows;
    if (2 * squares() * steps > bytes_room) {
      bytes_room = 2 * squares() * steps;
      bytes = workspace.take<int8_t>(bytes_room * kTileBytes);
    }
    if (over > excess_room) {
      excess_room = 2 * over;
      excess = workspace.take<Ballot>(excess_room);
    }
    ends[0] = 0;
    for (size_t b = 0; b < count; b++) {
      heed_flag(b, 16);
      cut(overlaps[b], b);
    }
    return true;
  }

 private:
  void make_room() {
    if (count <= room) return;
    room = count;
    fits = workspace.take<bool>(room);
    totals = workspace.take<int32_t>(room);
    ends = workspace.take<size_t>(room + 1);
  }

  static __mmask16 used(size_t left) { return static_cast<__mmask16>(left < 16 ? (1u << left) - 1 : 0xffff); }

  /// Σ v and Σ|v| of a state. Returns how many overlaps exceed two bytes.
  size_t measure(const int32_t* overlaps, size_t b) {
    const __m512i zero = _mm512_setzero_si512(), most = _mm512_set1_epi32(kMostLimbs);
    __m512i total = zero, weight = zero;
    size_t over = 0;
    for (size_t mu = 0; mu < memory.count; mu += 16) {
      const __m512i v = _mm512_maskz_loadu_epi32(used(memory.count - mu), overlaps + mu);
      const __m512i size = _mm512_abs_epi32(v);
      total = _mm512_add_epi32(total, v);
      weight = _mm512_add_epi64(
          weight, _mm512_add_epi64(_mm512_unpacklo_epi32(size, zero), _mm512_unpackhi_epi32(size, zero)));
      over += static_cast<size_t>(count_ones(_mm512_cmpgt_epu32_mask(size, most)));
    }
    fits[b] = _mm512_reduce_add_epi64(weight) + static_cast<int64_t>(memory.count) < INT32_MAX;
    totals[b] = fits[b] ? _mm512_reduce_add_epi32(total) : 0;
    return fits[b] ? over : 0;
  }

  /// The bytes of one state, zero where its fields do not fit, and what they do not hold.
  void cut(const int32_t* overlaps, size_t b) {
    const __m512i high = _mm512_set1_epi32(kMostLimbs), low = _mm512_set1_epi32(-kMostLimbs);
    const size_t square = b / 32;
    const bool half = halved(square);
    size_t n = ends[b];
    alignas(64) int8_t lines[2][kSteps * 64];
    for (size_t which = 0; which < portions(); which++) {
      const size_t first = which * portion * 4, here = quads_of(which) * 4, tiles = length(square, which);
      memset(lines[0], 0, tiles * 64);
      if (half) memset(lines[1], 0, tiles * 64);
      int8_t* upper = half ? lines[1] : lines[0] + here;
      for (size_t mu = 0; fits[b] && mu < smaller(here, memory.count - first); mu += 16) {
        const __mmask16 some = used(smaller(here, memory.count - first) - mu);
        const __m512i all = _mm512_maskz_loadu_epi32(some, overlaps + first + mu);
        const __m512i v = _mm512_max_epi32(_mm512_min_epi32(all, high), low);
        for (uint32_t beyond = _mm512_cmpneq_epi32_mask(all, v); beyond != 0; beyond &= beyond - 1) {
          const size_t own = first + mu + static_cast<size_t>(_tzcnt_u32(beyond));
          excess[n++] = Ballot{static_cast<uint32_t>(own),
                               overlaps[own] - limited(overlaps[own], -kMostLimbs, kMostLimbs)};
        }
        const __m512i limb = high_limb(v);
        const __m512i rest = _mm512_sub_epi32(v, _mm512_sub_epi32(_mm512_slli_epi32(limb, 8), limb));
        _mm512_mask_cvtepi32_storeu_epi8(lines[0] + mu, some, rest);
        _mm512_mask_cvtepi32_storeu_epi8(upper + mu, some, limb);
      }
      for (size_t row = half ? 2 * square : b / 16, line = 0; line < (half ? 2 : 1); row++, line++) {
        int8_t* to = bytes + (row * steps + which * kSteps) * kTileBytes + b % 16 * 64;
        for (size_t k = 0; k < tiles; k++)
          _mm512_storeu_si512(to + k * kTileBytes, _mm512_load_si512(lines[line] + 64 * k));
      }
    }
    ends[b + 1] = n;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AMX_LIMBS_H_
