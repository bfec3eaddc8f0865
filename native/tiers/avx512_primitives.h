// AVX-512, shared by the tiers with and without VPOPCNTDQ; the including file defines popcount_lanes.
// Included inside a tier's own namespace and target region. No includes here.
//
//   intrinsic                 instruction         Ice Lake / Sapphire Rapids: latency, ports
//   _mm512_mask_add_epi16     vpaddw zmm{k}       1, p05
//   _load_mask32              kmovd k, m32        load + p5
//   _mm512_popcnt_epi64       vpopcntq zmm        3, p5
//   _mm512_madd_epi16         vpmaddwd zmm        5, p05
//   _mm512_mul_epu32          vpmuludq zmm        5, p05
//
// Patterns are used as masks straight from memory. A vote costs one mask load (port 5) and one masked
// addition (ports 0 and 5) for 32 neurons, so 512 neurons take 16 cycles a pattern with their 16 accumulators
// in registers.

static inline int count_ones(uint64_t x) { return static_cast<int>(_mm_popcnt_u64(x)); }

static inline __m512i load_block(const uint32_t* p) { return _mm512_loadu_si512(p); }

static inline int64_t pack_word(const int8_t* states, size_t n, uint64_t* out) {
  const __mmask64 used = n == 64 ? ~0ull : (1ull << n) - 1;
  const __m512i x = _mm512_maskz_loadu_epi8(used, states);
  const __mmask64 positive = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(1));
  const __mmask64 negative = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(-1));
  const uint64_t wrong = used & ~(positive | negative);
  if (wrong != 0) return static_cast<int64_t>(_tzcnt_u64(wrong));
  *out = positive;
  return -1;
}

static inline void unpack_word(uint64_t bits, size_t n, int8_t* states) {
  const __mmask64 used = n == 64 ? ~0ull : (1ull << n) - 1;
  const __m512i x = _mm512_mask_blend_epi8(bits, _mm512_set1_epi8(-1), _mm512_set1_epi8(1));
  _mm512_mask_storeu_epi8(states, used, x);
}

static inline __m512i differing_lanes(const uint32_t* row, const uint32_t* state, size_t blocks) {
  __m512i sum = _mm512_setzero_si512();
  for (size_t k = 0; k < blocks; k++) {
    const __m512i x =
        _mm512_xor_si512(load_block(row + k * kBlockWords), load_block(state + k * kBlockWords));
    sum = _mm512_add_epi64(sum, popcount_lanes(x));
  }
  return sum;
}

/// The sums of the 128-bit halves of eight lanes each, two vectors into one.
static inline __m512i fold(__m512i a, __m512i b) {
  return _mm512_add_epi64(_mm512_shuffle_i64x2(a, b, 0x88), _mm512_shuffle_i64x2(a, b, 0xdd));
}

static inline void row_overlaps(const uint32_t* rows, size_t count, size_t blocks, size_t neurons,
                                const uint32_t* state, int32_t* out) {
  const size_t stride = blocks * kBlockWords;
  const __m512i all = _mm512_set1_epi64(static_cast<long long>(neurons));
  size_t mu = 0;
  for (; mu + 8 <= count; mu += 8) {
    __m512i d[8];
#pragma GCC unroll 8
    for (size_t r = 0; r < 8; r++) d[r] = _mm512_setzero_si512();
    for (size_t k = 0; k < blocks; k++) {
      const __m512i s = load_block(state + k * kBlockWords);
      const uint32_t* row = rows + mu * stride + k * kBlockWords;
#pragma GCC unroll 8
      for (size_t r = 0; r < 8; r++) {
        d[r] = _mm512_add_epi64(d[r], popcount_lanes(_mm512_xor_si512(load_block(row + r * stride), s)));
      }
    }
#pragma GCC unroll 4
    for (size_t r = 0; r < 8; r += 2) {
      d[r] = _mm512_add_epi64(_mm512_unpacklo_epi64(d[r], d[r + 1]), _mm512_unpackhi_epi64(d[r], d[r + 1]));
    }
    const __m512i sums = fold(fold(d[0], d[2]), fold(d[4], d[6]));
    const __m512i v = _mm512_sub_epi64(all, _mm512_slli_epi64(sums, 1));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + mu), _mm512_cvtepi64_epi32(v));
  }
  for (; mu < count; mu++) {
    const long long differing = _mm512_reduce_add_epi64(differing_lanes(rows + mu * stride, state, blocks));
    out[mu] = static_cast<int32_t>(static_cast<int64_t>(neurons) - 2 * differing);
  }
}

