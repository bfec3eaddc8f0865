// One replica annealed alone: whole totals h_i + b_i are kept from flip to flip, and sixteen neurons are
// asked at once whether one of them flips.
#ifndef HOPFIELD_KERNELS_ANNEALING_CHAIN_H_
#define HOPFIELD_KERNELS_ANNEALING_CHAIN_H_

#include "kernels/annealing/acceptance_limits.h"
#include "kernels/annealing/weight_rows.h"
#include "kernels/log.h"

namespace hopfield {
namespace {

/// Whether word w takes a flip that costs 2x.
static inline bool takes(const AnnealingPlan& plan, double beta, double x, uint32_t w) {
  const bool glauber = plan.acceptance == Acceptance::kGlauber;
  if (!glauber && x <= 0) return true;
  const double cost = x == 0 ? 0 : 2 * (beta * x);
  // −ln of the smallest number that a word makes is 22.87.
  if (!(cost <= 23)) return false;
  if (cost < -23) return true;
  const double u = (static_cast<double>(w) + 0.5) * 0x1p-32;
  return cost <= (glauber ? natural_log(1 - u) : 0) - natural_log(u);
}

/// Rows: WeightRows or SignRows.
template <class Rows>
struct WholeChain {
  using Total = typename Rows::Total;
  /// Totals are changed in whole words of 64 rows, and asked for in groups of sixteen.
  static constexpr size_t kRoom = 64;

  const Rows& rows;
  const double* external_field;
  Total* totals;
  int32_t* spins;  ///< ±1
  const size_t neurons;

  WholeChain(const Rows& of, const double* field, Workspace& workspace)
      : rows(of),
        external_field(field),
        totals(workspace.take<Total>(of.neurons + kRoom)),
        spins(workspace.take<int32_t>(of.neurons + kRoom)),
        neurons(of.neurons) {
    for (size_t i = neurons; i < neurons + kRoom; i++) {
      totals[i] = 0;
      spins[i] = 1;
    }
  }

  void begin(const uint32_t* replicas, size_t words, size_t r) {
    for (size_t i = 0; i < neurons; i++) {
      spins[i] = (replicas[2 * words * i + r / 32] >> (r % 32) & 1) != 0 ? 1 : -1;
      totals[i] = static_cast<Total>(whole_field(external_field, i));
    }
    rows.add_fields(spins, totals);
  }
  void end(uint32_t* replicas, size_t words, size_t r) const {
    for (size_t i = 0; i < neurons; i++) {
      uint32_t* word = replicas + 2 * words * i + r / 32;
      const uint32_t bit = 1u << (r % 32);
      *word = spins[i] > 0 ? *word | bit : *word & ~bit;
    }
  }

  inline void flip(size_t i) {
    spins[i] = -spins[i];
    rows.reach(i, static_cast<uint32_t>(2 * spins[i]), totals);
  }

  /// `drawn` has room for whole groups of sixteen.
  void sweep(const AcceptanceLimits& limits, const uint32_t* drawn) {
    if (limits.acceptance != Acceptance::kMetropolis) return sweep_in_turn(limits, drawn);
    for (size_t from = 0; from < neurons; from += 16) {
      heed_flag(from, 1024);
      const uint32_t there = neurons - from >= 16 ? 0xffff : (1u << (neurons - from)) - 1;
      uint32_t taken = there & taken_of_sixteen(totals + from, spins + from, drawn + from, limits.limits,
                                                static_cast<uint32_t>(limits.count));
      while (taken != 0) {
        const size_t i = from + lowest_bit(taken);
        flip(i);
        const uint32_t later = there & (~1u << (i - from));
        taken = later & asked_again(taken, i, from, limits, drawn);
      }
    }
  }

  /// The same where costs are too large for a table.
  void sweep(const AnnealingPlan& plan, double beta, const uint32_t* drawn) {
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      if (takes(plan, beta, static_cast<double>(spins[i]) * total(i), drawn[i])) flip(i);
    }
  }

  double quadratic() const {
    int64_t sum = 0;
    for (size_t i = 0; i < neurons; i++)
      sum += spins[i] * (static_cast<int64_t>(total(i)) + whole_field(external_field, i));
    return static_cast<double>(sum);
  }

 private:
  void sweep_in_turn(const AcceptanceLimits& limits, const uint32_t* drawn) {
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      if (limits.takes(spins[i] * total(i), drawn[i])) flip(i);
    }
  }

  /// What a flip of neuron i changes for its neighbours among sixteen, in a word of answers.
  inline uint32_t asked_again(uint32_t taken, size_t i, size_t from, const AcceptanceLimits& limits,
                              const uint32_t* drawn) const {
    if (!rows.full) {
      rows.each_near(i, [&](size_t j) {
        const uint32_t bit = 1u << (j - from);
        taken = limits.takes(spins[j] * total(j), drawn[j]) ? taken | bit : taken & ~bit;
      });
      return taken;
    }
    return taken_of_sixteen(totals + from, spins + from, drawn + from, limits.limits,
                            static_cast<uint32_t>(limits.count));
  }
  inline int32_t total(size_t i) const { return static_cast<int32_t>(totals[i]); }
  static inline size_t lowest_bit(uint32_t bits) {
    return static_cast<size_t>(count_ones((bits & (0u - bits)) - 1));
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_CHAIN_H_
