// Annealing, and who does it: many replicas side by side where their bonds can be counted in bits, few of
// them one after the other, and real numbers by the forms that recalls use.
#ifndef HOPFIELD_KERNELS_ANNEALING_ANNEALING_H_
#define HOPFIELD_KERNELS_ANNEALING_ANNEALING_H_

#include "kernels/annealing/chain.h"
#include "kernels/annealing/clusters.h"
#include "kernels/annealing/replicas.h"
#include "kernels/recall/choose.h"

namespace hopfield {
namespace {

static inline size_t group_words(size_t count) { return (count + 63) / 64; }

/// What the weights and the field are like.
struct Measured {
  FieldThen field;
  bool whole;
  uint64_t largest = 0;
  double mean = 0;

  Measured(const Memory& memory, const double* external_field, Workspace& workspace)
      : field(external_field, memory.neurons, workspace), whole(is_whole(memory, external_field)) {
    if (!whole) return;
    uint64_t sum = 0;
    for (size_t i = 0; i < memory.neurons; i++) {
      heed_flag(i, 1024);
      const uint64_t total = total_of(memory, external_field, i);
      largest = larger(largest, total);
      sum += total;
    }
    mean = static_cast<double>(sum) / static_cast<double>(memory.neurons);
  }

  static Lent<Measured> of(const Memory& memory, const double* external_field) {
    return {memory, ShelfPlace::kMeasured,
            [&](const Measured& known) { return known.field.is(external_field, memory.neurons); },
            [&](Workspace& workspace) { return Measured(memory, external_field, workspace); }};
  }
};

static Lent<BondLists> bond_lists_of(const Memory& memory, const double* external_field, bool once) {
  return {memory, once ? ShelfPlace::kBondsOnce : ShelfPlace::kBonds,
          [&](const BondLists& known) { return known.field.is(external_field, memory.neurons); },
          [&](Workspace& workspace) { return BondLists(memory, external_field, once, workspace); }};
}

/// The weights and the field as annealing finds them.
struct AnnealedProblem {
  const Memory& memory;
  const double* external_field;
  const Lent<Measured> measured;

  AnnealedProblem(const Memory& of, const double* field)
      : memory(of), external_field(field), measured(Measured::of(of, field)) {}

  uint64_t largest() const { return (*measured).largest; }
  bool counted() const { return (*measured).whole && largest() < uint64_t{1} << kMostPlanes; }
  bool kept() const { return (*measured).whole && largest() < uint64_t{1} << 30; }
  /// Whether totals have 16 bits and all weights of the matrix may be ±1.
  bool signs() const {
    const size_t n = memory.neurons;
    return (*measured).whole && memory.form == Form::kMatrix && n > 1 && largest() < 32768 - 2 &&
           (*measured).mean >= static_cast<double>(n - 1);
  }
  /// Whether totals have eight bits, and so many are connected that a row of all of them is soon added.
  bool bytes() const {
    const size_t n = memory.neurons;
    return (*measured).whole && largest() < 128 && n <= ByteRows::kMost &&
           (*measured).mean * kNeuronsPerBond >= static_cast<double>(n);
  }
  /// Calls use(rows) with the rows that a chain alone reads.
  template <class Use>
  void with_rows(bool often, Use use) const {
    if (signs()) {
      const Lent<SignRows> rows = sign_rows_of(memory);
      if ((*rows).usable) return use(*rows);
    }
    if (often && bytes()) {
      const Lent<ByteRows> rows = byte_rows_of(memory);
      if ((*rows).usable) return use(*rows);
    }
    const Lent<WeightRows> rows = weight_rows_of(memory, often);
    use(*rows);
  }
  /// A visit of all replicas takes some ten nanoseconds and a quarter for each bond, one of a replica alone
  /// three.
  bool together(size_t count) const {
    return counted() && memory.neurons <= kMostInRows &&
           6 * static_cast<double>(count) > 16 + (*measured).mean;
  }
};

/// One replica of real numbers.
template <class Form>
static void anneal_reals(Form& form, const AnnealingPlan& plan, size_t r, size_t neurons, uint32_t* state) {
  Workspace workspace;
  uint32_t* drawn = workspace.take<uint32_t>(neurons);
  form.begin(state);
  for (size_t sweep = 0; sweep < plan.sweeps; sweep++) {
    heed_flag(sweep, 1 + 64 / neurons);
    draw_words(plan, sweep, own_query(plan, r), drawn, neurons);
    const Acceptance acceptance = plan.acceptance_of(sweep);
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 64);
      const unsigned bit = bit_at(state, i);
      const double b = plan.external_field == nullptr ? 0 : plan.external_field[i];
      const double total = static_cast<double>(form.field(i, bit)) + b;
      if (!takes(acceptance, plan.betas[sweep], bit != 0 ? total : -total, drawn[i])) continue;
      state[i / 32] ^= 1u << (i % 32);
      form.flipped(i, bit ^ 1);
    }
  }
}

