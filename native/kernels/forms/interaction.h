// Patterns that vote by a function of their overlap (InteractionMemory in src/kernels/contract/kernels.ts),
// the mirror of src/kernels/reference/interaction.ts. Both numbers a pattern may vote with are kept, in the
// order of its accumulator (simd/portable_interaction.h), so that a field is a sum of choices by pattern
// bits, and four neurons share them.
//
// Where the table is relative, all votes are zero but those of patterns that agree with the state on nearly
// as many neurons as the best one does: these are laid together (voters.h).
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
#include "kernels/forms/voters.h"
#include "kernels/interaction_energy.h"
#include "kernels/recall/progress.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

struct InteractionForm : PlainForm, Voters {
  static constexpr bool kSymmetric = true, kSigns = true, kSweeps = true;

  /// Flips for which patterns laid together stay enough: a flip brings a pattern nearer to the best one by
  /// two.
  static constexpr size_t kMargin = 4;
  /// So few are not worth gathering again.
  static constexpr size_t kFewest = 512;

  const Update& update;
  size_t reach = 0;       ///< votes of patterns that agree on that much less than the best are zero …
  bool sparse;            ///< … and there can be such
  bool windowed = false;  ///< the table is absolute, and few patterns are near enough to vote
  size_t radius = 0;      ///< then those that differ on more neurons do not …
  size_t margin = 0;      ///< … and those that may within so many flips are looked for too
  const uint32_t* current = nullptr;
  uint32_t* base = nullptr;        ///< the state around which `few` are all that may vote
  size_t moved = 0;                ///< neurons on which `current` may differ from it
  bool energetic;                  ///< fields are differences of energies, of a relative table
  mutable double sum_of_all = -1;  ///< Σ F for these, or below 0 where it is not known yet
  size_t held = 0;                 ///< flips that `all.agreeing` has not seen
  uint32_t held_neuron[kMargin + 1];
  bool held_up[kMargin + 1];

  InteractionForm(const Memory& of, const Update& by, size_t, Workspace& scratch)
      : Voters(of, scratch), update(by) {
    energetic = update.energetic && memory.interaction.beta > 0 && memory.count > 0;
    while (reach < memory.neurons && memory.interaction.fields[memory.neurons - reach - 1] != 0) reach++;
    sparse = memory.interaction.beta > 0 && reach + 2 <= memory.neurons;
    if (memory.interaction.beta > 0 && reach + 3 < kWindow && memory.neurons + 2 >= kWindow) {
      window = memory.interaction.fields + (memory.neurons + 2 - kWindow);
    }
    if (memory.interaction.beta == 0 && memory.count > kFewest) measure_window();
    if (windowed) {
      base = workspace.take<uint32_t>(row_words(memory.neurons));
    } else {
      all.agreeing = workspace.take<int32_t>(near_words() * 64);
    }
  }

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
    heeding_overlaps(memory.rows, memory.count, memory.neurons, current, all.agreeing);
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
    const uint32_t* row = memory.rows + mu * row_words(memory.neurons);
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
  bool sweep(const uint32_t* visits, size_t count, bool, uint32_t* state, const uint32_t*, Progress& progress,
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

  double active() const {
    size_t count = 0;
    for (size_t k = 0; k < places(); k++) count += energy_at(k) != 0;
    return static_cast<double>(count);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_INTERACTION_H_
