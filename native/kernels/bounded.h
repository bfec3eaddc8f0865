// Hebb's weights within bounds, and their signs: the mirror of src/kernels/reference/bounded.ts.
#ifndef HOPFIELD_KERNELS_BOUNDED_H_
#define HOPFIELD_KERNELS_BOUNDED_H_

#include "flag.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// In as few bits as the limit needs: 8, 16 or 32. A weight beyond it comes back to it in the first step,
/// from wherever it is, so one that is farther away counts as one beyond.
template <class Weight>
static void bounded_in(const uint32_t* rows, size_t count, size_t neurons, int32_t limit, int32_t* weights) {
  constexpr size_t kSome = 64;
  Workspace workspace;
  const size_t words = row_words(neurons), some = smaller(count, kSome);
  Weight* patterns = workspace.take<Weight>(some * neurons);
  Weight* narrow = workspace.take<Weight>(neurons);
  const int32_t beyond = limit + 1;
  const Weight most = static_cast<Weight>(limit), least = static_cast<Weight>(-limit);
  for (size_t from = 0; from < count; from += kSome) {
    const size_t now = smaller(count - from, kSome);
    for (size_t mu = 0; mu < now; mu++) {
      const uint32_t* pattern = rows + (from + mu) * words;
      for (size_t j = 0; j < neurons; j++) patterns[mu * neurons + j] = bit_at(pattern, j) ? 1 : -1;
    }
    for (size_t i = 0; i < neurons; i++) {
      heed_flag();
      int32_t* row = weights + i * padded_stride(neurons);
      const int32_t own = row[i];
      for (size_t j = 0; j < neurons; j++) {
        const int32_t weight = row[j] > beyond ? beyond : row[j] < -beyond ? -beyond : row[j];
        narrow[j] = static_cast<Weight>(weight);
      }
      for (size_t mu = 0; mu < now; mu++) {
        const Weight* pattern = patterns + mu * neurons;
        const Weight spin = pattern[i];
        for (size_t j = 0; j < neurons; j++) {
          const Weight change = spin > 0 ? pattern[j] : static_cast<Weight>(-pattern[j]);
          const Weight next = static_cast<Weight>(narrow[j] + change);
          narrow[j] = next > most ? most : next < least ? least : next;
        }
      }
      for (size_t j = 0; j < neurons; j++) row[j] = narrow[j];
      row[i] = own;
    }
  }
}

static void bounded(const uint32_t* rows, size_t count, size_t neurons, int32_t limit, int32_t* weights) {
  if (limit <= INT8_MAX - 2) return bounded_in<int8_t>(rows, count, neurons, limit, weights);
  if (limit <= INT16_MAX - 2) return bounded_in<int16_t>(rows, count, neurons, limit, weights);
  bounded_in<int32_t>(rows, count, neurons, limit, weights);
}

static void clipped(const uint32_t* columns, size_t count, size_t neurons, uint32_t* signs) {
  Workspace workspace;
  const size_t height = column_words(count) / 2, words = row_words(neurons);
  uint64_t* planes = workspace.take<uint64_t>(height * neurons);
  uint64_t* column = workspace.take<uint64_t>(height);
  int32_t* differing = workspace.take<int32_t>(neurons);
  for (size_t j = 0; j < neurons; j++) {
    for (size_t w = 0; w < height; w++) planes[w * neurons + j] = load64(columns + (j * height + w) * 2);
  }
  // P − 2d ≥ 0.
  const int32_t most = static_cast<int32_t>(count / 2);
  memset(signs, 0, neurons * words * sizeof(uint32_t));
  for (size_t i = 0; i < neurons; i++) {
    heed_flag();
    for (size_t w = 0; w < height; w++) column[w] = planes[w * neurons + i];
    column_differences(planes, neurons, height, column, differing);
    uint32_t* row = signs + i * words;
    for (size_t j = 0; j < neurons; j++)
      row[j / 32] |= static_cast<uint32_t>(differing[j] <= most) << (j % 32);
    row[i / 32] &= ~(1u << (i % 32));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_BOUNDED_H_
