#ifndef HOPFIELD_KERNELS_RANDOM_H_
#define HOPFIELD_KERNELS_RANDOM_H_

#include "flag.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

constexpr size_t kPhiloxWords = 4 * kPhiloxLanes;

static void philox(const uint32_t seed[2], uint32_t sweep, uint32_t query_low, uint32_t query_high,
                   uint32_t* out, size_t words) {
  alignas(64) uint32_t lanes[kPhiloxWords];
  for (size_t at = 0; at < words; at += kPhiloxWords) {
    philox_lanes(seed, static_cast<uint32_t>(at / 4), sweep, query_low, query_high, lanes);
    memcpy(out + at, lanes, (smaller(words - at, kPhiloxWords)) * sizeof(uint32_t));
  }
}

/// The words of one (seed, sweep, query), in ascending draws; WordStream in src/numerics/philox.ts.
struct WordStream {
  const uint32_t* seed;
  uint32_t sweep;
  uint32_t query_low;
  uint32_t query_high;
  uint32_t draw = 0;
  size_t used = kPhiloxWords;
  alignas(64) uint32_t words[kPhiloxWords];

  WordStream(const uint32_t* key, uint32_t at_sweep, uint64_t query)
      : seed(key),
        sweep(at_sweep),
        query_low(static_cast<uint32_t>(query)),
        query_high(static_cast<uint32_t>(query >> 32)) {}

  HOPFIELD_NOINLINE void refill() {
    philox_lanes(seed, draw, sweep, query_low, query_high, words);
    draw += kPhiloxLanes;
    used = 0;
  }

  inline uint32_t word() {
    if (used == kPhiloxWords) refill();
    return words[used++];
  }

  /// Uniform in [0, bound): multiply-shift with rejection (Lemire 2019).
  inline uint32_t bounded(uint32_t bound) {
    uint64_t product = static_cast<uint64_t>(word()) * bound;
    if (static_cast<uint32_t>(product) < bound) {
      const uint32_t threshold = (0u - bound) % bound;
      while (static_cast<uint32_t>(product) < threshold) product = static_cast<uint64_t>(word()) * bound;
    }
    return static_cast<uint32_t>(product >> 32);
  }
};

static void visit_in_turn(uint32_t* visits, size_t neurons) {
  for (size_t i = 0; i < neurons; i++) visits[i] = static_cast<uint32_t>(i);
}

/// Fisher–Yates from the last element down. Sixteen bounds at a time, until a word is rejected or few are
/// left.
HOPFIELD_NOINLINE static void permute(WordStream& stream, uint32_t* visits, size_t neurons) {
  constexpr size_t kStep = 16;
  visit_in_turn(visits, neurons);
  size_t i = neurons - 1;
  while (i >= kStep) {
    heed_flag(i / kStep, 1024);
    if (stream.used == kPhiloxWords) stream.refill();
    const uint32_t* words = stream.words + stream.used;
    uint32_t low[kStep], high[kStep];
    uint32_t rejectable = 0;
    for (uint32_t l = 0; l < kStep; l++) {
      const uint32_t bound = static_cast<uint32_t>(i) + 1 - l;
      const uint64_t product = static_cast<uint64_t>(words[l]) * bound;
      low[l] = static_cast<uint32_t>(product);
      high[l] = static_cast<uint32_t>(product >> 32);
      rejectable |= low[l] < bound;
    }
    // One word in 2^32/N: the careful way takes over, and words are no longer sixteen abreast.
    if (rejectable != 0) break;
    stream.used += kStep;
    for (size_t l = 0; l < kStep; l++) {
      exchange(visits[i - l], visits[high[l]]);
    }
    i -= kStep;
  }
  for (; i > 0; i--) {
    const uint32_t j = stream.bounded(static_cast<uint32_t>(i + 1));
    exchange(visits[i], visits[j]);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RANDOM_H_
