// Dense weights on the matrix unit: made of patterns, and multiplied with states.
#ifndef HOPFIELD_SIMD_AMX_MATRIX_H_
#define HOPFIELD_SIMD_AMX_MATRIX_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/amx.h"
#endif

#include "flag.h"
#include "kernels/hebbian.h"
#include "kernels/recall/matrix_fields.h"
#include "simd/amx.h"
#include "simd/intrinsics.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// One neuron's patterns as bytes ±1, zero after the last; returns their sum.
static inline int32_t left_row(const uint32_t* column, size_t count, size_t steps, int8_t* to) {
  int32_t ones = 0;
  for (size_t k = 0; k < steps; k++) {
    const uint64_t bits = load64(column + 2 * k);
    const size_t used = count - 64 * k;
    ones += count_ones(bits);
    _mm512_mask_storeu_epi8(to + k * kTileBytes, used >= 64 ? ~0ull : (1ull << used) - 1, spins_of(bits));
  }
  return 2 * ones - static_cast<int32_t>(count);
}

/// A row of 32 sums of set bits into weights, of which `rest` exist, `room` have a place, and number `own` is
/// the neuron's own.
static inline void write_weights(const int32_t* sums, size_t rest, size_t room, size_t own, int32_t total,
                                 int sign, bool fresh, int32_t* to) {
  const __m512i t = _mm512_set1_epi32(total), factor = _mm512_set1_epi32(sign);
  for (size_t half = 0; half < 32; half += 16) {
    const uint32_t used = rest >= half + 16 ? 0xffff : rest > half ? (1u << (rest - half)) - 1 : 0;
    const uint32_t places = room >= half + 16 ? 0xffff : room > half ? (1u << (room - half)) - 1 : 0;
    const __mmask16 others = static_cast<__mmask16>(own - half < 16 ? used & ~(1u << (own - half)) : used);
    __m512i x = _mm512_sub_epi32(_mm512_slli_epi32(_mm512_load_si512(sums + half), 1), t);
    x = _mm512_maskz_mullo_epi32(others, x, factor);
    if (!fresh) {
      _mm512_mask_storeu_epi32(to + half, others,
                               _mm512_add_epi32(x, _mm512_maskz_loadu_epi32(others, to + half)));
    } else if (places == 0xffff && reinterpret_cast<uintptr_t>(to) % 64 == 0) {
      _mm512_stream_si512(reinterpret_cast<__m512i*>(to + half), x);
    } else {
      _mm512_mask_storeu_epi32(to + half, static_cast<__mmask16>(places), x);
    }
  }
}

/// As hebbian of kernels/hebbian.h, in squares of 32 × 32 weights: Σ_μ ξ_i ξ_j = 2·Σ_{ξ_j=1} ξ_i − Σ_μ ξ_i.
static void hebbian_tiles(const uint32_t* columns, size_t count, size_t neurons, int sign, bool fresh,
                          int32_t* weights) {
  if (count < 32 || neurons < 64) return hebbian(columns, count, neurons, sign, fresh, weights);
  Workspace workspace;
  const size_t stride = padded_stride(neurons);
  const size_t steps = (count + 63) / 64, height = column_words(count), bands = (neurons + 31) / 32;
  const size_t band = 2 * steps * kTileBytes;
  uint8_t* right = workspace.take<uint8_t>(bands * band);
  int8_t* left = workspace.take<int8_t>(band);
  memset(left, 0, band);
  for (size_t t = 0; t < 2 * bands; t++) {
    const size_t first = 16 * t, rest = first < neurons ? neurons - first : 0;
    for (size_t k = 0; k < steps; k++) {
      bits_tile(Words(columns + (rest > 0 ? first : 0) * height + 2 * k, height, smaller(rest, 16)),
                right + (t * steps + k) * kTileBytes);
    }
  }
  const TileConfig config;
  alignas(64) int32_t sums[1024];
  // Rows of bands: the 32 rows of weights that are being written stay within reach of the address cache.
  for (size_t i = 0; i < bands; i++) {
    int32_t totals[32];
    const size_t some = smaller(neurons - 32 * i, 32);
    for (size_t r = 0; r < some; r++) {
      totals[r] =
          left_row(columns + (32 * i + r) * height, count, steps, left + r / 16 * (band / 2) + r % 16 * 64);
    }
    tile_fence();
    for (size_t j = 0; j < bands; j++) {
      clear_square();
      add_products(left, left + band / 2, right + j * band, right + j * band + band / 2, steps);
      store_square(sums);
      tile_fence();
      const size_t rest = smaller(neurons - 32 * j, 32);
      const size_t room = smaller(stride - 32 * j, 32);
      for (size_t r = 0; r < some; r++) {
        const size_t own = i == j ? r : 32;
        write_weights(sums + 32 * r, rest, room, own, totals[r], sign, fresh,
                      weights + (32 * i + r) * stride + 32 * j);
      }
    }
  }
  finish_writes();
}