/// One replica of integers after the other.
template <class Rows>
static void anneal_wholes(const AnnealedProblem& problem, const Rows& rows, const AnnealingPlan& plan,
                          uint32_t* replicas, size_t count) {
  Workspace workspace;
  AcceptanceLimits limits(problem.counted() ? problem.largest() : 0, plan.acceptance, workspace);
  WholeChain<Rows> chain(rows, plan.external_field, workspace);
  constexpr size_t kRoom = WholeChain<Rows>::kRoom;
  uint32_t* drawn = workspace.take<uint32_t>(rows.neurons + kRoom);
  memset(drawn, 0, (rows.neurons + kRoom) * sizeof(uint32_t));
  for (size_t r = 0; r < count; r++) {
    chain.begin(replicas, group_words(count), r);
    for (size_t sweep = 0; sweep < plan.sweeps; sweep++) {
      // Sweeps heed it within, where there are more neurons than that.
      heed_flag(sweep, 1 + 1024 / rows.neurons);
      draw_words(plan, sweep, problem.counted() ? plan.group : own_query(plan, r), drawn, rows.neurons);
      if (problem.counted()) {
        limits.heat(plan, sweep);
        chain.sweep(limits, drawn);
      } else {
        chain.sweep(plan.acceptance_of(sweep), plan.betas[sweep], drawn);
      }
    }
    chain.end(replicas, group_words(count), r);
  }
}

/// Calls use(r, state) with each replica as a row.
template <class Use>
static void each_replica(size_t neurons, const uint32_t* replicas, size_t count, Use use) {
  Workspace workspace;
  const size_t words = group_words(count);
  uint32_t* state = workspace.take<uint32_t>(row_words(neurons));
  for (size_t r = 0; r < count; r++) {
    memset(state, 0, row_words(neurons) * sizeof(uint32_t));
    for (size_t i = 0; i < neurons; i++)
      state[i / 32] |= (replicas[2 * words * i + r / 32] >> (r % 32) & 1) << (i % 32);
    use(r, state);
  }
}

static void anneal(const Memory& memory, const AnnealingPlan& plan, uint32_t* replicas, size_t count) {
  const AnnealedProblem problem(memory, plan.external_field);
  if (problem.together(count)) {
    const Lent<BondLists> bonds = bond_lists_of(memory, plan.external_field, false);
    AnnealedReplicas annealed(*bonds, plan, static_cast<uint32_t>(problem.largest()), replicas, count);
    annealed.run();
    return annealed.write(replicas, count);
  }
  if (problem.kept()) {
    constexpr size_t kOften = 16;
    return problem.with_rows(count * plan.sweeps >= kOften,
                             [&](const auto& rows) { anneal_wholes(problem, rows, plan, replicas, count); });
  }
  const size_t neurons = memory.neurons, words = group_words(count);
  each_replica(neurons, replicas, count, [&](size_t r, uint32_t* state) {
    Workspace workspace;
    with_form(memory, Update(), neurons, workspace,
              [&](auto& form) { anneal_reals(form, plan, r, neurons, state); });
    for (size_t i = 0; i < neurons; i++) {
      uint32_t* word = replicas + 2 * words * i + r / 32;
      *word = (*word & ~(1u << (r % 32))) | bit_at(state, i) << (r % 32);
    }
  });
}

template <class Rows>
static void whole_quadratics(const Rows& rows, const double* external_field, const uint32_t* replicas,
                             size_t count, double* out) {
  Workspace workspace;
  WholeChain<Rows> chain(rows, external_field, workspace);
  for (size_t r = 0; r < count; r++) {
    chain.begin(replicas, group_words(count), r);
    out[r] = chain.quadratic();
  }
}

static void replica_quadratics(const Memory& memory, const double* external_field, const uint32_t* replicas,
                               size_t count, double* out) {
  const AnnealedProblem problem(memory, external_field);
  if (problem.together(count)) {
    const Lent<BondLists> bonds = bond_lists_of(memory, external_field, true);
    const CountedReplicas counted(*bonds, replicas, count);
    return counted.quadratics(count, out);
  }
  if (problem.kept()) {
    return problem.with_rows(
        false, [&](const auto& rows) { whole_quadratics(rows, external_field, replicas, count, out); });
  }
  const size_t neurons = memory.neurons;
  each_replica(neurons, replicas, count, [&](size_t r, uint32_t* state) {
    Workspace workspace;
    with_form(memory, Update(), neurons, workspace, [&](auto& form) {
      form.begin(state);
      double sum = 0;
      for (size_t i = 0; i < neurons; i++) {
        heed_flag(i, 64);
        const unsigned bit = bit_at(state, i);
        const double b = external_field == nullptr ? 0 : external_field[i];
        const double both = (static_cast<double>(form.field(i, bit)) + b) + b;
        sum += bit != 0 ? both : -both;
      }
      out[r] = sum;
    });
  });
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_ANNEALING_H_
