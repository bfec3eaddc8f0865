// Synchronous updates of many states at once (the "four Russians" of Arlazarov et al. 1970, in registers).
// The votes of a few patterns have few sums: 2^kBits of them, a table a state makes for itself. The bits that
// a neuron has in those patterns are an index into it, the same for every state, so indices are laid out once
// and shared, and one byte shuffle looks up a whole register of neurons. Sums are 16 bits wide, in two planes
// of bytes; as with ballots, a run of tables ends where the absolute votes of a state would exceed 32767.
//
// A tier says how in its Lookup:
//   kBits, kLanes        patterns a table; neurons a register
//   spread(words, value) kLanes bits to bytes of `value` or 0
//   join(a, b)           bytes a | b
//   arrange(index)       an order of neurons that the zips below turn back into the natural one
//   find(plane, index)   bytes of a plane of 2^kBits
//   low/high(l, h)       16-bit sums of the lower and upper half of a register's neurons
//   add(a, b)            of 16-bit lanes
//   tables(votes, groups, planes)
#ifndef HOPFIELD_KERNELS_RECALL_LOOKUP_FIELDS_H_
#define HOPFIELD_KERNELS_RECALL_LOOKUP_FIELDS_H_

#include "flag.h"
#include "kernels/field.h"
#include "kernels/forms/implicit.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// States worked on at once: their sums stay in registers while an index is at hand.
constexpr size_t kStates = 4;

template <class Lookup>
struct LookupFields {
  static constexpr size_t kPlane = size_t{1} << Lookup::kBits;
  static constexpr size_t kRegisters = kBlockBits / Lookup::kLanes;

  const Memory& memory;
  const Update& update;
  size_t blocks;
  size_t groups;
  Workspace& workspace;
  uint8_t* indices = nullptr;  ///< blocks × kRegisters × groups × kLanes, made at the first use
  uint8_t* planes;             ///< kStates × groups × 2 × kPlane
  int16_t* votes;              ///< groups × kBits, zero behind the last pattern
  int32_t* weights;            ///< kStates × groups: Σ|v| of each table
  int16_t* sums;               ///< kStates × 512
  int32_t* wide;               ///< kStates × 512
  size_t* ends;                ///< of runs

  LookupFields(const Memory& of, const Update& by, Workspace& scratch)
      : memory(of),
        update(by),
        blocks(row_blocks(of.neurons)),
        groups((of.count + Lookup::kBits - 1) / Lookup::kBits),
        workspace(scratch),
        planes(scratch.take<uint8_t>(kStates * groups * 2 * kPlane)),
        votes(scratch.take<int16_t>(groups * Lookup::kBits)),
        weights(scratch.take<int32_t>(kStates * groups)),
        sums(scratch.take<int16_t>(kStates * kBlockBits)),
        wide(scratch.take<int32_t>(kStates * kBlockBits)),
        ends(scratch.take<size_t>(groups + 1)) {}

  void index() {
    if (indices != nullptr) return;
    indices = workspace.take<uint8_t>(blocks * kBlockBits * groups);
    const size_t stride = blocks * kBlockWords;
    uint8_t* to = indices;
    for (size_t block = 0; block < blocks; block++) {
      heed_flag();
      for (size_t reg = 0; reg < kRegisters; reg++) {
        const uint32_t* from = memory.rows + block * kBlockWords;
        for (size_t g = 0; g < groups; g++, to += Lookup::kLanes) {
          const size_t first = g * Lookup::kBits;
          const size_t some = smaller(memory.count - first, Lookup::kBits);
          auto x = Lookup::spread(from + first * stride, reg, 1);
          for (size_t k = 1; k < some; k++) {
            x = Lookup::join(x,
                             Lookup::spread(from + (first + k) * stride, reg, static_cast<uint8_t>(1u << k)));
          }
          Lookup::store(to, Lookup::arrange(x));
        }
      }
    }
  }

