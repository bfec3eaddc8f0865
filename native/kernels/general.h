// Whole recalls of any pairwise form, at any temperature, with cycles of any length: the mirror of
// src/kernels/reference/recall.ts, without the short cuts of recall.h.
#ifndef HOPFIELD_KERNELS_GENERAL_H_
#define HOPFIELD_KERNELS_GENERAL_H_

#include "kernels/chances.h"
#include "kernels/coupled.h"
#include "kernels/energy.h"
#include "kernels/field.h"
#include "kernels/interaction.h"
#include "kernels/recall.h"
#include "kernels/row_forms.h"

namespace hopfield {
namespace {

/// The integer forms of recall.h as the general engine takes them.
template <class Old>
struct WholeForm {
  static constexpr bool kFours = false;
  const Memory& memory;
  Old& old;

  void begin(const uint32_t* state) {
    old.begin(state);
    old.unfreeze();
  }
  double field(size_t i, unsigned bit) const { return static_cast<double>(old.field(i, bit)); }
  void flipped(size_t i, unsigned next) { old.flipped(i, next); }
  void fields(const uint32_t* state, double* out) {
    if (memory.form == Form::kMatrix) {
      for (size_t i = 0; i < memory.neurons; i++) out[i] = static_cast<double>(old.field(i, 0));
      return;
    }
    old.freeze();
    implicit_fields(memory.rows, memory.count, memory.neurons, old.overlap_values, state, out);
  }
  double quadratic(const uint32_t* state) { return old.quadratic_now(state); }
  double largest() const { return largest_field(memory); }
};

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
constexpr bool keeps_wholes(Form*) {
  return false;
}
template <class Lane>
constexpr bool keeps_wholes(SparseWholes<Lane>*) {
  return true;
}

template <class Form>
struct GeneralRecall {
  Form& form;
  const Plan& plan;
  const Rule rule;
  const Temperatures temperatures;
  const uint64_t query;
  const size_t neurons, words;
  const bool old;    ///< a form of recall.h: symmetric, in integers
  const bool exact;  ///< Q may be carried from flip to flip
  ChanceTable table;
  double temperature = 0;
  uint32_t* state;
  Recorder* recorder;
  Workspace& workspace;
  double* fields;
  uint32_t* next;
  int32_t* overlap_values;
  CycleWatch watch{};
  Progress progress{};

  GeneralRecall(Form& of, const Plan& by, uint64_t of_query, uint32_t* cue, Recorder* writer,
                Workspace& scratch)
      : form(of),
        plan(by),
        rule{by.tie, by.scale, by.external_field, by.clamp},
        temperatures(by),
        query(of_query),
        neurons(of.memory.neurons),
        words(row_words(of.memory.neurons)),
        old(is_quick(of.memory)),
        exact(old && exact_quadratic(of.memory)),
        table(temperatures.count == 0 ? -1 : of.largest(), by, most_visits(of.memory, by), scratch),
        state(cue),
        recorder(writer),
        workspace(scratch),
        fields(scratch.take<double>(neurons)),
        next(scratch.take<uint32_t>(words)),
        overlap_values(writer == nullptr ? nullptr : scratch.take<int32_t>(of.memory.count)) {}

  double energy(double quadratic) const { return energy_with(rule, quadratic, state, neurons); }

  void run(Outcome* outcome) {
    form.begin(state);
    if (recorder != nullptr) recorder->energy(energy(form.quadratic(state)));
    if (plan.synchronous) {
      synchronous();
    } else {
      asynchronous();
    }
    outcome->sweeps = progress.sweeps;
    outcome->flips = progress.flips;
    outcome->energy = energy(form.quadratic(state));
    outcome->cycle = progress.cycle;
  }

  void record_sweep() {
    if (recorder == nullptr) return;
    row_overlaps(form.memory.rows, form.memory.count, row_blocks(neurons), neurons, state, overlap_values);
    recorder->sweep(overlap_values, form.memory.count);
  }

  void take_signs() {
    memset(next, 0, words * sizeof(uint32_t));
    for (size_t i = 0; i < neurons; i++)
      next[i / 32] |= rule.decide(fields[i], i, bit_at(state, i)) << (i % 32);
    rule.restore(state, next, neurons);
  }

  void take_chances(uint32_t sweep) {
    memset(next, 0, words * sizeof(uint32_t));
    Uniforms uniforms(plan, sweep, query);
    for (size_t first = 0; first < neurons; first += 8) {
      alignas(64) double x[8] = {};
      const size_t some = neurons - first < 8 ? neurons - first : 8;
      for (size_t l = 0; l < some; l++) x[l] = heat_argument(plan, temperature, fields[first + l], first + l);
      store8(x, logistic8(load8(x)));
      for (size_t l = 0; l < some; l++) {
        next[(first + l) / 32] |= static_cast<uint32_t>(uniforms.next() < x[l]) << ((first + l) % 32);
      }
    }
    rule.restore(state, next, neurons);
  }