/// Four states a pass: each pattern is loaded once for all of them.
static inline void overlaps_of(const uint32_t* rows, size_t count, size_t blocks, size_t neurons,
                               size_t states, const uint32_t* const* state, int32_t* const* out) {
  const size_t stride = blocks * kBlockWords;
  const __m512i all = _mm512_set1_epi64(static_cast<long long>(neurons));
  size_t b = 0;
  for (; b + 4 <= states; b += 4) {
    size_t mu = 0;
    for (; mu + 2 <= count; mu += 2) {
      __m512i d[8];
#pragma GCC unroll 8
      for (size_t r = 0; r < 8; r++) d[r] = _mm512_setzero_si512();
      const uint32_t* row = rows + mu * stride;
      for (size_t k = 0; k < blocks; k++) {
        const __m512i x = load_block(row + k * kBlockWords), y = load_block(row + stride + k * kBlockWords);
#pragma GCC unroll 4
        for (size_t c = 0; c < 4; c++) {
          const __m512i s = load_block(state[b + c] + k * kBlockWords);
          d[2 * c] = _mm512_add_epi64(d[2 * c], popcount_lanes(_mm512_xor_si512(x, s)));
          d[2 * c + 1] = _mm512_add_epi64(d[2 * c + 1], popcount_lanes(_mm512_xor_si512(y, s)));
        }
      }
#pragma GCC unroll 4
      for (size_t r = 0; r < 8; r += 2) {
        d[r] = _mm512_add_epi64(_mm512_unpacklo_epi64(d[r], d[r + 1]), _mm512_unpackhi_epi64(d[r], d[r + 1]));
      }
      const __m512i sums = fold(fold(d[0], d[2]), fold(d[4], d[6]));
      const __m256i v = _mm512_cvtepi64_epi32(_mm512_sub_epi64(all, _mm512_slli_epi64(sums, 1)));
      alignas(32) uint64_t pairs[4];
      _mm256_store_si256(reinterpret_cast<__m256i*>(pairs), v);
#pragma GCC unroll 4
      for (size_t c = 0; c < 4; c++) memcpy(out[b + c] + mu, &pairs[c], sizeof(pairs[c]));
    }
    for (; mu < count; mu++) {
      for (size_t c = 0; c < 4; c++)
        row_overlaps(rows + mu * stride, 1, blocks, neurons, state[b + c], out[b + c] + mu);
    }
  }
  for (; b < states; b++) row_overlaps(rows, count, blocks, neurons, state[b], out[b]);
}

static inline void column_differences(const uint64_t* planes, size_t neurons, size_t words,
                                      const uint64_t* column, int32_t* out) {
  for (size_t j = 0; j < neurons; j += 8) {
    const __mmask8 used = neurons - j >= 8 ? 0xff : static_cast<__mmask8>((1u << (neurons - j)) - 1);
    __m512i sum = _mm512_setzero_si512();
    for (size_t w = 0; w < words; w++) {
      const __m512i x = _mm512_maskz_loadu_epi64(used, planes + w * neurons + j);
      sum = _mm512_add_epi64(
          sum, popcount_lanes(_mm512_xor_si512(x, _mm512_set1_epi64(static_cast<long long>(column[w])))));
    }
    _mm256_mask_storeu_epi32(out + j, used, _mm512_cvtepi64_epi32(sum));
  }
}

