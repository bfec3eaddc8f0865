// Philox 4×32-10 (Salmon et al. 2011) in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_PHILOX_H_
#define HOPFIELD_SIMD_PORTABLE_PHILOX_H_

#include "simd/operands.h"

namespace hopfield {
namespace {

namespace portable {

constexpr size_t kPhiloxLanes = 16;

/// The rounds of kPhiloxLanes blocks, in place.
static inline void philox_rounds(const PhiloxKeys& keys, uint32_t* c0, uint32_t* c1, uint32_t* c2,
                                 uint32_t* c3) {
  for (int round = 0; round < 10; round++) {
    const uint32_t k0 = keys.words[2 * round], k1 = keys.words[2 * round + 1];
    for (size_t l = 0; l < kPhiloxLanes; l++) {
      const uint64_t p0 = static_cast<uint64_t>(0xD2511F53u) * c0[l];
      const uint64_t p1 = static_cast<uint64_t>(0xCD9E8D57u) * c2[l];
      c0[l] = static_cast<uint32_t>(p1 >> 32) ^ c1[l] ^ k0;
      c1[l] = static_cast<uint32_t>(p1);
      c2[l] = static_cast<uint32_t>(p0 >> 32) ^ c3[l] ^ k1;
      c3[l] = static_cast<uint32_t>(p0);
    }
  }
}

/// kPhiloxLanes blocks of four words from block `draw` on.
static inline void philox_lanes(const uint32_t seed[2], uint32_t draw, uint32_t sweep, uint32_t query_low,
                                uint32_t query_high, uint32_t* out) {
  uint32_t c0[kPhiloxLanes], c1[kPhiloxLanes], c2[kPhiloxLanes], c3[kPhiloxLanes];
  for (size_t l = 0; l < kPhiloxLanes; l++) {
    c0[l] = draw + static_cast<uint32_t>(l);
    c1[l] = sweep;
    c2[l] = query_low;
    c3[l] = query_high;
  }
  philox_rounds(PhiloxKeys(seed), c0, c1, c2, c3);
  for (size_t l = 0; l < kPhiloxLanes; l++) {
    out[4 * l] = c0[l];
    out[4 * l + 1] = c1[l];
    out[4 * l + 2] = c2[l];
    out[4 * l + 3] = c3[l];
  }
}

/// One block of each of sixteen queries; word w of query l goes to out[64·w + l].
static inline void philox_across(const PhiloxKeys& keys, uint32_t draw, uint32_t sweep, const uint32_t* low,
                                 const uint32_t* high, uint32_t* out) {
  uint32_t c0[16], c1[16], c2[16], c3[16];
  for (size_t l = 0; l < 16; l++) {
    c0[l] = draw;
    c1[l] = sweep;
    c2[l] = low[l];
    c3[l] = high[l];
  }
  philox_rounds(keys, c0, c1, c2, c3);
  memcpy(out, c0, sizeof(c0));
  memcpy(out + 64, c1, sizeof(c1));
  memcpy(out + 128, c2, sizeof(c2));
  memcpy(out + 192, c3, sizeof(c3));
}

static inline uint32_t bounded_sixteen(const uint32_t* words, uint32_t bound, uint32_t* drawn) {
  uint32_t rejectable = 0;
  for (uint32_t l = 0; l < 16; l++) {
    const uint64_t product = static_cast<uint64_t>(words[l]) * (bound - l);
    drawn[l] = static_cast<uint32_t>(product >> 32);
    rejectable |= static_cast<uint32_t>(static_cast<uint32_t>(product) < bound - l) << l;
  }
  return rejectable;
}

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_PHILOX_H_
