// A whole recall of any form of the weights, at any temperature, with cycles of any length: the mirror of
// src/kernels/reference/recall.ts. Fast paths are what the form says it can do (forms/form.h); none changes
// anything but the time.
#ifndef HOPFIELD_KERNELS_RECALL_RECALL_H_
#define HOPFIELD_KERNELS_RECALL_RECALL_H_

#include "flag.h"
#include "kernels/forms/form.h"
#include "kernels/recall/acceptance.h"
#include "kernels/recall/progress.h"
#include "kernels/recall/sweeps.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// T of the sweeps of a plan.
struct Temperatures {
  const double* values;
  size_t count;
  size_t cold;  ///< the sweep from which on T is 0; SIZE_MAX if there is none

  explicit Temperatures(const Plan& plan)
      : values(plan.temperatures), count(plan.temperature_count), cold(count) {
    while (cold > 0 && values[cold - 1] == 0) cold--;
    if (count > 0 && cold == count) cold = SIZE_MAX;
  }
  double at(size_t sweep) const { return count == 0 ? 0 : values[sweep < count ? sweep : count - 1]; }
};

/// Finds out that states repeat by keeping one of them at a time (Brent 1980).
struct CycleWatch {
  uint32_t* kept = nullptr;
  size_t words = 0;
  uint64_t since = 0, most = 1;

  void start(const uint32_t* state, size_t count, Workspace& workspace) {
    words = count;
    kept = workspace.take<uint32_t>(words);
    memcpy(kept, state, words * sizeof(uint32_t));
  }
  bool started() const { return kept != nullptr; }
  uint64_t closes(const uint32_t* state) {
    since++;
    if (same_row(state, kept, words)) return since;
    if (since == most) {
      memcpy(kept, state, words * sizeof(uint32_t));
      since = 0;
      most *= 2;
    }
    return 0;
  }
};

template <class Form>
struct Recall {
  Form& form;
  const Plan& plan;
  const Update& update;
  const Temperatures temperatures;
  const uint64_t query;
  const size_t neurons, words;
  uint32_t* state;
  Workspace& workspace;
  AcceptanceTable table;
  double temperature = 0;
  int32_t* overlap_values = nullptr;  ///< of a trace, where the form knows none
  double* drawn_fields = nullptr;     ///< what all neurons are drawn by
  uint32_t* near = nullptr;           ///< whom the next asynchronous sweep may flip at all, if that is known
  bool near_known = false;
  CycleWatch watch{};
  uint32_t* previous =
      nullptr;  ///< synchronous: the state before this one; watch and it may go on from elsewhere
  Progress progress{};

  Recall(Form& of, const Plan& by, const Update& of_update, uint64_t of_query, uint32_t* cue,
         Recorder* recorder, Workspace& scratch)
      : form(of),
        plan(by),
        update(of_update),
        temperatures(by),
        query(of_query),
        neurons(of.memory.neurons),
        words(row_words(of.memory.neurons)),
        state(cue),
        workspace(scratch),
        table(temperatures.count == 0 ? -1 : of.largest(), by, most_visits(of.memory, by), scratch) {
    static_assert(sizeof(FormCheck<Form>) > 0, "");
    progress.recorder = recorder;
  }

  double energy() { return energy_with(update, form.quadratic(state), state, neurons); }

  /// Once the form has begun with the cue.
  void run(Outcome* outcome) {
    if (progress.recorder != nullptr) progress.recorder->energy(energy());
    if (plan.synchronous) {
      synchronous();
    } else {
      asynchronous();
    }
    outcome->sweeps = progress.sweeps;
    outcome->flips = progress.flips;
    outcome->energy = energy();
    outcome->cycle = progress.cycle;
    outcome->active = form.active();
  }

  void record_sweep() {
    if (progress.recorder == nullptr) return;
    const size_t count = form.memory.count;
    const int32_t* known = form.overlaps();
    if (known == nullptr) {
      if (overlap_values == nullptr) overlap_values = workspace.take<int32_t>(count);
      row_overlaps(form.memory.rows, count, neurons, state, overlap_values);
      known = overlap_values;
    }
    progress.recorder->sweep(known, count);
  }