/// Whole cache lines go straight to memory, without being read first.
static inline void write_past_cache(int32_t* to, const int32_t* from, size_t count) {
  size_t k = 0;
  while (k < count && reinterpret_cast<uintptr_t>(to + k) % 64 != 0) to[k] = from[k], k++;
  for (; k + 16 <= count; k += 16) {
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to + k), _mm512_loadu_si512(from + k));
  }
  for (; k < count; k++) to[k] = from[k];
}
static inline void finish_writes() { _mm_sfence(); }

static inline void vote_block(const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
                              int32_t* sum) {
  __m512i lanes[16];
#pragma GCC unroll 16
  for (size_t k = 0; k < 16; k++) lanes[k] = _mm512_setzero_si512();
  for (size_t b = 0; b < n; b++) {
    const uint32_t* words = block + ballots[b].row * stride;
    const __m512i vote = _mm512_set1_epi16(static_cast<short>(ballots[b].vote));
#pragma GCC unroll 16
    for (size_t k = 0; k < 16; k++) {
      lanes[k] = _mm512_mask_add_epi16(lanes[k], words[k], lanes[k], vote);
    }
  }
#pragma GCC unroll 16
  for (size_t k = 0; k < 16; k++) {
    int32_t* to = sum + k * 32;
    const __m512i low = _mm512_cvtepi16_epi32(_mm512_castsi512_si256(lanes[k]));
    const __m512i high = _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(lanes[k], 1));
    _mm512_storeu_si512(to, _mm512_add_epi32(_mm512_loadu_si512(to), low));
    _mm512_storeu_si512(to + 16, _mm512_add_epi32(_mm512_loadu_si512(to + 16), high));
  }
}

static inline void threshold_block(const int32_t* sum, int32_t total, int32_t count, Tie tie,
                                   const uint32_t* state, uint32_t* next) {
  const __m512i t = _mm512_set1_epi32(total);
  const __m512i p = _mm512_set1_epi32(count);
  const __m512i zero = _mm512_setzero_si512();
  for (size_t half = 0; half < 2 * kBlockWords; half++) {
    const __mmask16 s = static_cast<__mmask16>(state[half / 2] >> (16 * (half % 2)));
    __m512i h = _mm512_sub_epi32(_mm512_slli_epi32(_mm512_loadu_si512(sum + half * 16), 1), t);
    h = _mm512_mask_sub_epi32(_mm512_add_epi32(h, p), s, h, p);
    const __mmask16 positive = _mm512_cmpgt_epi32_mask(h, zero);
    const __mmask16 at_zero = _mm512_cmpeq_epi32_mask(h, zero);
    const __mmask16 chosen = tie == Tie::kPositive ? at_zero : tie == Tie::kKeep ? (at_zero & s) : 0;
    const uint32_t bits = static_cast<uint16_t>(positive | chosen);
    next[half / 2] = half % 2 == 0 ? bits : next[half / 2] | bits << 16;
  }
}

static inline void threshold_words(const int16_t* sum, int16_t up, int16_t down, const uint32_t* state,
                                   uint32_t* next) {
  const __m512i u = _mm512_set1_epi16(up), d = _mm512_set1_epi16(down);
  for (size_t k = 0; k < kBlockWords; k++) {
    next[k] =
        _mm512_cmpgt_epi16_mask(_mm512_loadu_si512(sum + k * 32), _mm512_mask_blend_epi16(state[k], d, u));
  }
}

/// What both kinds of look-up share: 64 neurons a register, and zips that work within 128-bit lanes.
struct LookupOf64 {
  static constexpr size_t kLanes = 64;

  static inline __m512i zero() { return _mm512_setzero_si512(); }
  static inline __m512i load(const uint8_t* p) { return _mm512_loadu_si512(p); }
  static inline void store(uint8_t* p, __m512i x) { _mm512_storeu_si512(p, x); }
  static inline __m512i spread(const uint32_t* words, size_t reg, uint8_t value) {
    return _mm512_maskz_mov_epi8(load64(words + 2 * reg), _mm512_set1_epi8(static_cast<char>(value)));
  }
  static inline __m512i join(__m512i a, __m512i b) { return _mm512_or_si512(a, b); }
  static inline __m512i arrange(__m512i index) {
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7), index);
  }
  static inline __m512i low(__m512i l, __m512i h) { return _mm512_unpacklo_epi8(l, h); }
  static inline __m512i high(__m512i l, __m512i h) { return _mm512_unpackhi_epi8(l, h); }
  static inline __m512i add(__m512i a, __m512i b) { return _mm512_add_epi16(a, b); }
};