  bool stable() {
    form.fields(state, fields);
    take_signs();
    return same_row(state, next, words);
  }

  void synchronous() {
    uint32_t* previous = workspace.take<uint32_t>(words);
    for (uint32_t sweep = 0; sweep < plan.max_sweeps; sweep++) {
      const bool cold = sweep >= temperatures.cold;
      if (cold && !old && !watch.started()) watch.start(state, words, workspace);
      temperature = temperatures.at(sweep);
      form.fields(state, fields);
      if (temperature > 0) {
        take_chances(plan.first_sweep + sweep);
      } else {
        take_signs();
      }
      uint64_t changed = 0;
      for (size_t k = 0; k < words; k += 2) changed += count_ones(load64(state + k) ^ load64(next + k));
      const bool returned = sweep > temperatures.cold && same_row(previous, next, words);
      memcpy(previous, state, words * sizeof(uint32_t));
      memcpy(state, next, words * sizeof(uint32_t));
      if (changed != 0) form.begin(state);
      progress.sweeps += 1;
      progress.flips += static_cast<double>(changed);
      if (recorder != nullptr) {
        for (size_t i = 0; i < neurons; i++) {
          if (bit_at(previous, i) != bit_at(state, i)) recorder->flip(static_cast<uint32_t>(i));
        }
        recorder->energy(energy(form.quadratic(state)));
        record_sweep();
      }
      if (!cold) continue;
      const uint64_t length = watch.started() ? watch.closes(state) : 0;
      progress.cycle = changed == 0 ? 1 : returned ? 2 : static_cast<double>(length);
      if (progress.cycle != 0) return;
    }
  }

  inline void flip(size_t i, unsigned to, double field) {
    state[i / 32] ^= 1u << (i % 32);
    form.flipped(i, to);
    progress.flips += 1;
    if (recorder == nullptr) return;
    progress.quadratic = exact ? progress.quadratic + (to ? 4.0 : -4.0) * field : form.quadratic(state);
    recorder->flip(static_cast<uint32_t>(i));
    recorder->energy(energy(progress.quadratic));
  }

  void visit(const uint32_t* visits, size_t count) {
    for (size_t u = 0; u < count; u++) {
      const size_t i = visits[u];
      const unsigned bit = bit_at(state, i);
      const double field = form.field(i, bit);
      const unsigned to = rule.decide(field, i, bit);
      if (to != bit && !rule.clamped(i)) flip(i, to, field);
    }
  }

  /// Four at once; those behind one that flips are looked at again.
  void visit_fours(const uint32_t* visits, size_t count) {
    size_t u = 0;
    while (u + 4 <= count) {
      double four[4];
      form.four(visits + u, four);
      for (size_t r = 0; r < 4; r++, u++) {
        const size_t i = visits[u];
        const unsigned bit = bit_at(state, i);
        const unsigned to = rule.decide(four[r], i, bit);
        if (to == bit || rule.clamped(i)) continue;
        flip(i, to, four[r]);
        u++;
        break;
      }
    }
    visit(visits + u, count - u);
  }

  void visit_by_chance(const uint32_t* visits, size_t count, uint32_t sweep) {
    Uniforms uniforms(plan, sweep, query);
    table.heat(plan, temperature);
    if constexpr (keeps_wholes(static_cast<Form*>(nullptr))) {
      if (table.serves() && form.memory.sparse.targets != nullptr && rule.clamp == nullptr &&
          recorder == nullptr) {
        progress.flips += static_cast<double>(form.sweep(visits, count, table, uniforms, state));
        return;
      }
    }
    for (size_t u = 0; u < count; u++) {
      const size_t i = visits[u];
      const unsigned bit = bit_at(state, i);
      const double field = form.field(i, bit);
      const uint64_t bits = uniforms.bits();
      if (rule.clamped(i)) continue;
      const unsigned to =
          table.serves() ? table.up(field, bits)
          : static_cast<double>(bits) * 0x1p-53 < chance_of(heat_argument(plan, temperature, field, i)) ? 1
                                                                                                        : 0;
      if (to != bit) flip(i, to, field);
    }
  }

