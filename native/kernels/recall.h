// Whole recalls, the mirror of src/kernels/reference/recall.ts. Two short cuts change nothing but the time:
// a sweep that provably changes nothing is counted and not run, and asynchronous fields are summed from the
// overlaps of the moment, one neuron's column at a time.
#ifndef HOPFIELD_KERNELS_RECALL_H_
#define HOPFIELD_KERNELS_RECALL_H_

#include "kernels/energy.h"
#include "kernels/field.h"
#include "kernels/random.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// What sums of votes over set bits are compared with, where the neuron is +1 and where it is −1.
struct Halves {
  int64_t up, down;
};

/// What the rule needs besides the field of one neuron.
struct Rule {
  Tie tie;
  double scale;
  const double* external_field;
  const uint32_t* clamp;

  inline bool clamped(size_t i) const { return clamp != nullptr && bit_at(clamp, i) != 0; }

  /// 1 for +1: the sign of the field, the tie rule at zero.
  template <class Field>
  inline unsigned decide(Field field, size_t i, unsigned bit) const {
    const unsigned at_zero = tie == Tie::kKeep ? bit : static_cast<unsigned>(tie == Tie::kPositive);
    if (external_field == nullptr) return field > 0 ? 1 : field < 0 ? 0 : at_zero;
    const double total = static_cast<double>(field) / scale + external_field[i];
    return total > 0 ? 1 : total < 0 ? 0 : at_zero;
  }

  /// h = 2·sum − total − P·s, so h > 0 where the sum exceeds half of total + P·s; at zero field the tie
  /// decides.
  Halves halves(int64_t total, int64_t patterns) const {
    return {(total + patterns - (tie != Tie::kNegative)) >> 1,
            (total - patterns - (tie == Tie::kPositive)) >> 1};
  }
  /// The same for h > x, with total + x for total.
  static Halves over(int64_t total, int64_t patterns) {
    return {(total + patterns) >> 1, (total - patterns) >> 1};
  }

  /// After all signs were taken at once: clamped neurons keep their value, padding stays zero.
  inline void restore(const uint32_t* state, uint32_t* next, size_t neurons) const {
    const size_t words = row_words(neurons);
    if (clamp != nullptr) {
      for (size_t k = 0; k < words; k++) next[k] = (next[k] & ~clamp[k]) | (state[k] & clamp[k]);
    }
    for (size_t k = neurons / 32; k < words; k++) next[k] &= used_mask(neurons, k);
  }
};

/// The signs of one block's fields where an external field is added: `sum` is that of the votes of set bits.
static void external_block(const Rule& rule, const Memory& memory, const int32_t* sum, int64_t total,
                           size_t block, const uint32_t* state, uint32_t* next) {
  memset(next + block * kBlockWords, 0, kBlockWords * sizeof(uint32_t));
  const int64_t count = static_cast<int64_t>(memory.count);
  const size_t first = block * kBlockBits;
  for (size_t i = first; i < memory.neurons && i < first + kBlockBits; i++) {
    const unsigned bit = bit_at(state, i);
    const int64_t field = 2 * static_cast<int64_t>(sum[i - first]) - total - (bit ? count : -count);
    next[i / 32] |= rule.decide(field, i, bit) << (i % 32);
  }
}

/// What has happened so far, and where it is written down if anywhere.
struct Progress {
  double sweeps = 0;
  double flips = 0;
  double cycle = 0;
  double quadratic = 0;  ///< running Q of a traced asynchronous recall
  Recorder* recorder = nullptr;
};

/// J = ΞᵀΞ − P·1, never formed. Vote is the type of the overlaps that asynchronous updates carry along.
template <class Vote>
struct ImplicitForm {
  const Memory& memory;
  const Rule& rule;
  size_t blocks;
  size_t used_words;  ///< words of a column that hold patterns
  size_t height;
  size_t span;
  bool wide;  ///< N·P is so large that even a 32-bit lane of eight could overflow
  int32_t* overlap_values;
  Vote* votes;
  int32_t* fields;           ///< of each visit of the last pass
  uint32_t* flipped_visits;  ///< of the last pass, in order
  int64_t total = 0;
  Ballots ballots;

