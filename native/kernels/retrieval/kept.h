// Every logit is computed and kept for a few queries at a time; keys are read twice.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_KEPT_H_
#define HOPFIELD_KERNELS_RETRIEVAL_KEPT_H_

#include "flag.h"
#include "kernels/retrieval/logit_consumer.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Logits are kept, the largest is found, and then all of it is read again.
static void associate_kept(Association& association, Queries& queries, const LogitConsumer& consumer,
                           const KeyMask& mask, double* kept) {
  const KeyMemory& memory = association.memory;
  bool* bound = association.workspace.take<bool>(queries.count);
  for (size_t c = 0; c < queries.count; c++) {
    // Close logits are weighed against their bound with masks of their own too; then none lies below the cut.
    bound[c] = queries.bounds[c].absolute;
    queries.reference[c] = bound[c] ? queries.bounds[c].most : -HUGE_VAL;
  }
  for (size_t from = 0; from < memory.count; from += kTileKeys) {
    const size_t count = smaller(memory.count - from, kTileKeys);
    heed_flag();
    association.whole_tile(queries, from, count);
    for (size_t c = 0; c < queries.count; c++) {
      const uint8_t* seen =
          mask.flags == nullptr ? nullptr : mask.flags + queries.which[c] * mask.apart + from;
      double* to = kept + c * memory.count + from;
      for (size_t r = 0; r < count; r++) {
        to[r] = seen == nullptr || seen[r] != 0 ? association.tile[c * kTileKeys + r] : -HUGE_VAL;
        if (!bound[c] && to[r] > queries.reference[c]) queries.reference[c] = to[r];
      }
    }
  }
  for (size_t from = 0; from < memory.count; from += kTileKeys) {
    const size_t count = smaller(memory.count - from, kTileKeys);
    heed_flag();
    consumer.take_tile(from, count, kept + from, memory.count, 0, queries.count);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_KEPT_H_