/// As MatrixFields of kernels/recall/matrix_fields.h, which does what does not fit: weights as one or two
/// signed bytes on the left, states as bits on the right.
struct TileMatrixFields {
  /// The weights come from memory, so many states must share them.
  static constexpr size_t kSlots = 256;
  static constexpr size_t kLeast = 12;

  const Memory& memory;
  MatrixFields few;
  size_t steps;   ///< tiles a row of neurons
  uint8_t* bits;  ///< kSlots / 16 × steps tiles
  int8_t* left;   ///< two bytes of 32 rows: 2 × 2 × steps tiles

  TileMatrixFields(const Memory& of, Workspace& workspace)
      : memory(of),
        few(of, workspace),
        steps(row_words(of.neurons) / 2),
        bits(workspace.take<uint8_t>(kSlots / 16 * steps * kTileBytes)),
        left(workspace.take<int8_t>(4 * steps * kTileBytes)) {
    memset(left, 0, 4 * steps * kTileBytes);
  }

  void fields(size_t count, const uint32_t* const* states, int32_t* const* out) {
    if (count < kLeast) return few.fields(count, states, out);
    const TileConfig config;
    const size_t neurons = memory.neurons, squares = (count + 31) / 32;
    for (size_t t = 0; t < 2 * squares; t++) {
      const size_t first = 16 * t, some = first < count ? (smaller(count - first, 16)) : 0;
      for (size_t k = 0; k < steps; k++)
        bits_tile(Words(states + (some > 0 ? first : 0), 2 * k, some), bits + (t * steps + k) * kTileBytes);
    }
    for (size_t i = 0; i < neurons; i += 32) {
      heed_flag();
      const size_t some = smaller(neurons - i, 32);
      int32_t totals[32];
      int32_t most = 0;
      for (size_t r = 0; r < some; r++) most |= weights_row(i + r, r, totals);
      if (most > 1) {
        few.some_fields(i, some, count, states, out);
      } else {
        for (size_t from = 0; from < count; from += 32)
          some_squares(i, some, from, count, most != 0, totals, out);
      }
    }
  }

  /// Row i as bytes, row r of the squares. Returns 0 if one byte holds every weight, 1 if two do, more if
  /// not.
  int32_t weights_row(size_t i, size_t r, int32_t* totals) {
    const int32_t* row = memory.weights_as<int32_t>() + i * padded_stride(memory.neurons);
    int8_t* to = left + r / 16 * steps * kTileBytes + r % 16 * 64;
    __m512i total = _mm512_setzero_si512(), most = total;
    for (size_t j = 0; j < memory.neurons; j += 16) {
      const size_t rest = memory.neurons - j;
      const __mmask16 used = static_cast<__mmask16>(rest < 16 ? (1u << rest) - 1 : 0xffff);
      const __m512i w = _mm512_maskz_loadu_epi32(used, row + j);
      total = _mm512_add_epi32(total, w);
      most = _mm512_max_epu32(most, _mm512_abs_epi32(w));
      int8_t* byte = to + j / 64 * kTileBytes + j % 64;
      const __m512i high = high_limb(w);
      const __m512i low = _mm512_sub_epi32(w, _mm512_sub_epi32(_mm512_slli_epi32(high, 8), high));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(byte), _mm512_cvtepi32_epi8(low));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(byte + 2 * steps * kTileBytes), _mm512_cvtepi32_epi8(high));
    }
    totals[r] = static_cast<int32_t>(_mm512_reduce_add_epi32(total));
    const uint32_t largest = _mm512_reduce_max_epu32(most);
    return largest <= 127 ? 0 : largest <= static_cast<uint32_t>(kMostLimbs) ? 1 : 2;
  }

  void some_squares(size_t i, size_t some, size_t from, size_t count, bool two, const int32_t* totals,
                    int32_t* const* out) const {
    alignas(64) int32_t low[1024], high[1024];
    const uint8_t* right = bits + from / 16 * steps * kTileBytes;
    tile_fence();
    multiply(left, right, low);
    if (two) multiply(left + 2 * steps * kTileBytes, right, high);
    tile_fence();
    for (size_t b = from; b < count && b < from + 32; b++) {
      for (size_t r = 0; r < some; r++) {
        const uint32_t sum = static_cast<uint32_t>(low[32 * r + b - from]) +
                             (two ? 255u * static_cast<uint32_t>(high[32 * r + b - from]) : 0u);
        out[b][i + r] = static_cast<int32_t>(2u * sum - static_cast<uint32_t>(totals[r]));
      }
    }
  }

  void multiply(const int8_t* a, const uint8_t* b, int32_t* sums) const {
    clear_square();
    add_products(a, a + steps * kTileBytes, b, b + steps * kTileBytes, steps);
    store_square(sums);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AMX_MATRIX_H_
