// AVX2 with FMA, BMI and POPCNT: Haswell, Zen and later.
//
//   intrinsic                instruction     Haswell … Alder Lake: latency, ports
//   _mm256_set1_epi16(m16)   vpbroadcastw    load + p5
//   _mm256_cmpeq_epi16       vpcmpeqw        1, p01
//   _mm256_and_si256         vpand           1, p015
//   _mm256_add_epi16         vpaddw          1, p015
//
// There are no mask registers: sixteen pattern bits are spread to sixteen lanes by a broadcast, an AND with
// one bit a lane and a comparison, then AND the vote and add. 16 registers hold the accumulators of 128
// neurons beside the constants, so a block of 512 is done in quarters.
#include "tiers/tiers.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,popcnt"))), apply_to = function)
#elif defined(__GNUC__)
// GCC 12 takes the undefined registers inside its own header of gathers for mistakes.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC push_options
#pragma GCC target("avx2,fma,bmi,bmi2,popcnt")
#endif

namespace hopfield {
namespace {

#include "kernels/bits.h"
#include "tiers/ballot.h"
#include "tiers/portable.h"

using portable::kPhiloxLanes;
using portable::unpack_word;

static inline int count_ones(uint64_t x) { return static_cast<int>(_mm_popcnt_u64(x)); }

static inline __m256i load256(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
static inline void store256(void* p, __m256i x) { _mm256_storeu_si256(static_cast<__m256i*>(p), x); }

/// One block of what these rows have in common: all bits if there are none.
static inline void common_block(const uint32_t* rows, size_t stride, const uint32_t* which, size_t count,
                                uint32_t* out) {
  __m256i low = _mm256_set1_epi32(-1), high = low;
  for (size_t k = 0; k < count; k++) {
    const uint32_t* row = rows + which[k] * stride;
    low = _mm256_and_si256(low, load256(row));
    high = _mm256_and_si256(high, load256(row + 8));
  }
  store256(out, low);
  store256(out + 8, high);
}

#include "tiers/avx2_philox.h"

static inline int64_t pack_word(const int8_t* states, size_t n, uint64_t* out) {
  if (n < 64) return portable::pack_word(states, n, out);
  const __m256i one = _mm256_set1_epi8(1), minus = _mm256_set1_epi8(-1);
  uint64_t positive = 0, valid = 0;
  for (size_t half = 0; half < 2; half++) {
    const __m256i x = load256(states + 32 * half);
    const __m256i plus = _mm256_cmpeq_epi8(x, one);
    const uint32_t bits = static_cast<uint32_t>(_mm256_movemask_epi8(plus));
    const uint32_t good =
        static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(plus, _mm256_cmpeq_epi8(x, minus))));
    positive |= static_cast<uint64_t>(bits) << (32 * half);
    valid |= static_cast<uint64_t>(good) << (32 * half);
  }
  if (~valid != 0) return static_cast<int64_t>(_tzcnt_u64(~valid));
  *out = positive;
  return -1;
}

static inline __m256i popcount_lanes(__m256i x) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2,
                                         3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble));
  const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
  return _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256());
}

static inline int64_t sum64(__m256i x) {
  const __m128i half = _mm_add_epi64(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  return _mm_cvtsi128_si64(half) + _mm_extract_epi64(half, 1);
}

static inline int64_t sum32(__m256i x) {
  return sum64(_mm256_add_epi64(_mm256_cvtepi32_epi64(_mm256_castsi256_si128(x)),
                                _mm256_cvtepi32_epi64(_mm256_extracti128_si256(x, 1))));
}

static inline void row_overlaps(const uint32_t* rows, size_t count, size_t blocks, size_t neurons,
                                const uint32_t* state, int32_t* out) {
  const size_t words = blocks * kBlockWords;
  for (size_t mu = 0; mu < count; mu++) {
    const uint32_t* row = rows + mu * words;
    __m256i a = _mm256_setzero_si256(), b = a;
    for (size_t k = 0; k < words; k += 16) {
      a = _mm256_add_epi64(a, popcount_lanes(_mm256_xor_si256(load256(row + k), load256(state + k))));
      b = _mm256_add_epi64(b, popcount_lanes(_mm256_xor_si256(load256(row + k + 8), load256(state + k + 8))));
    }
    out[mu] = static_cast<int32_t>(static_cast<int64_t>(neurons) - 2 * sum64(_mm256_add_epi64(a, b)));
  }
}

static inline void column_differences(const uint64_t* planes, size_t neurons, size_t words,
                                      const uint64_t* column, int32_t* out) {
  size_t j = 0;
  for (; j + 4 <= neurons; j += 4) {
    __m256i sum = _mm256_setzero_si256();
    for (size_t w = 0; w < words; w++) {
      const __m256i c = _mm256_set1_epi64x(static_cast<long long>(column[w]));
      sum = _mm256_add_epi64(sum, popcount_lanes(_mm256_xor_si256(load256(planes + w * neurons + j), c)));
    }
    const __m256i narrow = _mm256_permutevar8x32_epi32(sum, _mm256_setr_epi32(0, 2, 4, 6, 0, 0, 0, 0));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + j), _mm256_castsi256_si128(narrow));
  }
  for (; j < neurons; j++) {
    int differing = 0;
    for (size_t w = 0; w < words; w++) differing += count_ones(planes[w * neurons + j] ^ column[w]);
    out[j] = differing;
  }
}

