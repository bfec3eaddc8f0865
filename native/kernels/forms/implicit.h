// J = ΞᵀΞ − P·1, never formed. Two short cuts change nothing but the time: a sweep that provably changes
// nothing is counted and not run, and asynchronous fields are summed from the overlaps of the moment, one
// neuron's column at a time; where neurons are few, they are carried.
#ifndef HOPFIELD_KERNELS_FORMS_IMPLICIT_H_
#define HOPFIELD_KERNELS_FORMS_IMPLICIT_H_

#include "flag.h"
#include "kernels/energy.h"
#include "kernels/field.h"
#include "kernels/forms/carried_fields.h"
#include "kernels/forms/form.h"
#include "kernels/recall/lookup_fields.h"
#include "kernels/recall/progress.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// Few patterns, or a fraction of a block of neurons, are added up as fast.
static size_t index_bytes(const Memory& memory) {
  const bool pays =
      Lookup::kAlone && memory.form == Form::kImplicit && memory.neurons >= 256 && memory.count >= 16;
  return pays ? LookupFields<Lookup>::index_bytes(memory) : 0;
}

static void index_patterns(const Memory& memory, uint8_t* to) {
  LookupFields<Lookup>::make_indices(memory, to);
}

/// J = ΞᵀΞ − P·1, never formed. Vote is the type of the overlaps that asynchronous updates carry along.
template <class Vote>
struct ImplicitForm : PlainForm {
  static constexpr bool kSymmetric = true, kLongCycles = false, kWholeFields = true, kSigns = true,
                        kSweeps = true, kForesees = true;

  const Memory& memory;
  const Update& update;
  size_t blocks;
  size_t used_words;  ///< words of a column that hold patterns
  size_t height;
  size_t span;
  bool wide;  ///< N·P is so large that even a 32-bit lane of eight could overflow
  int32_t* overlap_values;
  Vote* votes;
  int32_t* visited_fields;   ///< of each visit of the last pass
  uint32_t* flipped_visits;  ///< of the last pass, in order
  int64_t total = 0;
  Ballots ballots;
  bool looks_up;
  bool counts;  ///< whether overlaps are counted where signs are looked up
  LookupFields<Lookup> tables;
  int32_t* later;  ///< the overlaps of `later_state`, if `counted`
  uint32_t* later_state;
  bool counted = false;
  CarriedFields carried;

  ImplicitForm(const Memory& of, const Update& by, size_t most_visits, Workspace& workspace)
      : memory(of),
        update(by),
        blocks(row_blocks(of.neurons)),
        used_words((of.count + 31) / 32),
        height(column_words(of.count)),
        span(of.neurons < static_cast<size_t>(kMostVotes) ? kMostVotes / of.neurons : 1),
        wide(static_cast<double>(of.neurons) * static_cast<double>(of.count) >= 0x1p34),
        overlap_values(workspace.take<int32_t>(used_words * 32)),
        votes(workspace.take<Vote>(used_words * 32)),
        visited_fields(most_visits == 0 ? nullptr : workspace.take<int32_t>(most_visits + 4)),
        flipped_visits(most_visits == 0 ? nullptr : workspace.take<uint32_t>(most_visits + 16)),
        ballots(take_ballots(workspace, of.count,
                             static_cast<double>(of.neurons) * static_cast<double>(of.count))),
        looks_up(knows_indices(of, most_visits == 0)),
        counts(Lookup::kTallies && looks_up && of.indices != nullptr && most_visits == 0 &&
               LookupFields<Lookup>::packs(of)),
        tables(of, by, workspace, looks_up ? 1 : 0, counts),
        later(counts ? workspace.take<int32_t>(of.count) : nullptr),
        later_state(counts ? workspace.take<uint32_t>(row_words(of.neurons)) : nullptr),
        carried(of, by, most_visits > 0, workspace) {}

  /// Whether all signs of one state are looked up. Indices that are not at hand are made for one recall that
  /// needs signs at every sweep, where they stay in the second-level cache.
  static bool knows_indices(const Memory& memory, bool synchronous) {
    constexpr size_t kNear = size_t{1} << 18;
    const size_t bytes = index_bytes(memory);
    return bytes > 0 && (memory.indices != nullptr || (synchronous && bytes <= kNear));
  }

  void begin(const uint32_t* state) {
    if constexpr (Lookup::kTallies) {
      if (counts) return begin_counted(state);
    }
    heeding_overlaps(memory.rows, memory.count, memory.neurons, state, overlap_values);
  }
  void begin_counted(const uint32_t* state) {
    if (counted && same_row(state, later_state, row_words(memory.neurons))) {
      memcpy(overlap_values, later, memory.count * sizeof(int32_t));
    } else {
      tables.count_overlaps(state, overlap_values);
    }
  }
  /// Goes on with the overlaps of another state, room for whole words of patterns.
  void take(int32_t* values) { overlap_values = values; }

