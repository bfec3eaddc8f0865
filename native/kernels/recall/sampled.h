// Samples of 64 chains: sweep after sweep at one temperature, with the state and the energy after each of
// them, or after every so many.
//
// Q = Σ_i s_i h_i of a state would take as many additions as a sweep. But sweeps compute every part of it:
// when neuron i is visited, the neurons before it have their new values and those after it their old ones. So
// what its field gets from the former belongs to the state after this sweep, times the neuron's new value;
// the rest of its field belongs to the state before this sweep, times its old value. Synchronously the whole
// field belongs to the state before. Integers: the sum is the same in any order, whatever the weights.
#ifndef HOPFIELD_KERNELS_RECALL_SAMPLED_H_
#define HOPFIELD_KERNELS_RECALL_SAMPLED_H_

#include "kernels/recall/chains.h"

namespace hopfield {
namespace {

template <class Lanes>
struct SampledChains : Chains<Lanes> {
  using Base = Chains<Lanes>;
  using Base::fits;
  using Base::flips;
  using Base::memory;
  using Base::most;
  using Base::offsets;
  using Base::plan;
  using Base::spins;
  using Base::table;
  using Base::temperatures;
  using Base::workspace;
  using typename Base::FieldTotal;
  using typename Base::JustFields;
  using typename Base::Sums;

  uint32_t* splits;          ///< where in a neuron's connections those from before it end
  int16_t* before_offsets;   ///< −Σ J_ij of those
  bool divided;              ///< all of them come first, and neurons are visited in turn
  FieldTotal ahead, behind;  ///< of the state after a sweep, and of the one before it
  uint8_t* counts;           ///< a line a neuron: how many samples have it at +1
  size_t counted = 0;

  SampledChains(const Memory& of, const Plan& by)
      : Base(of, by),
        splits(workspace.template take<uint32_t>(of.neurons)),
        before_offsets(workspace.template take<int16_t>(of.neurons)),
        divided(fits() && divide()),
        ahead(most),
        behind(most),
        counts(workspace.template take<uint8_t>(of.neurons * kChains)) {}

  bool divide() {
    if (!plan.synchronous && plan.order != Order::kCyclic) return false;
    for (size_t i = 0; i < memory.neurons; i++) {
      const Places row = memory.sparse.row(i);
      size_t k = row.from;
      uint32_t sum = 0;
      for (; !plan.synchronous && k < row.end && neuron_of(memory, k) < i; k++)
        sum += static_cast<uint32_t>(memory.template weights_as<int32_t>()[k]);
      splits[i] = static_cast<uint32_t>(k);
      before_offsets[i] = static_cast<int16_t>(0 - sum);
      for (; !plan.synchronous && k < row.end; k++)
        if (neuron_of(memory, k) < i) return false;
    }
    return true;
  }

  /// A neuron's field in its two parts, which go to the totals.
  struct Parts {
    SampledChains& chains;
    bool counts;  ///< whether what neurons become is a sample
    const Sums most;
    size_t neuron = 0;
    Sums before, rest;
    Sums partial[kKeptSums + 1];  ///< of so many connections

    Parts(SampledChains& of, bool counted) : chains(of), counts(counted), most(of.most) {}

    inline Sums places(size_t i) {
      neuron = i;
      const Memory& memory = chains.memory;
      const Places row = memory.sparse.row(i);
      size_t split = chains.splits[i];
      // Starts may lie in memory that others write.
      split = split < row.from ? row.from : split > row.end ? row.end : split;
      Sums sums;
      if (row.end - row.from <= kKeptSums) {
        // Looking up the part from before costs less than a branch that is guessed wrong.
        for (size_t k = row.from; k < row.end; k++) {
          chains.add_connection(k, sums);
          partial[k - row.from + 1] = sums;
        }
        before = partial[split - row.from];
      } else {
        for (size_t k = row.from; k < split; k++) chains.add_connection(k, sums);
        before = sums;
        for (size_t k = split; k < row.end; k++) chains.add_connection(k, sums);
      }
      before.twice_and(chains.before_offsets[i]);
      sums.twice_and(chains.offsets[i]);
      rest = sums;
      rest.take(before);
      rest.take(most);
      return sums;
    }
    inline void note(uint64_t up, uint64_t now) {
      chains.ahead.add_signed(up, before);
      chains.behind.add_signed(now, rest);
      if (counts) count_chains(chains.counts + neuron * kChains, up);
    }
  };

