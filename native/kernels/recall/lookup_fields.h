// Synchronous updates of one state or of several at once, whose votes are looked up (vote_tables.h).
#ifndef HOPFIELD_KERNELS_RECALL_LOOKUP_FIELDS_H_
#define HOPFIELD_KERNELS_RECALL_LOOKUP_FIELDS_H_

#include "flag.h"
#include "kernels/recall/index_tallies.h"
#include "kernels/recall/update.h"
#include "kernels/recall/vote_tables.h"

namespace hopfield {
namespace {

/// The signs of one block's fields where an external field is added: `sum` is that of the votes of set bits.
static void external_block(const Update& update, const Memory& memory, const int32_t* sum, int64_t total,
                           size_t block, const uint32_t* state, uint32_t* next) {
  memset(next + block * kBlockWords, 0, block_words(memory.neurons) * sizeof(uint32_t));
  const int64_t count = static_cast<int64_t>(memory.count);
  const size_t first = block * kBlockBits;
  for (size_t i = first; i < memory.neurons && i < first + kBlockBits; i++) {
    const unsigned bit = bit_at(state, i);
    const int64_t field = 2 * static_cast<int64_t>(sum[i - first]) - total - (bit ? count : -count);
    next[i / 32] |= update.decide(field, i, bit) << (i % 32);
  }
}

template <class Lookup>
struct LookupFields : VoteTables<Lookup> {
  using Tables = VoteTables<Lookup>;
  using Tables::ballots;
  using Tables::bits;
  using Tables::blocks;
  using Tables::groups;
  using Tables::lifts;
  using Tables::memory;
  using Tables::narrow;
  using Tables::totals;
  using Tables::weights;

  const Update& update;
  IndexTallies<Lookup> tallies;

  /// For as many as `most` states at once; or for one whose overlaps are counted in the indices.
  LookupFields(const Memory& of, const Update& by, Workspace& scratch, size_t most = kStates,
               bool counts = false)
      : Tables(of, scratch, most),
        update(by),
        tallies(counts ? this->depth : 0, Tables::kNear * Lookup::kLanes, scratch) {}

  /// sum[i] += `first` + what these digits make of neuron i.
  void add_digits(const uint16_t* from, int32_t first, int32_t* sum) const {
    for (size_t i = 0; i < kBlockBits; i++) sum[i] += first + from[i] + (from[kBlockBits + i] << bits);
  }

  template <class Sum>
  void add_ballots(size_t c, size_t block, Sum* sum) const {
    const size_t stride = row_words(memory.neurons), words = words_of_block(memory.neurons, block);
    size_t at = 0;
    for (size_t run = 0; run < ballots[c].runs; run++) {
      const size_t end = ballots[c].ends[run];
      vote_block(memory.rows + block * kBlockWords, stride, ballots[c].items + at, end - at, words, sum);
      at = end;
    }
  }

  /// Thresholds of a field that others add to are taken of wider sums.
  bool may_be_narrow() const {
    return update.external_field == nullptr && memory.count <= static_cast<size_t>(kMostVotes);
  }

  /// Up to kStates states whose tables are prepared. `each` takes a block whose values are there.
  template <class Each>
  void some(size_t count, const uint32_t* const* states, uint32_t* const* next, uint32_t* const* near,
            int64_t reach, Each each) {
    const int64_t patterns = static_cast<int64_t>(memory.count);
    // So many tables' digits fit 16 bits.
    const size_t together = 65535 / ((size_t{1} << bits) - 1) / Tables::kTablesAtOnce * Tables::kTablesAtOnce;
    const size_t width = block_words(memory.neurons);
    alignas(64) uint16_t parts[kStates * kBlockBits];
    for (size_t block = 0; block < blocks; block++) {
      heed_flag(block, heedless_blocks(memory.count));
      const size_t at = block * kBlockWords;
      if (narrow) {
        this->look_up(count, block, 0, groups, false, parts);
        for (size_t c = 0; c < count; c++) {
          int16_t* sums = reinterpret_cast<int16_t*>(parts + c * kBlockBits);
          for (size_t i = 0; i < kBlockBits; i++)
            sums[i] = static_cast<int16_t>(static_cast<uint16_t>(sums[i] - lifts[c]));
          add_ballots(c, block, sums);
          const Thresholds half = update.thresholds(totals[c], patterns);
          threshold_words(sums, narrowed(half.up), narrowed(half.down), width, states[c] + at, next[c] + at);
          if (near != nullptr)
            near_words(sums, totals[c], patterns, reach, width, states[c] + at, near[c] + at);
        }
      } else {
        wide_block(count, block, together, states, next);
      }
      for (size_t c = 0; c < count; c++)
        update.restore(states[c], next[c], memory.neurons, at,
                       smaller(at + width, row_words(memory.neurons)));
      each(block);
    }
  }

  /// Where sums do not fit 16 bits, but so many tables' digits do.
  void wide_block(size_t count, size_t block, size_t together, const uint32_t* const* states,
                  uint32_t* const* next) {
    alignas(64) uint16_t parts[kStates * 2 * kBlockBits];
    alignas(64) int32_t wide[kStates * kBlockBits];
    const int32_t patterns = static_cast<int32_t>(memory.count);
    const size_t at = block * kBlockWords, width = block_words(memory.neurons);
    memset(wide, 0, count * kBlockBits * sizeof(int32_t));
    for (size_t from = 0; from < groups; from += together) {
      this->look_up(count, block, from, smaller(groups, from + together), true, parts);
      for (size_t c = 0; c < count; c++) {
        add_digits(parts + c * 2 * kBlockBits, from == 0 ? -lifts[c] : 0, wide + c * kBlockBits);
      }
    }
    for (size_t c = 0; c < count; c++) {
      add_ballots(c, block, wide + c * kBlockBits);
      if (update.external_field == nullptr) {
        threshold_block(wide + c * kBlockBits, static_cast<int32_t>(totals[c]), patterns, update.tie, width,
                        states[c] + at, next[c] + at);
      } else {
        external_block(update, memory, wide + c * kBlockBits, totals[c], block, states[c], next[c]);
      }
    }
  }

