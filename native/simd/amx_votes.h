// Signs of the fields of many states on the matrix unit: h = 2·Σ_{ξ=1} v − Σ v − P·s, with the overlaps as
// two bytes (amx_limbs.h) on the left and the patterns as bits on the right. What a few overlaps exceed two
// bytes by is added to the sums. Every sum wraps, and what comes of it fits 32 bits.
#ifndef HOPFIELD_SIMD_AMX_VOTES_H_
#define HOPFIELD_SIMD_AMX_VOTES_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/amx.h"
#endif

#include "flag.h"
#include "kernels/recall/update.h"
#include "simd/amx.h"
#include "simd/amx_limbs.h"
#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/small.h"
#include "workspace.h"

namespace hopfield {
namespace {

struct TileVotes {
  static constexpr size_t kSteps = TileLimbs::kSteps;
  /// Packing sums to 16 bits interleaves fours of them: the left columns of a square are neurons 0…3 of each
  /// eight, the right ones 4…7.
  static constexpr uint32_t kLeft = 0x0f0f0f0f, kRight = 0xf0f0f0f0;
  /// Sixteen bits of every four patterns: so many of a portion and a block of neurons.
  static constexpr size_t kFours = kSteps * kTileRows * 2 * kBlockWords;
  enum { kSign, kOver, kUnder };
  struct Portion {
    size_t block, which;
  };
  struct Square {
    size_t word, square;
    int32_t* sums;
  };

  const Memory& memory;
  const Update& update;
  Workspace& workspace;
  TileLimbs limbs;
  size_t blocks;
  size_t room = 0;             ///< states
  size_t squares_room = 0;     ///< squares
  uint64_t* fours = nullptr;   ///< of two portions: 4 × quads × 8, for a block of neurons
  uint8_t* panel = nullptr;    ///< bits of 32 neurons: 2 × kSteps tiles
  int32_t* squares = nullptr;  ///< sums
  int32_t* ups = nullptr;      ///< what sums are compared with where s = +1, for each of three questions
  int32_t* downs = nullptr;    ///< … and where s = −1
  bool narrow = false;         ///< whether all of these fit in 16 bits
  const uint32_t* const* states = nullptr;
  uint32_t* const* next = nullptr;
  uint32_t* const* near = nullptr;
  size_t count = 0;

  TileVotes(const Memory& of, const Update& by, Workspace& scratch)
      : memory(of), update(by), workspace(scratch), limbs(of, scratch), blocks(row_blocks(of.neurons)) {}

  /// As LookupFields::signs. False, and nothing has happened, if look-ups are faster.
  template <class Alone>
  bool signs(size_t some, int32_t* const* overlaps, const uint32_t* const* from, uint32_t* const* to,
             uint32_t* const* close, int64_t reach, Alone alone) {
    count = some;
    states = from;
    next = to;
    near = close;
    if (!limbs.take(count, overlaps)) return false;
    aim(reach);
    make_room();
    {
      const TileConfig config;
      add_all();
    }
    for (size_t b = 0; b < count; b++) {
      if (limbs.fits[b]) {
        update.restore(states[b], next[b], memory.neurons);
      } else {
        alone(overlaps[b], states[b], next[b]);
        if (near != nullptr) memset(near[b], 0xff, row_words(memory.neurons) * sizeof(uint32_t));
      }
    }
    return true;
  }

 private:
  void make_room() {
    if (panel == nullptr) {
      panel = workspace.take<uint8_t>(2 * kSteps * kTileBytes);
      fours = workspace.take<uint64_t>(2 * kFours);
    }
    const size_t wanted = limbs.portions() > 1 ? limbs.squares() * kBlockWords : 2;
    if (wanted <= squares_room) return;
    squares_room = wanted;
    squares = workspace.take<int32_t>(wanted * 1024);
  }

  /// What the sums of each state are compared with.
  void aim(int64_t reach) {
    if (count > room) {
      room = count;
      ups = workspace.take<int32_t>(3 * room);
      downs = workspace.take<int32_t>(3 * room);
    }
    const int64_t patterns = static_cast<int64_t>(memory.count);
    narrow = true;
    for (size_t b = 0; b < count; b++) {
      const int64_t total = limbs.totals[b];
      set(kSign, b, update.thresholds(total, patterns));
      set(kOver, b, Update::over(total + reach, patterns));
      set(kUnder, b, Update::over(total - reach - 1, patterns));
    }
  }
  void set(size_t which, size_t b, Thresholds half) {
    ups[which * room + b] = static_cast<int32_t>(half.up);
    downs[which * room + b] = static_cast<int32_t>(half.down);
    // Packing saturates: then what is compared with must lie within.
    narrow = narrow && half.up < INT16_MAX && half.down >= INT16_MIN;
  }

  void add_all() {
    uint64_t *now = fours, *then = fours + kFours;
    take_fours({0, 0}, 0, limbs.quads_of(0), now);
    for (Portion at{0, 0}; at.block < blocks; at = after(at)) {
      add_portion(at, now, then);
      uint64_t* const other = now;
      now = then;
      then = other;
    }
  }
  /// Portions of the patterns follow each other in each block of neurons.
  Portion after(Portion at) const {
    return at.which + 1 < limbs.portions() ? Portion{at.block, at.which + 1} : Portion{at.block + 1, 0};
  }

