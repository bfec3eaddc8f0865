// Graded neurons (Hopfield 1984), the mirror of src/kernels/reference/graded.ts. Several integrations go
// side by side: some rows of J are read from memory once and used for all of them from the cache. Each is as
// it would be alone. No product is fused with a sum: both factors are f64.
#ifndef HOPFIELD_KERNELS_GRADED_H_
#define HOPFIELD_KERNELS_GRADED_H_

#include "kernels/real.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// u, and what follows from it: rows of a stride each, zeros behind the N-th number.
struct GradedPoint {
  double* u;
  double* v;
  double* field;  ///< J V
  double* slope;  ///< du/dt
};

/// kRows rows of J times kStates outputs, from row i on.
template <size_t kRows, size_t kStates>
static inline void graded_dots(const double* weights, size_t stride, size_t i,
                               const GradedPoint* const* points) {
  Real8 sums[kRows * kStates];
#pragma GCC unroll 24
  for (size_t n = 0; n < kRows * kStates; n++) sums[n] = zero8();
  const double* rows = weights + i * stride;
  for (size_t k = 0; k < stride; k += 8) {
    Real8 v[kStates];
#pragma GCC unroll 6
    for (size_t b = 0; b < kStates; b++) v[b] = load8(points[b]->v + k);
#pragma GCC unroll 8
    for (size_t r = 0; r < kRows; r++) {
      const Real8 w = load8(rows + r * stride + k);
#pragma GCC unroll 6
      for (size_t b = 0; b < kStates; b++) sums[b * kRows + r] = add8(sums[b * kRows + r], mul8(w, v[b]));
    }
  }
  for (size_t b = 0; b < kStates; b++) fold_all<kRows>(sums + b * kRows, points[b]->field + i);
}

/// The same for `height` rows.
template <size_t kRows, size_t kStates>
static void graded_rows(const double* weights, size_t stride, size_t from, size_t height,
                        const GradedPoint* const* points) {
  size_t i = from;
  for (; i + kRows <= from + height; i += kRows) graded_dots<kRows, kStates>(weights, stride, i, points);
  for (; i < from + height; i++) graded_dots<1, kStates>(weights, stride, i, points);
}

/// x ln x, and 0 at 0.
static double entropy(double x) { return x == 0 ? 0 : x * log_of(x); }

/// What all integrations of a call share.
struct Graded {
  /// Rows of J that all points of a call are held against before the next are read.
  static constexpr size_t kRowsHeld = 16;

  const GradedNetwork& network;
  const size_t stride;
  double* external;  ///< padded, or null

  Graded(const GradedNetwork& of, Workspace& workspace)
      : network(of), stride(padded_stride(of.neurons)), external(nullptr) {
    if (of.external_field == nullptr) return;
    external = row(workspace);
    memcpy(external, of.external_field, of.neurons * sizeof(double));
  }

  double* row(Workspace& workspace) const {
    double* values = workspace.take<double>(stride);
    memset(values, 0, stride * sizeof(double));
    return values;
  }

  GradedPoint point(Workspace& workspace) const {
    return {row(workspace), row(workspace), row(workspace), row(workspace)};
  }

  void outputs(const GradedPoint& at) const {
    const Real8 gain = broadcast8(network.gain);
    const bool odd = network.activation == Activation::kTanh;
    for (size_t k = 0; k < stride; k += 8) {
      const Real8 x = mul8(gain, load8(at.u + k));
      store8(at.v + k, odd ? tanh8(x) : logistic8(x));
    }
    for (size_t i = network.neurons; i < stride; i++) at.v[i] = 0;
  }

  void fields(const GradedPoint* const* points, size_t count) const {
    const double* weights = network.weights;
    for (size_t i = 0; i < network.neurons; i += kRowsHeld) {
      const size_t height = network.neurons - i < kRowsHeld ? network.neurons - i : kRowsHeld;
      size_t b = 0;
      for (; b + kQueriesTogether <= count; b += kQueriesTogether) {
        graded_rows<kKeysTogether, kQueriesTogether>(weights, stride, i, height, points + b);
      }
      for (; b < count; b++) graded_rows<kKeysAlone, 1>(weights, stride, i, height, points + b);
    }
  }

  void evaluate(const GradedPoint* const* points, size_t count) const {
    if (count == 0) return;
    for (size_t b = 0; b < count; b++) outputs(*points[b]);
    fields(points, count);
    const Real8 rate = broadcast8(network.rate);
    for (size_t b = 0; b < count; b++) {
      const GradedPoint& at = *points[b];
      for (size_t k = 0; k < stride; k += 8) {
        Real8 driven = load8(at.field + k);
        if (external != nullptr) driven = add8(driven, load8(external + k));
        store8(at.slope + k, sub8(driven, mul8(load8(at.u + k), rate)));
      }
    }
  }