  /// At most kChains. Sample k of chain c has row and outcome c·samples + k.
  void sample(const uint64_t* queries, uint32_t* rows, size_t count, size_t samples, uint32_t* states,
              Outcome* results, int32_t* sums) {
    const size_t stride = row_words(memory.neurons);
    Base::begin(queries, rows, count);
    memset(counts, 0, memory.neurons * kChains);
    table.heat(plan, temperatures.at(0));
    uint32_t number = plan.first_sweep;
    for (size_t k = 0; k < samples; k++) {
      for (uint32_t s = 0; s < plan.max_sweeps; s++) {
        const bool measured = divided && ((s == 0 && k > 0) || s == plan.max_sweeps - 1);
        sweep_once(number++, measured, s == plan.max_sweeps - 1);
        if (measured && s == 0 && k > 0) put_energies(count, samples, results + k - 1);
      }
      rows_of_words(memory.neurons, count, spins, RowsApart{states + k * stride, samples * stride});
      note(count, samples, results + k);
      for (size_t i = 0; !divided && i < memory.neurons; i++) count_chains(counts + i * kChains, spins[i]);
      if (++counted == 255) add_counts(count, sums);
      count_done(count);
    }
    if (divided && samples > 0) {
      look_behind();
      put_energies(count, samples, results + samples - 1);
    }
    add_counts(count, sums);
    rows_of_words(memory.neurons, count, spins, RowsApart{rows, stride});
  }

 private:
  /// Sums of states are twice the counts of +1, less one for each sample.
  void add_counts(size_t count, int32_t* sums) {
    constexpr size_t kSome = 64;
    for (size_t from = 0; from < memory.neurons; from += kSome) {
      heed_flag(from / kSome, 64);
      const size_t end = smaller(memory.neurons - from, kSome);
      const uint8_t* some = counts + from * kChains;
      for (size_t c = 0; c < count; c++) {
        int32_t* own = sums + c * memory.neurons + from;
        for (size_t k = 0; k < end; k++) own[k] += 2 * some[k * kChains + c] - static_cast<int32_t>(counted);
      }
    }
    memset(counts, 0, memory.neurons * kChains);
    counted = 0;
  }

  void sweep_once(uint32_t number, bool measured, bool counts) {
    if (measured) {
      // What lay ahead of the sample before is complete with what lies behind it now.
      memcpy(held, ahead.all, sizeof(held));
      memset(ahead.all, 0, sizeof(held));
      memset(behind.all, 0, sizeof(held));
      Parts parts(*this, counts);
      Base::hot_sweep(number, parts);
      ahead.flush();
      behind.flush();
    } else {
      JustFields fields{*this};
      Base::hot_sweep(number, fields);
    }
    if (plan.synchronous) Base::renew();
  }

  /// What is still to come of the last state.
  void look_behind() {
    memcpy(held, ahead.all, sizeof(held));
    memset(behind.all, 0, sizeof(held));
    Parts parts(*this, false);
    for (size_t i = 0; i < memory.neurons; i++) {
      heed_flag(i, 1024);
      parts.places(i);
      behind.add_signed(spins[i], parts.rest);
    }
    behind.flush();
  }

  void put_energies(size_t count, size_t samples, Outcome* results) {
    for (size_t c = 0; c < count; c++) {
      const double quadratic = static_cast<double>(held[c] + behind.all[c]);
      results[c * samples].energy = energy_of(quadratic, plan.scale, 0);
    }
  }

  void note(size_t count, size_t samples, Outcome* results) {
    Outcome whole[kChains];
    if (!divided) Base::energies(count, whole);
    for (size_t c = 0; c < count; c++) {
      Outcome& out = results[c * samples];
      out.sweeps = plan.max_sweeps;
      out.flips = flips[c];
      out.cycle = 0;
      out.active = 0;
      if (!divided) out.energy = whole[c].energy;
      flips[c] = 0;
    }
  }

  alignas(64) int64_t held[kChains];
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_SAMPLED_H_
