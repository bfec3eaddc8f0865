// 64 chains side by side: 16-bit sums in four registers, chances looked up byte by byte.
#ifndef HOPFIELD_SIMD_AVX2_CHAINS_H_
#define HOPFIELD_SIMD_AVX2_CHAINS_H_

#include "simd/avx2_fields.h"
#include "simd/avx2_philox.h"
#include "simd/chain_sums.h"
#include "simd/exact_chains.h"
#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// Sixteen-bit sums of 32 chains.
struct HalfSums {
  using Bits = uint32_t;
  __m256i lanes[2];

  HalfSums() : HalfSums(0) {}
  explicit HalfSums(int16_t from) {
    for (__m256i& some : lanes) some = _mm256_set1_epi16(from);
  }
  static inline HalfSums of(const int16_t* from) {
    HalfSums sums;
    for (size_t q = 0; q < 2; q++) sums.lanes[q] = load256(from + 16 * q);
    return sums;
  }
  inline void add(uint32_t bits, int16_t x) {
    const __m256i value = _mm256_set1_epi16(x);
    const Lanes set(bits);
    for (size_t q = 0; q < 2; q++) {
      lanes[q] = _mm256_add_epi16(lanes[q], _mm256_and_si256(set.lanes[q], value));
    }
  }
  inline void give(const HalfSums& other) {
    for (size_t q = 0; q < 2; q++) lanes[q] = _mm256_add_epi16(lanes[q], other.lanes[q]);
  }
  inline void take(const HalfSums& other) {
    for (size_t q = 0; q < 2; q++) lanes[q] = _mm256_sub_epi16(lanes[q], other.lanes[q]);
  }
  inline void twice_and(int16_t x) {
    const __m256i value = _mm256_set1_epi16(x);
    for (__m256i& some : lanes) some = _mm256_add_epi16(_mm256_add_epi16(some, some), value);
  }
  inline void times(int16_t x) {
    const __m256i value = _mm256_set1_epi16(x);
    for (__m256i& some : lanes) some = _mm256_mullo_epi16(some, value);
  }
  inline void give_magnitudes(const HalfSums& other) {
    for (size_t q = 0; q < 2; q++) lanes[q] = _mm256_adds_epu16(lanes[q], _mm256_abs_epi16(other.lanes[q]));
  }
  inline uint16_t largest() const {
    const __m256i both = _mm256_max_epu16(lanes[0], lanes[1]);
    return largest_of(_mm_max_epu16(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1)));
  }
  inline uint32_t above(int16_t x) const {
    const __m256i value = _mm256_set1_epi16(x);
    const __m256i both =
        _mm256_packs_epi16(_mm256_cmpgt_epi16(lanes[0], value), _mm256_cmpgt_epi16(lanes[1], value));
    return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_permute4x64_epi64(both, 0xd8)));
  }
  inline void add_signed(uint32_t bits, const HalfSums& other) {
    const Lanes unset(~bits);
    // −x is ~x + 1.
    for (size_t q = 0; q < 2; q++) {
      const __m256i flipped = _mm256_xor_si256(other.lanes[q], unset.lanes[q]);
      lanes[q] = _mm256_add_epi16(lanes[q], _mm256_sub_epi16(flipped, unset.lanes[q]));
    }
  }
  inline void store(int16_t* out) const {
    for (size_t q = 0; q < 2; q++) store256(out + 16 * q, lanes[q]);
  }

 private:
  /// All ones in the lanes whose bits are set.
  struct Lanes {
    __m256i lanes[2];

    explicit Lanes(uint32_t bits) {
      const __m256i own =
          _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
      // Each word of the two to its own lanes: one broadcast of all bits, then words within halves.
      const __m256i all = _mm256_set1_epi32(static_cast<int>(bits));
      const __m256i words[2] = {spread<0>(all), spread<1>(all)};
      for (size_t q = 0; q < 2; q++) lanes[q] = _mm256_cmpeq_epi16(_mm256_and_si256(words[q], own), own);
    }
    template <int kWord>
    static inline __m256i spread(__m256i all) {
      return _mm256_shuffle_epi8(all,
                                 _mm256_set1_epi16(static_cast<int16_t>(2 * kWord + 256 * (2 * kWord + 1))));
    }
  };
};

using ChainSums = TwoHalves<HalfSums>;

/// All ones in the bytes whose bits are set.
struct ByteMasks {
  __m256i lanes[2];

  explicit ByteMasks(uint64_t bits) {
    const __m256i own = _mm256_set1_epi64x(static_cast<int64_t>(0x8040201008040201u));
    const __m256i all = _mm256_set1_epi64x(static_cast<int64_t>(bits));
    const __m256i from = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2,
                                          2, 3, 3, 3, 3, 3, 3, 3, 3);
    const __m256i bytes[2] = {_mm256_shuffle_epi8(all, from),
                              _mm256_shuffle_epi8(all, _mm256_add_epi8(from, _mm256_set1_epi8(4)))};
    for (size_t h = 0; h < 2; h++) lanes[h] = _mm256_cmpeq_epi8(_mm256_and_si256(bytes[h], own), own);
  }
};

