// Patterns that vote by a function of their overlap (InteractionMemory in src/kernels/contract/kernels.ts),
// the mirror of src/kernels/reference/interaction.ts. Both numbers a pattern may vote with are kept, in the
// order of its accumulator (simd/portable_interaction.h), so that a field is a sum of choices by pattern
// bits, and four neurons share them.
//
// Where the table is relative, all votes are zero but those of patterns that agree with the state on nearly
// as many neurons as the best one does. These are laid together, each in its own accumulator and in their
// order, with votes of zero where an accumulator has fewer; sums are then the same bits, since no accumulator
// is ever −0.
//
// Where the table is absolute and all votes are zero below some number, near_patterns.h finds those that may
// vote, now and within some flips, without the overlaps of all others.
#ifndef HOPFIELD_KERNELS_FORMS_INTERACTION_H_
#define HOPFIELD_KERNELS_FORMS_INTERACTION_H_

#include "flag.h"
#include "kernels/energy.h"
#include "kernels/field.h"
#include "kernels/forms/form.h"
#include "kernels/forms/near_patterns.h"
#include "kernels/interaction_energy.h"
#include "kernels/pack.h"
#include "kernels/recall/progress.h"
#include "kernels/recall/update.h"
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

struct InteractionForm : PlainForm {
  static constexpr bool kSymmetric = true, kSigns = true, kSweeps = true;

  /// Flips for which patterns laid together stay enough: a flip brings a pattern nearer to the best one by
  /// two.
  static constexpr size_t kMargin = 4;
  static constexpr size_t kWindow = 64;
  /// So few are not worth gathering again.
  static constexpr size_t kFewest = 512;
  /// j where there is no pattern: far below any table, whatever flips.
  static constexpr int32_t kNoPattern = -(1 << 30) - (1 << 29);

  const Memory& memory;
  const Update& update;
  Workspace& workspace;
  size_t blocks;
  size_t reach = 0;  ///< votes of patterns that agree on that much less than the best are zero …
  bool sparse;       ///< … and there can be such
  const double* window =
      nullptr;  ///< the last kWindow entries of the table, if the first two of them are zero
  int32_t shift = 0;
  VotingPatterns all, few;
  VotingPatterns* voting = &all;
  size_t room = 0;        ///< groups that `few` holds
  uint64_t* near;         ///< bits of the patterns that may vote
  bool windowed = false;  ///< the table is absolute, and few patterns are near enough to vote
  size_t radius = 0;      ///< then those that differ on more neurons do not …
  size_t margin = 0;      ///< … and those that may within so many flips are looked for too
  const uint32_t* current = nullptr;
  uint32_t* base = nullptr;        ///< the state around which `few` are all that may vote
  size_t moved = 0;                ///< neurons on which `current` may differ from it
  bool energetic;                  ///< fields are differences of energies, of a relative table
  mutable double sum_of_all = -1;  ///< Σ F for these, or below 0 where it is not known yet
  uint32_t* who = nullptr;         ///< the pattern at each place of `few`
  size_t laid = 0;                 ///< how many patterns are laid together
  size_t held = 0;                 ///< flips that `all.agreeing` has not seen
  uint32_t held_neuron[kMargin + 1];
  bool held_up[kMargin + 1];

  InteractionForm(const Memory& of, const Update& by, size_t, Workspace& scratch)
      : memory(of), update(by), workspace(scratch), blocks(row_blocks(of.neurons)) {
    energetic = update.energetic && memory.interaction.beta > 0 && memory.count > 0;
    while (reach < memory.neurons && memory.interaction.fields[memory.neurons - reach - 1] != 0) reach++;
    sparse = memory.interaction.beta > 0 && reach + 2 <= memory.neurons;
    if (memory.interaction.beta > 0 && reach + 3 < kWindow && memory.neurons + 2 >= kWindow) {
      window = memory.interaction.fields + (memory.neurons + 2 - kWindow);
    }
    if (memory.interaction.beta == 0 && memory.count > kFewest) measure_window();
    all.columns = memory.columns;
    all.height = column_words(memory.count);
    all.groups = (memory.count + 7) / 8;
    near = workspace.take<uint64_t>(near_words());
    if (windowed) {
      base = workspace.take<uint32_t>(row_words(memory.neurons));
    } else {
      all.agreeing = workspace.take<int32_t>(near_words() * 64);
    }
  }

  size_t near_words() const { return (memory.count + 63) / 64; }

  /// What the zeros at the beginning of the tables say.
  void measure_window() {
    const InteractionTables& tables = memory.interaction;
    const size_t neurons = memory.neurons;
    size_t zeros = 0;
    while (zeros <= neurons && tables.fields[zeros] == 0 && tables.energies[zeros] == 0) zeros++;
    if (zeros == 0) return;
    // A pattern that agrees on j neurons has votes D(j) and −D(j + 1).
    radius = neurons - (zeros - 1);
    // A cue that lies halfway to where its pattern no longer votes is looked around once. Of random patterns
    // hardly any are as near as `most`.
    const size_t most = 7 * neurons / 16;
    windowed = radius + kMargin <= most;
    if (windowed) margin = limited(radius / 2 + kMargin, kMargin, most - radius);
  }

