// Asynchronous visits, four at a time, on the four_columns and fold_four of AVX2 or AVX-512.
#ifndef HOPFIELD_SIMD_X86_SWEEP_H_
#define HOPFIELD_SIMD_X86_SWEEP_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/avx2.h"
#endif

#include "simd/flip_column.h"
#include "simd/intrinsics.h"
#include "simd/operands.h"
#include "simd/simd.h"
#include "simd/small.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

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

/// Signs of four neurons by their bits.
alignas(64) constexpr int32_t kFourSigns[16][4] = {
    {-1, -1, -1, -1}, {1, -1, -1, -1}, {-1, 1, -1, -1}, {1, 1, -1, -1}, {-1, -1, 1, -1}, {1, -1, 1, -1},
    {-1, 1, 1, -1},   {1, 1, 1, -1},   {-1, -1, -1, 1}, {1, -1, -1, 1}, {-1, 1, -1, 1},  {1, 1, -1, 1},
    {-1, -1, 1, 1},   {1, -1, 1, 1},   {-1, 1, 1, 1},   {1, 1, 1, 1}};

static inline unsigned four_bits(__m128i mask) {
  return static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(mask)));
}

/// See portable_sweep.h. Four visits are weighed at once, up to and with the first that is expected to
/// flip: then the next four do not wait for the answer, and the branch on it is one the processor predicts.
/// Where the expectation was wrong, the first actual flip is carried out and the visits after it are weighed
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
    size_t weighed = smaller(count - u, 4);
    const uint32_t* c[4];
    unsigned s = 0, expected = 0, clamped = 0;
    HOPFIELD_UNROLL(4)
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
    const __m128i signs = _mm_load_si128(reinterpret_cast<const __m128i*>(kFourSigns[s]));
    const __m128i h = _mm_sub_epi32(h0, _mm_sign_epi32(p, signs));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(pass.fields + u), h);
    const unsigned at_zero = four_bits(_mm_cmpeq_epi32(h, zero));
    const unsigned chosen = pass.tie == Tie::kPositive ? at_zero : pass.tie == Tie::kKeep ? (at_zero & s) : 0;
    const unsigned wanted = (four_bits(_mm_cmpgt_epi32(h, zero)) | chosen) ^ s;
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

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_X86_SWEEP_H_
