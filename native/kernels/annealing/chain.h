// One replica annealed alone: whole totals h_i + b_i are kept from flip to flip, and sixteen neurons are
// asked at once whether one of them flips.
#ifndef HOPFIELD_KERNELS_ANNEALING_CHAIN_H_
#define HOPFIELD_KERNELS_ANNEALING_CHAIN_H_

#include "kernels/annealing/acceptance_limits.h"
#include "kernels/annealing/bonds.h"
#include "kernels/log.h"

namespace hopfield {
namespace {

/// Weights of kInt32 in rows: of connections those that are not 0, copied, and of a matrix all of them. A
/// matrix is read where it lies, since no number in it leads anywhere, or from a copy in bytes, where it fits
/// and is read often.
struct WeightRows {
  size_t neurons;
  bool full;
  bool often;
  uint32_t* starts = nullptr;
  uint32_t* near_ends = nullptr;  ///< of a row's first places: neighbours later among sixteen
  uint32_t* neighbours = nullptr;
  int32_t* weights = nullptr;
  const int32_t* matrix = nullptr;
  int8_t* bytes = nullptr;

  /// @param read_often whether a copy pays
  WeightRows(const Memory& memory, bool read_often, Workspace& workspace)
      : neurons(memory.neurons), full(memory.form == Form::kMatrix), often(read_often) {
    if (full) {
      matrix = memory.weights_as<int32_t>();
      if (often) shorten(workspace);
      return;
    }
    const size_t most = memory.sparse.length;
    starts = workspace.take<uint32_t>(neurons + 1);
    near_ends = workspace.take<uint32_t>(neurons);
    neighbours = workspace.take<uint32_t>(most);
    weights = workspace.take<int32_t>(most);
    uint32_t at = 0;
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 4096);
      starts[i] = at;
      for (int turn = 0; turn < 2; turn++) {
        each_weight(memory, i, [&](size_t j, int32_t weight) {
          const bool near = j > i && j / 16 == i / 16;
          // The second look at a memory that others write may see more than the first.
          if (near != (turn == 0) || at >= most) return;
          neighbours[at] = static_cast<uint32_t>(j);
          weights[at++] = weight;
        });
        if (turn == 0) near_ends[i] = at;
      }
    }
    starts[neurons] = at;
  }

  /// totals += factor·J_i, for a factor of ±1 or ±2. What is not symmetric may wrap.
  inline void reach(size_t i, uint32_t factor, uint32_t* totals) const {
    if (full) {
      const size_t at = i * padded_stride(neurons);
      if (bytes != nullptr) return add_row(bytes + at, factor, totals);
      return add_row(matrix + at, factor, totals);
    }
    for (size_t k = starts[i]; k < starts[i + 1]; k++)
      totals[neighbours[k]] += factor * static_cast<uint32_t>(weights[k]);
  }

 private:
  /// Additions and shifts: products of 32 bits take twice as long.
  template <class Weight>
  inline void add_row(const Weight* row, uint32_t factor, uint32_t* totals) const {
    const unsigned twice = factor == 1 || factor == ~0u ? 0 : 1;
    if (static_cast<int32_t>(factor) > 0) {
      for (size_t j = 0; j < neurons; j++) totals[j] += static_cast<uint32_t>(row[j]) << twice;
    } else {
      for (size_t j = 0; j < neurons; j++) totals[j] -= static_cast<uint32_t>(row[j]) << twice;
    }
  }

  void shorten(Workspace& workspace) {
    const size_t size = neurons * padded_stride(neurons);
    int8_t* room = workspace.take<int8_t>(size);
    uint32_t beyond = 0;
    for (size_t k = 0; k < size; k++) {
      room[k] = static_cast<int8_t>(matrix[k]);
      beyond |= (static_cast<uint32_t>(matrix[k]) + 128) & ~255u;
    }
    if (beyond == 0) bytes = room;
  }
};

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

struct WholeChain {
  const WeightRows& rows;
  const double* external_field;
  /// Room for whole groups of sixteen: totals in two's complement, and spins ±1.
  uint32_t* totals;
  int32_t* spins;
  const size_t neurons;

  WholeChain(const WeightRows& of, const double* field, Workspace& workspace)
      : rows(of),
        external_field(field),
        totals(workspace.take<uint32_t>(of.neurons + 16)),
        spins(workspace.take<int32_t>(of.neurons + 16)),
        neurons(of.neurons) {
    // After the last neuron: nothing that would ever flip.
    for (size_t i = neurons; i < neurons + 16; i++) {
      totals[i] = INT32_MAX;
      spins[i] = 1;
    }
  }

  void begin(const uint32_t* replicas, size_t words, size_t r) {
    for (size_t i = 0; i < neurons; i++) {
      spins[i] = (replicas[2 * words * i + r / 32] >> (r % 32) & 1) != 0 ? 1 : -1;
      totals[i] = static_cast<uint32_t>(whole_field(external_field, i));
    }
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      rows.reach(i, static_cast<uint32_t>(spins[i]), totals);
    }
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
      uint32_t taken = taken_of_sixteen(totals + from, spins + from, drawn + from, limits.limits,
                                        static_cast<uint32_t>(limits.count));
      while (taken != 0) {
        const size_t i = from + lowest_bit(taken);
        flip(i);
        const uint32_t later = ~1u << (i - from);
        taken = later & (rows.full ? taken_of_sixteen(totals + from, spins + from, drawn + from,
                                                      limits.limits, static_cast<uint32_t>(limits.count))
                                   : asked_again(taken, i, from, limits, drawn));
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
    for (size_t k = rows.starts[i]; k < rows.near_ends[i]; k++) {
      const size_t j = rows.neighbours[k], l = j - from;
      taken = (taken & ~(1u << l)) | static_cast<uint32_t>(limits.takes(spins[j] * total(j), drawn[j])) << l;
    }
    return taken;
  }
  inline int32_t total(size_t i) const { return static_cast<int32_t>(totals[i]); }
  static inline size_t lowest_bit(uint32_t bits) {
    return static_cast<size_t>(count_ones((bits & (0u - bits)) - 1));
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_CHAIN_H_
