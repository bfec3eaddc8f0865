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

/// How a neuron's bonds are counted.
enum Counting : uint8_t { kNone = 0, kFew = 1, kFewAlike = 8, kOnes = 16, kAny = 32 };

/// How many bits a total has, and at least four.
static inline size_t planes_for(uint32_t total) {
  size_t planes = 4;
  while (total >> planes != 0) planes++;
  return planes;
}

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
static inline ReplicaBits at_least(const ReplicaBits* c, size_t planes, uint32_t least) {
  ReplicaBits so_far = all_bits();
  const uint32_t* low = kClearBits.masks[least & 127];
  HOPFIELD_UNROLL(7)
  for (size_t p = 0; p < smaller(planes, 7); p++) so_far = majority(c[p], so_far, repeat_bits(low + p));
  if (planes <= 7) return so_far;
  const uint32_t* high = kClearBits.masks[least >> 7];
  for (size_t p = 7; p < planes; p++) so_far = majority(c[p], so_far, repeat_bits(high + p - 7));
  return so_far;
}

struct Replicas {
  const Memory& memory;
  const size_t neurons;
  const size_t words;   ///< 64-bit words of a row of the caller's
  const size_t stride;  ///< the same here: whole registers
  Workspace workspace;
  BondLists bonds;
  uint64_t* spins;  ///< neurons + 1 rows; the last is always +1

  Replicas(const Memory& of, const double* external_field, bool once, const uint32_t* replicas, size_t count)
      : memory(of),
        neurons(of.neurons),
        words((count + 63) / 64),
        stride((words + kReplicaWords - 1) / kReplicaWords * kReplicaWords),
        bonds(of, external_field, once, workspace),
        spins(workspace.take<uint64_t>((of.neurons + 1) * stride)) {
    for (size_t i = 0; i < neurons; i++) {
      memset(spins + i * stride, 0, stride * sizeof(uint64_t));
      memcpy(spins + i * stride, replicas + 2 * words * i, words * sizeof(uint64_t));
    }
    memset(spins + neurons * stride, 0xff, stride * sizeof(uint64_t));
  }
};

struct AnnealedReplicas : Replicas {
  const AnnealingPlan& plan;
  AcceptanceLimits limits;
  uint8_t* counting;
  uint32_t* drawn;
  uint16_t* least;  ///< unsatisfied bonds at which a neuron flips in this sweep

  AnnealedReplicas(const Memory& of, const AnnealingPlan& by, uint32_t largest, const uint32_t* replicas,
                   size_t count)
      : Replicas(of, by.external_field, false, replicas, count),
        plan(by),
        limits(largest, workspace),
        counting(workspace.take<uint8_t>(neurons)),
        drawn(workspace.take<uint32_t>(neurons)),
        least(workspace.take<uint16_t>(neurons)) {
    for (size_t i = 0; i < neurons; i++) counting[i] = counting_of(i);
  }

  uint8_t counting_of(size_t i) const {
    const uint32_t total = bonds.totals[i];
    if (total == 0) return kNone;
    const BondList& list = bonds.lists[bonds.lists_from[i]];
    const bool ones = bonds.lists_from[i + 1] - bonds.lists_from[i] == 1;
    if (ones && total <= 7) {
      const bool alike = list.split == list.from || list.split == list.end;
      return static_cast<uint8_t>((alike ? kFewAlike : kFew) + total - 1);
    }
    return static_cast<uint8_t>(ones && total < 64 ? kOnes + planes_for(total) : size_t{kAny});
  }

  void run() {
    for (size_t sweep = 0; sweep < plan.sweeps; sweep++) {
      limits.heat(plan.betas[sweep]);
      draw(sweep);
      for (size_t from = 0; from < stride; from += kReplicaWords) one_sweep(spins + from);
    }
  }

