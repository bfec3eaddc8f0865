// Fuzz cases of learning rules: one function per kernel, under its name.
#ifndef HOPFIELD_FUZZ_LEARNING_CASES_H_
#define HOPFIELD_FUZZ_LEARNING_CASES_H_

#include "fuzz/patterns.h"

namespace hopfield {
namespace fuzz {

/// Patterns of a rule that makes N × N weights.
struct Lesson {
  size_t count, neurons;
  Array<uint32_t> rows;

  explicit Lesson(Input& input)
      : count(input.size(0, 70)), neurons(input.size(1, 140)), rows(rows_of(input, count, neurons)) {}

  /// Weights to begin with: zeros, or whole numbers that fit.
  Array<int32_t> wholes(Input& input, int32_t span) const {
    Stream stream(input);
    const bool empty = input.flag();
    const size_t stride = padded_stride(neurons);
    Array<int32_t> weights(neurons * stride, input.flag());
    for (size_t k = 0; k < weights.size() && !empty; k++) {
      if (k % stride < neurons) weights[k] = static_cast<int32_t>(stream.whole(span));
    }
    return weights;
  }

  /// Symmetric, with a zero diagonal.
  Array<double> reals(Input& input) const {
    Stream stream(input);
    const bool empty = input.flag();
    const size_t stride = padded_stride(neurons);
    Array<double> weights(neurons * stride, input.flag());
    for (size_t i = 0; i < neurons && !empty; i++) {
      for (size_t j = 0; j < i; j++) weights[i * stride + j] = weights[j * stride + i] = stream.real();
    }
    return weights;
  }
};

namespace cases {

inline void hebbian(Input& input, const Tier& tier, Output& out) {
  const Lesson lesson(input);
  const auto columns = columns_of(tier, lesson.rows, lesson.count, lesson.neurons, input.flag());
  auto weights = lesson.wholes(input, 1000);
  const int sign = input.flag() ? 1 : -1;
  tier.hebbian(columns.data(), lesson.count, lesson.neurons, sign, input.flag(), weights.data());
  out.add("weights", weights);
}

inline void quotients(Input& input, const Tier& tier, Output& out) {
  Stream stream(input);
  Array<int32_t> integers(input.size(0, 500), input.flag());
  for (int32_t& k : integers) k = static_cast<int32_t>(stream.bits());
  Array<double> reals(integers.size(), input.flag());
  tier.quotients(integers.data(), integers.size(), input.one_of({1.0, 3.0, 7.0, 1000.0, 0.1}), reals.data());
  out.add("quotients", reals);
}

inline void storkey(Input& input, const Tier& tier, Output& out) {
  const Lesson lesson(input);
  auto weights = lesson.reals(input);
  tier.storkey(lesson.rows.data(), lesson.count, lesson.neurons, weights.data());
  out.add("weights", weights);
}

inline void rank_one(Input& input, const Tier& tier, Output& out) {
  const Lesson lesson(input);
  auto weights = lesson.reals(input);
  const double factor = input.one_of({0.1, -1e-3, 1.0, 1e-300});
  if (lesson.count > 0) tier.rank_one(lesson.rows.data(), lesson.neurons, factor, weights.data());
  out.add("weights", weights);
}

/// In two calls; the second one goes on from the inverse that the first one left.
inline void border(Input& input, const Tier& tier, Output& out) {
  Lesson lesson(input);
  const size_t words = row_words(lesson.neurons), stride = padded_stride(lesson.count) + 8 * input.below(2);
  const size_t first = lesson.count == 0 ? 0 : input.byte() % (lesson.count + 1);
  const double tolerance = input.one_of({1e-9, 1e-6, 0.5});
  Array<double> inverse(lesson.count * stride, input.flag()), coefficients(lesson.count, input.flag());
  const size_t known = tier.border(lesson.rows.data(), 0, first, lesson.neurons, tolerance, inverse.data(),
                                   stride, coefficients.data());
  out.add("known", known);
  // Without those that depend on others.
  memmove(lesson.rows.data() + known * words, lesson.rows.data() + first * words,
          (lesson.count - first) * words * sizeof(uint32_t));
  const size_t added = tier.border(lesson.rows.data(), known, lesson.count - first, lesson.neurons, tolerance,
                                   inverse.data(), stride, coefficients.data());
  out.add("added", added);
  out.add("inverse", inverse);
  out.add("coefficients", coefficients);
}

inline void retire(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(1, 70), stride = padded_stride(count) + 8 * input.below(2);
  Stream stream(input);
  Array<double> inverse(count * stride, input.flag());
  for (size_t mu = 0; mu < count; mu++) {
    inverse[mu * stride + mu] = 1.5 + stream.real() * 0.5;
    for (size_t nu = 0; nu < mu; nu++) inverse[mu * stride + nu] = inverse[nu * stride + mu] = stream.real();
  }
  tier.retire(inverse.data(), stride, count, input.byte() % count);
  out.add("inverse", inverse);
}

inline void responses(Input& input, const Tier& tier, Output& out) {
  const Lesson lesson(input);
  const size_t stride = padded_stride(lesson.count) + 8 * input.below(2);
  const auto columns = columns_of(tier, lesson.rows, lesson.count, lesson.neurons, input.flag());
  Stream stream(input);
  const double span = input.flag() ? 5 : 1099511627776.0;
  Array<double> matrix(lesson.count * stride, input.flag());
  for (size_t k = 0; k < matrix.size(); k++) {
    if (k % stride < lesson.count) matrix[k] = stream.whole(span);
  }
  Array<double> values(lesson.neurons * padded_stride(lesson.count), input.flag()),
      diagonal(lesson.neurons, input.flag());
  const bool all = input.flag();
  tier.responses(matrix.data(), stride, columns.data(), lesson.count, lesson.neurons,
                 all ? values.data() : nullptr, all && input.flag() ? nullptr : diagonal.data());
  out.add("responses", values);
  out.add("diagonal", diagonal);
}

inline void perceptron(Input& input, const Tier& tier, Output& out) {
  const Lesson lesson(input);
  auto weights = lesson.wholes(input, 20);
  Array<uint32_t> epochs(lesson.neurons, input.flag());
  tier.perceptron(lesson.rows.data(), lesson.count, lesson.neurons, input.one_of({0.0, 0.25, 1.0, 1e3}),
                  input.one_of({0u, 1u, 2u, 8u}), weights.data(), epochs.data());
  out.add("weights", weights);
  out.add("epochs", epochs);
}

inline void minimal_overlap(Input& input, const Tier& tier, Output& out) {
  const Lesson lesson(input);
  auto weights = lesson.wholes(input, 20);
  Array<uint32_t> steps(lesson.neurons, input.flag());
  Array<double> stabilities(2 * lesson.neurons, input.flag());
  tier.minimal_overlap(lesson.rows.data(), lesson.count, lesson.neurons, input.one_of({0.0, 1.0, 2.5, 100.0}),
                       input.one_of({0u, 1u, 2u, 30u}), weights.data(), steps.data(), stabilities.data());
  out.add("weights", weights);
  out.add("steps", steps);
  out.add("stabilities", stabilities);
}

inline void bounded(Input& input, const Tier& tier, Output& out) {
  const Lesson lesson(input);
  auto weights = lesson.wholes(input, 2147483000);
  tier.bounded(lesson.rows.data(), lesson.count, lesson.neurons,
               input.one_of({1, 2, 5, 127, 128, 2147483645}), weights.data());
  out.add("weights", weights);
}

inline void clipped(Input& input, const Tier& tier, Output& out) {
  const Lesson lesson(input);
  const auto columns = columns_of(tier, lesson.rows, lesson.count, lesson.neurons, input.flag());
  Array<uint32_t> signs(lesson.neurons * row_words(lesson.neurons), input.flag());
  tier.clipped(columns.data(), lesson.count, lesson.neurons, signs.data());
  out.add("signs", signs);
}

}  // namespace cases
}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_LEARNING_CASES_H_