/// Whole cache lines go straight to memory, without being read first.
static inline void write_past_cache(int32_t* to, const int32_t* from, size_t count) {
  size_t k = 0;
  while (k < count && reinterpret_cast<uintptr_t>(to + k) % 32 != 0) to[k] = from[k], k++;
  for (; k + 8 <= count; k += 8) _mm256_stream_si256(reinterpret_cast<__m256i*>(to + k), load256(from + k));
  for (; k < count; k++) to[k] = from[k];
}
static inline void finish_writes() { _mm_sfence(); }

/// Sixteen bits to sixteen lanes of 0 or −1.
static inline __m256i spread16(uint32_t bits) {
  const __m256i lane =
      _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
  return _mm256_cmpeq_epi16(_mm256_and_si256(_mm256_set1_epi16(static_cast<short>(bits)), lane), lane);
}

/// Eight bits to eight lanes of 0 or −1.
static inline __m256i spread8(uint32_t bits) {
  const __m256i lane = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits)), lane), lane);
}

static inline void vote_block(const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
                              int32_t* sum) {
  for (size_t quarter = 0; quarter < 4; quarter++) {
    __m256i lanes[8];
#pragma GCC unroll 8
    for (size_t k = 0; k < 8; k++) lanes[k] = _mm256_setzero_si256();
    for (size_t b = 0; b < n; b++) {
      uint16_t halves[8];
      memcpy(halves, block + ballots[b].row * stride + 4 * quarter, sizeof(halves));
      const __m256i vote = _mm256_set1_epi16(static_cast<short>(ballots[b].vote));
#pragma GCC unroll 8
      for (size_t k = 0; k < 8; k++) {
        lanes[k] = _mm256_add_epi16(lanes[k], _mm256_and_si256(spread16(halves[k]), vote));
      }
    }
#pragma GCC unroll 8
    for (size_t k = 0; k < 8; k++) {
      int32_t* to = sum + quarter * 128 + k * 16;
      const __m256i low = _mm256_cvtepi16_epi32(_mm256_castsi256_si128(lanes[k]));
      const __m256i high = _mm256_cvtepi16_epi32(_mm256_extracti128_si256(lanes[k], 1));
      store256(to, _mm256_add_epi32(load256(to), low));
      store256(to + 8, _mm256_add_epi32(load256(to + 8), high));
    }
  }
}

static inline void threshold_block(const int32_t* sum, int32_t total, int32_t count, Tie tie,
                                   const uint32_t* state, uint32_t* next) {
  const __m256i t = _mm256_set1_epi32(total), p = _mm256_set1_epi32(count), zero = _mm256_setzero_si256();
  for (size_t k = 0; k < kBlockWords; k++) {
    uint32_t word = 0;
    for (size_t q = 0; q < 4; q++) {
      const __m256i s = spread8(state[k] >> (8 * q));
      // p where the neuron is +1, −p where it is −1.
      const __m256i minus = _mm256_andnot_si256(s, _mm256_set1_epi32(-1));
      const __m256i self = _mm256_sub_epi32(_mm256_xor_si256(p, minus), minus);
      const __m256i votes = _mm256_sub_epi32(_mm256_slli_epi32(load256(sum + k * 32 + q * 8), 1), t);
      const __m256i h = _mm256_sub_epi32(votes, self);
      const __m256i positive = _mm256_cmpgt_epi32(h, zero), at_zero = _mm256_cmpeq_epi32(h, zero);
      const __m256i chosen = tie == Tie::kPositive ? at_zero
                             : tie == Tie::kKeep   ? _mm256_and_si256(at_zero, s)
                                                   : zero;
      const int bits = _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_or_si256(positive, chosen)));
      word |= static_cast<uint32_t>(bits) << (8 * q);
    }
    next[k] = word;
  }
}

static inline void threshold_words(const int16_t* sum, int16_t up, int16_t down, const uint32_t* state,
                                   uint32_t* next) {
  const __m256i u = _mm256_set1_epi16(up), d = _mm256_set1_epi16(down);
  for (size_t k = 0; k < kBlockWords; k++) {
    const __m256i low = _mm256_blendv_epi8(d, u, spread16(state[k]));
    const __m256i high = _mm256_blendv_epi8(d, u, spread16(state[k] >> 16));
    // Packing works within 128-bit lanes: the middle quarters change places.
    const __m256i over = _mm256_packs_epi16(_mm256_cmpgt_epi16(load256(sum + k * 32), low),
                                            _mm256_cmpgt_epi16(load256(sum + k * 32 + 16), high));
    next[k] = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_permute4x64_epi64(over, 0xd8)));
  }
}

