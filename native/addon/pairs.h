// The pairs of src/kernels/native/pairs.ts.
#ifndef HOPFIELD_ADDON_PAIRS_H_
#define HOPFIELD_ADDON_PAIRS_H_

#include "addon/contents.h"
#include "addon/handle.h"

namespace hopfield {

/// Handle, states of either side, how many, which begin with y, steps, outcomes.
struct BidirectionalWork {
  static constexpr size_t kFlag = 8;

  const Tier* tier;
  const PairMemory* pairs;
  uint32_t* xs;
  uint32_t* ys;
  size_t count;
  const uint8_t* from_y;
  uint32_t max_steps;
  Settled* outcomes;

  explicit BidirectionalWork(const Arguments& args)
      : tier(&args.tier()), pairs(&handle_of(args, 0, Family::kPairs).pairs) {
    count = args.size(4, kMostPatterns);
    xs = args.array<uint32_t>(2, count * row_words(pairs->inputs)).data;
    ys = args.array<uint32_t>(3, count * row_words(pairs->outputs)).data;
    from_y = args.array<uint8_t>(5, count).data;
    max_steps = static_cast<uint32_t>(args.size(6, kMostSweeps));
    outcomes = reinterpret_cast<Settled*>(args.array<double>(7, 3 * count).data);
  }

  void run() const { tier->bidirectional(*pairs, xs, ys, count, from_y, max_steps, outcomes); }
};

inline napi_value bidirectional(const Arguments& args) {
  BidirectionalWork(args).run();
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_PAIRS_H_
