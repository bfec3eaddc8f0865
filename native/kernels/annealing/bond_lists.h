// Bonds in the order in which many replicas count them: of each neuron a list for every bit of a weight.
#ifndef HOPFIELD_KERNELS_ANNEALING_BOND_LISTS_H_
#define HOPFIELD_KERNELS_ANNEALING_BOND_LISTS_H_

#include "kernels/annealing/bonds.h"

namespace hopfield {
namespace {

/// Bits of a total that can be counted: MOST_COUNTED of src/kernels/contract/annealing.ts.
constexpr size_t kMostPlanes = 11;

/// Places of `neighbours`: from … split − 1 have positive weights, split … end − 1 negative ones.
struct BondList {
  uint32_t from, split, end;
};

/// The external field is the bond with a neighbour that is always +1, neuron N.
struct BondLists {
  const Memory& memory;
  const double* external_field;
  uint32_t* totals;      ///< Σ of the magnitudes of a neuron's bonds
  uint32_t* lists_from;  ///< neuron i has lists lists_from[i] … lists_from[i + 1] − 1, for bits 0, 1, …
  BondList* lists;
  uint32_t* neighbours;

  /// With `once`, a bond is only in the lists of its first neuron.
  BondLists(const Memory& of, const double* field, bool once, Workspace& workspace)
      : memory(of), external_field(field) {
    const size_t n = memory.neurons;
    totals = workspace.take<uint32_t>(n);
    lists_from = workspace.take<uint32_t>(n + 1);
    size_t bonds = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
      heed_flag(i, 4096);
      uint32_t total = 0, largest = 0;
      each_bond(i, once, [&](size_t, int32_t weight) {
        total += magnitude(weight);
        largest = larger(largest, magnitude(weight));
        for (uint32_t rest = magnitude(weight); rest != 0; rest &= rest - 1) bonds++;
      });
      totals[i] = total;
      lists_from[i] = static_cast<uint32_t>(count);
      for (; largest != 0; largest >>= 1) count++;
    }
    lists_from[n] = static_cast<uint32_t>(count);
    lists = workspace.take<BondList>(count);
    neighbours = workspace.take<uint32_t>(bonds);
    uint32_t at = 0;
    for (size_t i = 0; i < n; i++) {
      heed_flag(i, 4096);
      for (uint32_t p = 0; lists_from[i] + p < lists_from[i + 1]; p++) {
        BondList& list = lists[lists_from[i] + p];
        const auto gather = [&](bool negative) {
          each_bond(i, once, [&](size_t j, int32_t weight) {
            // The second look at a memory that others write may see more than the first.
            if ((magnitude(weight) >> p & 1) != 0 && (weight < 0) == negative && at < bonds)
              neighbours[at++] = static_cast<uint32_t>(j);
          });
        };
        list.from = at;
        gather(false);
        list.split = at;
        gather(true);
        list.end = at;
      }
    }
  }

 private:
  template <class Use>
  void each_bond(size_t i, bool once, Use use) const {
    each_weight(memory, i, [&](size_t j, int32_t weight) {
      if (!once || j > i) use(j, weight);
    });
    const int32_t b = whole_field(external_field, i);
    if (b != 0) use(memory.neurons, b);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_BOND_LISTS_H_
