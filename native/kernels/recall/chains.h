// Many recalls over the same few connections, 64 side by side: a neuron is a word, one bit a chain. They must
// visit neurons in the same order, and fields must be small whole numbers. Each chain has the result it has
// alone.
#ifndef HOPFIELD_KERNELS_RECALL_CHAINS_H_
#define HOPFIELD_KERNELS_RECALL_CHAINS_H_

#include "flag.h"
#include "kernels/energy.h"
#include "kernels/forms/sparse.h"
#include "kernels/random.h"
#include "kernels/recall/acceptance.h"
#include "kernels/recall/chain_lanes.h"
#include "kernels/recall/chain_words.h"
#include "kernels/recall/recall.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// In lanes that fit the fields.
template <class Lanes>
struct Chains {
  using Sums = typename Lanes::Sums;

  const Memory& memory;
  const Plan& plan;
  const Temperatures temperatures;
  Workspace workspace;
  const size_t visit_count;
  AcceptanceTable table;
  const int16_t most;  ///< no field is larger
  uint64_t* spins;
  uint64_t* next;      ///< what spins become
  uint64_t* previous;  ///< synchronous: what they were before
  uint64_t* kept;      ///< what states are compared with, to find cycles (CycleWatch in recall.h)
  uint64_t since = 0, period = 1;
  int16_t* offsets;  ///< most − Σ_j J_ij: what twice the weights of set bits is added to
  const uint32_t* visits;
  uint64_t running = 0;  ///< chains that are not at rest
  uint64_t twice = 0;    ///< chains that came back to their state within one sweep, and will again
  uint32_t sweep = 0;    ///< the next one
  alignas(64) uint32_t low[kChains], high[kChains];
  typename Lanes::Draws draws;
  alignas(64) double flips[kChains];
  Outcome* outcomes = nullptr;

  Chains(const Memory& of, const Plan& by)
      : memory(of),
        plan(by),
        temperatures(by),
        visit_count(!by.synchronous && by.order == Order::kExplicit ? by.visit_count : of.neurons),
        table(of.largest, by, visit_count, workspace, AcceptanceTable::kAnywhere),
        most(static_cast<int16_t>(fits() ? of.largest : 0)),
        spins(take()),
        next(by.synchronous ? take() : spins),
        previous(by.synchronous ? take() : nullptr),
        kept(temperatures.cold == SIZE_MAX ? nullptr : take()),
        offsets(workspace.take<int16_t>(of.neurons)),
        visits(by.visits),
        draws(by.seed) {
    if (!fits()) return;
    for (size_t i = 0; i < memory.neurons; i++) {
      uint32_t sum = 0;
      const Places row = memory.sparse.row(i);
      for (size_t k = row.from; k < row.end; k++)
        sum += static_cast<uint32_t>(memory.weights_as<int32_t>()[k]);
      offsets[i] = static_cast<int16_t>(static_cast<uint32_t>(most) - sum);
    }
    if (!plan.synchronous && plan.order == Order::kExplicit) return;
    uint32_t* own = workspace.take<uint32_t>(memory.neurons);
    visit_in_turn(own, memory.neurons);
    visits = own;
  }

  /// Sums of fields in these lanes, and chances from a table.
  bool fits() const {
    return memory.largest >= 0 && memory.largest <= Lanes::kMost &&
           (temperatures.cold == 0 || table.serves());
  }

  uint64_t* take() { return workspace.take<uint64_t>(chain_words(memory.neurons)); }

