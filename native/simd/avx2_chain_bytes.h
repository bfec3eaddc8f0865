// 64 chains side by side whose fields fit a byte: sums in two registers, chances looked up byte by byte.
#ifndef HOPFIELD_SIMD_AVX2_CHAIN_BYTES_H_
#define HOPFIELD_SIMD_AVX2_CHAIN_BYTES_H_

#include "simd/avx2_chains.h"
#include "simd/avx2_philox.h"
#include "simd/exact_chains.h"
#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// Up to so many connections of a neuron, SampledChains keeps each partial sum.
constexpr size_t kKeptSums = 64;

struct ChainBytes {
  __m256i lanes[2];

  ChainBytes() : ChainBytes(0) {}
  explicit ChainBytes(int from) {
    for (__m256i& some : lanes) some = _mm256_set1_epi8(static_cast<char>(from));
  }
  /// To the chains whose bits are set.
  inline void add(uint64_t bits, int32_t x) {
    const __m256i value = _mm256_set1_epi8(static_cast<char>(x));
    const ByteMasks set(bits);
    for (size_t h = 0; h < 2; h++)
      lanes[h] = _mm256_add_epi8(lanes[h], _mm256_and_si256(set.lanes[h], value));
  }
  inline void take(const ChainBytes& other) {
    for (size_t h = 0; h < 2; h++) lanes[h] = _mm256_sub_epi8(lanes[h], other.lanes[h]);
  }
  /// Twice every sum, and x.
  inline void twice_and(int x) {
    const __m256i value = _mm256_set1_epi8(static_cast<char>(x));
    for (__m256i& some : lanes) some = _mm256_add_epi8(_mm256_add_epi8(some, some), value);
  }
  /// Bits of the chains whose sums are larger than x.
  inline uint64_t above(int x) const {
    const __m256i value = _mm256_set1_epi8(static_cast<char>(x));
    uint64_t bits = 0;
    for (size_t h = 0; h < 2; h++) {
      const int half = _mm256_movemask_epi8(_mm256_cmpgt_epi8(lanes[h], value));
      bits |= static_cast<uint64_t>(static_cast<uint32_t>(half)) << (32 * h);
    }
    return bits;
  }
  inline void store(uint8_t* out) const {
    for (size_t h = 0; h < 2; h++) store256(out + 32 * h, lanes[h]);
  }
};

/// Sixteen-bit totals: of each half, even chains and odd ones.
struct ByteTotals {
  __m256i lanes[2][2] = {};

  /// Adds what the chains whose bits are set have in `other`; from all others it is taken.
  inline void add_signed(uint64_t bits, const ChainBytes& other) {
    const ByteMasks unset(~bits);
    for (size_t h = 0; h < 2; h++) {
      // −x is ~x + 1.
      const __m256i own = _mm256_sub_epi8(_mm256_xor_si256(other.lanes[h], unset.lanes[h]), unset.lanes[h]);
      lanes[h][0] = _mm256_add_epi16(lanes[h][0], _mm256_maddubs_epi16(_mm256_set1_epi16(1), own));
      lanes[h][1] = _mm256_add_epi16(lanes[h][1], _mm256_maddubs_epi16(_mm256_set1_epi16(256), own));
    }
  }
  inline void store(int16_t* out) const {
    alignas(32) int16_t some[2][2][16];
    for (size_t h = 0; h < 2; h++) {
      for (size_t parity = 0; parity < 2; parity++) store256(some[h][parity], lanes[h][parity]);
    }
    for (size_t c = 0; c < 64; c++) out[c] = some[c / 32][c % 2][c % 32 / 2];
  }
};

/// Upper sixteen bits of the numbers of 64 chains at two visits, as looked up limits come to lie: eight
/// chains from 32·half + 8·eight on and the eight that are sixteen further. The tops of four registers fill
/// one.
struct ByteDraws {
  PhiloxKeys keys;
  PhiloxRegisters registers[2][2][4];
  ChainStreams streams;
  ChanceBytes chances[2];  ///< by parity of the place
  alignas(32) uint16_t tops[2][2][2][16];

