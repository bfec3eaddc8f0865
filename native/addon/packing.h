// Bits in and out, and what is asked of rows alone: src/kernels/contract/packing.ts and fields.ts. What
// returns auto checks its arguments and returns what there is to do, here or on another thread (async.h).
#ifndef HOPFIELD_ADDON_PACKING_H_
#define HOPFIELD_ADDON_PACKING_H_

#include "addon/arguments.h"

namespace hopfield {

inline napi_value pack(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto states = args.array<int8_t>(0, count * neurons);
  const auto rows = args.array<uint32_t>(3, count * row_words(neurons));
  return to_number(args.env(), static_cast<double>(args.tier().pack(states.data, count, neurons, rows.data)));
}

inline napi_value unpack(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto states = args.array<int8_t>(3, count * neurons);
  args.tier().unpack(rows.data, count, neurons, states.data);
  return nullptr;
}

inline auto transpose(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto columns = args.array<uint32_t>(3, neurons * column_words(count));
  return [=, tier = &args.tier()] { tier->transpose(rows.data, count, neurons, columns.data); };
}

inline auto overlaps(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const size_t state_count = args.size(4, kMostNeurons);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto states = args.array<uint32_t>(3, state_count * row_words(neurons));
  const auto out = args.array<int32_t>(5, state_count * count);
  return [=, tier = &args.tier()] {
    tier->overlaps(rows.data, count, neurons, states.data, state_count, out.data);
  };
}

inline auto interleave(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto planes = args.array<uint32_t>(3, plane_words(count, neurons));
  return [=, tier = &args.tier()] { tier->interleave(rows.data, count, neurons, planes.data); };
}

inline auto nearest(const Arguments& args) {
  const size_t count = args.size(1, kMostWord), neurons = args.size(2, kMostNeurons);
  const size_t state_count = args.size(4, kMostPatterns);
  if (count == 0) args.fail(1, "at least one pattern");
  if (neurons == 0) args.fail(2, "at least one neuron");
  const auto planes = args.array<uint32_t>(0, plane_words(count, neurons));
  const auto states = args.array<uint32_t>(3, state_count * row_words(neurons));
  const size_t first = args.size(5, kMostWord);
  const size_t k = args.size(6, kMostWord);
  if (k == 0) args.fail(6, "a number of patterns, at least 1");
  const auto indices = args.array<uint32_t>(7, state_count * k);
  const auto out = args.array<int32_t>(8, state_count * k);
  return [=, tier = &args.tier()] {
    tier->nearest(planes.data, count, neurons, states.data, state_count, first, k, indices.data, out.data);
  };
}

inline napi_value external_dot(const Arguments& args) {
  const size_t neurons = args.size(1, kMostNeurons);
  const auto field = args.array<double>(0, neurons);
  const auto state = args.array<uint32_t>(2, row_words(neurons));
  return to_number(args.env(), args.tier().external_dot(field.data, neurons, state.data));
}

inline napi_value philox(const Arguments& args) {
  const uint32_t seed[2] = {static_cast<uint32_t>(args.size(0, kMostWord)),
                            static_cast<uint32_t>(args.size(1, kMostWord))};
  const auto sweep = static_cast<uint32_t>(args.size(2, kMostWord));
  const auto low = static_cast<uint32_t>(args.size(3, kMostWord)),
             high = static_cast<uint32_t>(args.size(4, kMostWord));
  const auto out = args.array<uint32_t>(5, 0);
  const size_t queries = args.is_undefined(6) ? 1 : args.size(6, kMostWord);
  if (queries == 0 || out.length % queries != 0) args.fail(6, "as many words of each query");
  args.tier().philox(seed, sweep, low, high, out.data, out.length / queries, queries);
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_PACKING_H_
