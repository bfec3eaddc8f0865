// 64 chains side by side whose fields fit a byte: sums in one register, chances looked up 32 at a time.
#ifndef HOPFIELD_SIMD_AVX512_CHAIN_BYTES_H_
#define HOPFIELD_SIMD_AVX512_CHAIN_BYTES_H_

#include "simd/avx512_philox.h"
#include "simd/exact_chains.h"
#include "simd/intrinsics.h"

namespace hopfield {
namespace {

/// Up to so many connections of a neuron, SampledChains keeps each partial sum.
constexpr size_t kKeptSums = 64;

struct ChainBytes {
  __m512i lanes;

  ChainBytes() : ChainBytes(0) {}
  explicit ChainBytes(int from) : lanes(_mm512_set1_epi8(static_cast<char>(from))) {}
  /// To the chains whose bits are set.
  inline void add(uint64_t bits, int32_t x) {
    lanes = _mm512_mask_add_epi8(lanes, bits, lanes, _mm512_set1_epi8(static_cast<char>(x)));
  }
  inline void take(const ChainBytes& other) { lanes = _mm512_sub_epi8(lanes, other.lanes); }
  /// Twice every sum, and x.
  inline void twice_and(int x) {
    lanes = _mm512_add_epi8(_mm512_add_epi8(lanes, lanes), _mm512_set1_epi8(static_cast<char>(x)));
  }
  /// Bits of the chains whose sums are larger than x.
  inline uint64_t above(int x) const {
    return _mm512_cmpgt_epi8_mask(lanes, _mm512_set1_epi8(static_cast<char>(x)));
  }
  inline void store(uint8_t* out) const { _mm512_storeu_si512(out, lanes); }
};

/// Sixteen-bit totals, of even chains and of odd ones.
struct ByteTotals {
  __m512i even = _mm512_setzero_si512(), odd = _mm512_setzero_si512();

  /// Adds what the chains whose bits are set have in `other`; from all others it is taken.
  inline void add_signed(uint64_t bits, const ChainBytes& other) {
    const __m512i own = _mm512_mask_sub_epi8(other.lanes, ~bits, _mm512_setzero_si512(), other.lanes);
    even = _mm512_add_epi16(even, _mm512_maddubs_epi16(_mm512_set1_epi16(1), own));
    odd = _mm512_add_epi16(odd, _mm512_maddubs_epi16(_mm512_set1_epi16(256), own));
  }
  inline void store(int16_t* out) const {
    alignas(64) int16_t halves[2][32];
    _mm512_store_si512(halves[0], even);
    _mm512_store_si512(halves[1], odd);
    for (size_t c = 0; c < 64; c++) out[c] = halves[c % 2][c / 2];
  }
};

/// Upper sixteen bits of the numbers of 64 chains at two visits. A register has the blocks of chains r, 8 +
/// r, 16 + r and so on, so that the tops of four registers of even or odd chains fill one, in order.
struct ByteDraws {
  PhiloxKeys keys;
  PhiloxRegisters registers[8];
  ChainStreams streams;
  alignas(64) uint16_t tops[2][2][32];  ///< by visit and parity of the chain

  explicit ByteDraws(const uint32_t seed[2]) : keys(seed) {}

  void begin(const uint32_t* low, const uint32_t* high) {
    streams = {low, high};
    for (size_t r = 0; r < 8; r++) {
      alignas(64) uint64_t own[2][8];
      for (size_t l = 0; l < 8; l++) {
        own[0][l] = low[8 * l + r];
        own[1][l] = high[8 * l + r];
      }
      registers[r].begin(keys, _mm512_load_si512(own[0]), _mm512_load_si512(own[1]));
    }
  }
  void sweep(uint32_t number, const ChanceLimits&) {
    streams.sweep = number;
    for (PhiloxRegisters& some : registers) some.sweep(keys, number);
  }
  inline void draw(uint32_t at) {
    streams.draw = at;
    for (size_t parity = 0; parity < 2; parity++) {
      __m512i words[4][2];
      for (size_t q = 0; q < 4; q++) registers[2 * q + parity].uppers(keys, at, words[q]);
      for (size_t visit = 0; visit < 2; visit++) {
        _mm512_store_si512(tops[visit][parity],
                           fill(words[0][visit], words[1][visit], words[2][visit], words[3][visit]));
      }
    }
  }
  /// Bit c: whether the number of chain c is no larger than the limit at its place. Upper halves tell, but
  /// for one in 2^16; places of one neuron are all even or all odd.
  inline uint64_t below(const ChainBytes& places, const ChanceLimits& limits, size_t visit) const {
    const uint16_t* top = limits.top[_mm512_cvtsi512_si32(places.lanes) & 1];
    const __m512i first = _mm512_loadu_si512(top), second = _mm512_loadu_si512(top + 32);
    // Half of a place in the low six bits, which are all that is looked at.
    const __m512i even = _mm512_permutex2var_epi16(first, _mm512_srli_epi16(places.lanes, 1), second);
    const __m512i odd = _mm512_permutex2var_epi16(first, _mm512_srli_epi16(places.lanes, 9), second);
    const __m512i drawn[2] = {_mm512_load_si512(tops[visit][0]), _mm512_load_si512(tops[visit][1])};
    const __mmask32 same_even = _mm512_cmpeq_epu16_mask(drawn[0], even),
                    same_odd = _mm512_cmpeq_epu16_mask(drawn[1], odd);
    uint64_t below =
        interleaved(_mm512_cmplt_epu16_mask(drawn[0], even), _mm512_cmplt_epu16_mask(drawn[1], odd));
    if ((same_even | same_odd) != 0) {
      alignas(64) uint8_t place[64];
      places.store(place);
      below |= chains_below_exactly(place, limits, keys, streams, visit, interleaved(same_even, same_odd));
    }
    return below;
  }

 private:
  static inline uint64_t interleaved(uint32_t even, uint32_t odd) {
    return _pdep_u64(even, 0x5555555555555555u) | _pdep_u64(odd, 0xaaaaaaaaaaaaaaaau);
  }
  /// The words 1 of every four of a, b, c and d side by side.
  static inline __m512i fill(__m512i a, __m512i b, __m512i c, __m512i d) {
    // Within a quarter of the register.
    const __m512i upper = _mm512_set4_epi32(0x0b0a0b0a, 0x0b0a0b0a, 0x03020302, 0x03020302);
    __m512i all = _mm512_mask_shuffle_epi8(b, 0x0303030303030303u, a, upper);
    all = _mm512_mask_shuffle_epi8(all, 0x3030303030303030u, c, upper);
    return _mm512_mask_shuffle_epi8(all, 0xc0c0c0c0c0c0c0c0u, d, upper);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_CHAIN_BYTES_H_