  /// The tables of one state. False if the sums of one of them may not fit in 16 bits.
  bool prepare(const int32_t* overlaps, size_t slot, int64_t* total) {
    int32_t* weight = weights + slot * groups;
    int64_t sum = 0;
    for (size_t g = 0; g < groups; g++) {
      uint32_t most = 0;
      for (size_t k = 0; k < Lookup::kBits; k++) {
        const size_t mu = g * Lookup::kBits + k;
        const int32_t v = mu < memory.count ? overlaps[mu] : 0;
        const uint32_t size = magnitude(v);
        most = size > kMostVotes ? kMostVotes + 1 : most + size;
        if (most > kMostVotes) return false;
        sum += v;
        votes[mu] = static_cast<int16_t>(v);
      }
      weight[g] = static_cast<int32_t>(most);
    }
    *total = sum;
    Lookup::tables(votes, groups, planes + slot * groups * 2 * kPlane);
    return true;
  }

  /// Cuts the tables into runs that fit every one of `count` states.
  size_t cut(size_t count) {
    int32_t room[kStates];
    for (size_t c = 0; c < count; c++) room[c] = kMostVotes;
    size_t runs = 0;
    for (size_t g = 0; g < groups; g++) {
      bool full = false;
      for (size_t c = 0; c < count; c++) full |= weights[c * groups + g] > room[c];
      if (full) {
        ends[runs++] = g;
        for (size_t c = 0; c < count; c++) room[c] = kMostVotes;
      }
      for (size_t c = 0; c < count; c++) room[c] -= weights[c * groups + g];
    }
    ends[runs++] = groups;
    return runs;
  }

  /// sums[c][i] = Σ of the votes of state c over the patterns from…to that have bit i of this block set.
  template <size_t kCount>
  void look_up(size_t block, size_t from, size_t to) {
    const size_t stride = groups * 2 * kPlane;
    for (size_t reg = 0; reg < kRegisters; reg++) {
      const uint8_t* index = indices + (block * kRegisters + reg) * groups * Lookup::kLanes;
      decltype(Lookup::zero()) low[kCount], high[kCount];
      HOPFIELD_UNROLL(4)
      for (size_t c = 0; c < kCount; c++) low[c] = high[c] = Lookup::zero();
      for (size_t g = from; g < to; g++) {
        const auto x = Lookup::load(index + g * Lookup::kLanes);
        const uint8_t* plane = planes + g * 2 * kPlane;
        HOPFIELD_UNROLL(4)
        for (size_t c = 0; c < kCount; c++) {
          const auto l = Lookup::find(plane + c * stride, x);
          const auto h = Lookup::find(plane + c * stride + kPlane, x);
          low[c] = Lookup::add(low[c], Lookup::low(l, h));
          high[c] = Lookup::add(high[c], Lookup::high(l, h));
        }
      }
      HOPFIELD_UNROLL(4)
      for (size_t c = 0; c < kCount; c++) {
        int16_t* out = sums + c * kBlockBits + reg * Lookup::kLanes;
        Lookup::store(reinterpret_cast<uint8_t*>(out), low[c]);
        Lookup::store(reinterpret_cast<uint8_t*>(out + Lookup::kLanes / 2), high[c]);
      }
    }
  }

  void look_up(size_t count, size_t block, size_t from, size_t to) {
    if (count == 4) return look_up<4>(block, from, to);
    if (count == 3) return look_up<3>(block, from, to);
    if (count == 2) return look_up<2>(block, from, to);
    look_up<1>(block, from, to);
  }

