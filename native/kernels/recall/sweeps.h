// Asynchronous sweeps at T = 0, for the recall of one cue (recall.h) and of many (batch.h).
#ifndef HOPFIELD_KERNELS_RECALL_SWEEPS_H_
#define HOPFIELD_KERNELS_RECALL_SWEEPS_H_

#include "flag.h"
#include "kernels/forms/form.h"
#include "kernels/random.h"
#include "kernels/recall/progress.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"
#include "visits.h"

namespace hopfield {
namespace {

/// Visits of one asynchronous sweep.
static size_t most_visits(const Memory& memory, const Plan& plan) {
  if (plan.synchronous) return 0;
  return plan.order == Order::kExplicit ? plan.visit_count : memory.neurons;
}

/// Asynchronous sweeps of one form at T = 0, sweep by sweep.
template <class Form>
struct Sweeps {
  Form& form;
  const Plan& plan;
  const Update update;
  bool exact;  ///< Q may be carried from flip to flip
  bool each_once;
  uint32_t* next;          ///< a row to compare with
  uint32_t* own_visits;    ///< where an order is drawn that is not kept; null if there is no such
  const uint32_t* visits;  ///< of this sweep
  size_t visit_count;
  bool fields_known = false;
  Workspace& workspace;
  uint32_t* few = nullptr;   ///< visits of a pass over some
  double* fields = nullptr;  ///< of all neurons, for forms that know no signs

  Sweeps(Form& of, const Plan& by, const Update& of_update, Workspace& scratch)
      : form(of),
        plan(by),
        update(of_update),
        exact(Form::kWholeFields && exact_quadratic(of.memory)),
        each_once(by.order == Order::kRandom || by.order == Order::kCyclic || by.permutation),
        next(scratch.take<uint32_t>(row_words(of.memory.neurons))),
        own_visits(owns_visits(by, of.memory.neurons) ? scratch.take<uint32_t>(of.memory.neurons) : nullptr),
        visits(own_visits != nullptr ? own_visits : by.visits),
        visit_count(most_visits(of.memory, by)),
        workspace(scratch) {
    if (own_visits != nullptr && plan.order == Order::kCyclic) visit_in_turn(own_visits, of.memory.neurons);
  }

  static bool owns_visits(const Plan& plan, size_t neurons) {
    if (plan.synchronous || plan.order == Order::kExplicit) return false;
    return plan.order == Order::kCyclic || neurons > kMostKeptVisits;
  }

  /// The values all neurons take at T = 0 from this state.
  void signs(const uint32_t* state, uint32_t* to) {
    if constexpr (Form::kSigns) {
      form.signs(state, to);
    } else {
      const size_t neurons = form.memory.neurons;
      if (fields == nullptr) fields = workspace.template take<double>(neurons);
      form.fields(state, fields);
      memset(to, 0, row_words(neurons) * sizeof(uint32_t));
      for (size_t i = 0; i < neurons; i++)
        to[i / 32] |= update.decide(fields[i], i, bit_at(state, i)) << (i % 32);
      update.restore(state, to, neurons);
    }
  }

  /// Whether a synchronous update would change nothing.
  bool stable(const uint32_t* state) {
    signs(state, next);
    return same_row(state, next, row_words(form.memory.neurons));
  }

  /// The visiting order of this sweep, if it is one that is drawn. Cues of one stream visit in the same
  /// order, and a server's single cues are all of one, unless they say otherwise: it may be at hand.
  void draw(uint32_t number, uint64_t query) {
    if (plan.order != Order::kRandom && plan.order != Order::kRandomSite) return;
    if (own_visits != nullptr) return draw_to(own_visits, number, query);
    const size_t neurons = form.memory.neurons;
    DrawnVisits& kept = drawn_visits(number);
    if (!kept.is(plan, neurons, number, query)) {
      kept.clear(neurons);
      draw_to(kept.visits, number, query);
      kept.name(plan, neurons, number, query);
    }
    visits = kept.visits;
  }