/// The sum of sixteen 32-bit lanes, each of them at most N·P/16 in magnitude.
static inline int64_t sum32(__m512i x) {
  return _mm512_reduce_add_epi64(_mm512_add_epi64(_mm512_cvtepi32_epi64(_mm512_castsi512_si256(x)),
                                                  _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(x, 1))));
}

static inline int64_t column_sum(const uint32_t* column, const int16_t* votes, size_t words, size_t span) {
  const __m512i ones = _mm512_set1_epi16(1);
  __m512i sum = _mm512_setzero_si512();
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    __m512i lanes = _mm512_setzero_si512();
    for (; k < end; k++)
      lanes = _mm512_mask_add_epi16(lanes, column[k], lanes, _mm512_loadu_si512(votes + k * 32));
    sum = _mm512_add_epi32(sum, _mm512_madd_epi16(lanes, ones));
  }
  return sum32(sum);
}

static inline int64_t column_sum(const uint32_t* column, const int32_t* votes, size_t words, size_t) {
  __m512i sum = _mm512_setzero_si512();
  for (size_t k = 0; k < words; k++) {
    const uint32_t bits = column[k];
    sum = _mm512_mask_add_epi32(sum, static_cast<__mmask16>(bits), sum, _mm512_loadu_si512(votes + k * 32));
    sum = _mm512_mask_add_epi32(sum, static_cast<__mmask16>(bits >> 16), sum,
                                _mm512_loadu_si512(votes + k * 32 + 16));
  }
  return sum32(sum);
}

/// As column_sum, for four columns at once, in 32-bit lanes.
struct Four {
  __m512i lanes[4];
};

/// kWords is the number of words where it is known, 0 where it is not: straight-line code keeps the masks
/// coming.
template <size_t kWords>
static inline Four four_columns(const uint32_t* const c[4], const int16_t* votes, size_t words, size_t span) {
  const __m512i ones = _mm512_set1_epi16(1);
  Four sums;
  if (kWords != 0) {
    __m512i lanes[4];
#pragma GCC unroll 4
    for (size_t r = 0; r < 4; r++) lanes[r] = _mm512_maskz_loadu_epi16(c[r][0], votes);
#pragma GCC unroll 8
    for (size_t k = 1; k < kWords; k++) {
      const __m512i vote = _mm512_loadu_si512(votes + k * 32);
#pragma GCC unroll 4
      for (size_t r = 0; r < 4; r++) lanes[r] = _mm512_mask_add_epi16(lanes[r], c[r][k], lanes[r], vote);
    }
#pragma GCC unroll 4
    for (size_t r = 0; r < 4; r++) sums.lanes[r] = _mm512_madd_epi16(lanes[r], ones);
    return sums;
  }
#pragma GCC unroll 4
  for (size_t r = 0; r < 4; r++) sums.lanes[r] = _mm512_setzero_si512();
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    __m512i lanes[4];
#pragma GCC unroll 4
    for (size_t r = 0; r < 4; r++) lanes[r] = _mm512_setzero_si512();
    for (; k < end; k++) {
      const __m512i vote = _mm512_loadu_si512(votes + k * 32);
#pragma GCC unroll 4
      for (size_t r = 0; r < 4; r++) lanes[r] = _mm512_mask_add_epi16(lanes[r], c[r][k], lanes[r], vote);
    }
#pragma GCC unroll 4
    for (size_t r = 0; r < 4; r++) {
      sums.lanes[r] = _mm512_add_epi32(sums.lanes[r], _mm512_madd_epi16(lanes[r], ones));
    }
  }
  return sums;
}

