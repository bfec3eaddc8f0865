// Packed rows in portable C++: bytes to bits and back, rows in common, rows written.
#ifndef HOPFIELD_SIMD_PORTABLE_ROWS_H_
#define HOPFIELD_SIMD_PORTABLE_ROWS_H_

#include "simd/bits.h"

namespace hopfield {
namespace {

namespace portable {

/// n ≤ 64 bytes ±1 into the bits of *out. Returns the index of the first byte that is not ±1, or −1.
static inline int64_t pack_word(const int8_t* states, size_t n, uint64_t* out) {
  uint64_t bits = 0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    uint64_t x;
    memcpy(&x, states + i, 8);
    const uint64_t negative = (x >> 7) & 0x0101010101010101u;
    // 0x01 where positive, 0xff where negative: anything else in x is no ±1.
    if (x != 0x0101010101010101u + negative * 0xfe) break;
    const uint64_t positive = negative ^ 0x0101010101010101u;
    bits |= (positive * 0x0102040810204080u) >> 56 << i;
  }
  for (; i < n; i++) {
    if (states[i] != 1 && states[i] != -1) return static_cast<int64_t>(i);
    bits |= static_cast<uint64_t>(states[i] == 1) << i;
  }
  *out = bits;
  return -1;
}

/// The low n ≤ 64 bits as bytes ±1.
static inline void unpack_word(uint64_t bits, size_t n, int8_t* states) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const uint64_t spread = (((bits >> i) & 0xff) * 0x0101010101010101u) & 0x8040201008040201u;
    const uint64_t ones = ((spread + 0x7f7f7f7f7f7f7f7fu) >> 7) & 0x0101010101010101u;
    const uint64_t x = 0xffffffffffffffffu ^ (ones * 0xfe);
    memcpy(states + i, &x, 8);
  }
  for (; i < n; i++) states[i] = (bits >> i) & 1 ? 1 : -1;
}

/// A row of a matrix that is not read soon; then everything written is seen by other threads.
static inline void write_past_cache(int32_t* to, const int32_t* from, size_t count) {
  memcpy(to, from, count * sizeof(int32_t));
}

static inline void finish_writes() {}

/// One block of what these rows have in common: all bits if there are none.
static inline void common_block(const uint32_t* rows, size_t stride, const uint32_t* which, size_t count,
                                uint32_t* out) {
  uint64_t common[kBlockWords / 2];
  memset(common, 0xff, sizeof(common));
  for (size_t k = 0; k < count; k++) {
    const uint32_t* row = rows + which[k] * stride;
    for (size_t w = 0; w < kBlockWords / 2; w++) common[w] &= load64(row + 2 * w);
  }
  memcpy(out, common, sizeof(common));
}

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_ROWS_H_
