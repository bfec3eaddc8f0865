// Overlaps counted in packed indices (vote_tables.h) while these are in the first-level cache, because votes
// have just been looked up in them: then no sweep reads the patterns themselves. A state that is known is
// followed by its flips, register by register of neurons; one without a flip costs nothing.
#ifndef HOPFIELD_KERNELS_RECALL_INDEX_TALLIES_H_
#define HOPFIELD_KERNELS_RECALL_INDEX_TALLIES_H_

#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// For `differ` of the Lookup: how many of eight neurons, among those marked, differ from each of eight
/// patterns, a byte each.
template <class Lookup>
struct IndexTallies {
  static constexpr size_t kPatterns = 8;  ///< a byte of indices
  /// Each register adds at most eight to a byte.
  static constexpr size_t kMost = 255 / 8;

  size_t depth;     ///< bytes of indices a neuron
  size_t apart;     ///< from a byte of a neuron to its next
  uint8_t* bytes;   ///< depth × kLanes
  int32_t* counts;  ///< marked neurons that differ from each pattern
  size_t since = 0;
  int64_t marked = 0;

  IndexTallies(size_t of_depth, size_t bytes_apart, Workspace& workspace)
      : depth(of_depth),
        apart(bytes_apart),
        bytes(workspace.take<uint8_t>(depth * Lookup::kLanes)),
        counts(workspace.take<int32_t>(depth * kPatterns)) {}

  void start() {
    memset(bytes, 0, depth * Lookup::kLanes);
    memset(counts, 0, depth * kPatterns * sizeof(int32_t));
    since = 0;
    marked = 0;
  }

  /// kRegs registers of neurons: `state` where `marks` says so.
  template <size_t kRegs>
  void add(const uint8_t* index, const uint32_t* state, const uint32_t* marks) {
    using Bytes = decltype(Lookup::zero());
    if (since + kRegs > kMost) drain();
    since += kRegs;
    Bytes s[kRegs], m[kRegs];
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < kRegs; r++) {
      s[r] = Lookup::arrange(Lookup::spread(state, r, 0xff));
      m[r] = Lookup::arrange(Lookup::spread(marks, r, 0xff));
      marked += count_ones(load64(marks + r * 2));
    }
    for (size_t k = 0; k < depth; k++) {
      uint8_t* to = bytes + k * Lookup::kLanes;
      Bytes sum = Lookup::load(to);
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < kRegs; r++)
        sum = Lookup::add8(sum,
                           Lookup::differ(Lookup::load(index + k * apart + r * Lookup::kLanes), s[r], m[r]));
      Lookup::store(to, sum);
    }
  }

  /// The same of `regs` registers side by side, without those where nothing is marked.
  void add_marked(const uint8_t* index, const uint32_t* state, const uint32_t* marks, size_t regs) {
    size_t some = 0;
    for (size_t r = 0; r < regs; r++) some += load64(marks + r * 2) != 0;
    if (regs == 4 && some > 2) return add<4>(index, state, marks);
    for (size_t r = 0; r < regs; r++) {
      if (load64(marks + r * 2) != 0) add<1>(index + r * Lookup::kLanes, state + r * 2, marks + r * 2);
    }
  }

  void drain() {
    for (size_t k = 0; k < depth; k++)
      Lookup::add_tallies(bytes + k * Lookup::kLanes, counts + k * kPatterns);
    memset(bytes, 0, depth * Lookup::kLanes);
    since = 0;
  }

  /// overlaps = those of the state of which all neurons were marked.
  void finish(size_t patterns, size_t neurons, int32_t* overlaps) {
    drain();
    for (size_t mu = 0; mu < patterns; mu++) overlaps[mu] = static_cast<int32_t>(neurons) - 2 * counts[mu];
  }
  /// The same where those that were marked have just flipped to their values, and overlaps are the old ones.
  void follow(size_t patterns, int32_t* overlaps) {
    if (marked == 0) return;
    drain();
    const int32_t flips = static_cast<int32_t>(marked);
    for (size_t mu = 0; mu < patterns; mu++) overlaps[mu] += 2 * (flips - 2 * counts[mu]);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_INDEX_TALLIES_H_
