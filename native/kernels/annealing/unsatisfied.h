// How many bonds of a neuron are unsatisfied, s_i·J_ij·s_j < 0, for many replicas at once: numbers of as many
// bits as there are planes, a register for each bit. Weights count as often as they are large.
#ifndef HOPFIELD_KERNELS_ANNEALING_UNSATISFIED_H_
#define HOPFIELD_KERNELS_ANNEALING_UNSATISFIED_H_

#include "kernels/annealing/bond_lists.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

constexpr size_t kReplicaWords = sizeof(ReplicaBits) / sizeof(uint64_t);

/// All bits, or none.
alignas(8) constexpr uint32_t kAllBits[2] = {0, ~0u};

static inline ReplicaBits no_bits() { return repeat_bits(kAllBits); }
static inline ReplicaBits all_bits() { return repeat_bits(kAllBits + 1); }

static inline void add_two(ReplicaBits a, ReplicaBits b, ReplicaBits* sum, ReplicaBits* carry) {
  *carry = and_bits(a, b);
  *sum = xor_bits(a, b);
}

/// The spins of all neurons in the replicas of one register: row i is at spins + i·stride.
struct ReplicaRows {
  const uint64_t* spins;
  size_t stride;

  inline ReplicaBits row(size_t i) const { return load_replicas(spins + i * stride); }
};

/// Bonds of one neuron, in turn.
struct BondReader {
  ReplicaRows rows;
  const uint32_t* neighbours;
  ReplicaBits own, other;  ///< the neuron's spins, and their opposites

  BondReader(ReplicaRows all, const uint32_t* at, ReplicaBits spins)
      : rows(all), neighbours(at), own(spins), other(xor_bits(spins, all_bits())) {}

  inline ReplicaBits unsatisfied(size_t k, ReplicaBits with) const {
    return xor_bits(rows.row(neighbours[k]), with);
  }
  /// Without a branch, since signs are in no order that a processor could learn.
  inline ReplicaBits one_of(size_t k, size_t split) const {
    return xor_three(rows.row(neighbours[k]), own, repeat_bits(kAllBits + (k >= split ? 1 : 0)));
  }
};

/// carry · 2^from, added to a number of `planes` planes.
static inline void carry_on(ReplicaBits* c, size_t from, size_t planes, ReplicaBits carry) {
  HOPFIELD_UNROLL(11)
  for (size_t p = from; p < planes; p++) add_two(c[p], carry, &c[p], &carry);
}

/// Adds eight, four or two bonds, which `bond` reads, to a number of at least as many planes as that has
/// bits.
template <class Bond>
static inline void add_eight(ReplicaBits* c, size_t planes, Bond bond) {
  ReplicaBits a, b, low, high, carry;
  add_bits(c[0], bond(0), bond(1), &c[0], &a);
  add_bits(c[0], bond(2), bond(3), &c[0], &b);
  add_bits(c[1], a, b, &c[1], &low);
  add_bits(c[0], bond(4), bond(5), &c[0], &a);
  add_bits(c[0], bond(6), bond(7), &c[0], &b);
  add_bits(c[1], a, b, &c[1], &high);
  add_bits(c[2], low, high, &c[2], &carry);
  carry_on(c, 3, planes, carry);
}
template <class Bond>
static inline void add_four(ReplicaBits* c, size_t planes, Bond bond) {
  ReplicaBits a, b, carry;
  add_bits(c[0], bond(0), bond(1), &c[0], &a);
  add_bits(c[0], bond(2), bond(3), &c[0], &b);
  add_bits(c[1], a, b, &c[1], &carry);
  carry_on(c, 2, planes, carry);
}
template <class Bond>
static inline void add_pair(ReplicaBits* c, size_t planes, Bond bond) {
  ReplicaBits carry;
  add_bits(c[0], bond(0), bond(1), &c[0], &carry);
  carry_on(c, 1, planes, carry);
}

/// Adds the bonds of a list.
static inline void add_list(ReplicaBits* c, size_t planes, const BondReader& bonds, const BondList& list) {
  size_t k = list.from;
  for (; k + 8 <= list.end; k += 8) {
    if (k + 8 <= list.split || k >= list.split) {
      const ReplicaBits with = k < list.split ? bonds.own : bonds.other;
      add_eight(c, planes, [&](size_t l) { return bonds.unsatisfied(k + l, with); });
    } else {
      add_eight(c, planes, [&](size_t l) { return bonds.one_of(k + l, list.split); });
    }
  }
  const auto bond = [&](size_t l) { return bonds.one_of(k + l, list.split); };
  if (k + 4 <= list.end) {
    add_four(c, planes, bond);
    k += 4;
  }
  if (k + 2 <= list.end) {
    add_pair(c, planes, bond);
    k += 2;
  }
  if (k < list.end) carry_on(c, 0, planes, bond(0));
}

/// The number of one neuron in `planes` planes, where all weights are ±1.
static inline void count_ones_of(const BondReader& bonds, const BondList& list, size_t planes,
                                 ReplicaBits* c) {
  HOPFIELD_UNROLL(11)
  for (size_t p = 0; p < planes; p++) c[p] = no_bits();
  add_list(c, planes, bonds, list);
}
/// The same with any weights: a list for each of their bits.
static inline void count_unsatisfied(const BondReader& bonds, const BondList* lists, size_t list_count,
                                     size_t planes, ReplicaBits* c) {
  for (size_t p = 0; p < planes; p++) c[p] = no_bits();
  for (size_t p = 0; p < list_count; p++) add_list(c + p, planes - p, bonds, lists[p]);
}

/// The number of one neuron with kBonds bonds of weight ±1, at most seven, in as many planes as it needs.
/// kAlike: all have the sign of the first.
template <size_t kBonds, bool kAlike>
static inline void count_few(const BondReader& bonds, const BondList& list, ReplicaBits* c) {
  const ReplicaBits with = list.split == list.from ? bonds.other : bonds.own;
  const auto bond = [&](size_t l) {
    return kAlike ? bonds.unsatisfied(list.from + l, with) : bonds.one_of(list.from + l, list.split);
  };
  ReplicaBits ones = bond(0), twos, more, carry;
  if (kBonds == 1) {
    c[0] = ones;
    return;
  }
  if (kBonds == 2) return add_two(ones, bond(1), &c[0], &c[1]);
  add_bits(ones, bond(1), bond(2), &ones, &twos);
  if (kBonds == 3) {
    c[0] = ones;
    c[1] = twos;
    return;
  }
  if (kBonds == 4) {
    add_two(ones, bond(3), &c[0], &carry);
    return add_two(twos, carry, &c[1], &c[2]);
  }
  if (kBonds == 5) {
    add_bits(ones, bond(3), bond(4), &c[0], &carry);
    return add_two(twos, carry, &c[1], &c[2]);
  }
  ReplicaBits rest;
  add_bits(bond(3), bond(4), bond(5), &rest, &more);
  if (kBonds == 6) {
    add_two(ones, rest, &c[0], &carry);
  } else {
    add_bits(ones, rest, bond(6), &c[0], &carry);
  }
  add_bits(twos, more, carry, &c[1], &c[2]);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_UNSATISFIED_H_