  void add_portion(Portion at, const uint64_t* now, uint64_t* then) {
    const size_t words = smaller((memory.neurons + 31) / 32 - at.block * kBlockWords, kBlockWords);
    const bool complete = at.which + 1 == limbs.portions();
    const Portion next_at = after(at);
    Square last{};
    size_t turn = 0;
    for (size_t k = 0; k < kBlockWords; k++) {
      const size_t word = k % 4 * 4 + k / 4;
      take_share(next_at, k, then);
      if (word >= words) continue;
      heed_flag(k, 8);
      spread_panel(word, limbs.quads_of(at.which), now, asked(next_at, k));
      for (size_t square = 0; square < limbs.squares(); square++, turn++) {
        // Sums are kept from one portion to the next if there are several.
        const size_t own = limbs.portions() > 1 ? word * limbs.squares() + square : turn % 2;
        const Square here{word, square, squares + own * 1024};
        begin_square(here, at.which);
        // While the matrix unit adds up one square, the one before is compared.
        if (turn > 0 && complete) compare(at.block, last);
        store_square(here.sums);
        tile_fence();
        last = here;
      }
    }
    if (!complete) return;
    compare(at.block, last);
    for (size_t b = 0; b < count; b++)
      for (size_t k = words; k < block_words(memory.neurons); k++) next[b][at.block * kBlockWords + k] = 0;
  }

  void begin_square(const Square& of, size_t portion) const {
    const uint8_t* right = panel + kSteps * kTileBytes;
    tile_fence();
    if (portion == 0) {
      clear_square();
    } else {
      load_square(of.sums);
    }
    add_products(limbs.tile(2 * of.square, portion), limbs.tile(2 * of.square + 1, portion), panel, right,
                 limbs.length(of.square, portion));
  }

  /// What of the portion after this one is read while word k is worked on: its quads from share(k) on.
  size_t share(Portion at, size_t k) const { return limbs.quads_of(at.which) * k / kBlockWords; }
  void take_share(Portion at, size_t k, uint64_t* to) const {
    if (at.block < blocks) take_fours(at, share(at, k), share(at, k + 1), to);
  }

  /// Lines to ask for, in turn with other work: their number is that of what can be on its way at once.
  struct Asked {
    const uint32_t* at;
    size_t left, stride;
    inline void one() {
      if (left == 0) return;
      ask_line(at);
      at += stride;
      left--;
    }
  };
  /// What is read while word k + 1 is worked on. Rows may be as long as pages, so that a cache holds few
  /// lines of a block: none is asked for earlier.
  Asked asked(Portion at, size_t k) const {
    const size_t stride = row_words(memory.neurons);
    if (at.block == blocks || k + 1 == kBlockWords) return {memory.rows, 0, stride};
    const size_t first = 4 * (at.which * limbs.portion + share(at, k + 1)),
                 end = smaller(4 * (at.which * limbs.portion + share(at, k + 2)), memory.count);
    return {memory.rows + first * stride + at.block * kBlockWords, end > first ? end - first : 0, stride};
  }

  /// 16 bits of every four patterns side by side, of one block: those of the left columns of each word, then
  /// those of the right ones. Words 0, 4, 8, 12 of all quads come first, then 1, 5, 9, 13, …
  void take_fours(Portion at, size_t from, size_t end, uint64_t* fours_of) const {
    const size_t stride = row_words(memory.neurons), quads = limbs.quads_of(at.which);
    const uint32_t* rows = memory.rows + at.block * kBlockWords;
    const __mmask16 used = used_words(memory.neurons);
    const __m512i inner = _mm512_set1_epi16(0x00f0);
    const __m512i order =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15));
    for (size_t quad = from; quad < end; quad++) {
      const size_t mu = (at.which * limbs.portion + quad) * 4;
      __m512i x[4];
      HOPFIELD_UNROLL(4)
      for (size_t k = 0; k < 4; k++) {
        x[k] = mu + k < memory.count ? _mm512_maskz_loadu_epi32(used, rows + (mu + k) * stride)
                                     : _mm512_setzero_si512();
        const __m512i moved = _mm512_and_si512(_mm512_xor_si512(x[k], _mm512_srli_epi16(x[k], 4)), inner);
        x[k] = _mm512_xor_si512(x[k], _mm512_xor_si512(moved, _mm512_slli_epi16(moved, 4)));
        x[k] = _mm512_shuffle_epi8(x[k], order);
      }
      const __m512i a = _mm512_unpacklo_epi16(x[0], x[1]), b = _mm512_unpackhi_epi16(x[0], x[1]),
                    c = _mm512_unpacklo_epi16(x[2], x[3]), d = _mm512_unpackhi_epi16(x[2], x[3]);
      uint64_t* to = fours_of + quad * 8;
      _mm512_store_si512(to, _mm512_unpacklo_epi32(a, c));
      _mm512_store_si512(to + quads * 8, _mm512_unpackhi_epi32(a, c));
      _mm512_store_si512(to + 2 * quads * 8, _mm512_unpacklo_epi32(b, d));
      _mm512_store_si512(to + 3 * quads * 8, _mm512_unpackhi_epi32(b, d));
    }
  }

