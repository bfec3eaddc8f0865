// Many states together on the matrix unit: as kernels/recall/lookup_fields.h, which does it for few.
//
//   overlaps   v = 2·Σ_{ξ=1} s − Σ s, with the state as ±1 on the left
//   fields     h = 2·Σ_{ξ=1} v − Σ v − P·s, with v = 255·a + b in two signed bytes: the patterns stand on
//              the right twice, as 0 or 1 for b and as 0 or 255 for a, and one accumulator takes both
//
// Every sum is exact: int32 holds N·P.
#ifndef HOPFIELD_SIMD_AMX_BATCH_H_
#define HOPFIELD_SIMD_AMX_BATCH_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/amx.h"
#endif

#include "flag.h"
#include "kernels/recall/lookup_fields.h"
#include "simd/amx.h"
#include "simd/intrinsics.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Less than this is looked up: a square that is half empty costs as much as a full one.
constexpr size_t kLeastSquare = 24, kLeastNeurons = 128;
/// Rows of products that stay in the first-level cache while all patterns pass by.
constexpr size_t kTilesNear = 8;

struct TileFields {
  const Memory& memory;
  const Update& update;
  Workspace& workspace;
  LookupFields<Lookup> few;
  size_t quads;                 ///< rows of a tile that hold the patterns once
  size_t limb_tiles;            ///< tiles that hold them twice
  size_t room = 0;              ///< states the buffers below hold, in whole squares
  uint64_t* masks = nullptr;    ///< the rows of all panels, as bits: N / 32 × quads × 2
  uint8_t* panel = nullptr;     ///< bits of 32 neurons for the fields: 2 × limb_tiles tiles
  uint8_t* patterns = nullptr;  ///< bits of 32 patterns for the overlaps: 2 × kTilesNear tiles
  int8_t* line = nullptr;       ///< the limbs of one state
  int8_t* limbs = nullptr;      ///< room / 16 × limb_tiles tiles
  int8_t* spins = nullptr;      ///< room / 16 × kTilesNear tiles
  int32_t* squares = nullptr;   ///< room / 32 × P / 32 squares of sums
  int32_t* totals = nullptr;    ///< Σ s, then Σ v, of each state
  int32_t* ups = nullptr;       ///< what sums are compared with where s = +1, for each of three questions
  int32_t* downs = nullptr;     ///< … and where s = −1
  bool narrow = false;          ///< whether all of these fit in 16 bits

  TileFields(const Memory& of, const Update& by, Workspace& scratch)
      : memory(of),
        update(by),
        workspace(scratch),
        few(of, by, scratch),
        quads((of.count + 3) / 4),
        limb_tiles((2 * quads + kTileRows - 1) / kTileRows) {}

  bool tiled(size_t count) const {
    return count >= kLeastSquare && memory.neurons >= kLeastNeurons && memory.count > 0;
  }

  void make_room(size_t count) {
    if (patterns == nullptr) {
      patterns = workspace.take<uint8_t>(2 * kTilesNear * kTileBytes);
      panel = workspace.take<uint8_t>(2 * limb_tiles * kTileBytes);
      line = workspace.take<int8_t>((limb_tiles + 1) * 64);
      memset(panel, 0, 2 * limb_tiles * kTileBytes);
    }
    if (count <= room) return;
    room = (count + 31) / 32 * 32;
    limbs = workspace.take<int8_t>(room / 16 * limb_tiles * kTileBytes);
    spins = workspace.take<int8_t>(room / 16 * kTilesNear * kTileBytes);
    squares = workspace.take<int32_t>(room / 32 * ((memory.count + 31) / 32) * 1024);
    totals = workspace.take<int32_t>(room);
    ups = workspace.take<int32_t>(3 * room);
    downs = workspace.take<int32_t>(3 * room);
  }

