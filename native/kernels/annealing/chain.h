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
static inline bool takes(Acceptance acceptance, double beta, double x, uint32_t w) {
  const bool glauber = acceptance == Acceptance::kGlauber;
  if (!glauber && x <= 0) return true;
  const double cost = x == 0 ? 0 : 2 * (beta * x);
  // −ln of the smallest number that a word makes is 22.87.
  if (!(cost <= 23)) return false;
  if (cost < -23) return true;
  const double u = (static_cast<double>(w) + 0.5) * 0x1p-32;
  return cost <= (glauber ? natural_log(1 - u) : 0) - natural_log(u);
}

/// Rows: WeightRows, SignRows or ByteRows.
template <class Rows>
struct WholeChain {
  using Total = typename Rows::Total;
  /// Totals are changed in whole words of 64 rows, and asked for in groups of sixteen.
  static constexpr size_t kRoom = 64;
  /// Totals below it have bounds of eight bits.
  static constexpr size_t kMostInByte = 128;

  const Rows& rows;
  const double* external_field;
  Total* totals;
  int32_t* spins;  ///< ±1
  const size_t neurons;
  size_t flips = 0;  ///< of the last sweep, where somebody wants to know
  int8_t* bounds;    ///< the largest x that each neuron's word takes, where all totals are small

  WholeChain(const Rows& of, const double* field, Workspace& workspace)
      : rows(of),
        external_field(field),
        totals(workspace.take<Total>(of.neurons + kRoom)),
        spins(workspace.take<int32_t>(of.neurons + kRoom)),
        neurons(of.neurons),
        bounds(workspace.take<int8_t>(of.neurons + kRoom)) {
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
    flips = neurons;
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

  /// `drawn` has room for kRoom words more.
  void sweep(const AcceptanceLimits& limits, const uint32_t* drawn) {
    if constexpr (Rows::kBytes) {
      sweep_by_bounds(limits, drawn);
    } else {
      const size_t before = flips;
      flips = 0;
      if (rows.restless(before)) {
        const bool masks = limits.largest < kMostInByte && rows.no_longer_than(8);
        return masks ? sweep_by_masks(limits, drawn) : sweep_without_guessing(limits, drawn);
      }
      if (limits.acceptance != Acceptance::kMetropolis) return sweep_in_turn(limits, drawn);
      sweep_by_sixteens(limits, drawn);
    }
  }

  /// The same where costs are too large for a table.
  void sweep(Acceptance acceptance, double beta, const uint32_t* drawn) {
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      if (takes(acceptance, beta, static_cast<double>(spins[i]) * total(i), drawn[i])) flip(i);
    }
  }

  double quadratic() const {
    int64_t sum = 0;
    for (size_t i = 0; i < neurons; i++)
      sum += spins[i] * (static_cast<int64_t>(total(i)) + whole_field(external_field, i));
    return static_cast<double>(sum);
  }

 private:
  void sweep_by_sixteens(const AcceptanceLimits& limits, const uint32_t* drawn) {
    for (size_t from = 0; from < neurons; from += 16) {
      heed_flag(from, 1024);
      const uint32_t there = there_of(from);
      uint32_t taken = there & taken_of_sixteen(totals + from, spins + from, drawn + from, limits.limits,
                                                static_cast<uint32_t>(limits.count));
      while (taken != 0) {
        const size_t i = from + lowest_bit(taken);
        flip(i);
        flips++;
        const uint32_t later = there & (~1u << (i - from));
        taken = later & asked_again(taken, i, from, limits, drawn);
      }
    }
  }

  /// Every neuron does the work of a flip: where many flip, that takes less time than to guess wrongly which.
  void sweep_without_guessing(const AcceptanceLimits& limits, const uint32_t* drawn) {
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      const uint32_t taken = limits.taken(spins[i] * total(i), drawn[i]);
      const uint32_t change = static_cast<uint32_t>(-2 * spins[i]) & (0u - taken);
      spins[i] += static_cast<int32_t>(change);
      rows.reach(i, change, totals);
      flips += taken;
    }
  }

  /// The same where limits are few: a neuron often waits for the total that the one before it has changed,
  /// and from there to the next total there is no table and no product.
  void sweep_by_masks(const AcceptanceLimits& limits, const uint32_t* drawn) {
    find_bounds(limits, drawn);
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      const int32_t down = spins[i] >> 31, change = -2 * spins[i], past = bounds[i] + 1;
      const int32_t x = (total(i) ^ down) - down;
      const auto taken = static_cast<uint32_t>((x - past) >> 31);
      spins[i] += change & static_cast<int32_t>(taken);
      rows.reach_where(i, static_cast<uint32_t>(change), taken, totals);
      flips += taken & 1;
    }
  }

  /// All words are compared with all limits first: what a neuron may cost is then known before its turn.
  void sweep_by_bounds(const AcceptanceLimits& limits, const uint32_t* drawn) {
    find_bounds(limits, drawn);
    for (size_t from = 0; from < neurons; from += 16) {
      heed_flag(from, 1024);
      const uint32_t taken = there_of(from) & rows.flipping(from, totals, spins, bounds);
      if (taken != 0) flip_all(from, taken);
    }
  }

  /// The largest x that each neuron's word takes.
  void find_bounds(const AcceptanceLimits& limits, const uint32_t* drawn) {
    for (size_t from = 0; from < neurons; from += 64) {
      heed_flag(from, 1024);
      limits_above(drawn + from, limits.limits, static_cast<uint32_t>(limits.count), limits.first - 1,
                   bounds + from);
    }
  }

  /// Flips neurons that are decided, among sixteen: one that becomes +1 with one that becomes −1, so that
  /// totals are read and written once for both, and nothing need be guessed of each.
  inline void flip_all(size_t from, uint32_t taken) {
    uint32_t up = 0;
    for (uint32_t left = taken; left != 0; left &= left - 1) {
      const size_t l = lowest_bit(left);
      up |= static_cast<uint32_t>(spins[from + l] < 0) << l;
      spins[from + l] = -spins[from + l];
    }
    uint32_t down = taken & ~up;
    for (; up != 0 && down != 0; up &= up - 1, down &= down - 1)
      rows.exchange(from + lowest_bit(up), from + lowest_bit(down), totals);
    for (; up != 0; up &= up - 1) rows.add(from + lowest_bit(up), totals);
    for (; down != 0; down &= down - 1) rows.subtract(from + lowest_bit(down), totals);
  }

  void sweep_in_turn(const AcceptanceLimits& limits, const uint32_t* drawn) {
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      if (!limits.takes(spins[i] * total(i), drawn[i])) continue;
      flip(i);
      flips++;
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
  /// Which of sixteen neurons there are.
  inline uint32_t there_of(size_t from) const {
    return neurons - from >= 16 ? 0xffff : (1u << (neurons - from)) - 1;
  }
  inline int32_t total(size_t i) const { return static_cast<int32_t>(totals[i]); }
  static inline size_t lowest_bit(uint32_t bits) {
    return static_cast<size_t>(count_ones((bits & (0u - bits)) - 1));
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_CHAIN_H_
