// Many chains at a temperature over the same few connections, 64 side by side: a neuron is a word, one bit a
// chain. They must visit neurons in the same order, and fields must be small whole numbers. Each chain has
// the result it has alone.
#ifndef HOPFIELD_KERNELS_RECALL_CHAINS_H_
#define HOPFIELD_KERNELS_RECALL_CHAINS_H_

#include "flag.h"
#include "kernels/energy.h"
#include "kernels/forms/sparse.h"
#include "kernels/pack.h"
#include "kernels/random.h"
#include "kernels/recall/acceptance.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

constexpr size_t kChains = 64;

struct Chains {
  const Memory& memory;
  const Plan& plan;
  const double largest;
  Workspace workspace;
  const size_t visit_count;
  AcceptanceTable table;
  uint64_t* spins;
  uint64_t* next;    ///< synchronous: what spins become
  int16_t* offsets;  ///< most − Σ_j J_ij: what twice the weights of set bits is added to
  const uint32_t* visits;
  alignas(64) uint32_t low[kChains], high[kChains];
  alignas(64) uint32_t words[4][kChains];
  alignas(64) int16_t index[kChains];
  alignas(64) double flips[kChains];

  Chains(const Memory& of, const Plan& by)
      : memory(of),
        plan(by),
        largest(of.largest),
        visit_count(!by.synchronous && by.order == Order::kExplicit ? by.visit_count : of.neurons),
        table(largest, by, visit_count, workspace, AcceptanceTable::kAnywhere),
        spins(workspace.take<uint64_t>((of.neurons + 63) / 64 * 64)),
        next(by.synchronous ? workspace.take<uint64_t>(of.neurons) : spins),
        offsets(workspace.take<int16_t>(of.neurons)),
        visits(by.visits) {
    if (!fits()) return;
    for (size_t i = 0; i < memory.neurons; i++) {
      int64_t sum = 0;
      const Places row = memory.sparse.row(i);
      for (size_t k = row.from; k < row.end; k++) sum += memory.weights_as<int32_t>()[k];
      offsets[i] = static_cast<int16_t>(table.most - sum);
    }
    if (!plan.synchronous && plan.order == Order::kExplicit) return;
    uint32_t* own = workspace.take<uint32_t>(memory.neurons);
    visit_in_turn(own, memory.neurons);
    visits = own;
  }

  /// 16-bit sums of fields, and 32-bit sums of energies.
  bool fits() const { return table.serves() && largest * static_cast<double>(memory.neurons) < 0x1p31; }

  /// At most kChains.
  void run(const uint64_t* queries, uint32_t* states, size_t count, Outcome* outcomes) {
    for (size_t c = 0; c < kChains; c++) {
      const uint64_t query = c < count ? queries[c] : 0;
      low[c] = static_cast<uint32_t>(query);
      high[c] = static_cast<uint32_t>(query >> 32);
      flips[c] = 0;
    }
    turn(states, count, true);
    for (uint32_t sweep = 0; sweep < plan.max_sweeps; sweep++) {
      table.heat(plan,
                 plan.temperatures[sweep < plan.temperature_count ? sweep : plan.temperature_count - 1]);
      one_sweep(plan.first_sweep + sweep);
    }
    turn(states, count, false);
    alignas(64) int32_t quadratics[kChains] = {};
    for (size_t i = 0; i < memory.neurons; i++) {
      heed_flag(i, 1024);
      places(i).store(index);
      for (size_t c = 0; c < kChains; c++) {
        const int32_t field = index[c] - static_cast<int32_t>(table.most);
        quadratics[c] += (spins[i] >> c) & 1 ? field : -field;
      }
    }
    for (size_t c = 0; c < count; c++) {
      const double energy = energy_of(quadratics[c], plan.scale, 0);
      outcomes[c] = {static_cast<double>(plan.max_sweeps), flips[c], energy, 0};
    }
  }

  /// Rows of chains into words of neurons, or back.
  void turn(uint32_t* states, size_t count, bool in) {
    const size_t stride = row_words(memory.neurons);
    for (size_t i = 0; i < memory.neurons; i += 64) {
      uint64_t square[64];
      if (in) {
        for (size_t c = 0; c < 64; c++) square[c] = c < count ? load64(states + c * stride + i / 32) : 0;
        transpose64(square);
        memcpy(spins + i, square, sizeof(square));
        continue;
      }
      for (size_t k = 0; k < 64; k++) square[k] = i + k < memory.neurons ? spins[i + k] : 0;
      transpose64(square);
      for (size_t c = 0; c < count; c++) memcpy(states + c * stride + i / 32, &square[c], sizeof(uint64_t));
    }
  }

  /// The field of neuron i in every chain, as a place in the table.
  inline ChainSums places(size_t i) const {
    ChainSums sums(offsets[i]);
    const Places row = memory.sparse.row(i);
    for (size_t k = row.from; k < row.end; k++) {
      sums.add(spins[neuron_of(memory, k)], static_cast<int16_t>(2 * memory.weights_as<int32_t>()[k]));
    }
    return sums;
  }

  void one_sweep(uint32_t sweep) {
    const ChanceLimits limits = table.by_place();
    ChainSums turned(0);
    size_t pending = 0;
    for (size_t u = 0; u < visit_count; u++) {
      if (u % 2 == 0) {
        if (u % 1024 == 0) heed_flag();
        const uint32_t draw = Uniforms::kFirstDraw + static_cast<uint32_t>(u / 2);
        for (size_t c = 0; c < kChains; c += 16)
          philox_across(plan.seed, draw, sweep, low + c, high + c, words[0] + c);
      }
      const size_t i = visits[u];
      const uint64_t up = chains_below(places(i), limits, words[2 * (u % 2)], words[2 * (u % 2) + 1]);
      turned.add(up ^ spins[i], 1);
      next[i] = up;
      if (++pending == 32767 || u + 1 == visit_count) {
        turned.store(index);
        for (size_t c = 0; c < kChains; c++) flips[c] += index[c];
        turned = ChainSums(0);
        pending = 0;
      }
    }
    if (plan.synchronous) memcpy(spins, next, memory.neurons * sizeof(uint64_t));
  }
};

/// All of a batch, 64 at a time. False if fields are too large for that.
static bool recall_in_chains(const Memory& memory, const Plan& plan, const uint64_t* queries,
                             uint32_t* states, size_t count, Outcome* outcomes) {
  Chains chains(memory, plan);
  if (!chains.fits()) return false;
  for (size_t from = 0; from < count; from += kChains) {
    const size_t some = smaller(count - from, kChains);
    chains.run(queries + from, states + from * row_words(memory.neurons), some, outcomes + from);
  }
  return true;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_CHAINS_H_
