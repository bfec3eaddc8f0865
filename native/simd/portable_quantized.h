// kernels/retrieval/quantized_keys.h in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_QUANTIZED_H_
#define HOPFIELD_SIMD_PORTABLE_QUANTIZED_H_

#include "core/layout.h"
#include "simd/small.h"

namespace hopfield {
namespace {

constexpr int kQueryLevels = 127;
constexpr size_t kQueriesAPass = 1;

/// sums[c·64 + r] = Σ bytes of key r · codes of query c; see kernels/retrieval/quantized_keys.h.
template <size_t kCount>
static inline void tile_products(const uint8_t* keys, size_t groups, const int8_t* const* queries,
                                 int32_t* sums) {
  for (size_t c = 0; c < kCount; c++) {
    int32_t* out = sums + c * 64;
    memset(out, 0, 64 * sizeof(int32_t));
    for (size_t g = 0; g < groups; g++) {
      const int8_t* q = queries[c] + 4 * g;
      const uint8_t* k = keys + 256 * g;
      for (size_t r = 0; r < 64; r++) {
        out[r] += k[4 * r] * q[0] + k[4 * r + 1] * q[1] + k[4 * r + 2] * q[2] + k[4 * r + 3] * q[3];
      }
    }
  }
}

static inline float largest64(const float* values) {
  float most = values[0];
  for (size_t k = 1; k < 64; k++) most = larger(values[k], most);
  return most;
}

/// Bit r where values[r] ≥ least.
static inline uint64_t at_least64(const float* values, float least) {
  uint64_t bits = 0;
  for (size_t r = 0; r < 64; r++) bits |= static_cast<uint64_t>(values[r] >= least) << r;
  return bits;
}

/// The processor's own prefetcher must do.
static inline void prefetch_line(const float*) {}
static inline void prefetch_row(const float*, size_t) {}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_QUANTIZED_H_
