// Asynchronous sweeps of few neurons at T = 0. Fields are summed once and carried: a flip moves all of them
// by a row of J, which few neurons have room for in bytes. Their signs say who would flip, so whoever would
// not is passed over without a look, and after the sweep they say whether the state rests.
#ifndef HOPFIELD_KERNELS_FORMS_CARRIED_FIELDS_H_
#define HOPFIELD_KERNELS_FORMS_CARRIED_FIELDS_H_

#include "kernels/field.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

constexpr size_t kFewNeurons = 256;

/// Bytes a row of J, which are followed by those of −J: a flip down adds that.
static inline size_t coupling_stride(size_t neurons) { return (neurons + 63) / 64 * 64; }

/// J fits bytes, and every field 16 bits.
static size_t coupling_bytes(const Memory& memory) {
  const bool fits = memory.form == Form::kImplicit && memory.columns != nullptr && memory.count > 0 &&
                    memory.count <= static_cast<size_t>(INT8_MAX) && memory.neurons <= kFewNeurons &&
                    memory.neurons * memory.count <= static_cast<size_t>(kMostVotes);
  return fits ? memory.neurons * 2 * coupling_stride(memory.neurons) : 0;
}

static void couple(const Memory& memory, int8_t* to) {
  const size_t neurons = memory.neurons, height = column_words(memory.count);
  const size_t stride = coupling_stride(neurons);
  for (size_t i = 0; i < neurons; i++, to += 2 * stride) {
    memset(to, 0, 2 * stride);
    for (size_t j = 0; j < neurons; j++) {
      if (j == i) continue;
      int differing = 0;
      for (size_t k = 0; k < height; k += 2) {
        differing +=
            count_ones(load64(memory.columns + i * height + k) ^ load64(memory.columns + j * height + k));
      }
      const int coupling = static_cast<int>(memory.count) - 2 * differing;
      to[j] = static_cast<int8_t>(coupling);
      to[stride + j] = static_cast<int8_t>(-coupling);
    }
  }
}

struct CarriedFields {
  static constexpr size_t kMostWords = kFewNeurons / 64;

  const Memory& memory;
  const Update& update;
  const size_t words;         ///< of 64 neurons
  int16_t* halves = nullptr;  ///< of fields, rounded down, since a flip moves fields by twice a row of J
  int16_t* limits = nullptr;  ///< what a half must exceed for +1
  int8_t* spins = nullptr;
  uint8_t* order = nullptr;  ///< the neurons of some visits
  uint64_t values[kMostWords] = {};
  uint64_t signs[kMostWords] = {};
  uint64_t free[kMostWords] = {};  ///< who may flip at all
  bool serves;
  bool begun = false;
  bool odd = false;    ///< so are all fields, or none is
  bool known = false;  ///< that signs are those of the state

  CarriedFields(const Memory& of, const Update& by, bool asynchronous, Workspace& workspace)
      : memory(of),
        update(by),
        words((of.neurons + 63) / 64),
        serves(asynchronous && of.byte_couplings != nullptr && by.external_field == nullptr) {
    if (!serves) return;
    halves = workspace.take<int16_t>(larger(64 * words, kBlockBits));
    limits = workspace.take<int16_t>(64 * words);
    spins = workspace.take<int8_t>(64 * words);
    order = workspace.take<uint8_t>(kFewNeurons);
  }

  /// Whether they are those of this state.
  bool follow(const uint32_t* state) const { return begun && memcmp(values, state, 8 * words) == 0; }

  /// Those of a state with these ballots.
  void begin(const Ballots& ballots, const uint32_t* state) {
    count_block(memory.rows, memory.neurons, 0, ballots, halves);
    const int64_t total = ballots.total, count = static_cast<int64_t>(memory.count);
    odd = ((total + count) & 1) != 0;
    for (size_t w = 0; w < words; w++) {
      values[w] = load64(state + 2 * w);
      const uint64_t used = static_cast<uint64_t>(used_mask(memory.neurons, 2 * w + 1)) << 32 |
                            used_mask(memory.neurons, 2 * w);
      free[w] = update.clamp == nullptr ? used : used & ~load64(update.clamp + 2 * w);
      unpack_word(values[w], 64, spins + 64 * w);
    }
    const int16_t up = static_cast<int16_t>((-total - count) >> 1),
                  down = static_cast<int16_t>((count - total) >> 1);
    const int16_t limit_up = limit(true), limit_down = limit(false);
    for (size_t i = 0; i < 64 * words; i++) {
      halves[i] = static_cast<int16_t>(halves[i] + (spins[i] > 0 ? up : down));
      limits[i] = spins[i] > 0 ? limit_up : limit_down;
    }
    signs_over(halves, limits, words, signs);
    begun = true;
  }