template <size_t kWords>
static inline Four four_columns(const uint32_t* const c[4], const int32_t* votes, size_t words, size_t) {
  Four sums;
#pragma GCC unroll 4
  for (size_t r = 0; r < 4; r++) sums.lanes[r] = _mm512_setzero_si512();
  for (size_t k = 0; k < words; k++) {
    const __m512i low = _mm512_loadu_si512(votes + k * 32), high = _mm512_loadu_si512(votes + k * 32 + 16);
#pragma GCC unroll 4
    for (size_t r = 0; r < 4; r++) {
      const uint32_t bits = c[r][k];
      sums.lanes[r] = _mm512_mask_add_epi32(sums.lanes[r], static_cast<__mmask16>(bits), sums.lanes[r], low);
      sums.lanes[r] =
          _mm512_mask_add_epi32(sums.lanes[r], static_cast<__mmask16>(bits >> 16), sums.lanes[r], high);
    }
  }
  return sums;
}

/// The four horizontal sums.
static inline __m128i fold_four(const Four& s) {
  const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(s.lanes[0], s.lanes[1]),
                                      _mm512_unpackhi_epi32(s.lanes[0], s.lanes[1]));
  const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(s.lanes[2], s.lanes[3]),
                                      _mm512_unpackhi_epi32(s.lanes[2], s.lanes[3]));
  const __m512i abcd = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
  const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(abcd), _mm512_extracti64x4_epi64(abcd, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

static inline void column_add(const uint32_t* column, int16_t* votes, size_t words, int delta) {
  const __m512i up = _mm512_set1_epi16(static_cast<short>(delta));
  const __m512i down = _mm512_set1_epi16(static_cast<short>(-delta));
  for (size_t k = 0; k < words; k++) {
    const __m512i change = _mm512_mask_blend_epi16(column[k], down, up);
    _mm512_storeu_si512(votes + k * 32, _mm512_add_epi16(_mm512_loadu_si512(votes + k * 32), change));
  }
}

static inline void column_add(const uint32_t* column, int32_t* votes, size_t words, int delta) {
  const __m512i up = _mm512_set1_epi32(delta);
  const __m512i down = _mm512_set1_epi32(-delta);
  for (size_t k = 0; k < 2 * words; k++) {
    const __mmask16 bits = static_cast<__mmask16>(column[k / 2] >> (16 * (k % 2)));
    const __m512i change = _mm512_mask_blend_epi32(bits, down, up);
    _mm512_storeu_si512(votes + k * 16, _mm512_add_epi32(_mm512_loadu_si512(votes + k * 16), change));
  }
}

#include "tiers/flip_column.h"

/// Columns beyond this many bytes do not stay in the level-2 cache between visits and are asked for ahead of
/// time.
constexpr size_t kNearBytes = 1 << 20;

/// Asks for the columns of visits u…u + 3.
template <class Vote>
static inline void prefetch_columns(const Pass<Vote>& pass, size_t u) {
  for (size_t r = u; r < u + 4 && r < pass.visit_count; r++) {
    const uint32_t* column = pass.columns + pass.visits[r] * pass.height;
    for (size_t k = 0; k < pass.used; k += 16) {
      _mm_prefetch(reinterpret_cast<const char*>(column + k), _MM_HINT_T0);
    }
  }
}

/// See portable_sweep.h. Four visits are weighed at once, up to and with the first that is expected to flip:
/// then the next four do not wait for the answer, and the branch on it is one the processor predicts. Where
/// the expectation was wrong, the first actual flip is carried out and the visits behind it are weighed
/// again.
///
/// kPlain says that nothing is clamped and nothing expected to flip.
template <size_t kWords, bool kPlain, class Vote>
HOPFIELD_NOINLINE static size_t sweep_four(Pass<Vote>& pass) {
  const __m128i p = _mm_set1_epi32(pass.count), zero = _mm_setzero_si128();
  const bool far = pass.visit_count * pass.height * sizeof(uint32_t) > kNearBytes;
  const size_t count = pass.visit_count;
  const uint32_t* const visits = pass.visits;
  size_t flips = 0;
  for (size_t u = 0; u < count;) {
    size_t weighed = count - u < 4 ? count - u : 4;
    const uint32_t* c[4];
    unsigned s = 0, expected = 0, clamped = 0;
#pragma GCC unroll 4
    for (size_t r = 0; r < 4; r++) {
      // Past the end the last visit is weighed again and its answer dropped.
      const size_t i = visits[u + (r < weighed ? r : weighed - 1)];
      c[r] = pass.columns + i * pass.height;
      s |= bit_at(pass.state, i) << r;
      if (!kPlain) {
        expected |= bit_at(pass.expected, i) << r;
        if (pass.clamp != nullptr) clamped |= bit_at(pass.clamp, i) << r;
      }
    }
    if (!kPlain) {
      expected = (expected ^ s) & ~clamped & ((1u << weighed) - 1);
      if (expected != 0) weighed = _tzcnt_u32(expected) + 1;
      expected &= 0u - expected;
    }
    if (far) prefetch_columns(pass, u + 8);
    const __m128i sums = fold_four(four_columns<kWords>(c, pass.votes, pass.used, pass.span));
    const __m128i h0 = _mm_sub_epi32(_mm_slli_epi32(sums, 1), _mm_set1_epi32(static_cast<int>(pass.total)));
    const __m128i h = _mm_mask_sub_epi32(_mm_add_epi32(h0, p), static_cast<__mmask8>(s), h0, p);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(pass.fields + u), h);
    const unsigned at_zero = _mm_cmpeq_epi32_mask(h, zero);
    const unsigned chosen = pass.tie == Tie::kPositive ? at_zero : pass.tie == Tie::kKeep ? (at_zero & s) : 0;
    const unsigned wanted = (_mm_cmpgt_epi32_mask(h, zero) | chosen) ^ s;
    const unsigned flipping = wanted & ~clamped & ((1u << weighed) - 1);
    if (flipping != expected) {
      if (flipping != 0) weighed = _tzcnt_u32(flipping) + 1;
      expected = flipping & (0u - flipping);
    }
    if (expected != 0) {
      flip_column(pass, visits[u + weighed - 1], (s & expected) == 0);
      pass.flips[flips++] = static_cast<uint32_t>(u + weighed - 1);
    }
    u += weighed;
  }
  return flips;
}