  /// At most kChains. Stops when fewer than `least` are still on their way at T = 0 for good: those have an
  /// outcome for what they did so far, and `resume` says where they are.
  void run(const uint64_t* queries, uint32_t* states, size_t count, Outcome* results, size_t least) {
    outcomes = results;
    begin(queries, states, count);
    running = ~uint64_t{0} >> (kChains - count);
    since = twice = 0;
    period = 1;
    for (sweep = 0; sweep < plan.max_sweeps && running != 0; sweep++) {
      if (sweep >= temperatures.cold && twice == 0 && static_cast<size_t>(count_ones(running)) < least) break;
      const double temperature = temperatures.at(sweep);
      if (sweep == temperatures.cold) memcpy(kept, spins, memory.neurons * sizeof(uint64_t));
      if (temperature > 0) {
        table.heat(plan, temperature);
        JustFields fields{*this};
        hot_sweep(plan.first_sweep + sweep, fields);
        if (plan.synchronous) renew();
      } else {
        const uint64_t turned = cold_sweep();
        const uint64_t returned = plan.synchronous && sweep > temperatures.cold ? ~differing(previous) : 0;
        if (plan.synchronous) renew();
        if (sweep >= temperatures.cold) settle(turned, returned);
      }
    }
    end(running, 0);
    rows_of_words(memory.neurons, count, spins, RowsApart{states, row_words(memory.neurons)});
    energies(count, outcomes);
  }

  void begin(const uint64_t* queries, uint32_t* states, size_t count) {
    for (size_t c = 0; c < kChains; c++) {
      const uint64_t query = c < count ? queries[c] : 0;
      low[c] = static_cast<uint32_t>(query);
      high[c] = static_cast<uint32_t>(query >> 32);
      flips[c] = 0;
    }
    draws.begin(low, high);
    words_of_rows(memory.neurons, count, RowsApart{states, row_words(memory.neurons)}, spins);
  }

  /// Whether chains have come to where they were.
  void settle(uint64_t turned, uint64_t returned) {
    since++;
    const uint64_t back = ~differing_from(kept, spins) & running;
    end(running & ~turned, 1);
    end(running & returned, 2);
    end(running & twice, 2);
    if (since > 1) {
      end(running & back, static_cast<double>(since));
      twice = 0;
    } else {
      // Alone, such a chain would find out at the next sweep.
      twice = running & back;
    }
    if (since != period) return;
    memcpy(kept, spins, memory.neurons * sizeof(uint64_t));
    since = 0;
    period *= 2;
  }
  /// Of chains that end here, and of those that go on elsewhere.
  void end(uint64_t which, double cycle) {
    for (size_t c = 0; c < kChains; c++) {
      if (((which >> c) & 1) == 0) continue;
      // The sweep that goes on counts; after the last one none does.
      const uint32_t sweeps = cycle == 0 ? sweep : sweep + 1;
      outcomes[c].sweeps = sweeps;
      outcomes[c].cycle = cycle;
      outcomes[c].active = 0;
    }
    if (cycle != 0) running &= ~which;
  }

  /// What chain c goes on with alone, in arrays of `scratch`.
  void resume(size_t c, CycleWatch* watch, uint32_t** before, Workspace& scratch) const {
    if (sweep <= temperatures.cold) return;
    watch->words = row_words(memory.neurons);
    watch->kept = row_of(kept, c, scratch);
    watch->since = since;
    watch->most = period;
    if (plan.synchronous) *before = row_of(previous, c, scratch);
  }
  uint32_t* row_of(const uint64_t* from, size_t c, Workspace& scratch) const {
    uint32_t* row = scratch.take<uint32_t>(row_words(memory.neurons));
    memset(row, 0, row_words(memory.neurons) * sizeof(uint32_t));
    for (size_t i = 0; i < memory.neurons; i++)
      row[i / 32] |= static_cast<uint32_t>((from[i] >> c) & 1) << (i % 32);
    return row;
  }

  /// Chains in which two sets of states differ.
  uint64_t differing_from(const uint64_t* a, const uint64_t* b) const {
    uint64_t bits = 0;
    for (size_t i = 0; i < memory.neurons; i++) bits |= a[i] ^ b[i];
    return bits;
  }
  uint64_t differing(const uint64_t* from) const { return differing_from(from, next); }

  /// All neurons at once take what was computed for them.
  void renew() {
    uint64_t* free = previous;
    previous = spins;
    spins = next;
    next = free;
  }