  ImplicitForm(const Memory& of, const Rule& by, size_t most_visits, Workspace& workspace)
      : memory(of),
        rule(by),
        blocks(row_blocks(of.neurons)),
        used_words((of.count + 31) / 32),
        height(column_words(of.count)),
        span(of.neurons < static_cast<size_t>(kMostVotes) ? kMostVotes / of.neurons : 1),
        wide(static_cast<double>(of.neurons) * static_cast<double>(of.count) >= 0x1p34),
        overlap_values(workspace.take<int32_t>(used_words * 32)),
        votes(workspace.take<Vote>(used_words * 32)),
        fields(most_visits == 0 ? nullptr : workspace.take<int32_t>(most_visits + 4)),
        flipped_visits(most_visits == 0 ? nullptr : workspace.take<uint32_t>(most_visits)),
        ballots(take_ballots(workspace, of.count,
                             static_cast<double>(of.neurons) * static_cast<double>(of.count))) {}

  void begin(const uint32_t* state) {
    row_overlaps(memory.rows, memory.count, blocks, memory.neurons, state, overlap_values);
  }
  /// Goes on with the overlaps of another state, room for whole words of patterns.
  void take(int32_t* values) { overlap_values = values; }

  /// Asynchronous updates run on `votes`; everything else on `overlap_values`.
  void unfreeze() {
    total = 0;
    for (size_t mu = 0; mu < memory.count; mu++) {
      votes[mu] = static_cast<Vote>(overlap_values[mu]);
      total += overlap_values[mu];
    }
    for (size_t mu = memory.count; mu < used_words * 32; mu++) votes[mu] = 0;
  }
  void freeze() {
    for (size_t mu = 0; mu < memory.count; mu++) overlap_values[mu] = static_cast<int32_t>(votes[mu]);
  }

  double quadratic(const uint32_t*) const {
    return implicit_quadratic(overlap_values, memory.count, memory.neurons);
  }

  const int32_t* overlaps_now(const uint32_t*) { return overlap_values; }

  void signs(const uint32_t* state, uint32_t* next) {
    if (!fits32(overlap_values, memory.count, &ballots)) {
      wide_signs(state, next);
    } else {
      cast_ballots(overlap_values, memory.count, &ballots);
      alignas(64) int32_t sum[kBlockBits];
      for (size_t block = 0; block < blocks; block++) {
        count_block(memory.rows, blocks, block, ballots, sum);
        const size_t at = block * kBlockWords;
        if (rule.external_field == nullptr) {
          threshold_block(sum, static_cast<int32_t>(ballots.total), static_cast<int32_t>(memory.count),
                          rule.tie, state + at, next + at);
        } else {
          external_block(rule, memory, sum, ballots.total, block, state, next);
        }
      }
    }
    rule.restore(state, next, memory.neurons);
  }

  void wide_signs(const uint32_t* state, uint32_t* next) const {
    struct Decide {
      const Rule& rule;
      const uint32_t* state;
      uint32_t* next;
      void operator()(size_t i, int64_t field) const {
        next[i / 32] |= rule.decide(field, i, bit_at(state, i)) << (i % 32);
      }
    };
    memset(next, 0, blocks * kBlockWords * sizeof(uint32_t));
    wide_fields(memory.rows, memory.count, memory.neurons, overlap_values, state, ballots,
                Decide{rule, state, next});
  }

  inline int64_t field(size_t i, unsigned bit) const {
    const int64_t self = bit ? static_cast<int64_t>(memory.count) : -static_cast<int64_t>(memory.count);
    const uint32_t* column = memory.columns + i * height;
    return 2 * (wide ? wide_sum(column) : column_sum(column, votes, used_words, span)) - total - self;
  }

