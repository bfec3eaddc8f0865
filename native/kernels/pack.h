#ifndef HOPFIELD_KERNELS_PACK_H_
#define HOPFIELD_KERNELS_PACK_H_

#include "flag.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

static int64_t pack(const int8_t* states, size_t count, size_t neurons, uint32_t* rows) {
  const size_t stride = row_words(neurons);
  for (size_t b = 0; b < count; b++) {
    uint32_t* row = rows + b * stride;
    const int8_t* state = states + b * neurons;
    size_t k = 0;
    for (size_t i = 0; i < neurons; i += 64, k += 2) {
      uint64_t bits = 0;
      const int64_t offender = pack_word(state + i, smaller(neurons - i, 64), &bits);
      if (offender >= 0) return static_cast<int64_t>(b * neurons + i) + offender;
      memcpy(row + k, &bits, sizeof(bits));
    }
    memset(row + k, 0, (stride - k) * sizeof(uint32_t));
  }
  return -1;
}

static void unpack(const uint32_t* rows, size_t count, size_t neurons, int8_t* states) {
  const size_t stride = row_words(neurons);
  for (size_t b = 0; b < count; b++) {
    for (size_t i = 0; i < neurons; i += 64) {
      unpack_word(load64(rows + b * stride + i / 32), smaller(neurons - i, 64), states + b * neurons + i);
    }
  }
}

/// Swaps squares of kSize bits across the diagonals of squares of twice that. The size is known so that
/// neighbouring rows become lanes of a vector.
template <size_t kSize>
static inline void swap_squares(uint64_t a[64], uint64_t mask) {
  for (size_t from = 0; from < 64; from += 2 * kSize) {
    for (size_t k = from; k < from + kSize; k++) {
      const uint64_t t = ((a[k] >> kSize) ^ a[k + kSize]) & mask;
      a[k] ^= t << kSize;
      a[k + kSize] ^= t;
    }
  }
}

/// Transposes a 64×64 bit matrix in place.
static inline void transpose64(uint64_t a[64]) {
  swap_squares<32>(a, 0x00000000ffffffffu);
  swap_squares<16>(a, 0x0000ffff0000ffffu);
  swap_squares<8>(a, 0x00ff00ff00ff00ffu);
  swap_squares<4>(a, 0x0f0f0f0f0f0f0f0fu);
  swap_squares<2>(a, 0x3333333333333333u);
  swap_squares<1>(a, 0x5555555555555555u);
}

static void transpose(const uint32_t* rows, size_t count, size_t neurons, uint32_t* columns) {
  const size_t stride = row_words(neurons);
  const size_t height = column_words(count);
  uint64_t square[64];
  for (size_t mu = 0; mu < count; mu += 64) {
    const size_t present = smaller(count - mu, 64);
    heed_flag();
    for (size_t i = 0; i < neurons; i += 64) {
      heed_flag(i / 64, 4096);
      for (size_t k = 0; k < present; k++) square[k] = load64(rows + (mu + k) * stride + i / 32);
      for (size_t k = present; k < 64; k++) square[k] = 0;
      transpose64(square);
      const size_t used = smaller(neurons - i, 64);
      for (size_t k = 0; k < used; k++) {
        memcpy(columns + (i + k) * height + mu / 32, &square[k], sizeof(uint64_t));
      }
    }
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_PACK_H_
