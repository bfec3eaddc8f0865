// The learning rules of src/kernels/contract/learning.ts: their arguments by position. Each function checks
// them and returns what there is to do, here or on another thread (async.h).
#ifndef HOPFIELD_ADDON_LEARNING_H_
#define HOPFIELD_ADDON_LEARNING_H_

#include "addon/arguments.h"

namespace hopfield {

/// columns, count, neurons, sign, weights, whether they are made afresh.
inline auto hebbian(const Arguments& args) {
  const size_t count = args.size(1, kMostNeurons), neurons = args.size(2, kMostSide);
  const auto columns = args.array<uint32_t>(0, neurons * column_words(count));
  const auto weights = args.array<int32_t>(4, neurons * padded_stride(neurons));
  const int sign = args.number(3) < 0 ? -1 : 1;
  const bool fresh = args.boolean(5);
  return [=, tier = &args.tier()] { tier->hebbian(columns.data, count, neurons, sign, fresh, weights.data); };
}

/// integers, count, divisor, quotients.
inline auto quotients(const Arguments& args) {
  const size_t count = args.size(1, kMostSide * kMostSide);
  const auto integers = args.array<int32_t>(0, count);
  const double divisor = args.number(2);
  const auto out = args.array<double>(3, count);
  return [=, tier = &args.tier()] { tier->quotients(integers.data, count, divisor, out.data); };
}

inline auto storkey(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostSide);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto weights = args.array<double>(3, neurons * padded_stride(neurons));
  return [=, tier = &args.tier()] { tier->storkey(rows.data, count, neurons, weights.data); };
}

inline auto rank_one(const Arguments& args) {
  const size_t neurons = args.size(1, kMostSide);
  const auto state = args.array<uint32_t>(0, row_words(neurons));
  const double factor = args.number(2);
  const auto weights = args.array<double>(3, neurons * padded_stride(neurons));
  return [=, tier = &args.tier()] { tier->rank_one(state.data, neurons, factor, weights.data); };
}

/// Argument `at`: a whole number of eights that holds `count`.
inline size_t stride_of(const Arguments& args, size_t at, size_t count) {
  const size_t stride = args.size(at, 2 * kMostSide);
  if (stride % 8 != 0 || stride < count) args.fail(at, "a stride");
  return stride;
}

inline auto border(const Arguments& args) {
  const size_t known = args.size(1, kMostSide), count = args.size(2, kMostSide);
  const size_t neurons = args.size(3, kMostNeurons), all = known + count;
  const auto rows = args.array<uint32_t>(0, all * row_words(neurons));
  const double tolerance = args.number(4);
  const size_t stride = stride_of(args, 6, all);
  const auto inverse = args.array<double>(5, all * stride);
  const auto coefficients = args.array<double>(7, all);
  return [=, tier = &args.tier()] {
    return tier->border(rows.data, known, count, neurons, tolerance, inverse.data, stride, coefficients.data);
  };
}

inline auto retire(const Arguments& args) {
  const size_t count = args.size(2, kMostSide), stride = stride_of(args, 1, count);
  const auto inverse = args.array<double>(0, count * stride);
  if (count == 0) args.fail(2, "at least one pattern");
  const size_t index = args.size(3, static_cast<double>(count - 1));
  return [=, tier = &args.tier()] { tier->retire(inverse.data, stride, count, index); };
}

inline auto responses(const Arguments& args) {
  const size_t count = args.size(3, kMostSide), neurons = args.size(4, kMostNeurons);
  const size_t stride = stride_of(args, 1, count);
  const auto matrix = args.array<double>(0, count * stride);
  const auto columns = args.array<uint32_t>(2, neurons * column_words(count));
  double* out = nullptr;
  double* diagonal = nullptr;
  if (!args.is_undefined(5)) out = args.array<double>(5, neurons * padded_stride(count)).data;
  if (!args.is_undefined(6)) diagonal = args.array<double>(6, neurons).data;
  return [=, tier = &args.tier()] {
    tier->responses(matrix.data, stride, columns.data, count, neurons, out, diagonal);
  };
}

inline auto perceptron(const Arguments& args) {
  const size_t count = args.size(1, kMostSide), neurons = args.size(2, kMostSide);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const double kappa = args.number(3);
  const auto max_epochs = static_cast<uint32_t>(args.size(4, 2147483647.0));
  const auto weights = args.array<int32_t>(5, neurons * padded_stride(neurons));
  const auto epochs = args.array<uint32_t>(6, neurons);
  if (!(kappa >= 0)) args.fail(3, "a number from 0 on");
  return [=, tier = &args.tier()] {
    tier->perceptron(rows.data, count, neurons, kappa, max_epochs, weights.data, epochs.data);
  };
}

inline auto minimal_overlap(const Arguments& args) {
  const size_t count = args.size(1, kMostSide), neurons = args.size(2, kMostSide);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const double bound = args.number(3);
  const auto max_steps = static_cast<uint32_t>(args.size(4, kMostSweeps));
  const auto weights = args.array<int32_t>(5, neurons * padded_stride(neurons));
  const auto steps = args.array<uint32_t>(6, neurons);
  const auto stabilities = args.array<double>(7, 2 * neurons);
  if (!(bound >= 0)) args.fail(3, "a number from 0 on");
  return [=, tier = &args.tier()] {
    tier->minimal_overlap(rows.data, count, neurons, bound, max_steps, weights.data, steps.data,
                          stabilities.data);
  };
}

inline auto bounded(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostSide);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const size_t limit = args.size(3, 2147483645.0);
  const auto weights = args.array<int32_t>(4, neurons * padded_stride(neurons));
  return [=, tier = &args.tier()] {
    tier->bounded(rows.data, count, neurons, static_cast<int32_t>(limit), weights.data);
  };
}

inline auto clipped(const Arguments& args) {
  const size_t count = args.size(1, kMostNeurons), neurons = args.size(2, kMostSide);
  const auto columns = args.array<uint32_t>(0, neurons * column_words(count));
  const auto signs = args.array<uint32_t>(3, neurons * row_words(neurons));
  return [=, tier = &args.tier()] { tier->clipped(columns.data, count, neurons, signs.data); };
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_LEARNING_H_