  void asynchronous() {
    Sweeps<Form> sweeps(form, plan, workspace);
    const bool fixed_order = plan.order == Order::kCyclic || plan.order == Order::kExplicit;
    progress.quadratic = recorder != nullptr ? form.quadratic(state) : 0;
    for (uint32_t sweep = 0; sweep < plan.max_sweeps; sweep++) {
      const bool cold = sweep >= temperatures.cold;
      if (cold && fixed_order && !old && !watch.started()) watch.start(state, words, workspace);
      temperature = temperatures.at(sweep);
      sweeps.draw(plan.first_sweep + sweep, query);
      const double before = progress.flips;
      if (temperature > 0) {
        visit_by_chance(sweeps.visits, sweeps.visit_count, plan.first_sweep + sweep);
      } else if constexpr (Form::kFours) {
        visit_fours(sweeps.visits, sweeps.visit_count);
      } else {
        visit(sweeps.visits, sweeps.visit_count);
      }
      progress.sweeps += 1;
      record_sweep();
      if (!cold) continue;
      const uint64_t length = watch.started() ? watch.closes(state) : 0;
      if (progress.flips == before && (plan.order != Order::kRandomSite || stable())) {
        progress.cycle = 1;
        return;
      }
      if (length >= 2) {
        progress.cycle = static_cast<double>(length);
        return;
      }
    }
  }
};

/// Calls `use` with the form of a memory that only the general engine takes.
template <class Use>
static void with_general_form(const Memory& memory, Workspace& workspace, Use use) {
  switch (memory.form) {
    case Form::kImplicit:
    case Form::kInteraction:
      return;
    case Form::kCoupled: {
      CoupledForm form(memory, workspace);
      return use(form);
    }
    case Form::kBits: {
      BitsForm form(memory, workspace);
      return use(form);
    }
    case Form::kMatrix:
      if (memory.number == Number::kInt32) {
        MatrixForm<int32_t> form(memory, workspace);
        return use(form);
      } else if (memory.number == Number::kFloat32) {
        MatrixForm<float> form(memory, workspace);
        return use(form);
      } else {
        MatrixForm<double> form(memory, workspace);
        return use(form);
      }
    case Form::kSparse:
      if (memory.number != Number::kInt32) {
        SparseReals form(memory, workspace);
        return use(form);
      } else if (memory.largest < 0x1p30) {
        SparseWholes<int32_t> form(memory, workspace);
        return use(form);
      } else {
        SparseWholes<int64_t> form(memory, workspace);
        return use(form);
      }
  }
}

/// What recall.h and interaction.h do not do.
static inline bool is_general(const Memory& memory, const Plan& plan) {
  return !is_quick(memory) || plan.temperatures != nullptr || plan.first_sweep != 0;
}

struct RecallUse {
  const Plan& plan;
  uint64_t query;
  uint32_t* state;
  Outcome* outcome;
  Recorder* recorder;
  Workspace& workspace;

  template <class Form>
  void operator()(Form& form) const {
    GeneralRecall<Form>(form, plan, query, state, recorder, workspace).run(outcome);
  }
};

/// Weights that recall.h knows, in the general engine.
static void whole_recall(const Memory& memory, const RecallUse& use) {
  const Rule rule{use.plan.tie, use.plan.scale, use.plan.external_field, use.plan.clamp};
  if (memory.form == Form::kMatrix) {
    DenseForm<uint64_t, int64_t> form(memory, rule, use.workspace);
    WholeForm<DenseForm<uint64_t, int64_t>> whole{memory, form};
    use(whole);
  } else if (memory.neurons <= static_cast<size_t>(kMostVotes)) {
    ImplicitForm<int16_t> form(memory, rule, 0, use.workspace);
    WholeForm<ImplicitForm<int16_t>> whole{memory, form};
    use(whole);
  } else {
    ImplicitForm<int32_t> form(memory, rule, 0, use.workspace);
    WholeForm<ImplicitForm<int32_t>> whole{memory, form};
    use(whole);
  }
}

static void recall(const Memory& memory, const Plan& plan, uint64_t query, uint32_t* state, Outcome* outcome,
                   Recorder* recorder, Workspace& workspace) {
  if (memory.form == Form::kInteraction) {
    return interaction_recall_alone(memory, plan, query, state, outcome, recorder, workspace);
  }
  if (!is_general(memory, plan)) {
    return pairwise_recall(memory, plan, query, state, outcome, recorder, workspace);
  }
  const RecallUse use{plan, query, state, outcome, recorder, workspace};
  if (is_quick(memory)) return whole_recall(memory, use);
  with_general_form(memory, workspace, use);
}

struct FieldsUse {
  const uint32_t* state;
  double* out;

  template <class Form>
  void operator()(Form& form) const {
    form.begin(state);
    form.fields(state, out);
  }
};

static void local_fields(const Memory& memory, const uint32_t* state, double* out) {
  if (memory.form == Form::kInteraction) return interaction_fields(memory, state, out);
  if (keeps_fields(memory)) return dense_fields(memory, state, out);
  Workspace workspace;
  if (memory.form != Form::kImplicit) return with_general_form(memory, workspace, FieldsUse{state, out});
  int32_t* v = workspace.take<int32_t>(memory.count);
  row_overlaps(memory.rows, memory.count, row_blocks(memory.neurons), memory.neurons, state, v);
  implicit_fields(memory.rows, memory.count, memory.neurons, v, state, out);
}

struct QuadraticsUse {
  const uint32_t* states;
  size_t count;
  double* out;

  template <class Form>
  void operator()(Form& form) const {
    const size_t words = row_words(form.memory.neurons);
    for (size_t b = 0; b < count; b++) {
      form.begin(states + b * words);
      out[b] = form.quadratic(states + b * words);
    }
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_GENERAL_H_