  /// The bits of 32 neurons as two columns of tiles, with zeros where rows of states may have some.
  void spread_panel(size_t word, size_t quads, const uint64_t* fours_of, Asked ahead) {
    const __m512i one = _mm512_set1_epi8(1), zero = _mm512_setzero_si512();
    const __m512i pairs =
        _mm512_setr_epi64(0, 0x0202020202020202, 0x0404040404040404, 0x0606060606060606, 0x0808080808080808,
                          0x0a0a0a0a0a0a0a0a, 0x0c0c0c0c0c0c0c0c, 0x0e0e0e0e0e0e0e0e);
    const __m512i bits = _mm512_add_epi8(pairs, _mm512_set1_epi64(0x3121110130201000));
    const size_t right = kSteps * kTileBytes;
    const uint64_t* from = fours_of + word % 4 * quads * 8 + word / 4 * 2;
    uint8_t *to = panel, *again = panel + quads * 64;
    for (size_t quad = 0; quad < quads; quad++, from += 8, to += 64) {
      if (quad % 2 == 0) ahead.one();
      const __m512i l =
          _mm512_multishift_epi64_epi8(bits, _mm512_set1_epi64(static_cast<long long>(from[0])));
      const __m512i r =
          _mm512_multishift_epi64_epi8(bits, _mm512_set1_epi64(static_cast<long long>(from[1])));
      const __m512i left = _mm512_and_si512(l, one), other = _mm512_and_si512(r, one);
      _mm512_store_si512(to, left);
      _mm512_store_si512(to + right, other);
      if (!limbs.twice) continue;
      _mm512_store_si512(again, _mm512_sub_epi8(zero, left));
      _mm512_store_si512(again + right, _mm512_sub_epi8(zero, other));
      again += 64;
    }
    while (ahead.left > 0) ahead.one();
  }

  /// A square of the block whose sums are complete.
  void compare(size_t block, const Square& of) const {
    const size_t first = 32 * of.square, at = block * kBlockWords + of.word;
    const int32_t* sums = of.sums;
    const bool half = limbs.halved(of.square);
    const size_t some = smaller(count - first, 32);
    for (size_t r = 0; r < some; r++, sums += 32) {
      const size_t b = first + r;
      __m512i left = _mm512_load_si512(sums), right = _mm512_load_si512(sums + 16);
      if (half) {
        left = with_limb(left, _mm512_load_si512(sums + 512));
        right = with_limb(right, _mm512_load_si512(sums + 528));
      }
      for (size_t k = limbs.ends[b]; k < limbs.ends[b + 1]; k++) {
        const Ballot& own = limbs.excess[k];
        const uint32_t bits = memory.rows[own.row * row_words(memory.neurons) + at];
        const __m512i vote = _mm512_set1_epi32(own.vote);
        left = _mm512_mask_add_epi32(left, static_cast<__mmask16>(_pext_u32(bits, kLeft)), left, vote);
        right = _mm512_mask_add_epi32(right, static_cast<__mmask16>(_pext_u32(bits, kRight)), right, vote);
      }
      const uint32_t s = states[b][at];
      next[b][at] = above(kSign, b, s, left, right);
      if (near == nullptr) continue;
      near[b][at] = above(kUnder, b, s, left, right) & ~above(kOver, b, s, left, right);
    }
  }

  static __m512i with_limb(__m512i b, __m512i a) {
    return _mm512_add_epi32(b, _mm512_sub_epi32(_mm512_slli_epi32(a, 8), a));
  }

  /// Which of 32 sums of a state exceed what they are compared with.
  uint32_t above(size_t which, size_t b, uint32_t s, __m512i left, __m512i right) const {
    const int32_t up = ups[which * room + b], down = downs[which * room + b];
    if (narrow) {
      const __m512i limit = _mm512_mask_blend_epi16(s, _mm512_set1_epi16(static_cast<short>(down)),
                                                    _mm512_set1_epi16(static_cast<short>(up)));
      return _mm512_cmpgt_epi16_mask(_mm512_packs_epi32(left, right), limit);
    }
    const __m512i u = _mm512_set1_epi32(up), d = _mm512_set1_epi32(down);
    const __mmask16 ls = static_cast<__mmask16>(_pext_u32(s, kLeft)),
                    rs = static_cast<__mmask16>(_pext_u32(s, kRight));
    return _pdep_u32(_mm512_cmpgt_epi32_mask(left, _mm512_mask_blend_epi32(ls, d, u)), kLeft) |
           _pdep_u32(_mm512_cmpgt_epi32_mask(right, _mm512_mask_blend_epi32(rs, d, u)), kRight);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AMX_VOTES_H_
