// Integrations side by side, in slots: one that is at rest, or out of steps, makes room for the next.
#ifndef HOPFIELD_KERNELS_GRADED_INTEGRATIONS_H_
#define HOPFIELD_KERNELS_GRADED_INTEGRATIONS_H_

#include "flag.h"
#include "kernels/graded/network.h"
#include "recorder.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Whether no |x| is larger than `most`; false where one is no number.
static bool within(const double* x, size_t count, double most) {
  bool all = true;
  for (size_t k = 0; k < count; k++) all &= fabs(x[k]) <= most;
  return all;
}

/// to = u + h·slope.
static inline void advance(double* to, const double* u, double h, const double* slope, size_t stride) {
  const Real8 length = broadcast8(h);
  for (size_t k = 0; k < stride; k += 8) store8(to + k, add8(load8(u + k), mul8(length, load8(slope + k))));
}

struct Integrations {
  static constexpr size_t kSlots = 12;

  struct Slot {
    size_t cue;
    double h, time;
    uint32_t steps;
    bool fresh;
    GradedPoint point, middle, stage;
    double* sum;
    double* next;
    double* finer;
  };

  const Graded graded;
  const IntegrationPlan& plan;
  double* potentials;
  size_t count;
  double* outputs;
  Integrated* outcomes;
  IntegrationRecorder* recorder;
  Slot** slots;
  size_t filled = 0, entered = 0;

  Integrations(const GradedNetwork& network, const IntegrationPlan& by, double* cues, size_t cue_count,
               double* out, Integrated* ends, IntegrationRecorder* writer, Workspace& workspace)
      : graded(network, workspace),
        plan(by),
        potentials(cues),
        count(cue_count),
        outputs(out),
        outcomes(ends),
        recorder(writer),
        slots(workspace.take<Slot*>(kSlots)) {
    for (size_t s = 0; s < kSlots && s < count; s++) {
      slots[s] = workspace.take<Slot>(1);
      slots[s]->point = graded.point(workspace);
      slots[s]->stage = graded.point(workspace);
      slots[s]->middle = graded.point(workspace);
      slots[s]->sum = graded.row(workspace);
      slots[s]->next = graded.row(workspace);
      slots[s]->finer = graded.row(workspace);
    }
  }

  void run() {
    const bool fourth = plan.method == Method::kRk4;
    for (fill(); filled > 0; fill()) {
      evaluate_fresh();
      for (size_t s = filled; s-- > 0;) arrive(s);
      step(&Slot::point, 1, &Slot::next, fourth);
      if (plan.adaptive) {
        // Threshold a step leads to where the middle is, and its slope to the end of the other half.
        step(&Slot::point, 0.5, &Slot::finer, fourth);
        for (size_t s = 0; s < filled; s++) exchange(slots[s]->middle.u, slots[s]->finer);
        evaluate(&Slot::middle);
        step(&Slot::middle, 0.5, &Slot::finer, fourth);
      }
      for (size_t s = filled; s-- > 0;) judge(s);
    }
  }

  void fill() {
    const size_t neurons = graded.network.neurons;
    for (; filled < kSlots && entered < count; entered++) {
      Slot& slot = *slots[filled++];
      slot.cue = entered;
      slot.h = plan.step;
      slot.time = 0;
      slot.steps = 0;
      slot.fresh = true;
      memcpy(slot.point.u, potentials + entered * neurons, neurons * sizeof(double));
    }
  }

  void evaluate_fresh() {
    const GradedPoint* points[kSlots];
    size_t fresh = 0;
    for (size_t s = 0; s < filled; s++) {
      if (slots[s]->fresh) points[fresh++] = &slots[s]->point;
    }
    graded.evaluate(points, fresh);
  }

  void evaluate(GradedPoint Slot::*which) {
    const GradedPoint* points[kSlots];
    for (size_t s = 0; s < filled; s++) points[s] = &(slots[s]->*which);
    graded.evaluate(points, filled);
  }