  double energy(const double* v, const double* field) const {
    const bool odd = network.activation == Activation::kTanh;
    alignas(64) double leak[8] = {};
    for (size_t i = 0; i < network.neurons; i++) {
      leak[i % 8] += odd ? 0.5 * (entropy(1 + v[i]) + entropy(1 - v[i]))
                         : entropy(v[i]) + entropy(1 - v[i]) + 0.6931471805599453;
    }
    const double quadratic = dot8(v, field, stride);
    const double inner = fold8(load8(leak)) * (network.rate / network.gain) - 0.5 * quadratic;
    return external == nullptr ? inner : inner - dot8(external, v, stride);
  }
};

/// Whether no |x| is larger than `most`; false where one is no number.
static bool within(const double* x, size_t count, double most) {
  bool all = true;
  for (size_t k = 0; k < count; k++) all &= fabs(x[k]) <= most;
  return all;
}

/// to = u + h·slope.
static inline void go(double* to, const double* u, double h, const double* slope, size_t stride) {
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
        // Half a step leads to where the middle is, and its slope to the end of the other half.
        step(&Slot::point, 0.5, &Slot::finer, fourth);
        for (size_t s = 0; s < filled; s++) swap(slots[s]->middle.u, slots[s]->finer);
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
        go(slots[s]->*to, at.u, slots[s]->h * share, at.slope, stride);
      }
      return;
    }
    for (size_t s = 0; s < filled; s++) {
      Slot& slot = *slots[s];
      const GradedPoint& at = slot.*from;
      memcpy(slot.sum, at.slope, stride * sizeof(double));
      go(slot.stage.u, at.u, slot.h * share * 0.5, at.slope, stride);
    }
    for (int k = 2; k <= 3; k++) {
      evaluate(&Slot::stage);
      for (size_t s = 0; s < filled; s++) {
        Slot& slot = *slots[s];
        const double length = slot.h * share;
        go(slot.sum, slot.sum, 2, slot.stage.slope, stride);
        go(slot.stage.u, (slot.*from).u, k == 2 ? length * 0.5 : length, slot.stage.slope, stride);
      }
    }
    evaluate(&Slot::stage);
    for (size_t s = 0; s < filled; s++) {
      Slot& slot = *slots[s];
      go(slot.sum, slot.sum, 1, slot.stage.slope, stride);
      go(slot.*to, (slot.*from).u, slot.h * share / 6, slot.sum, stride);
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
        moved = way > moved ? way : moved;
      }
      const double allowed = plan.accuracy < moved * 0.25 ? plan.accuracy : moved * 0.25;
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
    swap(slot.point.u, *reached);
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
  }

  static void swap(double*& a, double*& b) {
    double* other = a;
    a = b;
    b = other;
  }

  static constexpr double kReach = 0x1p20, kLargestPotential = 1e150;
};

static void integrate(const GradedNetwork& network, const IntegrationPlan& plan, double* potentials,
                      size_t count, double* outputs, Integrated* outcomes, IntegrationRecorder* recorder) {
  Workspace workspace;
  Integrations(network, plan, potentials, count, outputs, outcomes, recorder, workspace).run();
}

static void graded_slopes(const GradedNetwork& network, const double* potentials, size_t count,
                          double* outputs, double* slopes) {
  Workspace workspace;
  const Graded graded(network, workspace);
  const GradedPoint point = graded.point(workspace);
  const GradedPoint* points[1] = {&point};
  const size_t neurons = network.neurons;
  for (size_t b = 0; b < count; b++) {
    memcpy(point.u, potentials + b * neurons, neurons * sizeof(double));
    graded.evaluate(points, 1);
    memcpy(outputs + b * neurons, point.v, neurons * sizeof(double));
    memcpy(slopes + b * neurons, point.slope, neurons * sizeof(double));
  }
}

static void graded_energies(const GradedNetwork& network, const double* outputs, size_t count, double* out) {
  Workspace workspace;
  const Graded graded(network, workspace);
  const GradedPoint point = graded.point(workspace);
  const GradedPoint* points[1] = {&point};
  for (size_t b = 0; b < count; b++) {
    memcpy(point.v, outputs + b * network.neurons, network.neurons * sizeof(double));
    graded.fields(points, 1);
    out[b] = graded.energy(point.v, point.field);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_GRADED_H_