  inline void add_connection(size_t k, Sums& sums) const {
    sums.add(spins[neuron_of(memory, k)], static_cast<int16_t>(memory.weights_as<int32_t>()[k]));
  }
  /// The field of neuron i in every chain, and `from` − offset more: as a place in the table, or as it is.
  inline Sums sums_of(size_t i, int16_t from) const {
    Sums sums(0);
    const Places row = memory.sparse.row(i);
    for (size_t k = row.from; k < row.end; k++) {
      add_connection(k, sums);
    }
    sums.twice_and(from);
    return sums;
  }
  inline Sums places(size_t i) const { return sums_of(i, offsets[i]); }

  /// Σ ±(field) of every chain. Sixteen bits hold the sum of some fields.
  struct FieldTotal {
    const size_t room;
    size_t pending = 0;
    typename Lanes::Totals some{};
    alignas(64) int64_t all[kChains] = {};

    explicit FieldTotal(int16_t most) : room(static_cast<size_t>(32767 / (most > 0 ? most : 1))) {}
    inline void add_signed(uint64_t bits, const Sums& fields) {
      some.add_signed(bits, fields);
      if (++pending == room) flush();
    }
    void flush() {
      alignas(64) int16_t lanes[kChains];
      some.store(lanes);
      for (size_t c = 0; c < kChains; c++) all[c] += lanes[c];
      some = {};
      pending = 0;
    }
  };

  void energies(size_t count, Outcome* results) {
    FieldTotal total(most);
    for (size_t i = 0; i < memory.neurons; i++) {
      heed_flag(i, 1024);
      total.add_signed(spins[i], sums_of(i, static_cast<int16_t>(offsets[i] - most)));
    }
    total.flush();
    for (size_t c = 0; c < count; c++) {
      results[c].flips = flips[c];
      results[c].energy = energy_of(static_cast<double>(total.all[c]), plan.scale, 0);
    }
  }

  /// Counts the flips of one sweep.
  struct FlipCount {
    Chains& chains;
    ChainBytes turned{0};
    size_t pending = 0;

    inline void add(uint64_t bits) {
      turned.add(bits, 1);
      if (++pending == 255) flush();
    }
    void flush() {
      alignas(64) uint8_t counts[kChains];
      turned.store(counts);
      for (size_t c = 0; c < kChains; c++) chains.flips[c] += counts[c];
      turned = ChainBytes(0);
      pending = 0;
    }
  };

  /// What a hot sweep asks for.
  struct JustFields {
    const Chains& chains;

    inline Sums places(size_t i) { return chains.places(i); }
    /// Neuron i takes these values in place of those.
    inline void note(uint64_t, uint64_t) {}
  };

  template <class Asked>
  void hot_sweep(uint32_t number, Asked& asked) {
    const ChanceLimits limits = table.by_place();
    draws.sweep(number, limits);
    FlipCount count{*this};
    for (size_t u = 0; u < visit_count; u++) {
      if (u % 2 == 0) {
        if (u % 1024 == 0) heed_flag();
        draws.draw(Uniforms::kFirstDraw + static_cast<uint32_t>(u / 2));
      }
      const size_t i = visits[u];
      const uint64_t up = draws.below(asked.places(i), limits, u % 2);
      asked.note(up, spins[i]);
      count.add(up ^ spins[i]);
      next[i] = up;
    }
    count.flush();
  }

  /// At T = 0, of chains that are not at rest. Returns those in which anything flipped.
  uint64_t cold_sweep() {
    FlipCount count{*this};
    uint64_t any = 0;
    for (size_t u = 0; u < visit_count; u++) {
      heed_flag(u, 1024);
      const size_t i = visits[u];
      const Sums at = places(i);
      const uint64_t now = spins[i];
      const uint64_t at_zero = plan.tie == Tie::kKeep ? now : plan.tie == Tie::kPositive ? ~uint64_t{0} : 0;
      const uint64_t up = at.above(most) | (at.above(static_cast<int16_t>(most - 1)) & at_zero);
      const uint64_t turned = (up ^ now) & running;
      any |= turned;
      count.add(turned);
      next[i] = now ^ turned;
    }
    count.flush();
    return any;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_CHAINS_H_
