// Connections by a rule: src/kernels/contract/connecting.ts.
#ifndef HOPFIELD_ADDON_CONNECTING_H_
#define HOPFIELD_ADDON_CONNECTING_H_

#include "addon/contents.h"

namespace hopfield {

inline napi_value rewired(const Arguments& args) {
  const uint32_t seed[2] = {static_cast<uint32_t>(args.size(0, kMostWord)),
                            static_cast<uint32_t>(args.size(1, kMostWord))};
  const auto sweep = static_cast<uint32_t>(args.size(2, kMostWord));
  const uint64_t query = args.integer(3, kMostInteger);
  const double chance = args.number(4);
  const size_t bound = args.size(5, kMostWord - 1);
  if (bound == 0) args.fail(5, "at least 1");
  const auto out = args.array<uint32_t>(6, 0);
  args.tier().rewired(seed, sweep, query, chance, static_cast<uint32_t>(bound), out.data, out.length);
  return nullptr;
}

inline napi_value ascend(const Arguments& args) {
  const size_t count = args.size(1, kMostWord);
  const auto starts = args.array<uint32_t>(0, count + 1);
  if (!ascending(starts.data, count)) args.fail(0, "ascending numbers from 0");
  const auto items = args.array<uint32_t>(2, starts.data[count]);
  const auto repeated = args.array<uint32_t>(3, (count + 31) / 32);
  args.tier().ascend(starts.data, count, items.data, items.length, repeated.data);
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_CONNECTING_H_
