// Fuzz cases of Boltzmann machines: one function per kernel, under its name.
#ifndef HOPFIELD_FUZZ_MACHINE_CASES_H_
#define HOPFIELD_FUZZ_MACHINE_CASES_H_

#include "core/boltzmann.h"
#include "core/tier.h"
#include "fuzz/input.h"

namespace hopfield {
namespace fuzz {

/// A machine, and rows of its units.
struct MachineCase {
  MachineShape shape;
  size_t stride;
  Stream stream;
  Array<float> weights, visible_biases, hidden_biases, base;

  explicit MachineCase(Input& input)
      : shape{input.size(1, 150), input.size(1, 150), kind_of(input), kind_of(input)},
        stride(hidden_stride(shape.hidden)),
        stream(input),
        weights(reals(input, shape.visible * stride)),
        visible_biases(reals(input, shape.visible)),
        hidden_biases(reals(input, stride)),
        base(reals(input, input.flag() ? shape.visible : 0)) {
    for (size_t k = 0; k < weights.size(); k++) {
      if (k % stride >= shape.hidden) weights[k] = 0;
    }
    for (size_t j = shape.hidden; j < stride; j++) hidden_biases[j] = 0;
    // Two Gaussian layers need not have a sum of states, and grow without bounds.
    if (shape.visible_kind == UnitKind::kGaussian && shape.hidden_kind == UnitKind::kGaussian)
      shape.hidden_kind = UnitKind::kBinary;
  }