  explicit ByteDraws(const uint32_t seed[2]) : keys(seed) {}

  void begin(const uint32_t* low, const uint32_t* high) {
    streams = {low, high};
    for (size_t k = 0; k < 16; k++) {
      alignas(32) uint64_t own[2][4];
      for (size_t l = 0; l < 4; l++) {
        const size_t c = 32 * (k / 8) + 16 * (l / 2) + 8 * (k / 4 % 2) + 4 * (l % 2) + k % 4;
        own[0][l] = low[c];
        own[1][l] = high[c];
      }
      registers[k / 8][k / 4 % 2][k % 4].begin(keys, load256(own[0]), load256(own[1]));
    }
  }
  void sweep(uint32_t number, const ChanceLimits& limits) {
    streams.sweep = number;
    for (auto& half : registers) {
      for (auto& eight : half) {
        for (PhiloxRegisters& some : eight) some.sweep(keys, number);
      }
    }
    for (size_t parity = 0; parity < 2; parity++) chances[parity] = ChanceBytes(limits.top[parity]);
  }
  inline void draw(uint32_t at) {
    streams.draw = at;
    for (size_t half = 0; half < 2; half++) {
      for (size_t eight = 0; eight < 2; eight++) {
        __m256i words[4][2];
        for (size_t q = 0; q < 4; q++) registers[half][eight][q].uppers(keys, at, words[q]);
        for (size_t visit = 0; visit < 2; visit++) {
          store256(tops[visit][half][eight],
                   fill(words[0][visit], words[1][visit], words[2][visit], words[3][visit]));
        }
      }
    }
  }
  /// Bit c: whether the number of chain c is no larger than the limit at its place. Upper halves tell, but
  /// for one in 2^16; places of one neuron are all even or all odd.
  inline uint64_t below(const ChainBytes& places, const ChanceLimits& limits, size_t visit) const {
    const ChanceBytes& bytes = chances[_mm256_extract_epi8(places.lanes[0], 0) & 1];
    uint64_t below = 0, even = 0;
    for (size_t half = 0; half < 2; half++) {
      const __m256i at = _mm256_and_si256(_mm256_srli_epi16(places.lanes[half], 1), _mm256_set1_epi8(63));
      // Bits 4 and 5 of half a place, each as the sign of its byte.
      const __m256i sixteens = _mm256_slli_epi16(at, 3), thirtytwos = _mm256_slli_epi16(at, 2);
      const __m256i lower = ChanceBytes::look(bytes.low, at, sixteens, thirtytwos);
      const __m256i upper = ChanceBytes::look(bytes.high, at, sixteens, thirtytwos);
      const __m256i limit[2] = {_mm256_unpacklo_epi8(lower, upper), _mm256_unpackhi_epi8(lower, upper)};
      __m256i less[2], same[2];
      for (size_t eight = 0; eight < 2; eight++) {
        const __m256i drawn = load256(tops[visit][half][eight]);
        same[eight] = _mm256_cmpeq_epi16(drawn, limit[eight]);
        less[eight] = _mm256_andnot_si256(same[eight],
                                          _mm256_cmpeq_epi16(_mm256_min_epu16(drawn, limit[eight]), drawn));
      }
      below |= bits_of(less) << (32 * half);
      even |= bits_of(same) << (32 * half);
    }
    if (even != 0) {
      alignas(32) uint8_t place[64];
      places.store(place);
      below |= chains_below_exactly(place, limits, keys, streams, visit, even);
    }
    return below;
  }

 private:
  static inline uint64_t bits_of(const __m256i* eights) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_packs_epi16(eights[0], eights[1])));
  }
  /// The words 1 of every four of a, b, c and d side by side.
  static inline __m256i fill(__m256i a, __m256i b, __m256i c, __m256i d) {
    const __m256i first = _mm256_blend_epi16(_mm256_srli_epi64(a, 16), b, 0x22);
    const __m256i second = _mm256_blend_epi16(_mm256_slli_epi64(c, 16), _mm256_slli_epi64(d, 32), 0x88);
    return _mm256_blend_epi16(first, second, 0xcc);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_CHAIN_BYTES_H_