  /// At rest, out of steps, or on to another one.
  void arrive(size_t s) {
    Slot& slot = *slots[s];
    if (slot.fresh && recorder != nullptr) {
      recorder->point(slot.time, graded.energy(slot.point.v, slot.point.field), slot.point.v);
    }
    const bool rests = within(slot.point.slope, graded.stride, plan.tolerance);
    if (rests || slot.steps == plan.max_steps) return finish(s, rests ? 1 : 0);
    slot.steps++;
    slot.fresh = true;
  }

  /// A step of h·share from each slot's `from` into its `to`.
  void step(GradedPoint Slot::*from, double share, double* Slot::*to, bool fourth) {
    const size_t stride = graded.stride;
    if (!fourth) {
      for (size_t s = 0; s < filled; s++) {
        const GradedPoint& at = slots[s]->*from;
        advance(slots[s]->*to, at.u, slots[s]->h * share, at.slope, stride);
      }
      return;
    }
    for (size_t s = 0; s < filled; s++) {
      Slot& slot = *slots[s];
      const GradedPoint& at = slot.*from;
      memcpy(slot.sum, at.slope, stride * sizeof(double));
      advance(slot.stage.u, at.u, slot.h * share * 0.5, at.slope, stride);
    }
    for (int k = 2; k <= 3; k++) {
      evaluate(&Slot::stage);
      for (size_t s = 0; s < filled; s++) {
        Slot& slot = *slots[s];
        const double length = slot.h * share;
        advance(slot.sum, slot.sum, 2, slot.stage.slope, stride);
        advance(slot.stage.u, (slot.*from).u, k == 2 ? length * 0.5 : length, slot.stage.slope, stride);
      }
    }
    evaluate(&Slot::stage);
    for (size_t s = 0; s < filled; s++) {
      Slot& slot = *slots[s];
      advance(slot.sum, slot.sum, 1, slot.stage.slope, stride);
      advance(slot.*to, (slot.*from).u, slot.h * share / 6, slot.sum, stride);
    }
  }

  /// Takes the step, tries again with half of it, or ends where it was.
  void judge(size_t s) {
    Slot& slot = *slots[s];
    const bool fourth = plan.method == Method::kRk4;
    const double taken = slot.h;
    double** reached = &slot.next;
    if (plan.adaptive) {
      const double part = fourth ? 1.0 / 15.0 : 1.0;
      double moved = slot.h * plan.tolerance;
      for (size_t k = 0; k < graded.stride; k++) {
        slot.sum[k] = fabs(slot.finer[k] - slot.next[k]) * part;
        const double way = fabs(slot.finer[k] - slot.point.u[k]);
        moved = larger(way, moved);
      }
      const double allowed = smaller(plan.accuracy, moved * 0.25);
      if (!within(slot.sum, graded.stride, allowed) && slot.h > plan.step / kReach) {
        slot.h *= 0.5;
        slot.fresh = false;
        return;
      }
      const double small = allowed * (fourth ? 1.0 / 64.0 : 1.0 / 8.0);
      if (within(slot.sum, graded.stride, small) && slot.h < plan.step * kReach) slot.h *= 2;
      reached = &slot.finer;
    }
    if (!within(*reached, graded.stride, kLargestPotential)) return finish(s, 2);
    slot.time += taken;
    exchange(slot.point.u, *reached);
  }

  void finish(size_t s, double end) {
    Slot* slot = slots[s];
    const size_t neurons = graded.network.neurons;
    memcpy(potentials + slot->cue * neurons, slot->point.u, neurons * sizeof(double));
    memcpy(outputs + slot->cue * neurons, slot->point.v, neurons * sizeof(double));
    const double energy = graded.energy(slot->point.v, slot->point.field);
    outcomes[slot->cue] = {end, static_cast<double>(slot->steps), slot->time, energy};
    slots[s] = slots[--filled];
    slots[filled] = slot;
    count_done(1);
  }

  static constexpr double kReach = 0x1p20, kLargestPotential = 1e150;
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_GRADED_INTEGRATIONS_H_
