// One asynchronous sweep at T = 0 of up to 64 chains that visit neurons in the same order, where patterns
// vote on fields: J = ΞᵀΞ − P·1. What a visit reads of the patterns, and the looking at it, all chains share:
// the votes of all chains lie side by side, pattern by pattern. Each chain has the result it has alone.
#ifndef HOPFIELD_KERNELS_RECALL_VOTED_CHAINS_H_
#define HOPFIELD_KERNELS_RECALL_VOTED_CHAINS_H_

#include "flag.h"
#include "kernels/field.h"
#include "kernels/recall/chain_words.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// In lanes of as many chains as there are sums: 32 or 64.
template <class Sums>
struct VotedChains {
  using Bits = typename Sums::Bits;
  static constexpr size_t kCount = 8 * sizeof(Bits);

  const Memory& memory;
  const Update& update;
  const int64_t patterns;
  const size_t height;
  Workspace& workspace;
  uint64_t* spins = nullptr;
  Sums* votes = nullptr;     ///< overlaps, less `common`; zero where there is no pattern
  uint32_t* list = nullptr;  ///< of the visit at hand
  Sums common, total;
  alignas(64) uint8_t counts[kChains];
  size_t counted = 0;

  VotedChains(const Memory& of, const Update& by, Workspace& scratch)
      : memory(of),
        update(by),
        patterns(static_cast<int64_t>(of.count)),
        height(column_words(of.count)),
        workspace(scratch) {}

  /// States and their overlaps follow; `flips` has room for all chains. False, and nothing has happened to a
  /// state, if a field might not fit 16 bits.
  bool sweep(const uint32_t* visits, size_t visit_count, size_t count, uint32_t* const* states,
             int32_t* const* overlaps, uint32_t* flips) {
    int64_t room = INT16_MAX - patterns - largest_sum(count, overlaps);
    if (room < most_moved()) return false;
    begin(count, states, overlaps);
    memset(flips, 0, kCount * sizeof(uint32_t));
    const Bits used = static_cast<Bits>(~uint64_t{0} >> (64 - count));
    for (size_t u = 0; u < visit_count; u++) {
      heed_flag(u, 256);
      const size_t i = visits[u];
      if (update.clamped(i)) continue;
      const Fewer fewer(*this, i);
      const Bits now = static_cast<Bits>(spins[i]), up = values(fewer, now), turned = (up ^ now) & used;
      if (turned == 0) continue;
      if (room < most_moved()) room = room_left();
      if (room < most_moved()) return false;
      room -= most_moved();
      spins[i] ^= turned;
      count_chains(counts, turned);
      if (++counted == UINT8_MAX) add_counts(flips);
      flip(turned & up, turned & ~up, fewer);
    }
    add_counts(flips);
    end(count, states, overlaps);
    return true;
  }

 private:
  /// The patterns in which neuron i is at +1, or those in which it is not, whichever are fewer. With Σ over
  /// them, Σ_μ ξ_i^μ m^μ = ±(2Σ − total). Where their votes lie, in bytes, is listed once a visit, without a
  /// branch a pattern, and followed by places of no pattern: votes of zero, so that eight at a time can be
  /// taken.
  struct Fewer {
    static constexpr size_t kTogether = 8;
    static constexpr uint32_t kVote = sizeof(Sums);
    uint64_t inverse = 0;
    int64_t listed = 0;
    size_t padded = 0;

    Fewer(const VotedChains& of, size_t i) {
      const uint32_t* column = of.memory.columns + i * of.height;
      for (size_t k = 0; k < of.height; k += 2) listed += count_ones(load64(column + k));
      inverse = 0 - static_cast<uint64_t>(2 * listed > of.patterns);
      listed = inverse == 0 ? listed : of.patterns - listed;
      size_t found = 0;
      for (size_t mu = 0; mu < of.memory.count; mu += 64) {
        uint64_t bits = load64(column + mu / 32) ^ inverse;
        if (of.memory.count - mu < 64) bits &= (uint64_t{1} << (of.memory.count - mu)) - 1;
        found += list_bits<kVote>(bits, static_cast<uint32_t>(mu) * kVote, of.list + found);
      }
      uint32_t* const end = of.list + found;
      for (size_t k = 0; k < kTogether; k++) end[k] = static_cast<uint32_t>(of.memory.count) * kVote;
      padded = (found + kTogether - 1) / kTogether * kTogether;
    }
    /// Calls `use` with those votes, and some votes of no pattern; k says which of eight it is.
    template <class Use>
    inline void each(const VotedChains& of, Use use) const {
      unsigned char* const votes = reinterpret_cast<unsigned char*>(of.votes);
      for (size_t at = 0; at < padded; at += kTogether) {
        HOPFIELD_UNROLL(8)
        for (size_t k = 0; k < kTogether; k++) use(*reinterpret_cast<Sums*>(votes + of.list[at + k]), k);
      }
    }
  };

