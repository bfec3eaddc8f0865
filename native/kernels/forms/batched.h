// What recalls in company need of the weights, in each of their forms.
#ifndef HOPFIELD_KERNELS_FORMS_BATCHED_H_
#define HOPFIELD_KERNELS_FORMS_BATCHED_H_

#include "kernels/forms/implicit.h"
#include "kernels/forms/matrix.h"
#include "kernels/recall/sweeps.h"
#include "kernels/recall/batched_fields.h"
#include "kernels/recall/voted_chains.h"

namespace hopfield {
namespace {

/// The implicit form of many states: overlaps and signs together, asynchronous sweeps alone, or of
/// chains side by side.
template <class Vote>
struct BatchedImplicit {
  using Alone = ImplicitForm<Vote>;
  /// More would share a pass over the patterns among more and fall out of the second-level cache.
  static constexpr size_t kSlots = 256;

  static constexpr bool kVoted = true;

  Alone alone;
  BatchedFields together;
  VotedChains<HalfSums> few_chains;
  VotedChains<ChainSums> chains;

  BatchedImplicit(const Memory& memory, const Update& update, const Plan& plan, Workspace& workspace)
      : alone(memory, update, most_visits(memory, plan), workspace),
        together(memory, update, workspace),
        few_chains(memory, update, workspace),
        chains(memory, update, workspace) {}

  /// Whole words of patterns, as asynchronous updates take them.
  size_t width() const { return (alone.memory.count + 31) / 32 * 32; }

  size_t few_flips() const { return alone.few_flips(); }
  int64_t reach(size_t flips) const { return alone.reach(flips); }

  void begin(size_t count, const uint32_t* const* states, int32_t* const* out) {
    together.overlaps(count, states, out);
  }

  void signs(size_t count, int32_t* const* overlaps, const uint32_t* const* states, uint32_t* const* next,
             uint32_t* const* near, int64_t reach) {
    ImplicitForm<Vote>& form = alone;
    together.signs(count, overlaps, states, next, near, reach,
                   [&form](int32_t* own, const uint32_t* state, uint32_t* to) {
                     form.take(own);
                     form.signs(state, to);
                   });
  }

  /// One pass over up to kVotedChains states at once. False, and nothing has happened, if that cannot be.
  bool sweep(const uint32_t* visits, size_t visit_count, size_t count, uint32_t* const* states,
             int32_t* const* overlaps, uint32_t* flips) {
    if constexpr (kVotedChains > VotedChains<HalfSums>::kCount) {
      if (count > few_chains.kCount) return chains.sweep(visits, visit_count, count, states, overlaps, flips);
    }
    return few_chains.sweep(visits, visit_count, count, states, overlaps, flips);
  }

  double quadratic(const int32_t* overlaps, const uint32_t*) const {
    return implicit_quadratic(overlaps, alone.memory.count, alone.memory.neurons);
  }
};

/// The dense form of many states: their fields, kept.
struct BatchedMatrix {
  using Alone = KeptMatrixForm<uint32_t, int32_t>;
  static constexpr bool kVoted = false;
  static constexpr size_t kSlots = BatchedProducts::kSlots;

  Alone alone;
  BatchedProducts products;

  BatchedMatrix(const Memory& memory, const Update& update, const Plan&, Workspace& workspace)
      : alone(memory, update, 0, workspace), products(memory, workspace) {}

  /// Whole blocks of neurons, as thresholds take them.
  size_t width() const { return row_blocks(alone.memory.neurons) * kBlockBits; }

  void begin(size_t count, const uint32_t* const* states, int32_t* const* fields) {
    products.fields(count, states, fields);
  }

  /// Fields are kept, so that no visit costs anything worth saving.
  size_t few_flips() const { return 0; }
  int64_t reach(size_t) const { return 0; }

  void signs(size_t count, int32_t* const* fields, const uint32_t* const* states, uint32_t* const* next,
             uint32_t* const*, int64_t) {
    // Twice the field, as thresholds take it, must fit too.
    const bool narrow = alone.update.external_field == nullptr && alone.memory.largest < 0x1p30;
    for (size_t b = 0; b < count; b++) {
      if (narrow) {
        const size_t width = block_words(alone.memory.neurons);
        for (size_t at = 0; at < row_words(alone.memory.neurons); at += width) {
          threshold_block(fields[b] + at * 32, 0, 0, alone.update.tie, width, states[b] + at, next[b] + at);
        }
        alone.update.restore(states[b], next[b], alone.memory.neurons);
      } else {
        alone.take(fields[b]);
        alone.signs(states[b], next[b]);
      }
    }
  }

  double quadratic(int32_t* fields, const uint32_t* state) {
    alone.take(fields);
    return alone.quadratic(state);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_BATCHED_H_
