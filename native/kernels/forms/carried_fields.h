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

/// Bytes a row of J.
static inline size_t coupling_stride(size_t neurons) { return (neurons + 63) / 64 * 64; }

/// J fits bytes, and every field 16 bits.
static size_t coupling_bytes(const Memory& memory) {
  const bool fits = memory.form == Form::kImplicit && memory.columns != nullptr && memory.count > 0 &&
                    memory.count <= static_cast<size_t>(INT8_MAX) && memory.neurons <= kFewNeurons &&
                    memory.neurons * memory.count <= static_cast<size_t>(kMostVotes);
  return fits ? memory.neurons * coupling_stride(memory.neurons) : 0;
}

static void couple(const Memory& memory, int8_t* to) {
  const size_t neurons = memory.neurons, height = column_words(memory.count);
  for (size_t i = 0; i < neurons; i++, to += coupling_stride(neurons)) {
    memset(to, 0, coupling_stride(neurons));
    for (size_t j = 0; j < neurons; j++) {
      if (j == i) continue;
      int differing = 0;
      for (size_t k = 0; k < height; k += 2) {
        differing +=
            count_ones(load64(memory.columns + i * height + k) ^ load64(memory.columns + j * height + k));
      }
      to[j] = static_cast<int8_t>(static_cast<int>(memory.count) - 2 * differing);
    }
  }
}

struct CarriedFields {
  static constexpr size_t kMostWords = kFewNeurons / 64;

  const Memory& memory;
  const Update& update;
  const size_t words;  ///< of 64 neurons
  int16_t* fields = nullptr;
  int16_t* limits = nullptr;  ///< what a field must exceed for +1
  int8_t* spins = nullptr;
  uint8_t* rank = nullptr;  ///< the visit of each neuron
  uint64_t values[kMostWords];
  uint64_t signs[kMostWords];
  uint64_t free[kMostWords];  ///< who may flip at all
  bool serves;
  bool known = false;  ///< that signs are those of the state

  CarriedFields(const Memory& of, const Update& by, bool asynchronous, Workspace& workspace)
      : memory(of),
        update(by),
        words((of.neurons + 63) / 64),
        serves(asynchronous && of.byte_couplings != nullptr && by.external_field == nullptr) {
    if (!serves) return;
    fields = workspace.take<int16_t>(larger(64 * words, kBlockBits));
    limits = workspace.take<int16_t>(64 * words);
    spins = workspace.take<int8_t>(64 * words);
    rank = workspace.take<uint8_t>(64 * words);
  }

  /// Those of a state with these ballots.
  void begin(const Ballots& ballots, const uint32_t* state) {
    count_block(memory.rows, memory.neurons, 0, ballots, fields);
    const int16_t total = static_cast<int16_t>(ballots.total), count = static_cast<int16_t>(memory.count);
    for (size_t w = 0; w < words; w++) {
      values[w] = load64(state + 2 * w);
      const uint64_t used = static_cast<uint64_t>(used_mask(memory.neurons, 2 * w + 1)) << 32 |
                            used_mask(memory.neurons, 2 * w);
      free[w] = update.clamp == nullptr ? used : used & ~load64(update.clamp + 2 * w);
      unpack_word(values[w], 64, spins + 64 * w);
    }
    const int16_t over = update.tie == Tie::kPositive ? -1 : 0, keep = update.tie == Tie::kKeep ? -1 : 0;
    for (size_t i = 0; i < 64 * words; i++) {
      fields[i] = static_cast<int16_t>(2 * fields[i] - total - count * spins[i]);
      limits[i] = static_cast<int16_t>(over + (spins[i] > 0 ? keep : 0));
    }
    signs_over(fields, limits, words, signs);
  }

  /// One pass over visits that come once each. `state` follows; `at` is told of the field of each that flips.
  size_t sweep(const uint32_t* visits, size_t count, uint32_t* state, int32_t* at, uint32_t* flips) {
    uint64_t due[kMostWords] = {}, visited[kMostWords] = {};
    for (size_t u = 0; u < count; u++) rank[visits[u]] = static_cast<uint8_t>(u);
    if (count < memory.neurons) {
      for (size_t u = 0; u < count; u++) visited[visits[u] / 64] |= uint64_t{1} << visits[u] % 64;
    } else {
      for (size_t w = 0; w < words; w++) visited[w] = ~uint64_t{0};
    }
    for (size_t w = 0; w < words; w++) {
      each_bit((signs[w] ^ values[w]) & free[w] & visited[w], [&](size_t bit) {
        const size_t u = rank[64 * w + bit];
        due[u / 64] |= uint64_t{1} << u % 64;
      });
    }
    uint64_t before[kMostWords];
    memcpy(before, signs, sizeof(before));
    size_t flipped = 0;
    for (size_t some = 0; 64 * some < count; some++) {
      uint64_t rest = due[some];
      while (rest != 0) {
        const size_t u = 64 * some + lowest(rest), i = visits[u];
        rest &= rest - 1;
        const uint64_t mask = uint64_t{1} << i % 64;
        const bool up = (values[i / 64] & mask) == 0;
        values[i / 64] ^= mask;
        flips[flipped++] = static_cast<uint32_t>(u);
        if (at != nullptr) at[u] = fields[i];
        if (update.tie == Tie::kKeep) limits[i] = up ? -1 : 0;
        const int8_t* row = memory.byte_couplings + i * coupling_stride(memory.neurons);
        if (!move_fields(row, up ? 2 : -2, limits, words, fields, signs)) continue;
        // Others have come to want a flip, or to want none.
        due[some] = rest;
        for (size_t w = 0; w < words; w++) {
          each_bit((signs[w] ^ before[w]) & free[w] & visited[w], [&](size_t bit) {
            const size_t later = rank[64 * w + bit];
            if (later > u) due[later / 64] ^= uint64_t{1} << later % 64;
          });
          before[w] = signs[w];
        }
        rest = due[some];
      }
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
  static inline size_t lowest(uint64_t bits) {
    return static_cast<size_t>(count_ones((bits & (0 - bits)) - 1));
  }
  template <class Use>
  static inline void each_bit(uint64_t bits, Use use) {
    for (; bits != 0; bits &= bits - 1) use(lowest(bits));
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_CARRIED_FIELDS_H_