  int64_t wide_sum(const uint32_t* column) const {
    int64_t sum = 0;
    for (size_t mu = 0; mu < memory.count; mu++) sum += bit_at(column, mu) ? votes[mu] : 0;
    return sum;
  }

  inline void flipped(size_t i, unsigned next) {
    const uint32_t* column = memory.columns + i * height;
    const int delta = next ? 2 : -2;
    column_add(column, votes, used_words, delta);
    int64_t ones = 0;
    for (size_t k = 0; k < height; k += 2) ones += count_ones(load64(column + k));
    total += delta * (2 * ones - static_cast<int64_t>(memory.count));
  }

  /// One pass in the tier's own way, where nobody watches and fields are plain 32-bit integers.
  bool sweep(const uint32_t* visits, size_t count, uint32_t* state, const uint32_t* expected, size_t* flips) {
    const double most = (static_cast<double>(memory.neurons) + 1) * static_cast<double>(memory.count);
    if (rule.external_field != nullptr || most >= 0x1p31) return false;
    Pass<Vote> pass{
        memory.columns, height,     used_words, span,   votes, total, static_cast<int32_t>(memory.count),
        rule.tie,       rule.clamp, expected,   visits, count, state, fields,
        flipped_visits};
    *flips = sweep_columns(pass);
    total = pass.total;
    return true;
  }

  /// Writes down the flips of the last pass. Each raised Q by 4·|h|: nothing but its own field moved the
  /// neuron.
  void replay(const uint32_t* visits, size_t flips, Progress& progress) const {
    for (size_t k = 0; k < flips; k++) {
      progress.quadratic += 4.0 * static_cast<double>(magnitude(fields[flipped_visits[k]]));
      progress.recorder->flip(visits[flipped_visits[k]]);
      progress.recorder->energy(energy_of(progress.quadratic, rule.scale, 0));
    }
  }

  /// The pattern the state overlaps most with, or its inverse, if that is likely to attract it; null if none
  /// is.
  const uint32_t* likely_end(uint32_t* row) const {
    size_t nearest = 0;
    for (size_t mu = 1; mu < memory.count; mu++) {
      if (magnitude(overlap_values[mu]) > magnitude(overlap_values[nearest])) nearest = mu;
    }
    if (memory.count == 0 || magnitude(overlap_values[nearest]) < memory.neurons / 4) return nullptr;
    const uint32_t inverse = overlap_values[nearest] < 0 ? ~0u : 0u;
    for (size_t k = 0; k < blocks * kBlockWords; k++)
      row[k] = memory.rows[nearest * blocks * kBlockWords + k] ^ inverse;
    return row;
  }

  /// After a pass that visited every neuron once and flipped `flips`: each flip moved a field by at most 2·P,
  /// so a neuron whose field was larger then cannot want to flip now. Asks the others, if they are few.
  bool settled(const uint32_t* visits, const uint32_t* state, size_t flips, bool* answer) const {
    const double bound = 2.0 * static_cast<double>(memory.count) * static_cast<double>(flips);
    if (bound >= static_cast<double>(INT32_MAX)) return false;
    const uint32_t reach = static_cast<uint32_t>(bound);
    const size_t neurons = memory.neurons;
    size_t near = 0;
    for (size_t u = 0; u < neurons; u++) near += magnitude(fields[u]) <= reach;
    if (near > neurons / 32) return false;
    *answer = true;
    for (size_t u = 0; u < neurons; u++) {
      if (magnitude(fields[u]) > reach) continue;
      const size_t i = visits[u];
      const unsigned bit = bit_at(state, i);
      if (rule.decide(field(i, bit), i, bit) != bit && !rule.clamped(i)) {
        *answer = false;
        return true;
      }
    }
    return true;
  }

  double quadratic_now(const uint32_t* state) {
    freeze();
    return quadratic(state);
  }
};

/// J as a symmetric integer matrix. Lane is an unsigned type that holds every field as a signed number.
template <class Lane, class Signed>
struct DenseForm {
  const Memory& memory;
  const Rule& rule;
  Lane* masks;
  Lane* fields;
  int32_t* overlap_values;

