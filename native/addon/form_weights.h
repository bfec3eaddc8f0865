// The kernels that form weights of a coupled memory: of src/kernels/native/form-weights.ts.
#ifndef HOPFIELD_ADDON_FORM_WEIGHTS_H_
#define HOPFIELD_ADDON_FORM_WEIGHTS_H_

#include "addon/contents.h"
#include "addon/handle.h"

namespace hopfield {

/// Argument 0: a coupled memory with columns.
inline const Memory& coupled_of(const Arguments& args) {
  const Memory& memory = handle_of(args, 0, Family::kPairwise).memory;
  if (memory.form != Form::kCoupled) args.fail(0, "a coupled memory");
  if (memory.columns == nullptr && memory.count > 0) args.fail(0, "a memory with columns");
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
  const AnyArray array = args.any_array(at);
  if (array.is<int32_t>()) {
    out.integers = args.viewed<int32_t>(array, at, count).data;
  } else {
    out.reals = args.viewed<double>(array, at, count).data;
  }
  return out;
}

inline napi_value form_weights(const Arguments& args) {
  const Memory& memory = coupled_of(args);
  size_t from, to;
  read_range(args, 2, memory, &from, &to);
  const double divisor = args.number(4);
  if (to - from > 0 && memory.neurons > static_cast<size_t>(kMostSide)) args.fail(0, "fewer neurons");
  const WeightsOut out = read_out(args, 5, (to - from) * memory.neurons);
  args.tier().form_weights(memory, from, to, divisor, out.integers, out.reals);
  return nullptr;
}

inline auto connections_to_do(const Arguments& args) {
  const Memory* memory = &coupled_of(args);
  const size_t first = args.size(2, static_cast<double>(memory->neurons));
  const auto starts = args.array<uint32_t>(3, 1);
  const size_t targets = starts.length - 1;
  if (targets > memory->neurons - first) args.fail(3, "no more neurons than there are");
  bool ascending = true;
  for (size_t r = 0; r < targets; r++) ascending &= starts.data[r] <= starts.data[r + 1];
  if (!ascending) args.fail(3, "ascending numbers");
  const size_t connections = starts.data[targets] - starts.data[0];
  const uint32_t* sources = args.array<uint32_t>(4, connections).data;
  if (!all_below(sources, connections, memory->neurons)) args.fail(4, "neurons within bounds");
  const WeightsOut out = read_out(args, 5, connections);
  return [=, tier = &args.tier()] {
    return tier->connection_weights(*memory, first, starts.data, sources, targets, out.integers, out.reals);
  };
}

inline napi_value connection_weights(const Arguments& args) {
  return to_number(args.env(), connections_to_do(args)());
}

inline auto self_weights_to_do(const Arguments& args) {
  const Memory* memory = &coupled_of(args);
  size_t from, to;
  read_range(args, 2, *memory, &from, &to);
  const auto out = args.array<double>(4, to - from);
  return [=, tier = &args.tier()] { tier->self_weights(*memory, from, to, out.data); };
}

inline napi_value self_weights(const Arguments& args) {
  self_weights_to_do(args)();
  return nullptr;
}

inline auto correlations(const Arguments& args) {
  const size_t count = args.size(2, kMostNeurons);
  const size_t n = args.size(3, kMostNeurons), m = args.size(4, kMostNeurons);
  const auto left = args.array<uint32_t>(0, n * column_words(count));
  const auto right = args.array<uint32_t>(1, m * column_words(count));
  const auto out = args.array<int32_t>(5, n * m);
  return [=, tier = &args.tier()] { tier->correlations(left.data, right.data, count, n, m, out.data); };
}

/// bits, words of a row, count, values, rows, out.
inline napi_value signed_sums(const Arguments& args) {
  const size_t stride = args.size(1, kMostNeurons), rows = args.size(4, kMostNeurons);
  const size_t count = args.size(2, 32.0 * static_cast<double>(stride));
  const auto bits = args.array<uint32_t>(0, rows * stride);
  const auto values = args.array<double>(3, count);
  const auto out = args.array<double>(5, rows);
  args.tier().signed_sums(bits.data, stride, count, values.data, rows, out.data);
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_FORM_WEIGHTS_H_