/// Adds a bit to each of 64 bytes.
static inline void count_chains(uint8_t* counts, uint64_t bits) {
  const ByteMasks set(bits);
  for (size_t h = 0; h < 2; h++)
    store256(counts + 32 * h, _mm256_sub_epi8(load256(counts + 32 * h), set.lanes[h]));
}

/// Limits of 64 places of one parity, their lower and upper bytes in four tables of sixteen each.
struct ChanceBytes {
  __m256i low[4], high[4];

  ChanceBytes() = default;
  explicit ChanceBytes(const uint16_t* top) {
    const __m256i bytes = _mm256_set1_epi16(255);
    for (size_t t = 0; t < 4; t++) {
      const __m256i sixteen = load256(top + 16 * t);
      const __m256i lower = _mm256_and_si256(sixteen, bytes), upper = _mm256_srli_epi16(sixteen, 8);
      // [lower 0…7, upper 0…7 | lower 8…15, upper 8…15]
      const __m256i both = _mm256_packus_epi16(lower, upper);
      low[t] = _mm256_permute4x64_epi64(both, 0x88);
      high[t] = _mm256_permute4x64_epi64(both, 0xdd);
    }
  }

  static inline __m256i look(const __m256i* tables, __m256i places, __m256i sixteens, __m256i thirtytwos) {
    const __m256i first = _mm256_blendv_epi8(_mm256_shuffle_epi8(tables[0], places),
                                             _mm256_shuffle_epi8(tables[1], places), sixteens);
    const __m256i second = _mm256_blendv_epi8(_mm256_shuffle_epi8(tables[2], places),
                                              _mm256_shuffle_epi8(tables[3], places), sixteens);
    return _mm256_blendv_epi8(first, second, thirtytwos);
  }
};

/// The upper halves of the numbers of sixteen chains.
static inline __m256i drawn_tops(const uint32_t* high) {
  const __m256i tops =
      _mm256_packus_epi32(_mm256_srli_epi32(load256(high), 16), _mm256_srli_epi32(load256(high + 8), 16));
  return _mm256_permute4x64_epi64(tops, 0xd8);
}
/// Two masks of sixteen lanes as 32 bits.
static inline uint64_t mask_bits(__m256i first, __m256i second) {
  const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(first, second), 0xd8);
  return static_cast<uint32_t>(_mm256_movemask_epi8(bytes));
}

/// Bit c: whether the number of chain c is no larger than the limit at its place. Upper halves tell, but for
/// one in 2^16; places of one neuron are all even or all odd.
static inline uint64_t chains_below(const ChainSums& places, const ChanceLimits& limits, const uint32_t* high,
                                    const uint32_t* low) {
  if (limits.top == nullptr) return chains_below_exactly(places, limits, high, low, ~uint64_t{0});
  const ChanceBytes bytes(limits.top[_mm256_extract_epi16(places.half[0].lanes[0], 0) & 1]);
  uint64_t below = 0, even = 0;
  for (size_t half = 0; half < 2; half++) {
    const __m256i at = _mm256_packus_epi16(_mm256_srli_epi16(places.half[half].lanes[0], 1),
                                           _mm256_srli_epi16(places.half[half].lanes[1], 1));
    // Bits 4 and 5 of a place, each as the sign of its byte.
    const __m256i sixteens = _mm256_slli_epi16(at, 3), thirtytwos = _mm256_slli_epi16(at, 2);
    const __m256i lower = ChanceBytes::look(bytes.low, at, sixteens, thirtytwos);
    const __m256i upper = ChanceBytes::look(bytes.high, at, sixteens, thirtytwos);
    const __m256i limit[2] = {_mm256_unpacklo_epi8(lower, upper), _mm256_unpackhi_epi8(lower, upper)};
    __m256i less[2], same[2];
    for (size_t q = 0; q < 2; q++) {
      const __m256i drawn = drawn_tops(high + 32 * half + 16 * q);
      same[q] = _mm256_cmpeq_epi16(drawn, limit[q]);
      less[q] = _mm256_andnot_si256(same[q], _mm256_cmpeq_epi16(_mm256_min_epu16(drawn, limit[q]), drawn));
    }
    below |= mask_bits(less[0], less[1]) << (32 * half);
    even |= mask_bits(same[0], same[1]) << (32 * half);
  }
  if (even != 0) below |= chains_below_exactly(places, limits, high, low, even);
  return below;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_CHAINS_H_
