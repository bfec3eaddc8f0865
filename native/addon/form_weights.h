// The kernels that form weights of a coupled memory: their arguments by position.
#ifndef HOPFIELD_ADDON_FORM_WEIGHTS_H_
#define HOPFIELD_ADDON_FORM_WEIGHTS_H_

#include <napi.h>

#include "addon/arguments.h"
#include "addon/recall.h"
#include "core/memory.h"

namespace hopfield {

/// Arguments 0…6: neurons, count, rows, columns, coupling with lag and cyclic, couplings, self weights.
inline Memory read_coupled(const Arguments& args) {
  Memory memory{};
  memory.form = Form::kCoupled;
  memory.neurons = args.size(0, kMostNeurons);
  memory.count = args.size(1, kMostPatterns);
  const size_t n = memory.neurons, p = memory.count;
  memory.rows = args.array<uint32_t>(2, p * row_words(n)).data;
  memory.columns = args.array<uint32_t>(3, n * column_words(p)).data;
  read_coupling(args, 4, memory);
  return memory;
}

/// Arguments `at` and `at + 1`: from and to, neurons of the memory.
inline void read_range(const Arguments& args, size_t at, const Memory& memory, size_t* from, size_t* to) {
  *to = args.size(at + 1, static_cast<double>(memory.neurons));
  *from = args.size(at, static_cast<double>(*to));
}

/// Integers or reals, the other one null.
struct WeightsOut {
  int32_t* integers = nullptr;
  double* reals = nullptr;
};

inline WeightsOut read_out(const Arguments& args, size_t at, size_t count) {
  WeightsOut out;
  if (args.is_array<int32_t>(at)) {
    out.integers = args.array<int32_t>(at, count).data;
  } else {
    out.reals = args.array<double>(at, count).data;
  }
  return out;
}

inline napi_value form_weights(const Arguments& args) {
  const Memory memory = read_coupled(args);
  size_t from, to;
  read_range(args, 7, memory, &from, &to);
  const double divisor = args.number(9);
  if (to - from > 0 && memory.neurons > static_cast<size_t>(kMostMatrix)) args.fail(0, "fewer neurons");
  const WeightsOut out = read_out(args, 10, (to - from) * memory.neurons);
  tier_of(args).form_weights(memory, from, to, divisor, out.integers, out.reals);
  return nullptr;
}

inline napi_value connection_weights(const Arguments& args) {
  const Memory memory = read_coupled(args);
  const size_t first = args.size(7, static_cast<double>(memory.neurons));
  const auto starts = args.array<uint32_t>(8, 1);
  const size_t targets = starts.length - 1;
  if (targets > memory.neurons - first) args.fail(8, "no more neurons than there are");
  bool ascending = true;
  for (size_t r = 0; r < targets; r++) ascending &= starts.data[r] <= starts.data[r + 1];
  if (!ascending) args.fail(8, "ascending numbers");
  const size_t connections = starts.data[targets] - starts.data[0];
  const uint32_t* sources = read_neurons(args, 9, connections, memory.neurons);
  const WeightsOut out = read_out(args, 10, connections);
  const double largest =
      tier_of(args).connection_weights(memory, first, starts.data, sources, targets, out.integers, out.reals);
  return number(args.env(), largest);
}

inline napi_value self_weights(const Arguments& args) {
  const Memory memory = read_coupled(args);
  size_t from, to;
  read_range(args, 7, memory, &from, &to);
  tier_of(args).self_weights(memory, from, to, args.array<double>(9, to - from).data);
  return nullptr;
}

inline napi_value correlations(const Arguments& args) {
  const size_t count = args.size(2, kMostNeurons);
  const size_t n = args.size(3, kMostNeurons), m = args.size(4, kMostNeurons);
  const auto left = args.array<uint32_t>(0, n * column_words(count));
  const auto right = args.array<uint32_t>(1, m * column_words(count));
  const auto out = args.array<int32_t>(5, n * m);
  tier_of(args).correlations(left.data, right.data, count, n, m, out.data);
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_FORM_WEIGHTS_H_