  /// 32 patterns and `length` tiles of neurons from tile `near` on, as two columns of tiles.
  void spread_patterns(size_t first, size_t near, size_t length) {
    const size_t stride = row_words(memory.neurons);
    for (size_t t = 0; t < 2; t++, first += 16) {
      const size_t left = first < memory.count ? memory.count - first : 0;
      const uint32_t* rows = memory.rows + (left > 0 ? first * stride + 2 * near : 0);
      for (size_t k = 0; k < length; k++) {
        bits_tile(Words(rows + 2 * k, stride, smaller(left, 16)),
                  patterns + (t * kTilesNear + k) * kTileBytes);
      }
    }
  }

  /// The bytes ±1 of the states, as rows of tiles; their sums so far go to `totals`.
  void spread_states(const uint32_t* const* states, size_t count, size_t near, size_t length) {
    for (size_t b = 0; b < count; b++) {
      int8_t* to = spins + (b / 16) * kTilesNear * kTileBytes + (b % 16) * 64;
      int ones = 0;
      for (size_t k = 0; k < length; k++) {
        const uint64_t bits = load64(states[b] + 2 * (near + k));
        ones += count_ones(bits);
        _mm512_storeu_si512(to + k * kTileBytes, spins_of(bits));
      }
      const int32_t before = near == 0 ? 0 - static_cast<int32_t>(memory.neurons) : totals[b];
      totals[b] = before + 2 * ones;
    }
  }

  void overlaps(size_t count, const uint32_t* const* states, int32_t* const* out) {
    if (!tiled(count)) return few.overlaps(count, states, out);
    make_room(count);
    const TileConfig config;
    const size_t steps = row_words(memory.neurons) / 2, columns = (memory.count + 31) / 32;
    for (size_t near = 0; near < steps; near += kTilesNear) {
      const size_t length = smaller(steps - near, kTilesNear);
      spread_states(states, count, near, length);
      for (size_t t = 0; t < columns; t++) {
        heed_flag(t, 8);
        spread_patterns(32 * t, near, length);
        tile_fence();
        for (size_t from = 0; from < count; from += 32) {
          const int8_t* a = spins + from / 16 * kTilesNear * kTileBytes;
          int32_t* sums = squares + (from / 32 * columns + t) * 1024;
          if (near == 0) {
            clear_square();
          } else {
            load_square(sums);
          }
          add_products(a, a + kTilesNear * kTileBytes, patterns, patterns + kTilesNear * kTileBytes, length);
          store_square(sums);
        }
      }
    }
    tile_fence();
    for (size_t b = 0; b < count; b++) {
      const __m512i total = _mm512_set1_epi32(totals[b]);
      for (size_t mu = 0; mu < memory.count; mu += 16) {
        const size_t left = memory.count - mu;
        const __mmask16 used = static_cast<__mmask16>(left < 16 ? (1u << left) - 1 : 0xffff);
        const int32_t* sums = squares + (b / 32 * columns + mu / 32) * 1024 + b % 32 * 32 + mu % 32;
        const __m512i v = _mm512_sub_epi32(_mm512_slli_epi32(_mm512_loadu_si512(sums), 1), total);
        _mm512_mask_storeu_epi32(out[b] + mu, used, v);
      }
    }
  }

