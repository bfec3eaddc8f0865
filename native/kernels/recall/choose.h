// Who runs where: the whole policy of recalls.
//
//   one cue     Recall (recall.h) on the form that reads the memory; fast paths are traits of the form
//
//   many cues   the first of these that serves:
//     BatchedRecall (batch.h): weights are symmetric whole numbers, T = 0, and cues are enough for it to pay.
//         Asynchronous ones sweep 64 side by side (voted_chains.h) where all visit neurons in the same order.
//         Few neurons whose orders differ are left to the last line: each cue carries its fields
//         (carried_fields.h).
//     Chains (chains.h), 64 side by side: connections are few, fields are small whole numbers, and all visit
//         neurons in the same order, until few have not come to rest.
//     Tables of overlaps: the first overlaps of all together, then one by one.
//     All others one by one.
//
//   samples     SampledChains (sampled.h), where Chains would run at one temperature; all others recall again
//               and again
//
// One constant is the tier's own, Lookup::kLeastCues.
//
// How many times faster a cue near its pattern is together than alone, asynchronous, on a Sapphire Rapids by
// hand:
//
//   cues                            2      4      16     64
//   avx512      N = 64, P = 4       1.0    1.3    1.3    1.3
//               N = 1024, P = 51    1.0    1.2    1.3    1.3
//               N = 4096, P = 204   1.0    1.0    1.1    1.1
//   avx512-skx  N = 1024, P = 51    1.0    1.2    1.3    1.3
//   avx2        N = 1024, P = 51    1.0    1.6    1.6    1.6
//               N = 4096, P = 204   1.0    1.4    1.4    1.4
//
// The same where all visit neurons in one order, and 10 % of each cue is flipped:
//
//   cues                            8      16     32     64
//   avx512      N = 1024, P = 51    1.3    2.0    3.2    4.7
//               N = 4096, P = 204          1.3    2.1    2.6
//
// Synchronous ones are looked up alone as together (0.9 to 1.3), but for scalar, where 16 cues together take
// 0.8 of the time, and for the matrix unit, which takes over within a batch from 24 states and 128 neurons
// on; below, a square is half empty. Where indices outgrow the second-level cache it does so from 8 states
// on, and where they are not at hand always (TileFields::tiled). Matrices (N = 1024, P = 100)
// gain 1.4, 2.6, 4.8 and 8.5 times synchronous, 1.5, 2.3, 3.2 and 3.7 asynchronous. So four cues are enough
// where bytes are shuffled by an instruction, and sixteen where they are not.
#ifndef HOPFIELD_KERNELS_RECALL_CHOOSE_H_
#define HOPFIELD_KERNELS_RECALL_CHOOSE_H_

#include "flag.h"
#include "kernels/forms/bits.h"
#include "kernels/forms/constant.h"
#include "kernels/forms/coupled.h"
#include "kernels/forms/implicit.h"
#include "kernels/forms/interaction.h"
#include "kernels/forms/matrix.h"
#include "kernels/forms/sparse.h"
#include "kernels/overlap.h"
#include "kernels/recall/batch.h"
#include "kernels/recall/chains.h"
#include "kernels/recall/recall.h"
#include "kernels/recall/sampled.h"