  void draw_to(uint32_t* to, uint32_t number, uint64_t query) const {
    const size_t neurons = form.memory.neurons;
    WordStream stream(plan.seed, number, query);
    if (plan.order == Order::kRandom) return permute(stream, to, neurons);
    for (size_t u = 0; u < neurons; u++) to[u] = stream.bounded(static_cast<uint32_t>(neurons));
  }

  /// Returns how many neurons flipped.
  size_t sweep(uint32_t number, uint64_t query, uint32_t* state, const uint32_t* expected,
               Progress& progress) {
    draw(number, query);
    return visit_all(state, expected, progress);
  }

  /// The same, visiting only neurons marked in `near`, whose fields are small: `most` flips cannot turn the
  /// others. If there are more flips than that, all of them after all.
  size_t sweep_near(uint32_t number, uint64_t query, uint32_t* state, const uint32_t* near, size_t most,
                    Progress& progress) {
    draw(number, query);
    // A list writes a few places after its last one.
    if (few == nullptr) few = workspace.template take<uint32_t>(visit_count + 16);
    const size_t count = keep_marked(visits, visit_count, near, row_words(form.memory.neurons), few);
    const size_t bytes = row_words(form.memory.neurons) * sizeof(uint32_t);
    memcpy(next, state, bytes);
    size_t flips = 0;
    if constexpr (Form::kSweeps) {
      fields_known = false;
      if (form.sweep(few, count, each_once, state, nullptr, progress, &flips) && flips <= most) return flips;
    }
    memcpy(state, next, bytes);
    form.begin(state);
    return visit_all(state, nullptr, progress);
  }

  /// One pass over the visiting order.
  size_t visit_all(uint32_t* state, const uint32_t* expected, Progress& progress) {
    size_t flips = 0;
    fields_known = false;
    if constexpr (Form::kSweeps) {
      fields_known = form.sweep(visits, visit_count, each_once, state, expected, progress, &flips);
      if (fields_known) return flips;
    }
    form.begin_visits();
    flips = visit_each(state, progress);
    form.end_visits();
    return flips;
  }

  size_t visit_each(uint32_t* state, Progress& progress) {
    size_t flips = 0, u = 0;
    if constexpr (Form::kFours) flips = visit_fours(state, progress, &u);
    const Update by = update;
    for (; u < visit_count; u++) {
      heed_flag(u, 64);
      const size_t i = visits[u];
      const unsigned bit = bit_at(state, i);
      const auto field = form.field(i, bit);
      const unsigned to = by.decide(field, i, bit);
      if (to == bit || by.clamped(i)) continue;
      flip(i, to, static_cast<double>(field), state, progress);
      flips++;
    }
    return flips;
  }

  /// FourSums at once; those after one that flips are looked at again.
  size_t visit_fours(uint32_t* state, Progress& progress, size_t* visited) {
    size_t flips = 0, u = 0, looks = 0;
    while (u + 4 <= visit_count) {
      heed_flag(looks++, 16);
      double four[4];
      form.four(visits + u, four);
      for (size_t r = 0; r < 4; r++, u++) {
        const size_t i = visits[u];
        const unsigned bit = bit_at(state, i);
        const unsigned to = update.decide(four[r], i, bit);
        if (to == bit || update.clamped(i)) continue;
        flip(i, to, four[r], state, progress);
        flips++;
        u++;
        break;
      }
    }
    *visited = u;
    return flips;
  }

  inline void flip(size_t i, unsigned to, double field, uint32_t* state, Progress& progress) {
    state[i / 32] ^= 1u << (i % 32);
    form.flipped(i, to);
    if (progress.recorder != nullptr) record_flip(i, to, field, state, progress);
  }
  void record_flip(size_t i, unsigned to, double field, const uint32_t* state, Progress& progress) {
    if (exact) {
      progress.quadratic += (to ? 4.0 : -4.0) * field;
    } else {
      form.end_visits();
      progress.quadratic = form.quadratic(state);
    }
    progress.recorder->flip(static_cast<uint32_t>(i));
    progress.recorder->energy(energy_with(update, progress.quadratic, state, form.memory.neurons));
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_SWEEPS_H_
