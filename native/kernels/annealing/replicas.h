// Many replicas annealed side by side: multi-spin coding (Zorn, Herrmann and Rebbi 1981; Isakov, Zintchenko,
// Rønnow and Troyer 2015). A neuron is a row of words, a bit for each replica. All replicas share a random
// word, so they also share the least number of unsatisfied bonds at which a neuron flips, and comparing with
// it takes one operation for a bit of that number.
#ifndef HOPFIELD_KERNELS_ANNEALING_REPLICAS_H_
#define HOPFIELD_KERNELS_ANNEALING_REPLICAS_H_

#include "kernels/annealing/acceptance_limits.h"
#include "kernels/annealing/unsatisfied.h"

namespace hopfield {
namespace {

/// For each number below 128 and each of its seven bits, all bits where it is 0.
struct ClearBits {
  uint32_t masks[128][8];
  constexpr ClearBits() : masks() {
    for (uint32_t x = 0; x < 128; x++) {
      for (uint32_t p = 0; p < 7; p++) masks[x][p] = (x >> p & 1) != 0 ? 0 : ~0u;
    }
  }
};
constexpr ClearBits kClearBits;

/// Whether c ≥ least, a bit for each replica.
static HOPFIELD_INLINE ReplicaBits at_least(const ReplicaBits* c, size_t planes, uint32_t least) {
  ReplicaBits so_far = all_bits();
  const uint32_t* low = kClearBits.masks[least & 127];
  HOPFIELD_UNROLL(7)
  for (size_t p = 0; p < smaller(planes, 7); p++) so_far = majority(c[p], so_far, repeat_bits(low + p));
  if (planes <= 7) return so_far;
  const uint32_t* high = kClearBits.masks[least >> 7];
  for (size_t p = 7; p < planes; p++) so_far = majority(c[p], so_far, repeat_bits(high + p - 7));
  return so_far;
}

/// Registers of replicas, one after the other: in each a row for every neuron, one of zeros and one of ones.
struct Replicas {
  const BondLists& bonds;
  const size_t neurons;
  const size_t words;      ///< 64-bit words of a row of the caller's
  const size_t registers;  ///< for all of them
  Workspace workspace;
  uint64_t* spins;

  Replicas(const BondLists& of, size_t count, const uint32_t* replicas)
      : bonds(of),
        neurons(of.neurons),
        words((count + 63) / 64),
        registers((words + kReplicaWords - 1) / kReplicaWords),
        spins(workspace.take<uint64_t>(registers * (of.neurons + 2) * kReplicaWords)) {
    for (size_t at = 0; at < registers; at++) {
      uint64_t* rows = rows_of(at);
      const size_t from = at * kReplicaWords, here = smaller(words - from, kReplicaWords);
      for (size_t i = 0; i < neurons; i++) {
        uint64_t* row = rows + i * kReplicaWords;
        for (size_t w = 0; w < kReplicaWords; w++)
          row[w] = w < here ? load64(replicas + 2 * (words * i + from + w)) : 0;
      }
      for (size_t w = 0; w < kReplicaWords; w++) {
        rows[neurons * kReplicaWords + w] = 0;
        rows[(neurons + 1) * kReplicaWords + w] = ~uint64_t{0};
      }
    }
  }

  uint64_t* rows_of(size_t at) const { return spins + at * (neurons + 2) * kReplicaWords; }
};

struct AnnealedReplicas : Replicas {
  /// Unsatisfied bonds at which a neuron flips in this sweep, and those of a neuron that is −1 as they are
  /// counted, plus one.
  struct Least {
    uint16_t up, down;
  };

  const AnnealingPlan& plan;
  AcceptanceLimits limits;
  uint32_t* drawn;
  Least* least;

  AnnealedReplicas(const BondLists& of, const AnnealingPlan& by, uint32_t largest, const uint32_t* replicas,
                   size_t count)
      : Replicas(of, count, replicas),
        plan(by),
        limits(largest, by.acceptance, workspace),
        drawn(workspace.take<uint32_t>(neurons)),
        least(workspace.take<Least>(neurons)) {}

  void run() {
    for (size_t sweep = 0; sweep < plan.sweeps; sweep++) {
      // A sweep heeds it within, where there are more neurons than that.
      heed_flag(sweep, 1 + 1024 / neurons);
      limits.heat(plan, sweep);
      draw(sweep);
      for (size_t at = 0; at < registers; at++) one_sweep(rows_of(at));
    }
  }