namespace hopfield {
namespace {

/// Whether many recalls are faster together than one after the other.
static bool batch_pays(const Memory& memory, size_t count) {
  // Sums of matrices are 32 bits wide; where patterns vote, states whose sums are wider go alone.
  const bool fits = memory.form == Form::kImplicit || largest_field(memory) < 0x1p31;
  return is_symmetric_integer(memory) && fits &&
         count >= (memory.form == Form::kMatrix ? 4 : Lookup::kLeastCues);
}

/// Whether each recall carries its fields: then nothing is left to share.
static bool carries_fields(const Memory& memory, const Plan& plan) {
  return memory.byte_couplings != nullptr && !plan.synchronous && plan.external_field == nullptr;
}

/// Whether it takes less time to visit neurons of all states together than to carry the fields of each.
static bool beats_carrying(const Memory& memory, const Plan& plan, const uint64_t* queries, size_t count) {
  return memory.neurons >= 128 && count >= 16 && shares_order(memory, plan, queries, count);
}

/// Whether a batch is cold from its first sweep on, and that is sweep 0.
static bool is_cold(const Plan& plan) { return plan.temperatures == nullptr && plan.first_sweep == 0; }

/// Chains from which on 64 side by side are faster than one after the other.
constexpr size_t kLeastChains = 6;

/// Whether all chains visit neurons in the same order, few connections each.
static bool chains_pay(const Memory& memory, const Plan& plan, size_t count) {
  if (memory.form != Form::kSparse || memory.number != Number::kInt32 || count < kLeastChains) return false;
  if (memory.constants != nullptr || plan.external_field != nullptr || plan.clamp != nullptr) return false;
  return plan.synchronous || plan.order == Order::kCyclic || plan.order == Order::kExplicit;
}

/// Calls `use` with a form of type F that reads this memory.
template <class F, class Use>
static void with(const Memory& memory, const Update& update, size_t visits, Workspace& workspace, Use use) {
  F form(memory, update, visits, workspace);
  use(form);
}

/// The same with the form that reads it best. Votes of 16 bits, and fields of 32, wherever they hold all
/// values.
template <class Use>
static void with_form(const Memory& memory, const Update& update, size_t visits, Workspace& workspace,
                      Use use) {
  const bool small = memory.neurons <= static_cast<size_t>(kMostVotes);
  switch (memory.form) {
    case Form::kImplicit:
      if (small) return with<ImplicitForm<int16_t>>(memory, update, visits, workspace, use);
      return with<ImplicitForm<int32_t>>(memory, update, visits, workspace, use);
    case Form::kCoupled:
      if (memory.constants != nullptr)
        return with<ConstantForm<CoupledForm>>(memory, update, visits, workspace, use);
      return with<CoupledForm>(memory, update, visits, workspace, use);
    case Form::kMatrix:
      if (keeps_fields(memory)) {
        if (memory.largest < 0x1p31)
          return with<KeptMatrixForm<uint32_t, int32_t>>(memory, update, visits, workspace, use);
        return with<KeptMatrixForm<uint64_t, int64_t>>(memory, update, visits, workspace, use);
      }
      if (memory.number == Number::kInt32)
        return with<MatrixForm<int32_t>>(memory, update, visits, workspace, use);
      if (memory.number == Number::kFloat32)
        return with<MatrixForm<float>>(memory, update, visits, workspace, use);
      return with<MatrixForm<double>>(memory, update, visits, workspace, use);
    case Form::kBits:
      return with<BitsForm>(memory, update, visits, workspace, use);
    case Form::kSparse:
      if (memory.constants != nullptr) {
        if (memory.number != Number::kInt32)
          return with<ConstantForm<SparseReals>>(memory, update, visits, workspace, use);
        return with<ConstantForm<SparseIntegers<int64_t>>>(memory, update, visits, workspace, use);
      }
      if (memory.number != Number::kInt32) return with<SparseReals>(memory, update, visits, workspace, use);
      if (memory.largest < 0x1p30)
        return with<SparseIntegers<int32_t>>(memory, update, visits, workspace, use);
      return with<SparseIntegers<int64_t>>(memory, update, visits, workspace, use);
    case Form::kInteraction:
      return with<InteractionForm>(memory, update, visits, workspace, use);
  }
}

static void recall(const Memory& memory, const Plan& plan, uint64_t query, uint32_t* state, Outcome* outcome,
                   Recorder* recorder, Workspace& workspace) {
  const Update update(plan);
  with_form(memory, update, most_visits(memory, plan), workspace, [&](auto& form) {
    form.begin(state);
    recall_begun(form, plan, update, query, state, outcome, recorder, workspace);
  });
}

/// Tables of overlaps: the first overlaps of all cues are taken together.
static void recall_interactions(const Memory& memory, const Plan& plan, const uint64_t* queries,
                                uint32_t* states, size_t count, Outcome* outcomes) {
  const Update update(plan);
  const size_t words = row_words(memory.neurons);
  Workspace workspace;
  InteractionForm form(memory, update, most_visits(memory, plan), workspace);
  if (form.windowed) {
    const size_t room = room_for(count, kStatesAtOnce, 2 * form.near_words());
    uint64_t* near = workspace.take<uint64_t>(room * form.near_words());
    for (size_t from = 0; from < count; from += room) {
      const size_t end = smaller(from + room, count);
      find_near(memory, states + from * words, end - from, form.horizon(), near);
      for (size_t b = from; b < end; b++) {
        Workspace scratch;
        form.begin_among(states + b * words, near + (b - from) * form.near_words());
        recall_begun(form, plan, update, queries[b], states + b * words, outcomes + b, nullptr, scratch);
        count_done(1);
      }
    }
    return;
  }
  each_overlaps(memory, states, count, [&](size_t b, const int32_t* overlaps) {
    Workspace scratch;
    form.begin_with(overlaps);
    recall_begun(form, plan, update, queries[b], states + b * words, outcomes + b, nullptr, scratch);
    count_done(1);
  });
}

/// Chain c alone, from the state and the sweep it has come to.
template <class Lanes>
static void recall_on(const Memory& memory, const Plan& plan, const Chains<Lanes>& chains, size_t c,
                      uint64_t query, uint32_t* state, Outcome* outcome) {
  Workspace workspace;
  Plan rest = plan;
  rest.temperatures = nullptr;
  rest.temperature_count = 0;
  rest.first_sweep += chains.sweep;
  rest.max_sweeps -= chains.sweep;
  const Outcome before = *outcome;
  const Update update(rest);
  with_form(memory, update, most_visits(memory, rest), workspace, [&](auto& form) {
    form.begin(state);
    Recall recall(form, rest, update, query, state, nullptr, workspace);
    chains.resume(c, &recall.watch, &recall.previous, workspace);
    recall.run(outcome);
  });
  outcome->sweeps += before.sweeps;
  outcome->flips += before.flips;
}

/// 64 chains side by side, and the last few that do not come to rest each alone. False if fields do not fit.
template <class Lanes>
static bool recall_in(const Memory& memory, const Plan& plan, const uint64_t* queries, uint32_t* states,
                      size_t count, Outcome* outcomes) {
  Chains<Lanes> chains(memory, plan);
  if (!chains.fits()) return false;
  const size_t words = row_words(memory.neurons);
  for (size_t from = 0; from < count; from += kChains) {
    const size_t some = smaller(count - from, kChains);
    chains.run(queries + from, states + from * words, some, outcomes + from, smaller(kLeastChains, some));
    for (size_t c = 0; c < some; c++) {
      const size_t b = from + c;
      const bool left = ((chains.running >> c) & 1) != 0 && chains.sweep < plan.max_sweeps;
      if (left) recall_on(memory, plan, chains, c, queries[b], states + b * words, outcomes + b);
      count_done(1);
    }
  }
  return true;
}

/// The same in the narrowest lanes that do. False also if that does not pay.
static bool recall_in_chains(const Memory& memory, const Plan& plan, const uint64_t* queries,
                             uint32_t* states, size_t count, Outcome* outcomes) {
  return chains_pay(memory, plan, count) &&
         (recall_in<ByteLanes>(memory, plan, queries, states, count, outcomes) ||
          recall_in<WideLanes>(memory, plan, queries, states, count, outcomes));
}

static void recall_many(const Memory& memory, const Plan& plan, const uint64_t* queries, uint32_t* states,
                        size_t count, Outcome* outcomes) {
  if (memory.form == Form::kInteraction)
    return recall_interactions(memory, plan, queries, states, count, outcomes);
  const bool alone = carries_fields(memory, plan) && !beats_carrying(memory, plan, queries, count);
  if (is_cold(plan) && batch_pays(memory, count) && !alone) {
    if (memory.form == Form::kMatrix)
      return recall_batched<BatchedMatrix>(memory, plan, queries, states, count, outcomes);
    if (memory.neurons <= static_cast<size_t>(kMostVotes))
      return recall_batched<BatchedImplicit<int16_t>>(memory, plan, queries, states, count, outcomes);
    return recall_batched<BatchedImplicit<int32_t>>(memory, plan, queries, states, count, outcomes);
  }
  if (recall_in_chains(memory, plan, queries, states, count, outcomes)) return;
  const size_t words = row_words(memory.neurons);
  for (size_t b = 0; b < count; b++) {
    Workspace workspace;
    recall(memory, plan, queries[b], states + b * words, outcomes + b, nullptr, workspace);
    count_done(1);
  }
}

/// Samples of chains side by side. False if fields do not fit.
template <class Lanes>
static bool sample_in(const Memory& memory, const Plan& plan, const uint64_t* queries, uint32_t* rows,
                      size_t count, size_t samples, uint32_t* states, Outcome* outcomes, int32_t* sums) {
  SampledChains<Lanes> chains(memory, plan);
  if (!chains.fits()) return false;
  const size_t words = row_words(memory.neurons);
  for (size_t from = 0; from < count; from += kChains) {
    const size_t first = from * samples;
    chains.sample(queries + from, rows + from * words, smaller(count - from, kChains), samples,
                  states + first * words, outcomes + first, sums + from * memory.neurons);
  }
  return true;
}

/// The same in the narrowest lanes that do. False also if that does not pay.
static bool sample_in_chains(const Memory& memory, const Plan& plan, const uint64_t* queries, uint32_t* rows,
                             size_t count, size_t samples, uint32_t* states, Outcome* outcomes,
                             int32_t* sums) {
  const bool hot = plan.temperature_count == 1 && plan.temperatures[0] > 0 && plan.max_sweeps > 0;
  return hot && chains_pay(memory, plan, count) &&
         (sample_in<ByteLanes>(memory, plan, queries, rows, count, samples, states, outcomes, sums) ||
          sample_in<WideLanes>(memory, plan, queries, rows, count, samples, states, outcomes, sums));
}

/// Adds a state to the sums of its neurons.
static void add_state(const uint32_t* row, size_t neurons, int32_t* sums) {
  for (size_t i = 0; i < neurons; i += 64) {
    const uint64_t word = load64(row + i / 32);
    for (size_t k = 0; k < smaller(neurons - i, 64); k++) sums[i + k] += ((word >> k) & 1) != 0 ? 1 : -1;
  }
}

static void sample(const Memory& memory, const Plan& plan, const uint64_t* queries, uint32_t* rows,
                   size_t count, size_t samples, uint32_t* states, Outcome* outcomes, int32_t* sums) {
  if (sample_in_chains(memory, plan, queries, rows, count, samples, states, outcomes, sums)) return;
  const size_t words = row_words(memory.neurons);
  Workspace workspace;
  Outcome* ends = workspace.take<Outcome>(count);
  Plan next = plan;
  for (size_t k = 0; k < samples; k++) {
    recall_many(memory, next, queries, rows, count, ends);
    for (size_t b = 0; b < count; b++) {
      memcpy(states + (b * samples + k) * words, rows + b * words, words * sizeof(uint32_t));
      outcomes[b * samples + k] = ends[b];
      add_state(rows + b * words, memory.neurons, sums + b * memory.neurons);
    }
    next.first_sweep += plan.max_sweeps;
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_CHOOSE_H_