  /// What neuron i becomes in every chain.
  inline Bits values(const Fewer& fewer, Bits now) const {
    // All of this wraps, and the field that comes of it fits.
    Sums shared = common;
    shared.times(static_cast<int16_t>(2 * fewer.listed));
    shared.take(total);
    Sums field(0), other(0);
    fewer.each(*this, [&](const Sums& vote, size_t k) { (k % 2 == 0 ? field : other).give(vote); });
    field.give(other);
    field.twice_and(0);
    field.give(shared);
    const int64_t up = patterns - (update.tie != Tie::kNegative),
                  down = -patterns - (update.tie == Tie::kPositive);
    return (now & above(field, up, fewer)) | (~now & above(field, down, fewer));
  }
  static inline Bits above(const Sums& field, int64_t x, const Fewer& fewer) {
    return field.above(static_cast<int16_t>(fewer.inverse == 0 ? x : -x - 1)) ^
           static_cast<Bits>(fewer.inverse);
  }

  /// m^μ += ±2·ξ_i^μ: twice of it for the fewer, and all of it from everyone.
  inline void flip(Bits up, Bits down, const Fewer& fewer) {
    const int16_t two = fewer.inverse == 0 ? 2 : -2;
    Sums moved(0);
    moved.add(up, two);
    moved.add(down, static_cast<int16_t>(-two));
    common.take(moved);
    Sums all = moved;
    all.times(static_cast<int16_t>(2 * fewer.listed - patterns));
    total.give(all);
    moved.twice_and(0);
    fewer.each(*this, [&moved](Sums& vote, size_t) { vote.give(moved); });
    votes[memory.count] = Sums(0);
  }

  void add_counts(uint32_t* flips) {
    for (size_t c = 0; c < kCount; c++) flips[c] += counts[c];
    memset(counts, 0, sizeof(counts));
    counted = 0;
  }

  /// How much a visit may add to Σ|m|.
  int64_t most_moved() const { return 2 * patterns; }

  /// The largest Σ|m| of a chain, which with P bounds its fields.
  int64_t largest_sum(size_t count, int32_t* const* overlaps) const {
    int64_t largest = 0;
    for (size_t c = 0; c < count; c++) {
      int64_t sum = 0;
      for (size_t mu = 0; mu < memory.count; mu++) sum += magnitude(overlaps[c][mu]);
      if (sum > largest) largest = sum;
    }
    return largest;
  }
  /// What is left of 16 bits beside P and the largest Σ|m| of now.
  int64_t room_left() const {
    Sums sums(0);
    for (size_t mu = 0; mu < memory.count; mu++) {
      Sums vote = votes[mu];
      vote.give(common);
      sums.give_magnitudes(vote);
    }
    return INT16_MAX - patterns - static_cast<int64_t>(sums.largest());
  }

  void begin(size_t count, uint32_t* const* states, int32_t* const* overlaps) {
    if (spins == nullptr) {
      spins = workspace.take<uint64_t>(chain_words(memory.neurons));
      votes = workspace.take<Sums>(memory.count + 1);
      // A list writes a few places after its last one.
      list = workspace.take<uint32_t>(memory.count + 16);
    }
    words_of_rows(
        memory.neurons, count, [states](size_t c) { return states[c]; }, spins);
    common = total = votes[memory.count] = Sums(0);
    alignas(64) int16_t lanes[kCount] = {};
    for (size_t mu = 0; mu < memory.count; mu++) {
      for (size_t c = 0; c < count; c++) lanes[c] = static_cast<int16_t>(overlaps[c][mu]);
      votes[mu] = Sums::of(lanes);
      total.give(votes[mu]);
    }
    memset(counts, 0, sizeof(counts));
    counted = 0;
  }
  void end(size_t count, uint32_t* const* states, int32_t* const* overlaps) const {
    rows_of_words(memory.neurons, count, spins, [states](size_t c) { return states[c]; });
    alignas(64) int16_t lanes[kCount];
    for (size_t mu = 0; mu < memory.count; mu++) {
      Sums vote = votes[mu];
      vote.give(common);
      vote.store(lanes);
      for (size_t c = 0; c < count; c++) overlaps[c][mu] = lanes[c];
    }
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_VOTED_CHAINS_H_
