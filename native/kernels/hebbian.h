#ifndef HOPFIELD_KERNELS_HEBBIAN_H_
#define HOPFIELD_KERNELS_HEBBIAN_H_

#include "flag.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// J_ij += sign·Σ_μ ξ_i^μ ξ_j^μ, or, `fresh`, J_ij = that and J_ii = 0: then nothing need be read.
/// In rows of padded_stride(N).
static void hebbian(const uint32_t* columns, size_t count, size_t neurons, int sign, bool fresh,
                    int32_t* weights) {
  if (count == 0 && !fresh) return;
  Workspace workspace;
  const size_t words = column_words(count) / 2;
  // Word w of every neuron side by side, so that one vector holds the same word of neighbouring neurons.
  uint64_t* planes = workspace.take<uint64_t>(words * neurons);
  for (size_t j = 0; j < neurons; j++) {
    for (size_t w = 0; w < words; w++) planes[w * neurons + j] = load64(columns + (j * words + w) * 2);
  }
  uint64_t* column = workspace.take<uint64_t>(words);
  const size_t stride = padded_stride(neurons);
  int32_t* differing = workspace.take<int32_t>(stride);
  memset(differing, 0, stride * sizeof(int32_t));
  const int32_t base = sign * static_cast<int32_t>(count);
  const int32_t factor = 2 * sign;
  for (size_t i = 0; i < neurons; i++) {
    heed_flag();
    for (size_t w = 0; w < words; w++) column[w] = planes[w * neurons + i];
    column_differences(planes, neurons, words, column, differing);
    int32_t* row = weights + i * stride;
    if (fresh) {
      for (size_t j = 0; j < neurons; j++) differing[j] = base - factor * differing[j];
      differing[i] = 0;
      write_past_cache(row, differing, stride);
    } else {
      const int32_t diagonal = row[i];
      for (size_t j = 0; j < neurons; j++) row[j] += base - factor * differing[j];
      row[i] = diagonal;
    }
  }
  finish_writes();
}

static void quotients(const int32_t* integers, size_t count, double divisor, double* out) {
  constexpr size_t kSome = 1 << 16;
  for (size_t from = 0; from < count; from += kSome) {
    heed_flag();
    const size_t end = count - from < kSome ? count : from + kSome;
    for (size_t k = from; k < end; k++) out[k] = static_cast<double>(integers[k]) / divisor;
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_HEBBIAN_H_
