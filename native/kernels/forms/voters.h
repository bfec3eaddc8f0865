// Patterns whose votes an interaction sums: all of them, or those few that may have a vote. These are laid
// together, each in its own accumulator and in their order, with votes of zero where an accumulator has
// fewer; sums are then the same bits, since no accumulator is ever −0.
#ifndef HOPFIELD_KERNELS_FORMS_VOTERS_H_
#define HOPFIELD_KERNELS_FORMS_VOTERS_H_

#include "flag.h"
#include "kernels/interaction_energy.h"
#include "kernels/pack.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Patterns whose votes are summed, in groups of eight.
struct VotingPatterns {
  const uint32_t* columns = nullptr;
  size_t height = 0;  ///< words from one column to the next
  size_t groups = 0;
  int32_t* agreeing = nullptr;  ///< j of each
  double* same = nullptr;
  double* differs = nullptr;
};

struct Voters {
  /// How many entries of a table fit in registers.
  static constexpr size_t kWindow = 64;
  /// j where there is no pattern: far below any table, whatever flips.
  static constexpr int32_t kNoPattern = -(1 << 30) - (1 << 29);

  const Memory& memory;
  Workspace& workspace;
  const double* window =
      nullptr;        ///< the last kWindow entries of the table, if the first two of them are zero
  int32_t shift = 0;  ///< of a relative table: N − max j
  VotingPatterns all, few;
  VotingPatterns* voting = &all;
  size_t room = 0;          ///< groups that `few` holds
  uint64_t* near;           ///< bits of the patterns that may vote
  uint32_t* who = nullptr;  ///< the pattern at each place of `few`
  size_t laid = 0;          ///< how many patterns are laid together

  Voters(const Memory& of, Workspace& scratch) : memory(of), workspace(scratch) {
    all.columns = memory.columns;
    all.height = column_words(memory.count);
    all.groups = (memory.count + 7) / 8;
    near = workspace.take<uint64_t>(near_words());
  }

  size_t near_words() const { return (memory.count + 63) / 64; }

  void measure(const int32_t* agreeing, size_t count) {
    // None agrees on fewer than no neuron, but where there is no pattern the largest is no number of neurons.
    shift = static_cast<int32_t>(memory.neurons) - larger(largest_of(agreeing, count), 0);
  }

  void find_votes(const VotingPatterns& of) const {
    if (window != nullptr) {
      const int32_t first = static_cast<int32_t>(window - memory.interaction.fields);
      look_up_near(window, of.agreeing, of.groups, shift - first, of.same, of.differs);
    } else {
      look_up(memory.interaction.fields, of.agreeing, of.groups, shift, of.same, of.differs);
    }
  }

  /// Places after the last pattern have no vote.
  void clear_padding_votes() {
    for (size_t k = memory.count; k < 8 * all.groups; k++) all.same[k] = all.differs[k] = 0;
  }

  /// Those that are marked in `near`, of whom `agreeing` says on how many neurons each agrees. False if too
  /// few are left out to be worth it.
  template <class Agreeing>
  bool lay_together(Agreeing agreeing) {
    const size_t words = near_words();
    size_t heights[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    for (size_t w = 0; w < words; w++) {
      for (size_t l = 0; near[w] != 0 && l < 8; l++) {
        heights[l] += static_cast<size_t>(count_ones(near[w] & (0x0101010101010101u << l)));
      }
    }
    size_t groups = 0;
    laid = 0;
    for (const size_t height : heights) {
      groups = larger(height, groups);
      laid += height;
    }
    if (2 * groups > all.groups) return false;
    make_room(groups);
    few.groups = groups;
    few.height = (groups + 7) / 8 * 2;
    const size_t places = few.height * 32;
    for (size_t k = 0; k < places; k++) few.agreeing[k] = kNoPattern;
    size_t filled[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t w = 0; w < words; w++) {
      for (uint64_t rest = near[w]; rest != 0; rest &= rest - 1) {
        const size_t bit = static_cast<size_t>(count_ones((rest & (0 - rest)) - 1));
        size_t& place = filled[bit % 8];
        who[place] = static_cast<uint32_t>(64 * w + bit);
        few.agreeing[place] = agreeing(64 * w + bit);
        place += 8;
      }
    }
    gather_columns(places);
    voting = &few;
    find_votes(few);
    return true;
  }

  void gather_columns(size_t places) {
    const size_t neurons = memory.neurons, stride = row_words(neurons);
    uint32_t* columns = const_cast<uint32_t*>(few.columns);
    uint64_t square[64];
    for (size_t first = 0; first < places; first += 64) {
      heed_flag();
      for (size_t i = 0; i < neurons; i += 64) {
        for (size_t k = 0; k < 64; k++) {
          square[k] = few.agreeing[first + k] == kNoPattern
                          ? 0
                          : load64(memory.rows + who[first + k] * stride + i / 32);
        }
        transpose64(square);
        const size_t used = smaller(neurons - i, 64);
        for (size_t k = 0; k < used; k++) {
          memcpy(columns + (i + k) * few.height + first / 32, &square[k], sizeof(uint64_t));
        }
      }
    }
  }

  void make_room(size_t groups) {
    if (groups <= room) return;
    room = groups + groups / 2;
    const size_t words = (room + 7) / 8;
    few.columns = workspace.take<uint32_t>(memory.neurons * words * 2);
    few.agreeing = workspace.take<int32_t>(words * 64);
    few.same = workspace.take<double>(words * 64);
    few.differs = workspace.take<double>(words * 64);
    who = workspace.take<uint32_t>(words * 64);
  }

  /// s·h of up to four neurons, whose values are `bit_of` them; of the last one for those that are missing.
  template <class Bit>
  void weigh_as(const uint32_t* neurons, size_t count, Bit bit_of, double sums[4]) const {
    const uint32_t* columns[4];
    uint64_t inverse[4];
    for (size_t r = 0; r < 4; r++) {
      const size_t i = neurons[r < count ? r : count - 1];
      columns[r] = voting->columns + i * voting->height;
      inverse[r] = static_cast<uint64_t>(bit_of(i)) - 1;
    }
    weigh_four(columns, inverse, voting->same, voting->differs, memory.count == 0 ? 0 : voting->groups, sums);
  }

  /// Of the patterns whose votes are summed.
  size_t places() const {
    if (memory.count == 0) return 0;
    return voting == &all && memory.interaction.beta == 0 ? memory.count : 8 * voting->groups;
  }
  /// F of one of them.
  double energy_at(size_t k) const {
    if (memory.interaction.beta > 0) return voting->same[k];
    const int32_t most = static_cast<int32_t>(memory.neurons);
    return memory.interaction.energies[limited(voting->agreeing[k], 0, most)];
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_VOTERS_H_