  /// x = total − 2k is taken where it is at most `largest`: k ≥ (total − largest)/2.
  void draw(size_t sweep) {
    draw_words(plan, sweep, plan.group, drawn, neurons);
    constexpr size_t kSome = 64, kFewLimits = 64;
    for (size_t from = 0; from < neurons; from += kSome) {
      const size_t some = smaller(neurons - from, kSome);
      uint32_t taken[kSome];
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
        for (size_t l = 0; l < some; l++) taken[l] = static_cast<uint32_t>(limits.largest(drawn[from + l]));
      }
      for (size_t l = 0; l < some; l++) {
        const uint32_t total = bonds.totals[from + l];
        least[from + l] = static_cast<uint16_t>((larger(total, taken[l]) - taken[l] + 1) / 2);
      }
    }
  }

  HOPFIELD_NOINLINE void one_sweep(uint64_t* from) {
    const ReplicaRows rows{from, stride};
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      const BondList* lists = bonds.lists + bonds.lists_from[i];
      uint64_t* own = from + i * stride;
      const BondReader reader(rows, bonds.neighbours, load_replicas(own));
      ReplicaBits flips;
      switch (counting[i]) {
        case kNone:
          flips = all_bits();
          break;
#define HOPFIELD_FEW(bonds_of_neuron)                              \
  case kFew + bonds_of_neuron - 1:                                 \
    flips = few<bonds_of_neuron, false>(reader, *lists, least[i]); \
    break;                                                         \
  case kFewAlike + bonds_of_neuron - 1:                            \
    flips = few<bonds_of_neuron, true>(reader, *lists, least[i]);  \
    break
          HOPFIELD_FEW(1);
          HOPFIELD_FEW(2);
          HOPFIELD_FEW(3);
          HOPFIELD_FEW(4);
          HOPFIELD_FEW(5);
          HOPFIELD_FEW(6);
          HOPFIELD_FEW(7);
#undef HOPFIELD_FEW
        case kOnes + 4:
          flips = ones<4>(reader, *lists, least[i]);
          break;
        case kOnes + 5:
          flips = ones<5>(reader, *lists, least[i]);
          break;
        case kOnes + 6:
          flips = ones<6>(reader, *lists, least[i]);
          break;
        default:
          flips = any(reader, lists, i);
      }
      store_replicas(own, xor_bits(reader.own, flips));
    }
  }

  template <size_t kBonds, bool kAlike>
  static inline ReplicaBits few(const BondReader& reader, const BondList& list, uint32_t from) {
    ReplicaBits c[3];
    count_few<kBonds, kAlike>(reader, list, c);
    return at_least(c, kBonds == 1 ? 1 : kBonds < 4 ? 2 : 3, from);
  }
  template <size_t kPlanes>
  static inline ReplicaBits ones(const BondReader& reader, const BondList& list, uint32_t from) {
    ReplicaBits c[kPlanes];
    count_ones_of(reader, list, kPlanes, c);
    return at_least(c, kPlanes, from);
  }
  HOPFIELD_NOINLINE ReplicaBits any(const BondReader& reader, const BondList* lists, size_t i) const {
    const size_t planes = planes_for(bonds.totals[i]);
    ReplicaBits c[kMostPlanes];
    count_unsatisfied(reader, lists, bonds.lists_from[i + 1] - bonds.lists_from[i], planes, c);
    return at_least(c, planes, least[i]);
  }

  /// Bits of replicas past `count` stay as they are.
  void write(uint32_t* replicas, size_t count) const {
    for (size_t i = 0; i < neurons; i++) {
      for (size_t w = 0; w < words; w++) {
        const size_t left = count - 64 * w;
        const uint64_t mask = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
        uint64_t word = load64(replicas + 2 * (words * i + w));
        word = (word & ~mask) | (spins[i * stride + w] & mask);
        memcpy(replicas + 2 * (words * i + w), &word, sizeof(word));
      }
    }
  }
};

/// −2E = Σ_i s_i·(h_i + 2·b_i): all bonds satisfied, less four for each that is not, counted once.
struct CountedReplicas : Replicas {
  static constexpr size_t kMostSumPlanes = 54;

  CountedReplicas(const Memory& of, const double* external_field, const uint32_t* replicas, size_t count)
      : Replicas(of, external_field, true, replicas, count) {}

  void quadratics(size_t count, double* out) const {
    uint64_t all = 0;
    for (size_t i = 0; i < neurons; i++) all += bonds.totals[i];
    for (size_t r = 0; r < count; r++) out[r] = 2 * static_cast<double>(all);
    for (size_t from = 0; from < stride && 64 * from < count; from += kReplicaWords) {
      ReplicaBits sum[kMostSumPlanes];
      const size_t planes = add_up(spins + from, all, sum);
      for (size_t p = 0; p < planes; p++) {
        uint64_t bits[kReplicaWords];
        store_replicas(bits, sum[p]);
        const double worth = 4 * static_cast<double>(uint64_t{1} << p);
        for (size_t r = 0; r < 64 * kReplicaWords && 64 * from + r < count; r++) {
          if ((bits[r / 64] >> (r % 64) & 1) != 0) out[64 * from + r] -= worth;
        }
      }
    }
  }

  /// Σ of the unsatisfied bonds of all neurons; returns how many planes it has.
  size_t add_up(const uint64_t* from, uint64_t all, ReplicaBits* sum) const {
    size_t planes = 0;
    while (all >> planes != 0) planes++;
    for (size_t p = 0; p < planes; p++) sum[p] = no_bits();
    const ReplicaRows rows{from, stride};
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      if (bonds.totals[i] == 0) continue;
      const size_t own_planes = planes_for(bonds.totals[i]);
      const BondReader reader(rows, bonds.neighbours, rows.row(i));
      ReplicaBits c[kMostPlanes], carry = no_bits();
      count_unsatisfied(reader, bonds.lists + bonds.lists_from[i],
                        bonds.lists_from[i + 1] - bonds.lists_from[i], own_planes, c);
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
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_REPLICAS_H_