  DenseForm(const Memory& of, const Rule& by, Workspace& workspace)
      : memory(of),
        rule(by),
        masks(workspace.take<Lane>(of.neurons)),
        fields(workspace.take<Lane>(of.neurons)),
        overlap_values(workspace.take<int32_t>(of.count)) {}

  void begin(const uint32_t* state) {
    sign_masks(state, memory.neurons, masks);
    dense_product(memory, masks, fields);
  }
  void unfreeze() {}
  void freeze() {}
  /// Goes on with the fields of another state.
  void take(int32_t* values) { fields = reinterpret_cast<Lane*>(values); }

  double quadratic(const uint32_t* state) const {
    double sum = 0;
    for (size_t i = 0; i < memory.neurons; i++) {
      const double field = static_cast<double>(static_cast<Signed>(fields[i]));
      sum += bit_at(state, i) ? field : -field;
    }
    return sum;
  }
  double quadratic_now(const uint32_t* state) { return quadratic(state); }

  const int32_t* overlaps_now(const uint32_t* state) {
    row_overlaps(memory.rows, memory.count, row_blocks(memory.neurons), memory.neurons, state,
                 overlap_values);
    return overlap_values;
  }

  void signs(const uint32_t* state, uint32_t* next) {
    memset(next, 0, row_words(memory.neurons) * sizeof(uint32_t));
    for (size_t i = 0; i < memory.neurons; i++) {
      next[i / 32] |= rule.decide(field(i, 0), i, bit_at(state, i)) << (i % 32);
    }
    rule.restore(state, next, memory.neurons);
  }

  inline int64_t field(size_t i, unsigned) const { return static_cast<Signed>(fields[i]); }

  bool sweep(const uint32_t*, size_t, uint32_t*, const uint32_t*, size_t*) { return false; }
  const uint32_t* likely_end(uint32_t*) const { return nullptr; }
  bool settled(const uint32_t*, const uint32_t*, size_t, bool*) const { return false; }
  void replay(const uint32_t*, size_t, Progress&) const {}

  inline void flipped(size_t i, unsigned next) {
    const int32_t* row = memory.weights_as<int32_t>() + i * memory.stride;
    const Lane factor = next ? Lane{2} : Lane{0} - Lane{2};
    for (size_t j = 0; j < memory.neurons; j++) fields[j] += factor * static_cast<Lane>(row[j]);
  }
};

static inline double energy_with(const Rule& rule, double quadratic, const uint32_t* state, size_t neurons) {
  const double external =
      rule.external_field == nullptr ? 0 : external_dot(rule.external_field, neurons, state);
  return energy_of(quadratic, rule.scale, external);
}

template <class Form>
static void synchronous(Form& form, const Plan& plan, uint32_t* state, Progress& progress,
                        Workspace& workspace) {
  const size_t neurons = form.memory.neurons;
  const size_t words = row_words(neurons);
  uint32_t* next = workspace.take<uint32_t>(words);
  uint32_t* previous = workspace.take<uint32_t>(words);
  for (uint32_t sweep = 0; sweep < plan.max_sweeps; sweep++) {
    form.signs(state, next);
    uint64_t changed = 0;
    for (size_t k = 0; k < words; k += 2) changed += count_ones(load64(state + k) ^ load64(next + k));
    const bool returned = sweep > 0 && same_row(previous, next, words);
    memcpy(previous, state, words * sizeof(uint32_t));
    memcpy(state, next, words * sizeof(uint32_t));
    progress.sweeps += 1;
    progress.flips += static_cast<double>(changed);
    if (changed != 0) form.begin(state);
    if (Recorder* recorder = progress.recorder) {
      for (size_t i = 0; i < neurons; i++) {
        if (bit_at(previous, i) != bit_at(state, i)) recorder->flip(static_cast<uint32_t>(i));
      }
      recorder->energy(energy_with(form.rule, form.quadratic(state), state, neurons));
      recorder->sweep(form.overlaps_now(state), form.memory.count);
    }
    progress.cycle = changed == 0 ? 1 : returned ? 2 : 0;
    if (progress.cycle != 0) return;
  }
}

