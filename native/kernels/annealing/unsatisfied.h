// How many bonds of a neuron are unsatisfied, s_i·J_ij·s_j < 0, for many replicas at once: numbers of as many
// bits as there are planes, a register for each bit. Weights count as often as they are large.
//
// Of a neuron that is +1 they are the bonds c with J_ij < 0 and s_j = +1 or J_ij > 0 and s_j = −1, and of one
// that is −1 all others. So c is counted, which needs no look at the neuron itself, and compared with one
// number for either.
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

/// The bonds of a list as bits of c: the spins of neighbours in the replicas of one register, which is all
/// that there is to read where no weight is positive.
template <bool kMixed>
struct BondBits {
  const uint64_t* rows;
  const uint32_t* offsets;
  const uint32_t* signs;

  HOPFIELD_INLINE ReplicaBits operator()(size_t k) const {
    const char* row = reinterpret_cast<const char*>(rows) + offsets[k];
    const ReplicaBits spins = load_replicas(reinterpret_cast<const uint64_t*>(row));
    return kMixed ? xor_bits(spins, repeat_bits(signs + k)) : spins;
  }
};
/// The same with the opposite sign where the neuron is −1: whether a bond is unsatisfied.
struct UnsatisfiedBits {
  BondBits<false> bonds;
  ReplicaBits other;  ///< where the neuron is −1

  HOPFIELD_INLINE ReplicaBits operator()(size_t k) const {
    return xor_three(bonds(k), repeat_bits(bonds.signs + k), other);
  }
};

/// carry · 2^from, added to a number of `planes` planes.
static HOPFIELD_INLINE void carry_on(ReplicaBits* c, size_t from, size_t planes, ReplicaBits carry) {
  HOPFIELD_UNROLL(12)
  for (size_t p = from; p < planes; p++) add_two(c[p], carry, &c[p], &carry);
}

/// Adds eight bonds from k on to the lowest three planes. Returns what goes on to the fourth.
template <class Bonds>
static HOPFIELD_INLINE ReplicaBits add_eight_of(ReplicaBits* c, const Bonds& bond, size_t k) {
  ReplicaBits a, b, low, high, carry;
  add_bits(c[0], bond(k), bond(k + 1), &c[0], &a);
  add_bits(c[0], bond(k + 2), bond(k + 3), &c[0], &b);
  add_bits(c[1], a, b, &c[1], &low);
  add_bits(c[0], bond(k + 4), bond(k + 5), &c[0], &a);
  add_bits(c[0], bond(k + 6), bond(k + 7), &c[0], &b);
  add_bits(c[1], a, b, &c[1], &high);
  add_bits(c[2], low, high, &c[2], &carry);
  return carry;
}
/// Adds eight, four or two bonds to a number of at least as many planes as that has bits.
template <class Bonds>
static HOPFIELD_INLINE void add_eight(ReplicaBits* c, size_t planes, const Bonds& bond, size_t k) {
  carry_on(c, 3, planes, add_eight_of(c, bond, k));
}
template <class Bonds>
static HOPFIELD_INLINE void add_sixteen(ReplicaBits* c, size_t planes, const Bonds& bond, size_t k) {
  const ReplicaBits a = add_eight_of(c, bond, k), b = add_eight_of(c, bond, k + 8);
  ReplicaBits carry;
  add_bits(c[3], a, b, &c[3], &carry);
  carry_on(c, 4, planes, carry);
}
template <class Bonds>
static HOPFIELD_INLINE void add_four(ReplicaBits* c, size_t planes, const Bonds& bond, size_t k) {
  ReplicaBits a, b, carry;
  add_bits(c[0], bond(k), bond(k + 1), &c[0], &a);
  add_bits(c[0], bond(k + 2), bond(k + 3), &c[0], &b);
  add_bits(c[1], a, b, &c[1], &carry);
  carry_on(c, 2, planes, carry);
}
template <class Bonds>
static HOPFIELD_INLINE void add_pair(ReplicaBits* c, size_t planes, const Bonds& bond, size_t k) {
  ReplicaBits carry;
  add_bits(c[0], bond(k), bond(k + 1), &c[0], &carry);
  carry_on(c, 1, planes, carry);
}

/// Adds `count` bonds.
template <class Bonds>
static HOPFIELD_INLINE void add_some(ReplicaBits* c, size_t planes, const Bonds& bond, size_t count) {
  size_t k = 0;
  for (; k + 8 <= count; k += 8) add_eight(c, planes, bond, k);
  if (k + 4 <= count) {
    add_four(c, planes, bond, k);
    k += 4;
  }
  if (k + 2 <= count) {
    add_pair(c, planes, bond, k);
    k += 2;
  }
  if (k < count) carry_on(c, 0, planes, bond(k));
}

/// The first seven bonds.
template <class Bonds>
static HOPFIELD_INLINE void count_seven(const Bonds& bond, size_t k, ReplicaBits* c) {
  ReplicaBits ones, rest, a, b, d;
  add_bits(bond(k), bond(k + 1), bond(k + 2), &ones, &a);
  add_bits(bond(k + 3), bond(k + 4), bond(k + 5), &rest, &b);
  add_bits(ones, rest, bond(k + 6), &c[0], &d);
  add_bits(a, b, d, &c[1], &c[2]);
}

/// 15 + 8k bonds.
template <size_t kPlanes, class Bonds>
static HOPFIELD_INLINE void count_ones_of(const Bonds& bond, size_t count, ReplicaBits* c) {
  count_seven(bond, 0, c);
  c[3] = add_eight_of(c, bond, 7);
  HOPFIELD_UNROLL(4)
  for (size_t p = 4; p < kPlanes; p++) c[p] = no_bits();
  size_t k = 15;
  for (; k + 16 <= count; k += 16) add_sixteen(c, kPlanes, bond, k);
  if (k < count) add_eight(c, kPlanes, bond, k);
}

/// At most six bonds, in three planes.
template <size_t kBonds, class Bonds>
static HOPFIELD_INLINE void count_few(const Bonds& bond, ReplicaBits* c) {
  c[1] = c[2] = no_bits();
  if (kBonds == 1) {
    c[0] = bond(0);
    return;
  }
  if (kBonds == 2) return add_two(bond(0), bond(1), &c[0], &c[1]);
  ReplicaBits twos, more, last;
  add_bits(bond(0), bond(1), bond(2), &c[0], &twos);
  if (kBonds == 3) {
    c[1] = twos;
    return;
  }
  if (kBonds == 4) {
    add_two(c[0], bond(3), &c[0], &more);
    return add_two(twos, more, &c[1], &c[2]);
  }
  add_bits(c[0], bond(3), bond(4), &c[0], &more);
  if (kBonds == 5) return add_two(twos, more, &c[1], &c[2]);
  add_two(c[0], bond(5), &c[0], &last);
  add_bits(twos, more, last, &c[1], &c[2]);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_UNSATISFIED_H_