template <bool kPlain>
static inline size_t sweep_words(Pass<int16_t>& pass) {
  switch (pass.used <= pass.span ? pass.used : 0) {
    case 1:
      return sweep_four<1, kPlain>(pass);
    case 2:
      return sweep_four<2, kPlain>(pass);
    case 3:
      return sweep_four<3, kPlain>(pass);
    case 4:
      return sweep_four<4, kPlain>(pass);
    case 5:
      return sweep_four<5, kPlain>(pass);
    case 6:
      return sweep_four<6, kPlain>(pass);
    case 7:
      return sweep_four<7, kPlain>(pass);
    case 8:
      return sweep_four<8, kPlain>(pass);
    default:
      return sweep_four<0, kPlain>(pass);
  }
}

template <bool kPlain>
static inline size_t sweep_words(Pass<int32_t>& pass) {
  return sweep_four<0, kPlain>(pass);
}

template <class Vote>
static size_t sweep_columns(Pass<Vote>& pass) {
  if (pass.expected == nullptr && pass.clamp == nullptr) return sweep_words<true>(pass);
  // The state expects itself: nothing to flip.
  if (pass.expected == nullptr) pass.expected = pass.state;
  return sweep_words<false>(pass);
}

constexpr size_t kPhiloxLanes = 16;

/// One block of what these rows have in common: all bits if there are none.
static inline void common_block(const uint32_t* rows, size_t stride, const uint32_t* which, size_t count,
                                uint32_t* out) {
  __m512i common = _mm512_set1_epi32(-1);
  for (size_t k = 0; k < count; k++) {
    common = _mm512_and_si512(common, _mm512_loadu_si512(rows + which[k] * stride));
  }
  _mm512_storeu_si512(out, common);
}