/// One pass over the visiting order. Returns how many neurons flipped.
template <class Form>
static size_t visit(Form& form, const uint32_t* visits, size_t count, uint32_t* state, Progress& progress,
                    bool exact) {
  const Rule rule = form.rule;
  size_t flips = 0;
  for (size_t u = 0; u < count; u++) {
    const size_t i = visits[u];
    const unsigned bit = bit_at(state, i);
    const int64_t field = form.field(i, bit);
    const unsigned next = rule.decide(field, i, bit);
    if (next == bit || rule.clamped(i)) continue;
    state[i / 32] ^= 1u << (i % 32);
    form.flipped(i, next);
    flips++;
    if (progress.recorder == nullptr) continue;
    progress.quadratic = exact ? progress.quadratic + (next ? 4.0 : -4.0) * static_cast<double>(field)
                               : form.quadratic_now(state);
    progress.recorder->flip(static_cast<uint32_t>(i));
    progress.recorder->energy(energy_with(rule, progress.quadratic, state, form.memory.neurons));
  }
  return flips;
}

/// Asynchronous sweeps of one form, sweep by sweep.
template <class Form>
struct Sweeps {
  Form& form;
  const Plan& plan;
  bool exact;
  bool each_once;
  uint32_t* next;        ///< a row to compare with
  uint32_t* own_visits;  ///< null for an explicit order
  const uint32_t* visits;
  size_t visit_count;
  bool fields_known = false;
  Workspace& workspace;
  uint32_t* few = nullptr;  ///< visits of a pass over some

  Sweeps(Form& of, const Plan& by, Workspace& scratch)
      : form(of),
        plan(by),
        exact(exact_quadratic(of.memory)),
        each_once(by.order == Order::kRandom || by.order == Order::kCyclic),
        next(scratch.take<uint32_t>(row_words(of.memory.neurons))),
        own_visits(by.order == Order::kExplicit ? nullptr : scratch.take<uint32_t>(of.memory.neurons)),
        visits(own_visits != nullptr ? own_visits : by.visits),
        visit_count(own_visits != nullptr ? of.memory.neurons : by.visit_count),
        workspace(scratch) {
    if (plan.order == Order::kCyclic) visit_in_turn(own_visits, of.memory.neurons);
  }

  /// Whether a synchronous update would change nothing.
  bool stable(const uint32_t* state) {
    form.signs(state, next);
    return same_row(state, next, row_words(form.memory.neurons));
  }

  void draw(uint32_t number, uint64_t query) {
    const size_t neurons = form.memory.neurons;
    if (plan.order == Order::kRandom || plan.order == Order::kRandomSite) {
      WordStream stream(plan.seed, number, query);
      if (plan.order == Order::kRandom) {
        permute(stream, own_visits, neurons);
      } else {
        for (size_t u = 0; u < neurons; u++) own_visits[u] = stream.bounded(static_cast<uint32_t>(neurons));
      }
    }
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
    if (few == nullptr) few = workspace.template take<uint32_t>(visit_count + 1);
    size_t count = 0;
    for (size_t u = 0; u < visit_count; u++) {
      few[count] = visits[u];
      count += bit_at(near, visits[u]);
    }
    const size_t bytes = row_words(form.memory.neurons) * sizeof(uint32_t);
    memcpy(next, state, bytes);
    size_t flips = 0;
    form.unfreeze();
    if (form.sweep(few, count, state, nullptr, &flips) && flips <= most) {
      form.freeze();
      return flips;
    }
    memcpy(state, next, bytes);
    return visit_all(state, nullptr, progress);
  }

