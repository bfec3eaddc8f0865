// The pairs of src/kernels/native/native.ts: their arguments by position, and the work itself.
#ifndef HOPFIELD_ADDON_BIDIRECTIONAL_H_
#define HOPFIELD_ADDON_BIDIRECTIONAL_H_

#include <napi.h>

#include "addon/arguments.h"
#include "addon/recall.h"
#include "core/tier.h"

namespace hopfield {

/// Pairs, inputs, outputs, patterns of either side; states of either side, how many, which begin with y,
/// steps, outcomes.
struct BidirectionalWork {
  static constexpr const char* kName = "hopfield.bidirectional";

  const Tier* tier;
  PairMemory pairs{};
  uint32_t* xs;
  uint32_t* ys;
  size_t count;
  const uint8_t* from_y;
  uint32_t max_steps;
  Settled* outcomes;

  explicit BidirectionalWork(const Arguments& args) : tier(&tier_of(args)) {
    pairs.count = args.size(0, kMostPatterns);
    pairs.inputs = args.size(1, kMostNeurons);
    pairs.outputs = args.size(2, kMostNeurons);
    if (pairs.inputs == 0) args.fail(1, "at least one unit");
    if (pairs.outputs == 0) args.fail(2, "at least one unit");
    pairs.xs = args.array<uint32_t>(3, pairs.count * row_words(pairs.inputs)).data;
    pairs.ys = args.array<uint32_t>(4, pairs.count * row_words(pairs.outputs)).data;
    count = args.size(7, kMostPatterns);
    xs = args.array<uint32_t>(5, count * row_words(pairs.inputs)).data;
    ys = args.array<uint32_t>(6, count * row_words(pairs.outputs)).data;
    from_y = args.array<uint8_t>(8, count).data;
    max_steps = static_cast<uint32_t>(args.size(9, 2147483647.0));
    outcomes = reinterpret_cast<Settled*>(args.array<double>(10, 3 * count).data);
  }

  void run() const { tier->bidirectional(pairs, xs, ys, count, from_y, max_steps, outcomes); }
};

inline napi_value bidirectional(const Arguments& args) {
  BidirectionalWork(args).run();
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_BIDIRECTIONAL_H_
