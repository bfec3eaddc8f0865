// Overlaps with rows of 256 neurons or fewer on AVX-512: a register holds eight rows, four or two.
//
//   intrinsic                   instruction         Ice Lake / Sapphire Rapids: latency, ports
//   _mm512_popcnt_epi64         vpopcntq zmm        3, p5
//   _mm512_maskz_expand_epi64   vpexpandq zmm{k}{z} 3, p5 twice
//   _mm512_unpacklo_epi64       vpunpcklqdq zmm     1, p5
//
// Lanes of a row are added up across registers, so that the overlaps of eight rows come out side by side.
#ifndef HOPFIELD_SIMD_AVX512_SHORT_ROWS_H_
#define HOPFIELD_SIMD_AVX512_SHORT_ROWS_H_

#include "simd/avx512_popcount.h"
#include "simd/intrinsics.h"
#include "simd/short_rows.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// The sums of pairs of lanes, two vectors into one, whose lanes take turns.
static inline __m512i fold_pairs(__m512i a, __m512i b) {
  return _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}
/// The sums of the 128-bit halves of eight lanes each, two vectors into one.
static inline __m512i fold(__m512i a, __m512i b) {
  return _mm512_add_epi64(_mm512_shuffle_i64x2(a, b, 0x88), _mm512_shuffle_i64x2(a, b, 0xdd));
}

/// Rows of kWords 64-bit words in registers; those of three have a fourth one of zeros.
template <size_t kWords>
struct ShortRows {
  static_assert(kWords >= 1 && kWords <= 4, "rows of 256 neurons or fewer");
  static constexpr size_t kRegisters = kWords == 3 ? 4 : kWords, kRows = 8 / kRegisters;

  static inline __m512i load(const uint32_t* rows) {
    if (kWords != 3) return _mm512_loadu_si512(rows);
    return _mm512_maskz_expand_epi64(0x77, _mm512_maskz_loadu_epi64(0x3f, rows));
  }
  /// The state in place of every row.
  static inline __m512i repeat(const uint32_t* state) {
    if (kWords == 1) return _mm512_set1_epi64(static_cast<long long>(load64(state)));
    const __mmask8 used = static_cast<__mmask8>((1u << kWords) - 1);
    const __m256i own = _mm256_maskz_loadu_epi64(used, state);
    return kWords == 2 ? _mm512_broadcast_i64x2(_mm256_castsi256_si128(own)) : _mm512_broadcast_i64x4(own);
  }
  /// The sums of eight rows, in order.
  static inline __m512i sums(const __m512i* d) {
    if (kWords == 1) return d[0];
    if (kWords == 2) {
      return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), fold_pairs(d[0], d[1]));
    }
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 1, 3, 4, 6, 5, 7),
                                    fold(fold_pairs(d[0], d[1]), fold_pairs(d[2], d[3])));
  }

  static inline void overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* state,
                              int32_t* out) {
    const __m512i all = _mm512_set1_epi64(static_cast<long long>(neurons)), own = repeat(state);
    size_t mu = 0;
    for (; mu + 8 <= count; mu += 8) {
      __m512i d[kRegisters];
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < kRegisters; r++) {
        const __m512i row = load(rows + 2 * kWords * (mu + kRows * r));
        d[r] = popcount_lanes(_mm512_xor_si512(row, own));
      }
      const __m512i v = _mm512_sub_epi64(all, _mm512_slli_epi64(sums(d), 1));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + mu), _mm512_cvtepi64_epi32(v));
    }
    count_short<kWords>([](uint64_t x) { return count_ones(x); }, rows + 2 * kWords * mu, count - mu, neurons,
                        state, out + mu);
  }
};

/// out[μ] = N − 2·popcount(row μ xor state) for N ≤ 256.
static inline void short_overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* state,
                                  int32_t* out) {
  switch (row_words(neurons)) {
    case 2:
      return ShortRows<1>::overlaps(rows, count, neurons, state, out);
    case 4:
      return ShortRows<2>::overlaps(rows, count, neurons, state, out);
    case 6:
      return ShortRows<3>::overlaps(rows, count, neurons, state, out);
    default:
      return ShortRows<4>::overlaps(rows, count, neurons, state, out);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_SHORT_ROWS_H_