  /// Keeps states where recalls may come back to them.
  void watch_cycles() {
    const bool may = plan.synchronous ? Form::kLongCycles : !Form::kSymmetric;
    if (may && !watch.started()) watch.start(state, words, workspace);
  }

  // --- all neurons at once ---

  void synchronous() {
    Sweeps<Form> sweeps(form, plan, update, workspace);
    uint32_t* next = sweeps.next;
    const bool goes_on = previous != nullptr;
    if (!goes_on) previous = workspace.take<uint32_t>(words);
    for (uint32_t sweep = 0; sweep < plan.max_sweeps; sweep++) {
      heed_flag();
      const bool cold = sweep >= temperatures.cold;
      if (cold) watch_cycles();
      temperature = temperatures.at(sweep);
      if (temperature > 0) {
        draw_all(plan.first_sweep + sweep, next);
      } else {
        sweeps.signs(state, next);
      }
      const size_t changed = differing(state, next);
      const bool returned = (goes_on || sweep > temperatures.cold) && same_row(previous, next, words);
      memcpy(previous, state, words * sizeof(uint32_t));
      memcpy(state, next, words * sizeof(uint32_t));
      progress.sweeps += 1;
      progress.flips += static_cast<double>(changed);
      if (changed != 0) form.begin(state);
      if (Recorder* recorder = progress.recorder) {
        for (size_t i = 0; i < neurons; i++) {
          if (bit_at(previous, i) != bit_at(state, i)) recorder->flip(static_cast<uint32_t>(i));
        }
        recorder->energy(energy());
        record_sweep();
      }
      if (!cold) continue;
      const uint64_t length = watch.started() ? watch.closes(state) : 0;
      progress.cycle = changed == 0 ? 1 : returned ? 2 : static_cast<double>(length);
      if (progress.cycle != 0) return;
    }
  }

  /// The values all neurons take by chance.
  void draw_all(uint32_t sweep, uint32_t* next) {
    if (drawn_fields == nullptr) drawn_fields = workspace.take<double>(neurons);
    form.fields(state, drawn_fields);
    memset(next, 0, words * sizeof(uint32_t));
    Uniforms uniforms(plan, sweep, query);
    for (size_t first = 0; first < neurons; first += 8) {
      heed_flag(first, 1 << 14);
      alignas(64) double x[8] = {};
      const size_t some = smaller(neurons - first, 8);
      for (size_t l = 0; l < some; l++)
        x[l] = heat_argument(plan, temperature, drawn_fields[first + l], first + l);
      store8(x, logistic8(load8(x)));
      for (size_t l = 0; l < some; l++) {
        next[(first + l) / 32] |= static_cast<uint32_t>(uniforms.next() < x[l]) << ((first + l) % 32);
      }
    }
    update.restore(state, next, neurons);
  }

  // --- one neuron at a time ---

  void asynchronous() {
    Sweeps<Form> sweeps(form, plan, update, workspace);
    const bool fixed_order = plan.order == Order::kCyclic || plan.order == Order::kExplicit;
    progress.quadratic = progress.recorder != nullptr ? form.quadratic(state) : 0;
    const uint32_t* expected = nullptr;
    if constexpr (Form::kForesees) {
      if (temperatures.cold == 0) expected = form.likely_end(sweeps.next);
    }
    size_t flips = neurons;
    for (uint32_t sweep = 0; sweep < plan.max_sweeps; sweep++) {
      heed_flag();
      const bool cold = sweep >= temperatures.cold;
      if (cold && fixed_order) watch_cycles();
      temperature = temperatures.at(sweep);
      near_known = false;
      const bool stable = sweep > temperatures.cold && rests(sweeps, flips, sweep == 1 ? expected : nullptr);
      const uint32_t number = plan.first_sweep + sweep;
      if (stable) {
        flips = 0;
      } else if (temperature > 0) {
        flips = sweep_hot(sweeps, number);
      } else if (near_known) {
        if constexpr (Form::kForesees)
          flips = sweeps.sweep_near(number, query, state, near, form.few_flips(), progress);
      } else {
        flips = sweeps.sweep(number, query, state, sweep == 0 ? expected : nullptr, progress);
      }
      progress.sweeps += 1;
      progress.flips += static_cast<double>(flips);
      record_sweep();
      if (!cold) continue;
      const uint64_t length = watch.started() ? watch.closes(state) : 0;
      // An order that visits every neuron, or the same ones again, proves rest by a quiet sweep.
      if (flips == 0 && (stable || plan.order != Order::kRandomSite || sweeps.stable(state))) {
        progress.cycle = 1;
        return;
      }
      if (length >= 2) {
        progress.cycle = static_cast<double>(length);
        return;
      }
    }
  }

