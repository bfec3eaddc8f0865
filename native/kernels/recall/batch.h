// Many recalls at once, each with the result of one alone. Cues take turns in a fixed number of slots: what
// all slots need of the patterns is computed together, a cue that has come to rest leaves, and the next one
// takes its place, so that no slot waits for stragglers. Asynchronous sweeps are alone, unless all cues visit
// neurons in one order.
#ifndef HOPFIELD_KERNELS_RECALL_BATCH_H_
#define HOPFIELD_KERNELS_RECALL_BATCH_H_

#include "flag.h"
#include "kernels/forms/batched.h"
#include "kernels/recall/slots.h"
#include "kernels/recall/sweeps.h"

namespace hopfield {
namespace {

/// From so many states on, visiting them together pays. A visit of one state adds the votes of 32 patterns at
/// a time; a visit of 32 states adds that of one pattern in each.
static size_t least_together(const Memory& memory) { return larger(memory.count / 16, 8); }

/// Whether so many cues visit neurons in one order: those of one stream do, and all where it is not drawn.
static bool shares_order(const Memory& memory, const Plan& plan, const uint64_t* queries, size_t count) {
  if (plan.synchronous || plan.external_field != nullptr || count < least_together(memory)) return false;
  if (plan.order == Order::kCyclic || plan.order == Order::kExplicit) return true;
  if (plan.order != Order::kRandom) return false;
  size_t same = 1;
  while (same < count && queries[same] == queries[0]) same++;
  return same == count;
}

template <class Form>
struct BatchedRecall {
  const Memory& memory;
  const Plan& plan;
  const Update update;
  const uint64_t* queries;
  uint32_t* states;
  size_t count;
  Outcome* outcomes;
  Workspace workspace;
  Form form;
  Slots slots;
  size_t entered = 0;
  const bool shared;  ///< all cues visit neurons in one order
  static constexpr size_t kNotSwept = SIZE_MAX;
  static constexpr size_t kFewChains = VotedChains<HalfSums>::kCount;

  BatchedRecall(const Memory& of, const Plan& by, const uint64_t* query, uint32_t* cues, size_t cue_count,
                Outcome* out)
      : memory(of),
        plan(by),
        update(by),
        queries(query),
        states(cues),
        count(cue_count),
        outcomes(out),
        form(of, update, by, workspace),
        slots(room_for(cue_count, Form::kSlots, form.width()), of.neurons, form.width(), workspace),
        shared(shares_order(of, by, query, cue_count)) {}

  void fill() {
    for (; slots.filled < slots.room && entered < count; entered++) {
      slots.enter(entered, states + entered * slots.words);
    }
  }

  void finish(size_t slot) {
    const size_t b = slots.cue[slot];
    const uint32_t* state = slots.state[slot];
    const Progress& progress = slots.progress[slot];
    outcomes[b].sweeps = progress.sweeps;
    outcomes[b].flips = progress.flips;
    outcomes[b].cycle = progress.cycle;
    outcomes[b].active = 0;
    outcomes[b].energy = energy_with(update, form.quadratic(slots.kept[slot], state), state, memory.neurons);
    memcpy(states + b * slots.words, state, slots.words * sizeof(uint32_t));
    slots.leave(slot);
    count_done(1);
  }

  void synchronous() {
    for (fill(); slots.filled > 0; fill()) {
      form.begin(slots.filled, slots.state, slots.kept);
      // What ended with a change has only waited for the overlaps of its last state.
      for (size_t slot = slots.filled; slot-- > 0;) {
        if (slots.done[slot]) finish(slot);
      }
      form.signs(slots.filled, slots.kept, slots.state, slots.next, nullptr, 0);
      for (size_t slot = slots.filled; slot-- > 0;) step(slot);
    }
  }

  void step(size_t slot) {
    heed_flag();
    Progress& progress = slots.progress[slot];
    uint32_t *state = slots.state[slot], *next = slots.next[slot], *previous = slots.previous[slot];
    uint64_t changed = 0;
    for (size_t k = 0; k < slots.words; k += 2) changed += count_ones(load64(state + k) ^ load64(next + k));
    const bool returned = progress.sweeps > 0 && same_row(previous, next, slots.words);
    progress.sweeps += 1;
    progress.flips += static_cast<double>(changed);
    progress.cycle = changed == 0 ? 1 : returned ? 2 : 0;
    if (changed == 0) return finish(slot);
    slots.next[slot] = previous;
    slots.previous[slot] = state;
    slots.state[slot] = next;
    slots.done[slot] = returned || progress.sweeps >= plan.max_sweeps;
  }