  size_t visit_all(uint32_t* state, const uint32_t* expected, Progress& progress) {
    size_t flips = 0;
    form.unfreeze();
    // A trace beyond 2^53 needs Q anew at every flip.
    fields_known =
        (progress.recorder == nullptr || exact) && form.sweep(visits, visit_count, state, expected, &flips);
    if (!fields_known) {
      flips = visit(form, visits, visit_count, state, progress, exact);
    } else if (progress.recorder != nullptr) {
      form.replay(visits, flips, progress);
    }
    form.freeze();
    return flips;
  }
};

template <class Form>
static void asynchronous(Form& form, const Plan& plan, uint64_t query, uint32_t* state, Progress& progress,
                         Workspace& workspace) {
  Sweeps<Form> sweeps(form, plan, workspace);
  progress.quadratic = progress.recorder != nullptr ? form.quadratic(state) : 0;
  const uint32_t* expected = form.likely_end(sweeps.next);
  size_t flips = form.memory.neurons;
  for (uint32_t sweep = 0; sweep < plan.max_sweeps; sweep++) {
    // It pays to ask first whether any neuron would move, because then no visiting order need be drawn: of
    // the fields seen in the last pass, or, if that was a quiet one, of all fields at once.
    bool stable = false;
    if (sweep > 0 &&
        !(sweeps.fields_known && sweeps.each_once && form.settled(sweeps.visits, state, flips, &stable)) &&
        flips <= sweeps.visit_count / 8) {
      stable = sweeps.stable(state);
    }
    flips = stable ? 0 : sweeps.sweep(sweep, query, state, sweep == 0 ? expected : nullptr, progress);
    progress.sweeps += 1;
    progress.flips += static_cast<double>(flips);
    if (progress.recorder != nullptr) progress.recorder->sweep(form.overlaps_now(state), form.memory.count);
    if (flips != 0) continue;
    // A rule that visits every neuron, or the same ones in the same order, proves it by a quiet sweep.
    if (stable || plan.order != Order::kRandomSite || sweeps.stable(state)) {
      progress.cycle = 1;
      return;
    }
  }
}

template <class Form>
static void run(Form& form, const Plan& plan, uint64_t query, uint32_t* state, Outcome* outcome,
                Recorder* recorder, Workspace& workspace) {
  const size_t neurons = form.memory.neurons;
  Progress progress;
  progress.recorder = recorder;
  form.begin(state);
  if (recorder != nullptr) recorder->energy(energy_with(form.rule, form.quadratic(state), state, neurons));
  if (plan.synchronous) {
    synchronous(form, plan, state, progress, workspace);
  } else {
    asynchronous(form, plan, query, state, progress, workspace);
  }
  outcome->sweeps = progress.sweeps;
  outcome->flips = progress.flips;
  outcome->energy = energy_with(form.rule, form.quadratic(state), state, neurons);
  outcome->cycle = progress.cycle;
}

/// Visits of one asynchronous sweep.
static size_t most_visits(const Memory& memory, const Plan& plan) {
  if (plan.synchronous) return 0;
  return plan.order == Order::kExplicit ? plan.visit_count : memory.neurons;
}

static void pairwise_recall(const Memory& memory, const Plan& plan, uint64_t query, uint32_t* state,
                            Outcome* outcome, Recorder* recorder, Workspace& workspace) {
  const Rule rule{plan.tie, plan.scale, plan.external_field, plan.clamp};
  if (memory.form == Form::kMatrix) {
    if (memory.largest < 0x1p31) {
      DenseForm<uint32_t, int32_t> form(memory, rule, workspace);
      run(form, plan, query, state, outcome, recorder, workspace);
    } else {
      DenseForm<uint64_t, int64_t> form(memory, rule, workspace);
      run(form, plan, query, state, outcome, recorder, workspace);
    }
  } else if (memory.neurons <= static_cast<size_t>(kMostVotes)) {
    ImplicitForm<int16_t> form(memory, rule, most_visits(memory, plan), workspace);
    run(form, plan, query, state, outcome, recorder, workspace);
  } else {
    ImplicitForm<int32_t> form(memory, rule, most_visits(memory, plan), workspace);
    run(form, plan, query, state, outcome, recorder, workspace);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_H_