  static UnitKind kind_of(Input& input) {
    return input.one_of({UnitKind::kBinary, UnitKind::kBipolar, UnitKind::kGaussian});
  }
  Array<float> reals(Input& input, size_t length) {
    const double size = input.one_of({0.0, 0.1, 3.0});
    Array<float> out(length, input.flag());
    for (float& x : out) x = static_cast<float>(size * stream.real());
    return out;
  }
  float value(UnitKind kind) {
    if (kind == UnitKind::kGaussian) return static_cast<float>(stream.real());
    return stream.bits() % 3 == 0 ? 1.0f : kind == UnitKind::kBipolar ? -1.0f : 0.0f;
  }
  Array<float> rows(Input& input, size_t count) {
    Array<float> out(count * shape.visible, input.flag());
    for (float& x : out) x = value(shape.visible_kind);
    return out;
  }
  Array<float> hidden(Input& input, size_t count) {
    Array<float> out(count * stride, input.flag());
    for (size_t k = 0; k < out.size(); k++) {
      if (k % stride < shape.hidden) out[k] = value(shape.hidden_kind);
    }
    return out;
  }
  const float* from() const { return base.size() == 0 ? nullptr : base.data(); }
};

inline Array<double> betas_of(Input& input, size_t count) {
  Array<double> betas(count, input.flag());
  for (double& beta : betas) beta = input.one_of({0.0, 0.3, 1.0, 2.5});
  return betas;
}

inline Walk walk_of(Input& input, size_t chains) {
  return {{input.byte(), input.byte()}, input.byte(), input.below(4), input.byte(), chains};
}

namespace cases {

inline void hidden_means(Input& input, const Tier& tier, Output& out) {
  MachineCase of(input);
  const size_t count = input.size(0, 140);
  const auto rows = of.rows(input, count);
  Array<float> means(count * of.stride, input.flag());
  tier.hidden_means(of.shape, of.weights.data(), of.hidden_biases.data(), rows.data(), count, means.data());
  out.add("means", means);
}

inline void visible_means(Input& input, const Tier& tier, Output& out) {
  MachineCase of(input);
  const size_t count = input.size(0, 140);
  const auto rows = of.hidden(input, count);
  Array<float> means(count * of.shape.visible, input.flag());
  tier.visible_means(of.shape, of.weights.data(), of.visible_biases.data(), rows.data(), count, means.data());
  out.add("means", means);
}

inline void gibbs(Input& input, const Tier& tier, Output& out) {
  MachineCase of(input);
  const size_t count = input.size(0, 9);
  auto rows = of.rows(input, count);
  auto hidden = of.hidden(input, count);
  Array<float> means(count * of.shape.visible, input.flag());
  Array<uint8_t> clamp(of.shape.visible, input.flag());
  for (uint8_t& flag : clamp) flag = static_cast<uint8_t>(of.stream.bits() & 1);
  const auto betas = betas_of(input, count);
  const Walk walk = walk_of(input, count);
  tier.gibbs(of.shape, of.weights.data(), of.visible_biases.data(), of.hidden_biases.data(), of.from(),
             input.flag() ? clamp.data() : nullptr, betas.data(), walk, rows.data(), hidden.data(),
             input.flag() ? means.data() : nullptr);
  out.add("visible", rows);
  out.add("hidden", hidden);
  out.add("means", means);
}

inline void contrast(Input& input, const Tier& tier, Output& out) {
  MachineCase of(input);
  const size_t data_rows = input.size(1, 12), rows = input.size(0, 20), batch = input.size(1, 25);
  const size_t sum = of.shape.visible + of.stride;
  const auto data = of.rows(input, data_rows);
  Array<uint32_t> order(rows, input.flag());
  for (uint32_t& row : order) row = static_cast<uint32_t>(of.stream.below(data_rows + 1));
  auto velocities = of.reals(input, of.shape.visible * of.stride + sum);
  auto means = of.reals(input, sum);
  const ChainStart start = input.one_of({ChainStart::kData, ChainStart::kKept, ChainStart::kGiven});
  auto chains = start == ChainStart::kKept ? of.hidden(input, batch) : of.rows(input, rows);
  const hopfield::Lesson lesson{{input.byte(), 7},
                                input.byte(),
                                batch,
                                input.size(1, 3),
                                input.one_of({0.001, 0.05}),
                                input.one_of({0.0, 0.9}),
                                input.one_of({0.0, 0.1}),
                                input.one_of({0.0, 0.2}),
                                start,
                                data_rows,
                                rows};
  tier.contrast(of.shape, of.weights.data(), of.visible_biases.data(), of.hidden_biases.data(),
                velocities.data(), means.data(), chains.data(), data.data(), order.data(), lesson);
  out.add("weights", of.weights);
  out.add("visible biases", of.visible_biases);
  out.add("hidden biases", of.hidden_biases);
  out.add("velocities", velocities);
  out.add("means", means);
  out.add("chains", chains);
}

inline void free_energies(Input& input, const Tier& tier, Output& out) {
  MachineCase of(input);
  const size_t count = input.size(0, 9);
  const auto rows = of.rows(input, count);
  const auto betas = betas_of(input, count);
  Array<double> energies(count, input.flag());
  tier.free_energies(of.shape, of.weights.data(), of.visible_biases.data(), of.hidden_biases.data(),
                     of.from(), input.flag() ? betas.data() : nullptr, rows.data(), count, energies.data());
  out.add("energies", energies);
}

inline void importance(Input& input, const Tier& tier, Output& out) {
  MachineCase of(input);
  const size_t count = input.size(0, 5);
  auto rows = of.rows(input, count);
  const auto betas = betas_of(input, input.below(5));
  Walk walk = walk_of(input, count);
  walk.steps = betas.size();
  Array<double> logs(count, input.flag());
  tier.importance(of.shape, of.weights.data(), of.visible_biases.data(), of.hidden_biases.data(), of.from(),
                  betas.data(), walk, rows.data(), logs.data());
  out.add("visible", rows);
  out.add("weights", logs);
}

inline void log_partitions(Input& input, const Tier& tier, Output& out) {
  Stream stream(input);
  const size_t units = input.size(1, 9), others = input.size(1, 140), prefix = input.below(units + 1);
  const double size = input.one_of({0.1, 3.0, 400.0});
  const auto reals = [&](size_t length) {
    Array<double> numbers(length, input.flag());
    for (double& x : numbers) x = size * stream.real();
    return numbers;
  };
  const auto couplings = reals(units * padded_stride(others)), own = reals(units), fields = reals(others);
  const uint64_t to = input.below((size_t{1} << prefix) + 1), from = input.below(static_cast<size_t>(to) + 1);
  Array<double> logs(static_cast<size_t>(to - from), input.flag());
  tier.log_partitions(couplings.data(), own.data(), units, fields.data(), others, MachineCase::kind_of(input),
                      input.flag() ? -1 : 0, prefix, from, to, logs.data());
  out.add("logarithms", logs);
}

}  // namespace cases
}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_MACHINE_CASES_H_
