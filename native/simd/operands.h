// What primitives work on.
#ifndef HOPFIELD_SIMD_OPERANDS_H_
#define HOPFIELD_SIMD_OPERANDS_H_

#include "core/plan.h"
#include "simd/bits.h"

namespace hopfield {
namespace {

/// One vote of one pattern: at most ±32767, so that a 16-bit lane holds it.
struct Ballot {
  uint32_t row;
  int32_t vote;
};

/// One pass of asynchronous updates: what a tier's sweep_columns works on. Every |h| < 2^31.
template <class Vote>
struct Pass {
  const uint32_t* columns;
  size_t height;  ///< words from one column to the next
  size_t used;    ///< of them words that hold patterns
  size_t span;    ///< words 16-bit lane sums can take before they must be widened
  Vote* votes;    ///< the overlaps of the moment
  int64_t total;  ///< their sum
  int32_t count;  ///< P
  Tie tie;
  const uint32_t* clamp;  ///< or null
  const uint32_t*
      expected;  ///< the state likely to come out, or null: decides what is tried first, never what happens
  const uint32_t* visits;
  size_t visit_count;
  uint32_t* state;
  int32_t* fields;  ///< out: h at each visit before the update; room for visit_count + 4
  uint32_t* flips;  ///< out: which visits flipped, in order; room for visit_count
};

/// Flips of few neurons at once (kernels/forms/carried_fields.h): each adds a row of bytes to halves of
/// fields.
constexpr size_t kMostMoves = 16;

/// The keys of Philox's ten rounds, two a round. In memory: to broadcast a register takes the port that
/// products leave to everything else, to broadcast what is in memory takes none.
struct PhiloxKeys {
  uint32_t words[20];

  explicit PhiloxKeys(const uint32_t seed[2]) {
    for (uint32_t round = 0; round < 10; round++) {
      words[2 * round] = seed[0] + round * 0x9E3779B9u;
      words[2 * round + 1] = seed[1] + round * 0xBB67AE85u;
    }
  }
};

/// Flips among sixteen neurons up to which each is looked for; more are decided one neuron after the other.
constexpr int kFewFlips = 3;

/// What its rounds multiply by.
constexpr uint64_t kPhiloxFactors[2] = {0xD2511F53u, 0xCD9E8D57u};

/// Chances by place (kernels/recall/acceptance.h): the largest 53 bits below each, their upper 32, and, where
/// there are few places, their upper 16 by parity: place 2k + r at top[r][k].
struct ChanceLimits {
  const uint64_t* whole;
  const uint32_t* high;
  const uint16_t (*top)[64];
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_OPERANDS_H_