  /// Asynchronous updates run on `votes`, but where fields are carried; everything else on `overlap_values`.
  void begin_visits() {
    carried.known = false;
    total = 0;
    for (size_t mu = 0; mu < memory.count; mu++) {
      votes[mu] = static_cast<Vote>(overlap_values[mu]);
      total += overlap_values[mu];
    }
    for (size_t mu = memory.count; mu < used_words * 32; mu++) votes[mu] = 0;
  }
  void end_visits() {
    for (size_t mu = 0; mu < memory.count; mu++) overlap_values[mu] = static_cast<int32_t>(votes[mu]);
  }

  double quadratic(const uint32_t*) const {
    return implicit_quadratic(overlap_values, memory.count, memory.neurons);
  }

  const int32_t* overlaps() const { return overlap_values; }

  double largest() const { return largest_field(memory); }

  void fields(const uint32_t* state, double* out) const {
    implicit_fields(memory.rows, memory.count, memory.neurons, overlap_values, state, out);
  }

  /// A flip moves a field by 2·P at most. So many flips leave alone whoever has a field of more than N/2,
  /// which is most of a state near a pattern; reach() is what they move a field by. Carried fields say
  /// themselves who would flip: a pass over few neurons saves nothing there.
  size_t few_flips() const {
    return memory.count == 0 || carried.serves ? 0 : memory.neurons / (4 * memory.count);
  }
  int64_t reach(size_t flips) const { return static_cast<int64_t>(2 * memory.count * flips); }

  void signs(const uint32_t* state, uint32_t* next) {
    if constexpr (Lookup::kTallies) {
      counted = counts && tables.signs_and_overlaps(overlap_values, state, next, later);
      if (counted) {
        memcpy(later_state, next, row_words(memory.neurons) * sizeof(uint32_t));
        return;
      }
    }
    signs_near(state, next, nullptr);
  }

  /// The same, and `near`, unless that is null: at least those neurons that few flips may turn.
  void signs_near(const uint32_t* state, uint32_t* next, uint32_t* near) {
    if (looks_up && tables.signs_alone(overlap_values, state, next, near, reach(few_flips()))) return;
    if (near != nullptr) memset(near, 0xff, row_words(memory.neurons) * sizeof(uint32_t));
    if (!fits32(overlap_values, memory.count, &ballots)) {
      wide_signs(state, next);
    } else {
      cast_ballots(overlap_values, memory.count, &ballots);
      if (update.external_field == nullptr &&
          ballots.weight + static_cast<int64_t>(memory.count) <= kMostVotes) {
        narrow_signs(state, next);
      } else {
        cast_signs(state, next);
      }
    }
    update.restore(state, next, memory.neurons);
  }

  /// Sums and thresholds fit 16 bits.
  void narrow_signs(const uint32_t* state, uint32_t* next) const {
    const Thresholds half = update.thresholds(ballots.total, static_cast<int64_t>(memory.count));
    alignas(64) int16_t sum[kBlockBits];
    for (size_t block = 0; block < blocks; block++) {
      heed_flag(block, heedless_blocks(memory.count));
      count_block(memory.rows, memory.neurons, block, ballots, sum);
      const size_t at = block * kBlockWords;
      threshold_words(sum, narrowed(half.up), narrowed(half.down), words_of_block(memory.neurons, block),
                      state + at, next + at);
    }
  }

  void cast_signs(const uint32_t* state, uint32_t* next) const {
    alignas(64) int32_t sum[kBlockBits];
    for (size_t block = 0; block < blocks; block++) {
      heed_flag(block, heedless_blocks(memory.count));
      count_block(memory.rows, memory.neurons, block, ballots, sum);
      const size_t at = block * kBlockWords;
      if (update.external_field == nullptr) {
        threshold_block(sum, static_cast<int32_t>(ballots.total), static_cast<int32_t>(memory.count),
                        update.tie, words_of_block(memory.neurons, block), state + at, next + at);
      } else {
        external_block(update, memory, sum, ballots.total, block, state, next);
      }
    }
  }

  void wide_signs(const uint32_t* state, uint32_t* next) const {
    struct Decide {
      const Update& update;
      const uint32_t* state;
      uint32_t* next;
      void operator()(size_t i, int64_t field) const {
        next[i / 32] |= update.decide(field, i, bit_at(state, i)) << (i % 32);
      }
    };
    memset(next, 0, row_words(memory.neurons) * sizeof(uint32_t));
    wide_fields(memory.rows, memory.count, memory.neurons, overlap_values, state, ballots,
                Decide{update, state, next});
  }

  inline int64_t field(size_t i, unsigned bit) const {
    const int64_t self = bit ? static_cast<int64_t>(memory.count) : -static_cast<int64_t>(memory.count);
    const uint32_t* column = memory.columns + i * height;
    return 2 * (wide ? wide_sum(column) : column_sum(column, votes, used_words, span)) - total - self;
  }

  int64_t wide_sum(const uint32_t* column) const {
    int64_t sum = 0;
    for (size_t mu = 0; mu < memory.count; mu++) sum += bit_at(column, mu) ? votes[mu] : 0;
    return sum;
  }

