// 64 chains side by side: 16-bit sums in two registers, chances looked up sixteen at a time.
#ifndef HOPFIELD_SIMD_AVX512_CHAINS_H_
#define HOPFIELD_SIMD_AVX512_CHAINS_H_

#include "simd/avx512_philox.h"
#include "simd/chain_sums.h"
#include "simd/exact_chains.h"
#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// Sixteen-bit sums of 32 chains.
struct HalfSums {
  using Bits = uint32_t;
  __m512i lanes;

  HalfSums() : HalfSums(0) {}
  explicit HalfSums(int16_t from) : lanes(_mm512_set1_epi16(from)) {}
  static inline HalfSums of(const int16_t* from) {
    HalfSums sums;
    sums.lanes = _mm512_load_si512(from);
    return sums;
  }
  inline void add(uint32_t bits, int16_t x) {
    lanes = _mm512_mask_add_epi16(lanes, bits, lanes, _mm512_set1_epi16(x));
  }
  inline void give(const HalfSums& other) { lanes = _mm512_add_epi16(lanes, other.lanes); }
  inline void take(const HalfSums& other) { lanes = _mm512_sub_epi16(lanes, other.lanes); }
  inline void twice_and(int16_t x) {
    lanes = _mm512_add_epi16(_mm512_add_epi16(lanes, lanes), _mm512_set1_epi16(x));
  }
  inline void times(int16_t x) { lanes = _mm512_mullo_epi16(lanes, _mm512_set1_epi16(x)); }
  inline void give_magnitudes(const HalfSums& other) {
    lanes = _mm512_adds_epu16(lanes, _mm512_abs_epi16(other.lanes));
  }
  inline uint16_t largest() const {
    const __m256i half = _mm256_max_epu16(_mm512_castsi512_si256(lanes), _mm512_extracti64x4_epi64(lanes, 1));
    return largest_of(_mm_max_epu16(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1)));
  }
  inline uint32_t above(int16_t x) const { return _mm512_cmpgt_epi16_mask(lanes, _mm512_set1_epi16(x)); }
  inline void add_signed(uint32_t bits, const HalfSums& other) {
    lanes = _mm512_mask_add_epi16(_mm512_sub_epi16(lanes, other.lanes), bits, lanes, other.lanes);
  }
  inline void store(int16_t* out) const { _mm512_store_si512(out, lanes); }
};

using ChainSums = TwoHalves<HalfSums>;

/// Adds a bit to each of 64 bytes.
static inline void count_chains(uint8_t* counts, uint64_t bits) {
  const __m512i before = _mm512_load_si512(counts);
  _mm512_store_si512(counts, _mm512_mask_add_epi8(before, bits, before, _mm512_set1_epi8(1)));
}

/// Sixteen places of sixteen bits as 32-bit lanes.
template <int kWhich>
static inline __m512i sixteen_places(const ChainSums& places) {
  return _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(places.half[kWhich / 2].lanes, kWhich % 2));
}
template <int kWhich>
static inline void compare_sixteen(const ChainSums& places, const uint32_t* limits, const uint32_t* high,
                                   uint64_t* below, uint64_t* even) {
  const __m512i limit = _mm512_i32gather_epi32(sixteen_places<kWhich>(places), limits, 4);
  const __m512i drawn = _mm512_load_si512(high + 16 * kWhich);
  *below |= static_cast<uint64_t>(_mm512_cmplt_epu32_mask(drawn, limit)) << (16 * kWhich);
  *even |= static_cast<uint64_t>(_mm512_cmpeq_epu32_mask(drawn, limit)) << (16 * kWhich);
}
/// The same for 32 chains by upper halves, from a table in two registers.
static inline void compare_tops(__m512i places, __m512i first, __m512i second, const uint32_t* high,
                                uint32_t* below, uint32_t* even) {
  alignas(64) static constexpr uint16_t kUpper[32] = {1,  3,  5,  7,  9,  11, 13, 15, 17, 19, 21,
                                                      23, 25, 27, 29, 31, 33, 35, 37, 39, 41, 43,
                                                      45, 47, 49, 51, 53, 55, 57, 59, 61, 63};
  const __m512i drawn = _mm512_permutex2var_epi16(_mm512_load_si512(high), _mm512_load_si512(kUpper),
                                                  _mm512_load_si512(high + 16));
  const __m512i limit = _mm512_permutex2var_epi16(first, _mm512_srli_epi16(places, 1), second);
  *below = _mm512_cmplt_epu16_mask(drawn, limit);
  *even = _mm512_cmpeq_epu16_mask(drawn, limit);
}

/// Bit c: whether the number of chain c is no larger than the limit at its place. Upper parts tell, but for
/// one in 2^16 or 2^32; places of one neuron are all even or all odd.
static inline uint64_t chains_below(const ChainSums& places, const ChanceLimits& limits, const uint32_t* high,
                                    const uint32_t* low) {
  uint64_t below = 0, even = 0;
  if (limits.top != nullptr) {
    const uint16_t* top = limits.top[_mm512_cvtsi512_si32(places.half[0].lanes) & 1];
    const __m512i first = _mm512_loadu_si512(top), second = _mm512_loadu_si512(top + 32);
    uint32_t b[2], e[2];
    compare_tops(places.half[0].lanes, first, second, high, b, e);
    compare_tops(places.half[1].lanes, first, second, high + 32, b + 1, e + 1);
    below = b[0] | static_cast<uint64_t>(b[1]) << 32;
    even = e[0] | static_cast<uint64_t>(e[1]) << 32;
  } else {
    compare_sixteen<0>(places, limits.high, high, &below, &even);
    compare_sixteen<1>(places, limits.high, high, &below, &even);
    compare_sixteen<2>(places, limits.high, high, &below, &even);
    compare_sixteen<3>(places, limits.high, high, &below, &even);
  }
  if (even != 0) below |= chains_below_exactly(places, limits, high, low, even);
  return below;
}

/// One block of each of sixteen queries; word w of query l goes to out[64·w + l].
static inline void philox_across(const PhiloxKeys& keys, uint32_t draw, uint32_t sweep, const uint32_t* low,
                                 const uint32_t* high, uint32_t* out) {
  PhiloxBlocks blocks{_mm512_set1_epi32(static_cast<int>(draw)), _mm512_set1_epi32(static_cast<int>(sweep)),
                      _mm512_load_si512(low), _mm512_load_si512(high)};
  blocks.run(keys);
  _mm512_store_si512(out, blocks.c0);
  _mm512_store_si512(out + 64, blocks.c1);
  _mm512_store_si512(out + 128, blocks.c2);
  _mm512_store_si512(out + 192, blocks.c3);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_CHAINS_H_