/// Four patterns a table, the same in both lanes; 32 neurons a register.
struct Lookup {
  static constexpr size_t kBits = 4, kLanes = 32;

  static inline __m256i zero() { return _mm256_setzero_si256(); }
  static inline __m256i load(const uint8_t* p) { return load256(p); }
  static inline void store(uint8_t* p, __m256i x) { store256(p, x); }
  static inline __m256i spread(const uint32_t* words, size_t reg, uint8_t value) {
    const __m256i byte = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2,
                                          2, 3, 3, 3, 3, 3, 3, 3, 3);
    const __m256i bit = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201u));
    const __m256i x = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(words[reg])), byte);
    return _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_and_si256(x, bit), bit),
                            _mm256_set1_epi8(static_cast<char>(value)));
  }
  static inline __m256i join(__m256i a, __m256i b) { return _mm256_or_si256(a, b); }
  static inline __m256i arrange(__m256i index) { return _mm256_permute4x64_epi64(index, 0xd8); }
  static inline __m256i find(const uint8_t* plane, __m256i index) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(plane));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(x), index);
  }
  static inline __m256i low(__m256i l, __m256i h) { return _mm256_unpacklo_epi8(l, h); }
  static inline __m256i high(__m256i l, __m256i h) { return _mm256_unpackhi_epi8(l, h); }
  static inline __m256i add(__m256i a, __m256i b) { return _mm256_add_epi16(a, b); }
  static inline void tables(const int16_t* votes, size_t groups, uint8_t* planes) {
    portable::nibble_tables(votes, groups, planes);
  }
};
static inline void overlaps_of(const uint32_t* rows, size_t count, size_t blocks, size_t neurons,
                               size_t states, const uint32_t* const* state, int32_t* const* out) {
  portable::overlaps_in_turn(row_overlaps, rows, count, blocks, neurons, states, state, out);
}

static inline int64_t column_sum(const uint32_t* column, const int16_t* votes, size_t words, size_t span) {
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sum = _mm256_setzero_si256();
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    __m256i a = _mm256_setzero_si256(), b = a;
    for (; k < end; k++) {
      a = _mm256_add_epi16(a, _mm256_and_si256(spread16(column[k]), load256(votes + k * 32)));
      b = _mm256_add_epi16(b, _mm256_and_si256(spread16(column[k] >> 16), load256(votes + k * 32 + 16)));
    }
    sum = _mm256_add_epi32(sum, _mm256_add_epi32(_mm256_madd_epi16(a, ones), _mm256_madd_epi16(b, ones)));
  }
  return sum32(sum);
}

static inline int64_t column_sum(const uint32_t* column, const int32_t* votes, size_t words, size_t) {
  __m256i sum = _mm256_setzero_si256();
  for (size_t q = 0; q < 4 * words; q++) {
    sum = _mm256_add_epi32(sum,
                           _mm256_and_si256(spread8(column[q / 4] >> (8 * (q % 4))), load256(votes + q * 8)));
  }
  return sum32(sum);
}

static inline void column_add(const uint32_t* column, int16_t* votes, size_t words, int delta) {
  const __m256i up = _mm256_set1_epi16(static_cast<short>(delta)),
                down = _mm256_set1_epi16(static_cast<short>(-delta));
  for (size_t k = 0; k < 2 * words; k++) {
    const __m256i change = _mm256_blendv_epi8(down, up, spread16(column[k / 2] >> (16 * (k % 2))));
    store256(votes + k * 16, _mm256_add_epi16(load256(votes + k * 16), change));
  }
}

static inline void column_add(const uint32_t* column, int32_t* votes, size_t words, int delta) {
  const __m256i up = _mm256_set1_epi32(delta), down = _mm256_set1_epi32(-delta);
  for (size_t q = 0; q < 4 * words; q++) {
    const __m256i change = _mm256_blendv_epi8(down, up, spread8(column[q / 4] >> (8 * (q % 4))));
    store256(votes + q * 8, _mm256_add_epi32(load256(votes + q * 8), change));
  }
}

#include "tiers/avx2_votes.h"
#include "tiers/portable_sweep.h"
#include "tiers/avx2_real.h"
constexpr size_t kKeysAlone = 4, kKeysTogether = 2, kQueriesTogether = 3, kColumnsTogether = 2, kExps = 1;
#include "tiers/avx2_screen.h"
#include "tiers/portable_lists.h"
#include "tiers/avx2_nearest.h"
#include "tiers/exact_chains.h"
#include "tiers/avx2_chains.h"
#include "kernels/all.h"
using Together = LookupTogether<Lookup>;
using Products = DenseProducts;
constexpr size_t kLeastTogether = 4;
#include "kernels/table.h"

}  // namespace

Tier avx2_tier() { return table(); }

}  // namespace hopfield

#if defined(__clang__)
#pragma clang attribute pop
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
#endif