  inline void flipped(size_t i, unsigned next) {
    const uint32_t* column = memory.columns + i * height;
    const int delta = next ? 2 : -2;
    column_add(column, votes, used_words, delta);
    int64_t ones = 0;
    for (size_t k = 0; k < height; k += 2) ones += count_ones(load64(column + k));
    total += delta * (2 * ones - static_cast<int64_t>(memory.count));
  }

  /// One pass in the tier's own way, where fields are plain 32-bit integers. A trace beyond 2^53 needs Q
  /// summed at every flip.
  bool sweep(const uint32_t* visits, size_t count, bool each_once, uint32_t* state, const uint32_t* expected,
             Progress& progress, size_t* flips) {
    if (carried.serves && carry(state)) {
      *flips = carried.sweep(visits, count, each_once, state,
                             progress.recorder != nullptr ? visited_fields : nullptr, flipped_visits);
      begin(state);
      if (progress.recorder != nullptr) replay(visits, *flips, progress);
      return true;
    }
    const double most = (static_cast<double>(memory.neurons) + 1) * static_cast<double>(memory.count);
    if (update.external_field != nullptr || most >= 0x1p31) return false;
    if (progress.recorder != nullptr && !exact_quadratic(memory)) return false;
    const size_t most_visits = larger((size_t{1} << 24) / larger(memory.count, 1), 64);
    begin_visits();
    *flips = 0;
    for (size_t from = 0; from < count; from += most_visits) {
      if (from > 0) heed_flag();
      const size_t some = smaller(count - from, most_visits);
      Pass<Vote> pass{memory.columns,
                      height,
                      used_words,
                      span,
                      votes,
                      total,
                      static_cast<int32_t>(memory.count),
                      update.tie,
                      update.clamp,
                      expected,
                      visits + from,
                      some,
                      state,
                      visited_fields + from,
                      flipped_visits + *flips};
      const size_t flipped = sweep_columns(pass);
      for (size_t k = 0; from > 0 && k < flipped; k++) {
        flipped_visits[*flips + k] += static_cast<uint32_t>(from);
      }
      *flips += flipped;
      total = pass.total;
    }
    end_visits();
    if (progress.recorder != nullptr) replay(visits, *flips, progress);
    return true;
  }

  /// Carries the fields of this state. False if they are too large, as those of overlaps that other threads
  /// have spoilt may be.
  bool carry(const uint32_t* state) {
    if (carried.follow(state)) return true;
    if (!fits32(overlap_values, memory.count, &ballots)) return false;
    cast_ballots(overlap_values, memory.count, &ballots);
    carried.begin(ballots, state);
    return true;
  }

  /// Writes down the flips of the last pass. Each raised Q by 4·|h|: nothing but its own field moved the
  /// neuron.
  void replay(const uint32_t* visits, size_t flips, Progress& progress) const {
    for (size_t k = 0; k < flips; k++) {
      progress.quadratic += 4.0 * static_cast<double>(magnitude(visited_fields[flipped_visits[k]]));
      progress.recorder->flip(visits[flipped_visits[k]]);
      progress.recorder->energy(energy_of(progress.quadratic, update.scale, 0));
    }
  }

  /// The pattern the state overlaps most with, or its inverse, if that is likely to attract it; null if none
  /// is.
  const uint32_t* likely_end(uint32_t* row) const {
    if (carried.serves) return nullptr;
    size_t nearest = 0;
    for (size_t mu = 1; mu < memory.count; mu++) {
      if (magnitude(overlap_values[mu]) > magnitude(overlap_values[nearest])) nearest = mu;
    }
    if (memory.count == 0 || magnitude(overlap_values[nearest]) < memory.neurons / 4) return nullptr;
    const uint32_t inverse = overlap_values[nearest] < 0 ? ~0u : 0u;
    const size_t words = row_words(memory.neurons);
    for (size_t k = 0; k < words; k++) row[k] = memory.rows[nearest * words + k] ^ inverse;
    return row;
  }

  /// After a pass: carried fields know. Where it visited every neuron once and flipped `flips`, each flip
  /// moved a field by at most 2·P, so a neuron whose field was larger then cannot want to flip now. Asks the
  /// others, if they are few.
  bool settled(const uint32_t* visits, bool each_once, const uint32_t* state, size_t flips,
               bool* answer) const {
    if (carried.known) {
      *answer = carried.rests();
      return true;
    }
    if (!each_once) return false;
    const double bound = 2.0 * static_cast<double>(memory.count) * static_cast<double>(flips);
    if (bound >= static_cast<double>(INT32_MAX)) return false;
    const uint32_t reach = static_cast<uint32_t>(bound);
    const size_t neurons = memory.neurons;
    size_t near = 0;
    for (size_t u = 0; u < neurons; u++) near += magnitude(visited_fields[u]) <= reach;
    if (near > neurons / 32) return false;
    *answer = true;
    for (size_t u = 0; near > 0; u++) {
      if (magnitude(visited_fields[u]) > reach) continue;
      near--;
      const size_t i = visits[u];
      const unsigned bit = bit_at(state, i);
      if (update.decide(field(i, bit), i, bit) != bit && !update.clamped(i)) {
        *answer = false;
        return true;
      }
    }
    return true;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_IMPLICIT_H_
