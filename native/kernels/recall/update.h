// The update of a neuron at T = 0: the sign of its field, the tie rule at zero, the cue's value where
// clamped.
#ifndef HOPFIELD_KERNELS_RECALL_UPDATE_H_
#define HOPFIELD_KERNELS_RECALL_UPDATE_H_

#include "core/plan.h"
#include "simd/bits.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// What sums of votes over set bits are compared with, where the neuron is +1 and where it is −1.
struct Thresholds {
  int64_t up, down;
};

/// What no 16-bit sum exceeds, or every one.
static inline int16_t narrowed(int64_t half) {
  return static_cast<int16_t>(limited(half, INT16_MIN, INT16_MAX));
}

/// How a neuron takes its value from its field: what a plan says of it.
struct Update {
  Tie tie;
  double scale;
  const double* external_field;
  const uint32_t* clamp;
  /// Whether fields are compared with anything but zero: drawn by, or added to an external field.
  bool energetic;

  explicit Update(const Plan& plan)
      : tie(plan.tie),
        scale(plan.scale),
        external_field(plan.external_field),
        clamp(plan.clamp),
        energetic(plan.temperatures != nullptr || plan.external_field != nullptr) {}
  /// Where nothing is updated and only fields are asked for.
  Update() : tie(Tie::kKeep), scale(1), external_field(nullptr), clamp(nullptr), energetic(false) {}

  inline bool clamped(size_t i) const { return clamp != nullptr && bit_at(clamp, i) != 0; }

  /// 1 for +1: the sign of the field, the tie rule at zero.
  template <class Field>
  inline unsigned decide(Field field, size_t i, unsigned bit) const {
    const unsigned at_zero = tie == Tie::kKeep ? bit : static_cast<unsigned>(tie == Tie::kPositive);
    if (external_field == nullptr) return field > 0 ? 1 : field < 0 ? 0 : at_zero;
    const double total = static_cast<double>(field) / scale + external_field[i];
    return total > 0 ? 1 : total < 0 ? 0 : at_zero;
  }

  /// h = 2·sum − total − P·s, so h > 0 where the sum exceeds half of total + P·s; at zero field the tie
  /// decides.
  Thresholds thresholds(int64_t total, int64_t patterns) const {
    return {(total + patterns - (tie != Tie::kNegative)) >> 1,
            (total - patterns - (tie == Tie::kPositive)) >> 1};
  }
  /// The same for h > x, with total + x for total.
  static Thresholds over(int64_t total, int64_t patterns) {
    return {(total + patterns) >> 1, (total - patterns) >> 1};
  }

  /// After all signs were taken at once: clamped neurons keep their value, padding stays zero.
  inline void restore(const uint32_t* state, uint32_t* next, size_t neurons) const {
    restore(state, next, neurons, 0, row_words(neurons));
  }
  /// The same of the words from…to.
  inline void restore(const uint32_t* state, uint32_t* next, size_t neurons, size_t from, size_t to) const {
    if (clamp != nullptr) {
      for (size_t k = from; k < to; k++) next[k] = (next[k] & ~clamp[k]) | (state[k] & clamp[k]);
    }
    for (size_t k = larger(neurons / 32, from); k < to; k++) next[k] &= used_mask(neurons, k);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_UPDATE_H_
