// The cues of one call, and everything around a tier's recalls that needs no instruction set.
#ifndef HOPFIELD_CORE_BATCH_H_
#define HOPFIELD_CORE_BATCH_H_

#include "core/tier.h"

namespace hopfield {

/// The cues of one call and where their outcomes go. Cues are bytes (±1) or packed rows, and so are states,
/// independently of each other; the other pointer is null.
struct Batch {
  const int8_t* cue_bytes;
  const uint32_t* cue_rows;
  int8_t* state_bytes;
  uint32_t* state_rows;
  Outcome* outcomes;
  size_t count;
  uint64_t stream;        ///< query index of the first cue; the others follow
  const double* streams;  ///< or the query index of each, whole numbers; or null
};

/// Returns the index of the first byte that is not ±1, or −1.
int64_t recall_batch(const Tier& tier, const Memory& memory, const Plan& plan, const Batch& batch);

/// Samples of packed cues, which `rows` has before, and the last states after; their sums are added to
/// `sums`.
void sample_batch(const Tier& tier, const Memory& memory, const Plan& plan, const Batch& batch,
                  uint32_t* rows, size_t samples, int32_t* sums);

/// One packed cue, written down on the way.
void recall_traced(const Tier& tier, const Memory& memory, const Plan& plan, uint64_t query,
                   const uint32_t* cue, uint32_t* state, Outcome* outcome, Recorder* recorder);

}  // namespace hopfield

#endif  // HOPFIELD_CORE_BATCH_H_
