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

/// Bits of 16 rows of 64 neurons as a tile: row r holds four neurons of each, 0 or 1. Nibble r of row p
/// becomes nibble p of a mask.
static inline void bits_tile(const Words& words, uint8_t* tile) {
  const __m512i a = _mm512_load_si512(words.word), b = _mm512_load_si512(words.word + 8);
  alignas(64) static const uint8_t kOrder[64] = {
      0,  8,   16,  24,  32, 40, 48, 56,  64,  72,  80, 88, 96, 104, 112, 120, 1,  9,   17,  25, 33, 41,
      49, 57,  65,  73,  81, 89, 97, 105, 113, 121, 2,  10, 18, 26,  34,  42,  50, 58,  66,  74, 82, 90,
      98, 106, 114, 122, 3,  11, 19, 27,  35,  43,  51, 59, 67, 75,  83,  91,  99, 107, 115, 123};
  const __m512i first = _mm512_load_si512(kOrder);
  const __m512i nibble = _mm512_set1_epi8(15), weigh = _mm512_set1_epi16(0x1001);
  alignas(64) uint64_t even[8], odd[8];
  for (size_t half = 0; half < 2; half++) {
    const __m512i order = _mm512_add_epi8(first, _mm512_set1_epi8(static_cast<char>(4 * half)));
    const __m512i bytes = _mm512_permutex2var_epi8(a, order, b);
    const __m512i low = _mm512_and_si512(bytes, nibble);
    const __m512i high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble);
    _mm256_store_si256(reinterpret_cast<__m256i*>(even + 4 * half),
                       _mm512_cvtepi16_epi8(_mm512_maddubs_epi16(low, weigh)));
    _mm256_store_si256(reinterpret_cast<__m256i*>(odd + 4 * half),
                       _mm512_cvtepi16_epi8(_mm512_maddubs_epi16(high, weigh)));
  }
  const __m512i one = _mm512_set1_epi8(1);
  for (size_t r = 0; r < 8; r++) {
    _mm512_storeu_si512(tile + 128 * r, _mm512_maskz_mov_epi8(even[r], one));
    _mm512_storeu_si512(tile + 128 * r + 64, _mm512_maskz_mov_epi8(odd[r], one));
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
