// Asynchronous visits, four at a time. A tier's Fours says how four fields are weighed:
//   kOwn            columns of up to so many words have code of their own
//   Fours(count)    for a pass over so many patterns
//   prefetch(pass, u)   asks for the columns of visits u…u + 3, where they may be far away
//   wanted<kWords>(pass, columns, s, fields)   writes the fields of four neurons, of which those in s are at
//                   +1, and returns whom they are against; kWords is the number of words, 0 where unknown
//   first(four)     the place of the lowest of four bits, one of which is set
#ifndef HOPFIELD_SIMD_SWEEP_BY_FOURS_H_
#define HOPFIELD_SIMD_SWEEP_BY_FOURS_H_

#include "simd/flip_column.h"
#include "simd/operands.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Columns beyond this many bytes do not stay in the level-2 cache between visits and are asked for ahead of
/// time.
constexpr size_t kNearBytes = 1 << 20;

/// Signs of four neurons by their bits.
alignas(64) constexpr int32_t kFourSigns[16][4] = {
    {-1, -1, -1, -1}, {1, -1, -1, -1}, {-1, 1, -1, -1}, {1, 1, -1, -1}, {-1, -1, 1, -1}, {1, -1, 1, -1},
    {-1, 1, 1, -1},   {1, 1, 1, -1},   {-1, -1, -1, 1}, {1, -1, -1, 1}, {-1, 1, -1, 1},  {1, 1, -1, 1},
    {-1, -1, 1, 1},   {1, -1, 1, 1},   {-1, 1, 1, 1},   {1, 1, 1, 1}};

/// See portable_sweep.h. Four visits are weighed at once, up to and with the first that is expected to
/// flip: then the next four do not wait for the answer, and the branch on it is one the processor predicts.
/// Where the expectation was wrong, the first actual flip is carried out and the visits after it are weighed
/// again.
///
/// kPlain says that nothing is clamped and nothing expected to flip.
template <class Fours, size_t kWords, bool kPlain, class Vote>
HOPFIELD_NOINLINE static size_t sweep_four(Pass<Vote>& pass) {
  const Fours fours(pass.count);
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
      if (expected != 0) weighed = Fours::first(expected) + 1;
      expected &= 0u - expected;
    }
    if (far) Fours::prefetch(pass, u + 8);
    const unsigned wanted = fours.template wanted<kWords>(pass, c, s, pass.fields + u);
    const unsigned flipping = wanted & ~clamped & ((1u << weighed) - 1);
    if (flipping != expected) {
      if (flipping != 0) weighed = Fours::first(flipping) + 1;
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

/// Columns of as many words as the pass has, from kWords words down.
template <class Fours, bool kPlain, size_t kWords>
static inline size_t sweep_words(Pass<int16_t>& pass) {
  if constexpr (kWords > 0) {
    if (pass.used != kWords) return sweep_words<Fours, kPlain, kWords - 1>(pass);
  }
  return sweep_four<Fours, kWords, kPlain>(pass);
}

template <class Fours, bool kPlain>
static inline size_t sweep_words(Pass<int16_t>& pass) {
  if (pass.used > pass.span) return sweep_four<Fours, 0, kPlain>(pass);
  return sweep_words<Fours, kPlain, Fours::kOwn>(pass);
}

template <class Fours, bool kPlain>
static inline size_t sweep_words(Pass<int32_t>& pass) {
  return sweep_four<Fours, 0, kPlain>(pass);
}

template <class Fours, class Vote>
static inline size_t sweep_by_fours(Pass<Vote>& pass) {
  if (pass.expected == nullptr && pass.clamp == nullptr) return sweep_words<Fours, true>(pass);
  // The state expects itself: nothing to flip.
  if (pass.expected == nullptr) pass.expected = pass.state;
  return sweep_words<Fours, false>(pass);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_SWEEP_BY_FOURS_H_
