// Bonds in the order in which many replicas count them: of each neuron a list for every bit of a weight.
#ifndef HOPFIELD_KERNELS_ANNEALING_BOND_LISTS_H_
#define HOPFIELD_KERNELS_ANNEALING_BOND_LISTS_H_

#include "kernels/annealing/bonds.h"
#include "kernels/lent.h"

namespace hopfield {
namespace {

/// Bits of a total that can be counted: MOST_COUNTED of src/kernels/contract/annealing.ts.
constexpr size_t kMostPlanes = 11;
constexpr uint32_t kRowBytes = sizeof(ReplicaBits);
/// Offsets of rows have 32 bits.
constexpr auto kMostInRows = static_cast<size_t>((uint64_t{1} << 32) / kRowBytes - 2);

/// Places of `offsets`. Where not all weights are negative, `mixed`, `signs` say which are not.
struct BondList {
  uint32_t from, end;
  bool mixed;
};

/// How a neuron's bonds are counted: kAny by its lists, others by their own number.
enum Counting : uint8_t { kNone = 0, kFew = 1, kFewMixed = 8, kOnes = 16, kOnesMixed = 32, kAny = 48 };
/// The bonds of weight ±1 that have a way of their own for each number, and those that have one for each
/// number of planes.
constexpr uint32_t kMostFew = 6, kMostOnes = 126;

/// One neuron as a sweep visits it. `bonds` is what is read: some are made up with a row of zeros.
struct Visit {
  uint32_t from;
  uint16_t bonds;
  uint8_t counting;
};

/// How many bits hold a total and one more, at least four.
static inline size_t planes_for(uint32_t total) {
  size_t planes = 4;
  while ((total + 1) >> planes != 0) planes++;
  return planes;
}

/// Each spin is a row, which is read at its offset. After the last come a row of zeros and one of ones, for
/// the external field: bonds with a neighbour that is always +1.
struct BondLists {
  FieldThen field;
  size_t neurons;
  uint32_t* totals;      ///< Σ of the magnitudes of a neuron's bonds
  uint32_t* lists_from;  ///< neuron i has lists lists_from[i] … lists_from[i + 1] − 1, for bits 0, 1, …
  BondList* lists;
  Visit* visits;
  uint32_t* offsets;
  uint32_t* signs;  ///< all bits where a weight is positive

  /// With `once`, a bond is only in the lists of its first neuron, and there are no visits.
  BondLists(const Memory& memory, const double* external_field, bool once, Workspace& workspace)
      : field(external_field, memory.neurons, workspace), neurons(memory.neurons), visits(nullptr) {
    const size_t n = neurons;
    const Source source{memory, external_field, once};
    totals = workspace.take<uint32_t>(n);
    lists_from = workspace.take<uint32_t>(n + 1);
    size_t bonds = 0, count = 0, same[kMostFew + 1] = {};
    for (size_t i = 0; i < n; i++) {
      heed_flag(i, 4096);
      uint32_t total = 0, largest = 0;
      source.each_bond(i, [&](size_t, int32_t weight) {
        total += magnitude(weight);
        largest = larger(largest, magnitude(weight));
        for (uint32_t rest = magnitude(weight); rest != 0; rest &= rest - 1) bonds++;
      });
      totals[i] = total;
      lists_from[i] = static_cast<uint32_t>(count);
      for (; largest != 0; largest >>= 1) count++;
      if (total <= kMostFew) same[total]++;
    }
    lists_from[n] = static_cast<uint32_t>(count);
    lists = workspace.take<BondList>(count);
    room_ = bonds + (once ? 0 : kMostMadeUp * n);
    offsets = workspace.take<uint32_t>(room_);
    signs = workspace.take<uint32_t>(room_);
    if (!once) visits = workspace.take<Visit>(n);
    // Where neurons differ, all are counted in the same way: that costs less than not to know which is next.
    bool alike = false;
    for (const size_t neurons_alike : same) alike = alike || 16 * neurons_alike >= 15 * n;
    for (size_t i = 0; i < n; i++) {
      heed_flag(i, 4096);
      for (uint32_t p = 0; lists_from[i] + p < lists_from[i + 1]; p++) gather(source, i, p);
      if (!once) visits[i] = visit_of(i, alike);
    }
  }

 private:
  /// Rows of zeros at the end of a neuron's list.
  static constexpr size_t kMostMadeUp = 8;
  size_t room_, at_ = 0;

  struct Source {
    const Memory& memory;
    const double* external_field;
    const bool once;

    template <class Use>
    void each_bond(size_t i, Use use) const {
      each_weight(memory, i, [&](size_t j, int32_t weight) {
        if (!once || j > i) use(j, weight);
      });
      const int32_t b = whole_field(external_field, i);
      if (b != 0) use(memory.neurons, b);
    }
  };

  /// List p of neuron i: neighbours whose spin is changed last come last, so that a visit waits for them
  /// least.
  void gather(const Source& source, size_t i, uint32_t p) {
    BondList& list = lists[lists_from[i] + p];
    list.from = list.end = static_cast<uint32_t>(at_);
    list.mixed = false;
    for (int turn = 0; turn < 2; turn++) {
      source.each_bond(i, [&](size_t j, int32_t weight) {
        if ((magnitude(weight) >> p & 1) == 0 || (j < i) != (turn == 1)) return;
        const bool positive = weight > 0 && j != neurons;
        put(j == neurons && weight < 0 ? j + 1 : j, positive);
        list.mixed = list.mixed || positive;
      });
    }
    list.end = static_cast<uint32_t>(at_);
  }
  void put(size_t row, bool positive) {
    // The second look at a memory that others write may see more than the first.
    if (at_ == room_) return;
    offsets[at_] = static_cast<uint32_t>(row) * kRowBytes;
    signs[at_++] = positive ? ~0u : 0;
  }

  Visit visit_of(size_t i, bool alike) {
    const uint32_t total = totals[i];
    if (total == 0) return {0, 0, kNone};
    const BondList& list = lists[lists_from[i]];
    uint32_t bonds = list.end - list.from;
    if (lists_from[i + 1] - lists_from[i] != 1 || bonds != total) return {0, 0, kAny};
    uint8_t counting = list.mixed ? kFewMixed : kFew;
    if (total <= kMostFew) {
      const uint32_t read = alike ? total : kMostFew;
      counting = static_cast<uint8_t>(counting + read - 1);
      for (; bonds < read; bonds++) put(neurons, false);
    } else {
      counting = static_cast<uint8_t>((list.mixed ? kOnesMixed : kOnes) +
                                      (total <= kMostOnes ? planes_for(total) : kMostPlanes + 1));
      for (; bonds < 15 || (bonds - 15) % 8 != 0; bonds++) put(neurons, false);
    }
    return {list.from, static_cast<uint16_t>(bonds), counting};
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_BOND_LISTS_H_