  /// The two bytes of every overlap of one state, as a row of tiles; and what sums are compared with.
  void limbs_of(const int32_t* overlaps, size_t b) {
    __m512i total = _mm512_setzero_si512();
    memset(line + 8 * quads, 0, limb_tiles * 64 - 8 * quads);
    for (size_t mu = 0; mu < memory.count; mu += 16) {
      const size_t left = memory.count - mu;
      const __mmask16 used = static_cast<__mmask16>(left < 16 ? (1u << left) - 1 : 0xffff);
      const __m512i v = _mm512_maskz_loadu_epi32(used, overlaps + mu);
      total = _mm512_add_epi32(total, v);
      const __m512i a = high_limb(v);
      const __m512i b_limb = _mm512_sub_epi32(v, _mm512_sub_epi32(_mm512_slli_epi32(a, 8), a));
      _mm512_mask_cvtepi32_storeu_epi8(line + mu, used, b_limb);
      _mm512_mask_cvtepi32_storeu_epi8(line + 4 * quads + mu, used, a);
    }
    for (size_t mu = memory.count; mu < 4 * quads; mu++) line[mu] = line[4 * quads + mu] = 0;
    int8_t* to = limbs + (b / 16) * limb_tiles * kTileBytes + (b % 16) * 64;
    for (size_t k = 0; k < limb_tiles; k++) {
      _mm512_storeu_si512(to + k * kTileBytes, _mm512_loadu_si512(line + 64 * k));
    }
    totals[b] = _mm512_reduce_add_epi32(total);
  }

  /// What the sums of each state are compared with.
  void aim(size_t count, int64_t reach) {
    const int64_t patterns = static_cast<int64_t>(memory.count);
    narrow = true;
    for (size_t b = 0; b < count; b++) {
      set(kSign, b, update.thresholds(totals[b], patterns));
      set(kOver, b, Update::over(totals[b] + reach, patterns));
      set(kUnder, b, Update::over(totals[b] - reach - 1, patterns));
    }
  }
  void set(size_t which, size_t b, Thresholds half) {
    ups[which * room + b] = static_cast<int32_t>(half.up);
    downs[which * room + b] = static_cast<int32_t>(half.down);
    // Packing saturates: then what is compared with must lie within.
    narrow = narrow && half.up < INT16_MAX && half.down >= INT16_MIN;
  }

  /// Packing sums to 16 bits interleaves fours of them: the left columns of a square are neurons 0…3 of each
  /// eight, the right ones 4…7.
  static constexpr uint32_t kLeft = 0x0f0f0f0f, kRight = 0xf0f0f0f0;

  /// FourSums patterns' bits at 16 neurons, side by side, for every word of neurons and every four patterns.
  void make_masks() {
    if (masks != nullptr) return;
    const size_t stride = row_words(memory.neurons), words = (memory.neurons + 31) / 32;
    masks = workspace.take<uint64_t>(words * quads * 2);
    for (size_t at = 0; at < words; at++) {
      for (size_t r = 0; r < quads; r++) {
        uint64_t left = 0, right = 0;
        for (size_t k = 0; k < 4 && 4 * r + k < memory.count; k++) {
          const uint32_t bits = memory.rows[(4 * r + k) * stride + at];
          left |= _pdep_u64(_pext_u32(bits, kLeft), 0x1111111111111111ull << k);
          right |= _pdep_u64(_pext_u32(bits, kRight), 0x1111111111111111ull << k);
        }
        masks[(at * quads + r) * 2] = left;
        masks[(at * quads + r) * 2 + 1] = right;
      }
    }
  }

  /// The bits of 32 neurons, word `at` of every row, as two columns of tiles.
  void spread_panel(size_t at) {
    const __m512i one = _mm512_set1_epi8(1);
    const size_t right = limb_tiles * kTileBytes;
    uint8_t *once = panel, *twice = panel + quads * 64;
    const uint64_t* mask = masks + at * quads * 2;
    for (size_t r = 0; r < quads; r++, once += 64, twice += 64, mask += 2) {
      _mm512_storeu_si512(once, _mm512_maskz_mov_epi8(mask[0], one));
      _mm512_storeu_si512(twice, _mm512_movm_epi8(mask[0]));
      _mm512_storeu_si512(once + right, _mm512_maskz_mov_epi8(mask[1], one));
      _mm512_storeu_si512(twice + right, _mm512_movm_epi8(mask[1]));
    }
  }

  enum { kSign, kOver, kUnder };