  /// x = total − 2k is taken where it is at most some number, k where it is at least half of what total is
  /// larger.
  void draw(size_t sweep) {
    draw_words(plan, sweep, plan.group, drawn, neurons);
    constexpr size_t kSome = 64, kFewLimits = 256;
    for (size_t from = 0; from < neurons; from += kSome) {
      const size_t some = smaller(neurons - from, kSome);
      int32_t taken[kSome];
      if (limits.count <= kFewLimits) {
        // One limit after the other, for many words at once.
        for (size_t l = 0; l < kSome; l++) taken[l] = 0;
        uint32_t words_here[kSome] = {};
        memcpy(words_here, drawn + from, some * sizeof(uint32_t));
        for (size_t m = 0; m < limits.count; m++) {
          const uint32_t limit = limits.limits[m];
          for (size_t l = 0; l < kSome; l++) taken[l] += words_here[l] < limit ? 1 : 0;
        }
      } else {
        for (size_t l = 0; l < some; l++) taken[l] = static_cast<int32_t>(limits.below(drawn[from + l]));
      }
      for (size_t l = 0; l < some; l++) {
        const auto total = static_cast<int32_t>(bonds.totals[from + l]);
        const int32_t beyond = larger(total - (taken[l] + limits.first - 1), 0);
        const int32_t up = smaller((beyond + 1) / 2, total + 1);
        least[from + l] = {static_cast<uint16_t>(up), static_cast<uint16_t>(total + 1 - up)};
      }
    }
  }

  HOPFIELD_NOINLINE void one_sweep(uint64_t* rows) {
    // A visit is longer than what a processor looks ahead: where the next one reads is known before it
    // begins, and nothing that is written could be a pointer.
    const Visit* const visits = bonds.visits;
    const uint32_t *const offsets = bonds.offsets, *const signs = bonds.signs;
    const Least* const bounds = least;
    const size_t count = neurons;
    Visit next = visits[0];
    for (size_t i = 0; i < count; i++) {
      heed_flag(i, 1024);
      const Visit visit = next;
      next = visits[smaller(i + 1, count - 1)];
      uint64_t* own = rows + i * kReplicaWords;
      const Least by = bounds[i];
      const BondBits<false> bond{rows, offsets + visit.from, signs + visit.from};
      const BondBits<true> mixed{rows, offsets + visit.from, signs + visit.from};
      switch (visit.counting) {
        case kNone:
          if (by.up == 0) store_replicas(own, xor_bits(load_replicas(own), all_bits()));
          break;
#define HOPFIELD_FEW(number)     \
  case kFew + number - 1:        \
    few<number>(bond, own, by);  \
    break;                       \
  case kFewMixed + number - 1:   \
    few<number>(mixed, own, by); \
    break
          HOPFIELD_FEW(1);
          HOPFIELD_FEW(2);
          HOPFIELD_FEW(3);
          HOPFIELD_FEW(4);
          HOPFIELD_FEW(5);
          HOPFIELD_FEW(6);
#undef HOPFIELD_FEW
#define HOPFIELD_ONES(planes)                  \
  case kOnes + planes:                         \
    ones<planes>(bond, visit.bonds, own, by);  \
    break;                                     \
  case kOnesMixed + planes:                    \
    ones<planes>(mixed, visit.bonds, own, by); \
    break
          HOPFIELD_ONES(4);
          HOPFIELD_ONES(5);
          HOPFIELD_ONES(6);
          HOPFIELD_ONES(7);
          HOPFIELD_ONES(12);
#undef HOPFIELD_ONES
        default:
          any(rows, i, own);
      }
    }
  }

  /// What a neuron becomes: it flips where it is +1 and c ≥ up, or −1 and c < down.
  static HOPFIELD_INLINE void turn(const ReplicaBits* c, size_t planes, uint64_t* own, Least by) {
    const ReplicaBits up = at_least(c, planes, by.up), down = at_least(c, planes, by.down);
    store_replicas(own, not_chosen(load_replicas(own), up, down));
  }
  template <size_t kBonds, class Bonds>
  static HOPFIELD_INLINE void few(const Bonds& bond, uint64_t* own, Least by) {
    ReplicaBits c[3];
    count_few<kBonds>(bond, c);
    turn(c, kBonds < 3 ? 2 : 3, own, by);
  }
  template <size_t kPlanes, class Bonds>
  static HOPFIELD_INLINE void ones(const Bonds& bond, size_t count, uint64_t* own, Least by) {
    ReplicaBits c[kPlanes];
    count_ones_of<kPlanes>(bond, count, c);
    turn(c, kPlanes, own, by);
  }
  /// Any weights: a list for each of their bits.
  HOPFIELD_NOINLINE void any(const uint64_t* rows, size_t i, uint64_t* own) const {
    const size_t planes = planes_for(bonds.totals[i]);
    ReplicaBits c[kMostPlanes + 1];
    for (size_t p = 0; p < planes; p++) c[p] = no_bits();
    const BondList* lists = bonds.lists + bonds.lists_from[i];
    for (size_t p = 0; p < bonds.lists_from[i + 1] - bonds.lists_from[i]; p++) {
      const BondList& list = lists[p];
      const BondBits<true> bond{rows, bonds.offsets + list.from, bonds.signs + list.from};
      add_some(c + p, planes - p, bond, list.end - list.from);
    }
    turn(c, planes, own, least[i]);
  }