  /// The overlaps of a state, counted in packed indices.
  void count_overlaps(const uint32_t* state, int32_t* out) {
    tallies.start();
    uint32_t all[kBlockWords];
    memset(all, 0xff, sizeof(all));
    for (size_t block = 0; block < blocks; block++) {
      heed_flag(block, heedless_blocks(memory.count));
      tally(block, state, all);
    }
    tallies.finish(memory.count, memory.neurons, out);
  }

  /// Counts a block of neurons.
  void tally(size_t block, const uint32_t* state, const uint32_t* marks) {
    constexpr size_t kNear = Tables::kNear, kLanes = Lookup::kLanes;
    const size_t registers = block_words(memory.neurons) * 32 / kLanes;
    for (size_t reg = 0; reg < registers; reg += kNear) {
      const uint8_t* index = this->indices + (block * Tables::kRegisters + reg) * this->depth * kLanes;
      tallies.add_marked(index, state + block * kBlockWords + reg * kLanes / 32, marks + reg * kLanes / 32,
                         smaller(kNear, registers - reg));
    }
  }

  void overlaps(size_t count, const uint32_t* const* states, int32_t* const* out) {
    // So many states at a time that all of them together take a few milliseconds at most.
    const double each = static_cast<double>(memory.count) * static_cast<double>(blocks * kBlockBits);
    const size_t some = larger(static_cast<size_t>(0x1p28 / larger(each, 1.0)) / kStates * kStates, kStates);
    for (size_t from = 0; from < count; from += some) {
      heed_flag();
      overlaps_of(memory.rows, memory.count, memory.neurons, smaller(count - from, some), states + from,
                  out + from);
    }
  }

  /// near = where −reach ≤ h ≤ reach.
  static void near_words(const int16_t* own, int64_t total, int64_t patterns, int64_t reach, size_t words,
                         const uint32_t* state, uint32_t* near) {
    uint32_t over[kBlockWords];
    const Thresholds high = Update::over(total + reach, patterns),
                     low = Update::over(total - reach - 1, patterns);
    threshold_words(own, narrowed(high.up), narrowed(high.down), words, state, over);
    threshold_words(own, narrowed(low.up), narrowed(low.down), words, state, near);
    for (size_t k = 0; k < words; k++) near[k] &= ~over[k];
  }

  /// next = signs of the fields of each state, and near = where they are no larger than `reach`, or at least
  /// there (null if they are not wanted). `alone` does it for a state whose fields do not fit 32 bits, and
  /// for all where there are no indices.
  template <class Alone>
  void signs(size_t count, int32_t* const* overlaps, const uint32_t* const* states, uint32_t* const* next,
             uint32_t* const* near, int64_t reach, Alone alone) {
    if (near != nullptr) {
      for (size_t b = 0; b < count; b++) memset(near[b], 0xff, row_words(memory.neurons) * sizeof(uint32_t));
    }
    if (!this->index()) {
      for (size_t b = 0; b < count; b++) alone(overlaps[b], states[b], next[b]);
      return;
    }
    uint32_t* close[kStates] = {};
    const int32_t* own[kStates];
    const uint32_t* from[kStates];
    uint32_t* to[kStates];
    size_t filled = 0;
    for (size_t b = 0; b < count; b++) {
      if (this->fits(overlaps[b], filled)) {
        own[filled] = overlaps[b];
        from[filled] = states[b];
        if (near != nullptr) close[filled] = near[b];
        to[filled++] = next[b];
      } else {
        alone(overlaps[b], states[b], next[b]);
      }
      if (filled == kStates || (b + 1 == count && filled > 0)) {
        this->prepare(filled, own, may_be_narrow());
        some(filled, from, to, near != nullptr ? close : nullptr, reach, [](size_t) {});
        filled = 0;
      }
    }
  }

  /// Those of one state, of memory for one. False if its fields do not fit 32 bits, or there are no indices.
  bool signs_alone(const int32_t* overlaps, const uint32_t* state, uint32_t* next, uint32_t* near,
                   int64_t reach) {
    if (near != nullptr) memset(near, 0xff, row_words(memory.neurons) * sizeof(uint32_t));
    if (!prepare_alone(overlaps)) return false;
    some(1, &state, &next, near != nullptr ? &near : nullptr, reach, [](size_t) {});
    return true;
  }

  /// The same, and `later`: the overlaps of what comes out, counted in packed indices.
  bool signs_and_overlaps(const int32_t* overlaps, const uint32_t* state, uint32_t* next, int32_t* later) {
    if (!prepare_alone(overlaps)) return false;
    tallies.start();
    const size_t width = block_words(memory.neurons);
    some(1, &state, &next, nullptr, 0, [&](size_t block) {
      uint32_t flips[kBlockWords];
      for (size_t k = 0, at = block * kBlockWords; k < width; k++) flips[k] = state[at + k] ^ next[at + k];
      tally(block, next, flips);
    });
    memcpy(later, overlaps, memory.count * sizeof(int32_t));
    tallies.follow(memory.count, later);
    return true;
  }

 private:
  bool prepare_alone(const int32_t* overlaps) {
    if (!this->index() || !this->fits(overlaps, 0)) return false;
    this->prepare(1, &overlaps, may_be_narrow());
    return true;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_LOOKUP_FIELDS_H_