  /// Word `at` of whether the sums of 32 states and 32 neurons exceed what they are compared with; `each`
  /// takes it.
  template <class Each>
  void threshold_square(size_t which, const int32_t* sums, size_t from, size_t count, size_t at,
                        const uint32_t* const* states, Each each) const {
    const size_t some = smaller(count - from, 32);
    const int32_t *up = ups + which * room + from, *down = downs + which * room + from;
    for (size_t b = 0; b < some; b++) {
      const uint32_t s = states[from + b][at];
      const __m512i left = _mm512_load_si512(sums + 32 * b), right = _mm512_load_si512(sums + 32 * b + 16);
      uint32_t bits;
      if (narrow) {
        const __m512i limit = _mm512_mask_blend_epi16(s, _mm512_set1_epi16(static_cast<short>(down[b])),
                                                      _mm512_set1_epi16(static_cast<short>(up[b])));
        bits = _mm512_cmpgt_epi16_mask(_mm512_packs_epi32(left, right), limit);
      } else {
        const __m512i u = _mm512_set1_epi32(up[b]), d = _mm512_set1_epi32(down[b]);
        const __mmask16 ls = static_cast<__mmask16>(_pext_u32(s, kLeft)),
                        rs = static_cast<__mmask16>(_pext_u32(s, kRight));
        bits = _pdep_u32(_mm512_cmpgt_epi32_mask(left, _mm512_mask_blend_epi32(ls, d, u)), kLeft) |
               _pdep_u32(_mm512_cmpgt_epi32_mask(right, _mm512_mask_blend_epi32(rs, d, u)), kRight);
      }
      each(from + b, bits);
    }
  }

  void compare(const int32_t* sums, size_t from, size_t count, size_t at, const uint32_t* const* states,
               uint32_t* const* next, uint32_t* const* near) const {
    threshold_square(kSign, sums, from, count, at, states,
                     [=](size_t b, uint32_t bits) { next[b][at] = bits; });
    if (near == nullptr) return;
    threshold_square(kUnder, sums, from, count, at, states,
                     [=](size_t b, uint32_t bits) { near[b][at] = bits; });
    threshold_square(kOver, sums, from, count, at, states,
                     [=](size_t b, uint32_t bits) { near[b][at] &= ~bits; });
  }

  template <class Alone>
  void signs(size_t count, int32_t* const* overlaps, const uint32_t* const* states, uint32_t* const* next,
             uint32_t* const* near, int64_t reach, Alone alone) {
    if (!tiled(count) || memory.neurons > static_cast<size_t>(kMostLimbs) ||
        update.external_field != nullptr) {
      return few.signs(count, overlaps, states, next, near, reach, alone);
    }
    make_room(count);
    for (size_t b = 0; b < count; b++) limbs_of(overlaps[b], b);
    aim(count, reach);
    make_masks();
    const TileConfig config;
    // While the matrix unit adds up one square, the one before is compared.
    alignas(64) int32_t sums[2][1024];
    const uint8_t* right = panel + limb_tiles * kTileBytes;
    const size_t words = (memory.neurons + 31) / 32;
    size_t turn = 0, last_from = 0, last_at = 0;
    for (size_t at = 0; at < words; at++) {
      heed_flag(at, 8);
      spread_panel(at);
      tile_fence();
      for (size_t from = 0; from < count; from += 32, turn ^= 1) {
        const int8_t* a = limbs + from / 16 * limb_tiles * kTileBytes;
        clear_square();
        add_products(a, a + limb_tiles * kTileBytes, panel, right, limb_tiles);
        if (at + from > 0) compare(sums[turn ^ 1], last_from, count, last_at, states, next, near);
        store_square(sums[turn]);
        tile_fence();
        last_from = from;
        last_at = at;
      }
    }
    compare(sums[turn ^ 1], last_from, count, last_at, states, next, near);
    for (size_t b = 0; b < count; b++) {
      for (size_t k = words; k < row_words(memory.neurons); k++) next[b][k] = 0;
      update.restore(states[b], next[b], memory.neurons);
    }
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AMX_BATCH_H_