  /// After a sweep at T = 0 that flipped so many: whether the next would change nothing. It pays to ask
  /// first, because then no visiting order need be drawn: of the fields seen in the last pass, or, if that
  /// was a quiet one, or has come to about the state that was expected, of all fields at once.
  bool rests(Sweeps<Form>& sweeps, size_t flips, const uint32_t* expected) {
    if constexpr (Form::kForesees) {
      bool stable = false;
      if (sweeps.fields_known && form.settled(sweeps.visits, sweeps.each_once, state, flips, &stable))
        return stable;
    }
    if constexpr (Form::kWholeFields) {
      const bool likely = flips <= sweeps.visit_count / 8 ||
                          (expected != nullptr && differing(state, expected) <= neurons / 16);
      if (!likely) return false;
      if constexpr (Form::kForesees) {
        if (progress.recorder == nullptr) return rests_or_nearly(sweeps);
      }
      return sweeps.stable(state);
    }
    return false;
  }

  /// Whether all neurons agree with their fields. If few do not, finds out whom those may turn.
  bool rests_or_nearly(Sweeps<Form>& sweeps) {
    if (near == nullptr) near = workspace.take<uint32_t>(words);
    form.signs_near(state, sweeps.next, near);
    const size_t turning = differing(state, sweeps.next);
    near_known = turning > 0 && turning <= form.few_flips();
    for (size_t k = 0; near_known && k < words; k++) near[k] |= state[k] ^ sweeps.next[k];
    return turning == 0;
  }

  size_t differing(const uint32_t* a, const uint32_t* b) const {
    size_t bits = 0;
    for (size_t k = 0; k < words; k += 2)
      bits += static_cast<size_t>(count_ones(load64(a + k) ^ load64(b + k)));
    return bits;
  }

  size_t sweep_hot(Sweeps<Form>& sweeps, uint32_t number) {
    sweeps.draw(number, query);
    Uniforms uniforms(plan, number, query);
    table.heat(plan, temperature);
    size_t flips = 0;
    if constexpr (Form::kHotSweeps) {
      if (table.serves() && update.clamp == nullptr && progress.recorder == nullptr &&
          form.sweep_hot(sweeps.visits, sweeps.visit_count, table, uniforms, state, &flips)) {
        return flips;
      }
    }
    form.begin_visits();
    for (size_t u = 0; u < sweeps.visit_count; u++) {
      heed_flag(u, 64);
      const size_t i = sweeps.visits[u];
      const unsigned bit = bit_at(state, i);
      const double field = static_cast<double>(form.field(i, bit));
      const uint64_t bits = uniforms.bits();
      if (update.clamped(i)) continue;
      const unsigned to = table.serves() ? table.up(field, bits) : heads(bits, field, i);
      if (to == bit) continue;
      sweeps.flip(i, to, field, state, progress);
      flips++;
    }
    form.end_visits();
    return flips;
  }
  unsigned heads(uint64_t bits, double field, size_t i) const {
    return static_cast<double>(bits) * 0x1p-53 < chance_of(heat_argument(plan, temperature, field, i)) ? 1
                                                                                                       : 0;
  }
};

/// Recalls with a form that has begun with the cue.
template <class Form>
static void recall_begun(Form& form, const Plan& plan, const Update& update, uint64_t query, uint32_t* state,
                         Outcome* outcome, Recorder* recorder, Workspace& workspace) {
  Recall<Form>(form, plan, update, query, state, recorder, workspace).run(outcome);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_RECALL_H_