  /// One pass, which comes to no neuron twice if `each_once`. `state` follows; `at` is told of the field of
  /// each neuron that flips.
  size_t sweep(const uint32_t* visits, size_t count, bool each_once, uint32_t* state, int32_t* at,
               uint32_t* flips) {
    size_t flipped = 0;
    for (size_t from = 0; from < count; from += kFewNeurons) {
      heed_flag(from / kFewNeurons, 256);
      const size_t some = visit(visits + from, smaller(count - from, kFewNeurons), each_once,
                                at == nullptr ? nullptr : at + from, flips + flipped);
      for (size_t k = 0; from > 0 && k < some; k++) flips[flipped + k] += static_cast<uint32_t>(from);
      flipped += some;
    }
    for (size_t w = 0; w < words; w++) memcpy(state + 2 * w, &values[w], sizeof(values[w]));
    known = true;
    return flipped;
  }

  bool rests() const {
    uint64_t wanting = 0;
    for (size_t w = 0; w < words; w++) wanting |= (signs[w] ^ values[w]) & free[w];
    return wanting == 0;
  }

 private:
  /// Visits of few neurons: who wants a flip is due. As long as no field turns, that stays so, and all who
  /// are due flip: several rows of J at once are added to the fields. Where one has turned, who is due is
  /// asked again.
  size_t visit(const uint32_t* visits, size_t count, bool each_once, int32_t* at, uint32_t* flips) {
    uint8_t* const few = order;
    for (size_t u = 0; u < count; u++) few[u] = static_cast<uint8_t>(visits[u]);
    // Whoever flips may change its own limit, or is to be told the field.
    const bool alone = at != nullptr || (update.tie == Tie::kKeep && !odd);
    const size_t most = alone ? 1 : limited(static_cast<size_t>(INT8_MAX) / memory.count, 1, kMostMoves);
    size_t flipped = 0;
    for (bool turned = true; turned;) {
      turned = false;
      const size_t wanted =
          list_due(count, each_once, flipped == 0 ? 0 : flips[flipped - 1] + 1, flips + flipped);
      for (const size_t end = flipped + wanted; flipped < end && !turned;) {
        const uint32_t* const due = flips + flipped;
        const int8_t* rows[kMostMoves];
        size_t some = smaller(end - flipped, most);
        for (size_t k = 0; k < some; k++) rows[k] = flip(few[due[k]]);
        if (alone) before_flip(due[0], at);
        const size_t tried = some;
        turned = move_fields(rows, &some, limits, words, halves, signs);
        for (size_t k = some; k < tried; k++) flip(few[due[k]]);
        flipped += some;
      }
      for (size_t w = 0; w < words; w++) pack_word(spins + 64 * w, 64, &values[w]);
    }
    return flipped;
  }

  /// The other value, and the row that halves gain by it.
  const int8_t* flip(size_t i) {
    const int8_t from = spins[i];
    spins[i] = static_cast<int8_t>(-from);
    return memory.byte_couplings + (2 * i + (from > 0 ? 1 : 0)) * coupling_stride(memory.neurons);
  }

  /// Tells of the field of the only neuron that flips, before it moves others.
  void before_flip(size_t u, int32_t* at) {
    const size_t i = order[u];
    if (at != nullptr) at[u] = 2 * halves[i] + (odd ? 1 : 0);
    if (update.tie == Tie::kKeep) limits[i] = limit(spins[i] > 0);
  }

  /// Which visits, from one of them on, are the first of neurons that want a flip. There is room for 15 more.
  size_t list_due(size_t count, bool each_once, size_t from, uint32_t* out) const {
    uint64_t wanting[kMostWords] = {}, due[kMostWords];
    for (size_t w = 0; w < words; w++) wanting[w] = (signs[w] ^ values[w]) & free[w];
    marked_visits(order, count, wanting, due);
    size_t listed = 0;
    for (size_t w = from / 64; 64 * w < count; w++) {
      const uint64_t later = w == from / 64 ? ~uint64_t{0} << from % 64 : ~uint64_t{0};
      listed += list_bits(due[w] & later, static_cast<uint32_t>(64 * w), out + listed);
    }
    if (each_once) return listed;
    size_t first = 0;
    for (size_t k = 0; k < listed; k++) {
      const size_t i = order[out[k]];
      out[first] = out[k];
      first += wanting[i / 64] >> i % 64 & 1;
      wanting[i / 64] &= ~(uint64_t{1} << i % 64);
    }
    return first;
  }

  int16_t limit(bool up) const {
    const bool zero_is_up = update.tie == Tie::kPositive || (update.tie == Tie::kKeep && up);
    return zero_is_up || odd ? -1 : 0;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_CARRIED_FIELDS_H_