  void begin(const uint32_t* state) {
    sum_of_all = -1;
    current = state;
    if (!windowed) return begin_with_all();
    if (voting == &few) {
      moved = row_difference(base, state, memory.neurons);
      if (moved <= margin) return count_again();
    }
    look_around();
  }
  void begin_with_all() {
    if (all.agreeing == nullptr) all.agreeing = workspace.take<int32_t>(near_words() * 64);
    heeding_overlaps(memory.rows, memory.count, blocks, memory.neurons, current, all.agreeing);
    start();
  }

  /// How far from a state patterns are looked for.
  size_t horizon() const { return radius + margin; }
  void look_around() {
    find_near(memory, current, 1, horizon(), near);
    lay_around();
  }
  /// As begin, where patterns within the horizon are known.
  void begin_among(const uint32_t* state, uint64_t* found) {
    current = state;
    near = found;
    lay_around();
  }
  void lay_around() {
    memcpy(base, current, row_words(memory.neurons) * sizeof(uint32_t));
    moved = 0;
    if (!lay_together([this](size_t mu) { return agreeing_on(mu); })) begin_with_all();
  }
  /// On how many neurons a pattern agrees with the state.
  int32_t agreeing_on(size_t mu) const {
    const uint32_t* row = memory.rows + mu * blocks * kBlockWords;
    return static_cast<int32_t>(memory.neurons) -
           static_cast<int32_t>(row_difference(row, current, memory.neurons));
  }
  void count_again() {
    for (size_t k = 0; k < 8 * few.groups; k++) {
      if (few.agreeing[k] > kNoPattern / 2) few.agreeing[k] = agreeing_on(who[k]);
    }
    find_votes(few);
  }

  /// As begin, with overlaps that are known.
  void begin_with(const int32_t* overlaps) {
    sum_of_all = -1;
    memcpy(all.agreeing, overlaps, memory.count * sizeof(int32_t));
    start();
  }

  void start() {
    for (size_t mu = 0; mu < memory.count; mu++) {
      all.agreeing[mu] = agreeing_of(all.agreeing[mu], memory.neurons);
    }
    for (size_t mu = memory.count; mu < (memory.count + 63) / 64 * 64; mu++) all.agreeing[mu] = kNoPattern;
    choose();
  }

  /// Whose votes are summed from now on.
  void choose() {
    held = 0;
    if (memory.count == 0) return;
    if (memory.interaction.beta > 0) measure(all.agreeing, memory.count);
    if (sparse && gather_voting()) return;
    voting = &all;
    if (all.same == nullptr) {
      all.same = workspace.take<double>(8 * all.groups);
      all.differs = workspace.take<double>(8 * all.groups);
    }
    find_votes(all);
    clear_padding_votes();
  }

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

  /// How many neurons a pattern must agree on to have a vote, now or within kMargin flips.
  int64_t least() const {
    const int64_t most = static_cast<int64_t>(memory.neurons) - shift;
    return most - static_cast<int64_t>(reach + 2 * kMargin);
  }

  /// Whether all who may vote are still laid together, and not so few of them that others had better go.
  bool still_enough() const {
    const int32_t bound = static_cast<int32_t>(larger(least(), 0));
    size_t voting = 0;
    for (size_t w = 0; w < (memory.count + 63) / 64; w++) {
      const uint64_t bits = reached(all.agreeing + 64 * w, bound);
      if ((bits & ~near[w]) != 0) return false;
      voting += static_cast<size_t>(count_ones(bits));
    }
    return 2 * voting > laid || laid <= kFewest;
  }

