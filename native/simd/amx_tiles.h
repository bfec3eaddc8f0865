// The matrix unit (AMX int8).
//
//   intrinsic        instruction   Sapphire Rapids: cycles
//   _tile_dpbsud     tdpbsud       16 for 16 × 16 sums of 64 products, one port
//   _tile_loadd      tileloadd     8, two ports
//
// A tile is 16 rows of 64 bytes. Sums of a 32 × 32 square take four accumulators and four operands, so a load
// a product, which two load ports hide. What is bits enters as 0 or 1 on the right, what is signed on the
// left: Σ_j a_j s_j = 2·Σ_{s_j=1} a_j − Σ_j a_j.
#ifndef HOPFIELD_SIMD_AMX_TILES_H_
#define HOPFIELD_SIMD_AMX_TILES_H_

#include "simd/avx512_overlaps.h"
#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/small.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

constexpr size_t kTileRows = 16, kTileBytes = 1024;
/// What two signed bytes 255·a + b hold.
constexpr int32_t kMostLimbs = 32512;

/// GCC's tile intrinsics do not tell the compiler that they touch memory.
static inline void tile_fence() {
#if defined(__GNUC__)
  __asm__ volatile("" ::: "memory");
#endif
}

struct TileConfig {
  alignas(64) uint8_t palette[64] = {};
  TileConfig() {
    palette[0] = 1;
    for (size_t t = 0; t < 8; t++) {
      const uint16_t bytes = 64;
      memcpy(palette + 16 + 2 * t, &bytes, sizeof(bytes));
      palette[48 + t] = kTileRows;
    }
    tile_fence();
    _tile_loadconfig(palette);
  }
  ~TileConfig() { _tile_release(); }
};

/// Tiles 0…3, a square of 32 × 32 sums: set to nothing, taken from memory, added to, written back. Two rows
/// of tiles `a` meet two columns `b`.
static inline void clear_square() {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}
static inline void load_square(const int32_t* sums) {
  _tile_loadd(0, sums, 128);
  _tile_loadd(1, sums + 16, 128);
  _tile_loadd(2, sums + 512, 128);
  _tile_loadd(3, sums + 528, 128);
}
static inline void add_products(const int8_t* a0, const int8_t* a1, const uint8_t* b0, const uint8_t* b1,
                                size_t steps) {
  for (size_t k = 0; k < steps; k++) {
    _tile_loadd(4, a0 + k * kTileBytes, 64);
    _tile_loadd(6, b0 + k * kTileBytes, 64);
    _tile_dpbsud(0, 4, 6);
    _tile_loadd(7, b1 + k * kTileBytes, 64);
    _tile_dpbsud(1, 4, 7);
    _tile_loadd(5, a1 + k * kTileBytes, 64);
    _tile_dpbsud(2, 5, 6);
    _tile_dpbsud(3, 5, 7);
  }
}
static inline void store_square(int32_t* sums) {
  _tile_stored(0, sums, 128);
  _tile_stored(1, sums + 16, 128);
  _tile_stored(2, sums + 512, 128);
  _tile_stored(3, sums + 528, 128);
}

/// Asks for a line that is read later, as near as the second-level cache.
static inline void ask_line(const uint32_t* at) {
  _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T1);
}

/// The same where one row of tiles meets two columns: the even tiles of both add to 0 and 1, the odd ones to
/// 2 and 3, whose sums are then the others' other part. Four accumulators keep the unit as busy as a whole
/// square.
static inline void add_half_products(const int8_t* a, const uint8_t* b0, const uint8_t* b1, size_t steps) {
  for (size_t k = 0; k < steps; k += 2) {
    _tile_loadd(4, a + k * kTileBytes, 64);
    _tile_loadd(6, b0 + k * kTileBytes, 64);
    _tile_dpbsud(0, 4, 6);
    _tile_loadd(7, b1 + k * kTileBytes, 64);
    _tile_dpbsud(1, 4, 7);
    if (k + 1 == steps) break;
    _tile_loadd(5, a + (k + 1) * kTileBytes, 64);
    _tile_loadd(6, b0 + (k + 1) * kTileBytes, 64);
    _tile_dpbsud(2, 5, 6);
    _tile_loadd(7, b1 + (k + 1) * kTileBytes, 64);
    _tile_dpbsud(3, 5, 7);
  }
}

/// 64 bits of up to 16 rows.
struct Words {
  alignas(64) uint64_t word[16] = {};
  Words(const uint32_t* rows, size_t stride, size_t some) {
    for (size_t p = 0; p < some; p++) word[p] = load64(rows + p * stride);
  }
  Words(const uint32_t* const* rows, size_t at, size_t some) {
    for (size_t p = 0; p < some; p++) word[p] = load64(rows[p] + at);
  }
};