/// Sixteen blocks, a word of each in a register. Even and odd ones go apart: a product's low word stays where
/// it is, since multiplications read the lower halves alone.
struct PhiloxBlocks {
  __m512i c0, c1, c2, c3;

  static inline void rounds(__m512i* c, const uint32_t seed[2]) {
    const __m512i m0 = _mm512_set1_epi64(0xD2511F53u), m1 = _mm512_set1_epi64(0xCD9E8D57u);
    uint32_t k0 = seed[0], k1 = seed[1];
    for (int round = 0; round < 10; round++) {
      const __m512i p0 = _mm512_mul_epu32(c[0], m0), p1 = _mm512_mul_epu32(c[2], m1);
      c[0] = _mm512_ternarylogic_epi32(_mm512_srli_epi64(p1, 32), c[1],
                                       _mm512_set1_epi32(static_cast<int>(k0)), 0x96);
      c[1] = p1;
      c[2] = _mm512_ternarylogic_epi32(_mm512_srli_epi64(p0, 32), c[3],
                                       _mm512_set1_epi32(static_cast<int>(k1)), 0x96);
      c[3] = p0;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
  }
  static inline __m512i join(__m512i even, __m512i odd) {
    return _mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
  }
  inline void run(const uint32_t seed[2]) {
    __m512i even[4] = {c0, c1, c2, c3};
    __m512i odd[4] = {_mm512_srli_epi64(c0, 32), _mm512_srli_epi64(c1, 32), _mm512_srli_epi64(c2, 32),
                      _mm512_srli_epi64(c3, 32)};
    rounds(even, seed);
    rounds(odd, seed);
    c0 = join(even[0], odd[0]);
    c1 = join(even[1], odd[1]);
    c2 = join(even[2], odd[2]);
    c3 = join(even[3], odd[3]);
  }
};

static inline void philox_lanes(const uint32_t seed[2], uint32_t draw, uint32_t sweep, uint32_t query_low,
                                uint32_t query_high, uint32_t* out) {
  const __m512i index = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  PhiloxBlocks blocks{_mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(draw)), index),
                      _mm512_set1_epi32(static_cast<int>(sweep)),
                      _mm512_set1_epi32(static_cast<int>(query_low)),
                      _mm512_set1_epi32(static_cast<int>(query_high))};
  blocks.run(seed);
  const __m512i c0 = blocks.c0, c1 = blocks.c1, c2 = blocks.c2, c3 = blocks.c3;
  // Four vectors of word w of blocks 0…15 into sixteen blocks of four words.
  const __m512i a = _mm512_unpacklo_epi32(c0, c1), b = _mm512_unpackhi_epi32(c0, c1);
  const __m512i c = _mm512_unpacklo_epi32(c2, c3), d = _mm512_unpackhi_epi32(c2, c3);
  const __m512i r0 = _mm512_unpacklo_epi64(a, c), r1 = _mm512_unpackhi_epi64(a, c);
  const __m512i r2 = _mm512_unpacklo_epi64(b, d), r3 = _mm512_unpackhi_epi64(b, d);
  // 128-bit lane q of r_j is block 4q + j.
  const __m512i x0 = _mm512_shuffle_i64x2(r0, r1, 0x44), x1 = _mm512_shuffle_i64x2(r2, r3, 0x44);
  const __m512i y0 = _mm512_shuffle_i64x2(r0, r1, 0xee), y1 = _mm512_shuffle_i64x2(r2, r3, 0xee);
  _mm512_storeu_si512(out, _mm512_shuffle_i64x2(x0, x1, 0x88));
  _mm512_storeu_si512(out + 16, _mm512_shuffle_i64x2(x0, x1, 0xdd));
  _mm512_storeu_si512(out + 32, _mm512_shuffle_i64x2(y0, y1, 0x88));
  _mm512_storeu_si512(out + 48, _mm512_shuffle_i64x2(y0, y1, 0xdd));
}