  /// Up to kStates states whose tables are prepared.
  void some(size_t count, const int64_t* totals, const uint32_t* const* states, uint32_t* const* next,
            uint32_t* const* near, int64_t reach) {
    const size_t runs = cut(count);
    const int64_t patterns = static_cast<int64_t>(memory.count);
    const bool narrow = runs == 1 && update.external_field == nullptr && patterns <= kMostVotes;
    for (size_t block = 0; block < blocks; block++) {
      heed_flag(block, heedless_blocks(memory.count));
      const size_t at = block * kBlockWords;
      for (size_t run = 0; run < runs; run++) {
        look_up(count, block, run == 0 ? 0 : ends[run - 1], ends[run]);
        if (narrow) break;
        for (size_t k = 0; k < count * kBlockBits; k++) wide[k] = run == 0 ? sums[k] : wide[k] + sums[k];
      }
      for (size_t c = 0; c < count; c++) {
        if (narrow) {
          const int16_t* own = sums + c * kBlockBits;
          const uint32_t* state = states[c] + at;
          const Thresholds half = update.thresholds(totals[c], patterns);
          threshold_words(own, narrowed(half.up), narrowed(half.down), state, next[c] + at);
          if (near != nullptr) near_words(own, totals[c], patterns, reach, state, near[c] + at);
        } else if (update.external_field == nullptr) {
          threshold_block(wide + c * kBlockBits, static_cast<int32_t>(totals[c]),
                          static_cast<int32_t>(patterns), update.tie, kBlockWords, states[c] + at,
                          next[c] + at);
        } else {
          external_block(update, memory, wide + c * kBlockBits, totals[c], block, states[c], next[c]);
        }
      }
    }
    for (size_t c = 0; c < count; c++) update.restore(states[c], next[c], memory.neurons);
  }

  void overlaps(size_t count, const uint32_t* const* states, int32_t* const* out) {
    // So many states at a time that all of them together take a few milliseconds at most.
    const double each = static_cast<double>(memory.count) * static_cast<double>(blocks * kBlockBits);
    const size_t some = larger(static_cast<size_t>(0x1p28 / larger(each, 1.0)) / kStates * kStates, kStates);
    for (size_t from = 0; from < count; from += some) {
      heed_flag();
      overlaps_of(memory.rows, memory.count, blocks, memory.neurons, smaller(count - from, some),
                  states + from, out + from);
    }
  }

  /// near = where −reach ≤ h ≤ reach.
  static void near_words(const int16_t* own, int64_t total, int64_t patterns, int64_t reach,
                         const uint32_t* state, uint32_t* near) {
    uint32_t over[kBlockWords];
    const Thresholds high = Update::over(total + reach, patterns),
                     low = Update::over(total - reach - 1, patterns);
    threshold_words(own, narrowed(high.up), narrowed(high.down), state, over);
    threshold_words(own, narrowed(low.up), narrowed(low.down), state, near);
    for (size_t k = 0; k < kBlockWords; k++) near[k] &= ~over[k];
  }

  /// What no 16-bit sum exceeds, or every one.
  static int16_t narrowed(int64_t half) { return static_cast<int16_t>(limited(half, INT16_MIN, INT16_MAX)); }

  /// next = signs of the fields of each state, and near = where they are no larger than `reach`, or at least
  /// there (null if they are not wanted). `alone` does it for a state with overlaps too large for a table.
  template <class Alone>
  void signs(size_t count, int32_t* const* overlaps, const uint32_t* const* states, uint32_t* const* next,
             uint32_t* const* near, int64_t reach, Alone alone) {
    index();
    if (near != nullptr) {
      for (size_t b = 0; b < count; b++) memset(near[b], 0xff, blocks * kBlockWords * sizeof(uint32_t));
    }
    uint32_t* close[kStates] = {};
    int64_t totals[kStates];
    const uint32_t* from[kStates];
    uint32_t* to[kStates];
    size_t filled = 0;
    for (size_t b = 0; b < count; b++) {
      if (prepare(overlaps[b], filled, totals + filled)) {
        from[filled] = states[b];
        if (near != nullptr) close[filled] = near[b];
        to[filled++] = next[b];
      } else {
        alone(overlaps[b], states[b], next[b]);
      }
      if (filled == kStates || (b + 1 == count && filled > 0)) {
        some(filled, totals, from, to, near != nullptr ? close : nullptr, reach);
        filled = 0;
      }
    }
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_LOOKUP_FIELDS_H_
