#ifndef HOPFIELD_KERNELS_RANDOM_H_
#define HOPFIELD_KERNELS_RANDOM_H_

#include "flag.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

constexpr size_t kPhiloxWords = 4 * kPhiloxLanes;

/// The words of one query, its blocks side by side.
static void philox_along(const uint32_t seed[2], uint32_t sweep, uint64_t query, uint32_t* out,
                         size_t words) {
  const auto draw = [&](size_t at, uint32_t* lanes) {
    philox_lanes(seed, static_cast<uint32_t>(at / 4), sweep, static_cast<uint32_t>(query),
                 static_cast<uint32_t>(query >> 32), lanes);
  };
  size_t at = 0;
  for (; words - at >= kPhiloxWords; at += kPhiloxWords) draw(at, out + at);
  if (at == words) return;
  alignas(64) uint32_t lanes[kPhiloxWords];
  draw(at, lanes);
  memcpy(out + at, lanes, (words - at) * sizeof(uint32_t));
}

/// Few words of each of at most sixteen queries, the queries side by side.
static void philox_few(const uint32_t seed[2], uint32_t sweep, uint64_t query, uint32_t* out, size_t words,
                       size_t queries) {
  alignas(64) uint32_t low[16], high[16], lanes[256];
  const PhiloxKeys keys(seed);
  for (size_t l = 0; l < 16; l++) {
    low[l] = static_cast<uint32_t>(query + l);
    high[l] = static_cast<uint32_t>((query + l) >> 32);
  }
  for (size_t at = 0; at < words; at += 4) {
    philox_across(keys, static_cast<uint32_t>(at / 4), sweep, low, high, lanes);
    const size_t block = smaller(words - at, 4);
    for (size_t l = 0; l < queries; l++) {
      for (size_t w = 0; w < block; w++) out[l * words + at + w] = lanes[64 * w + l];
    }
  }
}

static void philox(const uint32_t seed[2], uint32_t sweep, uint32_t query_low, uint32_t query_high,
                   uint32_t* out, size_t words, size_t queries) {
  const uint64_t first = (static_cast<uint64_t>(query_high) << 32) | query_low;
  const bool few = queries > 1 && words <= kPhiloxWords / 2;
  for (size_t q = 0; q < queries; q += few ? 16 : 1) {
    if (few) philox_few(seed, sweep, first + q, out + q * words, words, smaller(queries - q, 16));
    if (!few) philox_along(seed, sweep, first + q, out + q * words, words);
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

/// Fisher–Yates from the last element down. Sixteen bounds at a time, until a word is rejected.
HOPFIELD_NOINLINE static void permute(WordStream& stream, uint32_t* visits, size_t neurons) {
  constexpr size_t kStep = 16;
  static_assert(kPhiloxWords % kStep == 0, "words come sixteen abreast");
  visit_in_turn(visits, neurons);
  size_t i = neurons - 1;
  while (i > 0) {
    heed_flag(i / kStep, 1024);
    if (stream.used == kPhiloxWords) stream.refill();
    uint32_t drawn[kStep];
    const size_t some = smaller(i, kStep);
    const uint32_t rejectable =
        bounded_sixteen(stream.words + stream.used, static_cast<uint32_t>(i) + 1, drawn);
    // One word in 2^32/N: the careful way takes over, and words are no longer sixteen abreast.
    if ((rejectable & ((1u << some) - 1)) != 0) break;
    stream.used += some;
    if (some == kStep) {
      HOPFIELD_UNROLL(16)
      for (size_t l = 0; l < kStep; l++) exchange(visits[i - l], visits[drawn[l]]);
    } else {
      for (size_t l = 0; l < some; l++) exchange(visits[i - l], visits[drawn[l]]);
    }
    i -= some;
  }
  for (; i > 0; i--) {
    const uint32_t j = stream.bounded(static_cast<uint32_t>(i + 1));
    exchange(visits[i], visits[j]);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RANDOM_H_