  /// Bits of replicas past `count` stay as they are.
  void write(uint32_t* replicas, size_t count) const {
    for (size_t at = 0; at < registers; at++) {
      const uint64_t* rows = rows_of(at);
      const size_t from = at * kReplicaWords, here = smaller(words - from, kReplicaWords);
      for (size_t i = 0; i < neurons; i++) {
        for (size_t w = 0; w < here; w++) {
          const size_t left = count - 64 * (from + w);
          const uint64_t mask = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
          uint64_t word = load64(replicas + 2 * (words * i + from + w));
          word = (word & ~mask) | (rows[i * kReplicaWords + w] & mask);
          memcpy(replicas + 2 * (words * i + from + w), &word, sizeof(word));
        }
      }
    }
  }
};

/// −2E = Σ_i s_i·(h_i + 2·b_i): all bonds satisfied, less four for each that is not, counted once.
struct CountedReplicas : Replicas {
  static constexpr size_t kMostSumPlanes = 54;

  /// @param of bonds of which each is in one list
  CountedReplicas(const BondLists& of, const uint32_t* replicas, size_t count)
      : Replicas(of, count, replicas) {}

  void quadratics(size_t count, double* out) const {
    uint64_t all = 0;
    for (size_t i = 0; i < neurons; i++) all += bonds.totals[i];
    for (size_t r = 0; r < count; r++) out[r] = 2 * static_cast<double>(all);
    for (size_t at = 0; at < registers; at++) {
      ReplicaBits sum[kMostSumPlanes];
      const size_t planes = add_up(rows_of(at), all, sum), first = 64 * kReplicaWords * at;
      for (size_t p = 0; p < planes; p++) {
        uint64_t bits[kReplicaWords];
        store_replicas(bits, sum[p]);
        const double worth[2] = {0, 4 * static_cast<double>(uint64_t{1} << p)};
        for (size_t r = 0; r < 64 * kReplicaWords && first + r < count; r++)
          out[first + r] -= worth[bits[r / 64] >> (r % 64) & 1];
      }
    }
  }

  /// Σ of the unsatisfied bonds of all neurons; returns how many planes it has.
  size_t add_up(const uint64_t* rows, uint64_t all, ReplicaBits* sum) const {
    size_t planes = 0;
    while (all >> planes != 0) planes++;
    for (size_t p = 0; p < planes; p++) sum[p] = no_bits();
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      if (bonds.totals[i] == 0) continue;
      const size_t own_planes = planes_for(bonds.totals[i]);
      ReplicaBits c[kMostPlanes + 1], carry = no_bits();
      count_unsatisfied(rows, i, own_planes, c);
      for (size_t p = 0; p < planes; p++) {
        if (p < own_planes) {
          add_bits(sum[p], c[p], carry, &sum[p], &carry);
        } else {
          add_two(sum[p], carry, &sum[p], &carry);
        }
      }
    }
    return planes;
  }

  void count_unsatisfied(const uint64_t* rows, size_t i, size_t planes, ReplicaBits* c) const {
    const ReplicaBits other = xor_bits(load_replicas(rows + i * kReplicaWords), all_bits());
    for (size_t p = 0; p < planes; p++) c[p] = no_bits();
    const BondList* lists = bonds.lists + bonds.lists_from[i];
    for (size_t p = 0; p < bonds.lists_from[i + 1] - bonds.lists_from[i]; p++) {
      const BondList& list = lists[p];
      const BondBits<false> bond{rows, bonds.offsets + list.from, bonds.signs + list.from};
      add_some(c + p, planes - p, UnsatisfiedBits{bond, other}, list.end - list.from);
    }
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_REPLICAS_H_