  void asynchronous() {
    Sweeps<typename Form::Alone> sweeps(form.alone, plan, update, workspace);
    const size_t most = form.few_flips();
    size_t* flips = workspace.take<size_t>(slots.room);
    size_t fresh = 0;
    for (fill(); slots.filled > 0; fill()) {
      form.begin(slots.filled - fresh, slots.state + fresh, slots.kept + fresh);
      for (size_t slot = 0; slot < slots.filled; slot++) flips[slot] = kNotSwept;
      if constexpr (Form::kVoted) {
        if (shared) sweep_together(sweeps, most, flips);
      }
      for (size_t slot = slots.filled; slot-- > 0;) {
        if (flips[slot] == kNotSwept) flips[slot] = sweep(slot, sweeps, most);
        swept(slot, flips[slot]);
      }
      // A state that moved may be at rest now: all are asked at once, before another visiting order is drawn.
      // One that is not will move little, and only where fields are small.
      form.signs(slots.filled, slots.kept, slots.state, slots.next, slots.previous, form.reach(most));
      for (size_t slot = slots.filled; slot-- > 0;) rest(slot);
      fresh = slots.filled;
    }
  }

  size_t sweep(size_t slot, Sweeps<typename Form::Alone>& sweeps, size_t most) {
    heed_flag();
    Progress& progress = slots.progress[slot];
    form.alone.take(slots.kept[slot]);
    const uint32_t number = static_cast<uint32_t>(progress.sweeps);
    const uint64_t query = queries[slots.cue[slot]];
    uint32_t* state = slots.state[slot];
    if (!whole(slot, most))
      return sweeps.sweep_near(number, query, state, slots.previous[slot], most, progress);
    const uint32_t* expected = nullptr;
    if constexpr (Form::Alone::kForesees) {
      if (number == 0) expected = form.alone.likely_end(slots.next[slot]);
    }
    return sweeps.sweep(number, query, state, expected, progress);
  }
  /// Whether all neurons are to be visited, and not only those whose fields are small.
  bool whole(size_t slot, size_t most) const {
    return slots.progress[slot].sweeps == 0 || slots.unstable[slot] > most;
  }

  /// Whole sweeps of several states at once: of those that have come equally far, where orders are drawn.
  /// Notes their flips.
  void sweep_together(Sweeps<typename Form::Alone>& sweeps, size_t most, size_t* flips) {
    const size_t least = least_together(memory);
    for (size_t first = 0; first < slots.filled; first++) {
      const double number = slots.progress[first].sweeps;
      size_t chosen[kVotedChains], count = 0;
      uint32_t* state[kVotedChains];
      int32_t* kept[kVotedChains];
      for (size_t slot = first; slot < slots.filled && count < kVotedChains; slot++) {
        if (flips[slot] != kNotSwept || !whole(slot, most)) continue;
        if (plan.order == Order::kRandom && slots.progress[slot].sweeps != number) continue;
        chosen[count] = slot;
        state[count] = slots.state[slot];
        kept[count++] = slots.kept[slot];
      }
      // Twice as many lanes take a third longer: as long as a few states alone.
      if (count > kFewChains && count < kFewChains + least / 2) count = kFewChains;
      if (count < least) continue;
      sweeps.draw(static_cast<uint32_t>(number), queries[0]);
      uint32_t own[kVotedChains];
      if (!form.sweep(sweeps.visits, sweeps.visit_count, count, state, kept, own)) return;
      for (size_t c = 0; c < count; c++) flips[chosen[c]] = own[c];
    }
  }

  /// After a sweep.
  void swept(size_t slot, size_t flips) {
    Progress& progress = slots.progress[slot];
    progress.sweeps += 1;
    progress.flips += static_cast<double>(flips);
    // Sites drawn at random may have missed an unstable neuron.
    const bool quiet = flips == 0 && plan.order != Order::kRandomSite;
    if (quiet) progress.cycle = 1;
    slots.done[slot] = flips == 0;
    if (quiet || (flips != 0 && progress.sweeps >= plan.max_sweeps)) finish(slot);
  }

  void rest(size_t slot) {
    Progress& progress = slots.progress[slot];
    size_t unstable = 0;
    for (size_t k = 0; k < slots.words; k++) {
      const uint32_t moving = slots.state[slot][k] ^ slots.next[slot][k];
      unstable += static_cast<size_t>(count_ones(moving));
      slots.previous[slot][k] |= moving;
    }
    slots.unstable[slot] = unstable;
    const bool stable = unstable == 0;
    if (stable) {
      // The sweep that would change nothing is counted, unless the last one was it.
      if (!slots.done[slot]) progress.sweeps += 1;
      progress.cycle = 1;
    }
    if (stable || progress.sweeps >= plan.max_sweeps) finish(slot);
  }
};

template <class Form>
static void recall_batched(const Memory& memory, const Plan& plan, const uint64_t* queries, uint32_t* states,
                           size_t count, Outcome* outcomes) {
  BatchedRecall<Form> batch(memory, plan, queries, states, count, outcomes);
  if (plan.synchronous) {
    batch.synchronous();
  } else {
    batch.asynchronous();
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_BATCH_H_