/// The words of a block that rows of so many neurons have.
static inline __mmask16 used_words(size_t neurons) {
  return static_cast<__mmask16>((1u << block_words(neurons)) - 1);
}

/// Half a tile: 32 bits of 16 rows. Row r holds four neurons of each, 0 or 1.
static inline void spread_half(__m512i words, uint8_t* half) {
  const __m512i one = _mm512_set1_epi8(1);
  const __m512i first = _mm512_set1_epi64(0x2322212003020100);
  HOPFIELD_UNROLL(8)
  for (size_t r = 0; r < 8; r++) {
    const __m512i from = _mm512_add_epi8(first, _mm512_set1_epi8(static_cast<char>(4 * r)));
    _mm512_storeu_si512(half + 64 * r, _mm512_and_si512(_mm512_multishift_epi64_epi8(from, words), one));
  }
}

/// Bits of 16 rows of 64 neurons as a tile.
static inline void bits_tile(const Words& words, uint8_t* tile) {
  const __m512i a = _mm512_load_si512(words.word), b = _mm512_load_si512(words.word + 8);
  const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
  spread_half(_mm512_permutex2var_epi32(a, even, b), tile);
  spread_half(_mm512_permutex2var_epi32(a, odd, b), tile + kTileBytes / 2);
}

/// A block of 16 rows as a column of eight tiles. Where there are fewer, at least one, the last one stands
/// for those that are missing.
static inline void block_tiles(const uint32_t* rows, size_t stride, size_t some, __mmask16 used,
                               uint8_t* tiles) {
  __m512i x[16], y[16];
  HOPFIELD_UNROLL(16)
  for (size_t p = 0; p < 16; p++) x[p] = _mm512_maskz_loadu_epi32(used, rows + smaller(p, some - 1) * stride);
  HOPFIELD_UNROLL(8)
  for (size_t p = 0; p < 16; p += 2) {
    y[p] = _mm512_unpacklo_epi32(x[p], x[p + 1]);
    y[p + 1] = _mm512_unpackhi_epi32(x[p], x[p + 1]);
  }
  HOPFIELD_UNROLL(4)
  for (size_t p = 0; p < 16; p += 4) {
    x[p] = _mm512_unpacklo_epi64(y[p], y[p + 2]);
    x[p + 1] = _mm512_unpackhi_epi64(y[p], y[p + 2]);
    x[p + 2] = _mm512_unpacklo_epi64(y[p + 1], y[p + 3]);
    x[p + 3] = _mm512_unpackhi_epi64(y[p + 1], y[p + 3]);
  }
  // Lane l of x[4q + w] is word 4l + w of rows 4q to 4q + 3.
  HOPFIELD_UNROLL(4)
  for (size_t w = 0; w < 4; w++) {
    const __m512i a = _mm512_shuffle_i64x2(x[w], x[4 + w], 0x44),
                  b = _mm512_shuffle_i64x2(x[w], x[4 + w], 0xee),
                  c = _mm512_shuffle_i64x2(x[8 + w], x[12 + w], 0x44),
                  d = _mm512_shuffle_i64x2(x[8 + w], x[12 + w], 0xee);
    uint8_t* to = tiles + w * (kTileBytes / 2);
    spread_half(_mm512_shuffle_i64x2(a, c, 0x88), to);
    spread_half(_mm512_shuffle_i64x2(a, c, 0xdd), to + 2 * kTileBytes);
    spread_half(_mm512_shuffle_i64x2(b, d, 0x88), to + 4 * kTileBytes);
    spread_half(_mm512_shuffle_i64x2(b, d, 0xdd), to + 6 * kTileBytes);
  }
}

/// 64 bits as bytes ±1.
static inline __m512i spins_of(uint64_t bits) {
  return _mm512_mask_blend_epi8(bits, _mm512_set1_epi8(-1), _mm512_set1_epi8(1));
}

/// The byte a of v = 255·a + b: v / 255 to the nearest, as v / 256 · (1 + 1/256), close enough while |v| ≤
/// 32512 for b to fit in a byte too.
static inline __m512i high_limb(__m512i v) {
  const __m512i rounded =
      _mm512_add_epi32(_mm512_add_epi32(v, _mm512_srai_epi32(v, 8)), _mm512_set1_epi32(128));
  return _mm512_srai_epi32(rounded, 8);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AMX_TILES_H_