  /// Those that may vote, by the agreement of all. False if too few can be left out to be worth it.
  bool gather_voting() {
    if (least() <= 0) return false;
    const int32_t bound = static_cast<int32_t>(least());
    for (size_t w = 0; w < near_words(); w++) near[w] = reached(all.agreeing + 64 * w, bound);
    return lay_together([this](size_t mu) { return all.agreeing[mu]; });
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
    const size_t stride = blocks * kBlockWords, neurons = memory.neurons;
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

  /// Neuron i has just changed its value, to +1 if `up`.
  void flipped(size_t i, bool up) {
    sum_of_all = -1;
    if (windowed && voting == &few) {
      column_add(few.columns + i * few.height, few.agreeing, few.height, up ? 1 : -1);
      if (++moved > margin) return look_around();
      return find_votes(few);
    }
    const uint32_t* column = memory.columns + i * all.height;
    const size_t words = (memory.count + 31) / 32;
    if (memory.interaction.beta == 0) {
      follow(column, up, memory.interaction.fields, static_cast<int32_t>(memory.neurons) + 1, all.agreeing,
             all.groups, all.same, all.differs);
      clear_padding_votes();
      return;
    }
    if (voting == &all) {
      column_add(column, all.agreeing, words, up ? 1 : -1);
      // The nearer the best pattern comes, the fewer others are near it.
      if (sparse && ++held == kMargin) return choose();
      measure(all.agreeing, memory.count);
      find_votes(all);
      clear_padding_votes();
      return;
    }
    held_neuron[held] = static_cast<uint32_t>(i);
    held_up[held++] = up;
    column_add(few.columns + i * few.height, few.agreeing, few.height, up ? 1 : -1);
    measure(few.agreeing, 8 * few.groups);
    if (held > kMargin) {
      for (size_t k = 0; k < held; k++) {
        column_add(memory.columns + held_neuron[k] * all.height, all.agreeing, words, held_up[k] ? 1 : -1);
      }
      held = 0;
      measure(all.agreeing, memory.count);
      if (!still_enough()) return choose();
    }
    find_votes(few);
  }

  /// s·h of up to four neurons; of the last one for those that are missing.
  void weigh(const uint32_t* neurons, size_t count, const uint32_t* state, double sums[4]) const {
    weigh_as(
        neurons, count, [state](size_t i) { return bit_at(state, i); }, sums);
  }
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

  /// Calls `each` with every neuron and its s·h.
  template <class Each>
  void each_field(const uint32_t* state, Each each) const {
    for (size_t i = 0; i < memory.neurons; i += 4) {
      heed_flag(i, 64);
      const size_t count = smaller(memory.neurons - i, 4);
      uint32_t neurons[4];
      double sums[4];
      for (size_t r = 0; r < count; r++) neurons[r] = static_cast<uint32_t>(i + r);
      weigh(neurons, count, state, sums);
      for (size_t r = 0; r < count; r++) each(i + r, sums[r]);
    }
  }

  /// s·h from the votes: what they are, or by how much E would rise after a flip.
  double drive(double votes) const {
    if (!energetic) return votes;
    if (sum_of_all < 0) sum_of_all = sum_eight(places(), [this](size_t k) { return energy_at(k); });
    const double next = memory.interaction.fields[memory.neurons - 1];
    const double left = sum_of_all - votes * (1 - next);
    const double least = sum_of_all * (next > 0x1p-64 ? next : 0x1p-64);
    return (natural_log(sum_of_all) - natural_log(left > least ? left : least)) / memory.interaction.beta;
  }

  void fields(const uint32_t* state, double* out) const {
    each_field(state, [this, state, out](size_t i, double sum) {
      const double gain = drive(sum);
      out[i] = bit_at(state, i) ? gain : 0 - gain;
    });
  }
  double field(size_t i, unsigned bit) const {
    const uint32_t neuron[1] = {static_cast<uint32_t>(i)};
    double sums[4];
    weigh_as(
        neuron, 1, [bit](size_t) { return bit; }, sums);
    const double gain = drive(sums[0]);
    return bit ? gain : 0 - gain;
  }
  double largest() const { return -1; }

  void signs(const uint32_t* state, uint32_t* next) const {
    memcpy(next, state, row_words(memory.neurons) * sizeof(uint32_t));
    each_field(state, [this, state, next](size_t i, double sum) {
      if (turns(sum, i, bit_at(state, i))) next[i / 32] ^= 1u << (i % 32);
    });
  }

  /// Whether a neuron with this s·h changes its value.
  inline bool turns(double sum, size_t i, unsigned bit) const {
    if (update.energetic) {
      const double gain = drive(sum);
      return update.decide(bit ? gain : 0 - gain, i, bit) != bit && !update.clamped(i);
    }
    const bool at_zero = update.tie != Tie::kKeep && (update.tie == Tie::kPositive) != (bit != 0);
    return (sum < 0 || (sum == 0 && at_zero)) && !update.clamped(i);
  }

  /// One pass over the visiting order, four visits at once: those after one that flips are weighed again.
  bool sweep(const uint32_t* visits, size_t count, uint32_t* state, const uint32_t*, Progress& progress,
             size_t* flipping) {
    Recorder* const recorder = progress.recorder;
    size_t flips = 0, looks = 0;
    for (size_t u = 0; u < count;) {
      heed_flag(looks++, 16);
      const size_t some = smaller(count - u, 4);
      double sums[4];
      weigh(visits + u, some, state, sums);
      size_t r = 0;
      while (r < some && !turns(sums[r], visits[u + r], bit_at(state, visits[u + r]))) r++;
      u += r;
      if (r == some) continue;
      const uint32_t i = visits[u++];
      state[i / 32] ^= 1u << (i % 32);
      flipped(i, bit_at(state, i) != 0);
      flips++;
      if (recorder == nullptr) continue;
      recorder->flip(i);
      recorder->energy(energy_with(update, quadratic(state), state, memory.neurons));
    }
    *flipping = flips;
    return true;
  }

  /// −4·E.
  double quadratic(const uint32_t*) const {
    if (memory.interaction.beta == 0) {
      return 4 * sum_eight(places(), [this](size_t k) { return energy_at(k); });
    }
    // D and F are the same table, and patterns that are left out add zero.
    return relative_quadratic(memory, shift, sum_eight(places(), [this](size_t k) { return energy_at(k); }));
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

  double active() const {
    size_t count = 0;
    for (size_t k = 0; k < places(); k++) count += energy_at(k) != 0;
    return static_cast<double>(count);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_INTERACTION_H_
