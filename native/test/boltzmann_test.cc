// Boltzmann machines on every tier, against what the TypeScript reference wrote down.
#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "check.h"
#include "core/boltzmann.h"
#include "core/layout.h"

using namespace hopfield;

namespace {

constexpr size_t kRows = 5;

/// `real` and `unit` of test/vectors/machine-cases.ts.
float real(size_t a, size_t b) {
  return static_cast<float>(static_cast<int>((7 * a + 13 * b + a * b) % 23) - 11) / 32;
}
float unit(UnitKind kind, size_t a, size_t b) {
  const size_t x = (7 * a + 3 * b + a * b) % 5;
  if (kind == UnitKind::kGaussian) return static_cast<float>(x) / 2 - 1;
  return x < 2 ? 1.0f : kind == UnitKind::kBipolar ? -1.0f : 0.0f;
}
UnitKind kind_of(const std::string& name) {
  return name == "binary" ? UnitKind::kBinary : name == "bipolar" ? UnitKind::kBipolar : UnitKind::kGaussian;
}

struct Machine {
  MachineShape shape;
  size_t stride;
  std::vector<float> weights, a, c, base, rows, states;

  explicit Machine(const nlohmann::json& of)
      : shape{of["visible"], of["hidden"], kind_of(of["kinds"][0]), kind_of(of["kinds"][1])},
        stride(hidden_stride(shape.hidden)),
        weights(padded(shape.visible, real)),
        c(padded(1, [](size_t, size_t j) { return real(3, j); })),
        states(padded(kRows, [this](size_t b, size_t j) { return unit(shape.hidden_kind, b, j); })) {
    for (size_t i = 0; i < shape.visible; i++) {
      a.push_back(real(i, 5));
      base.push_back(-a[i]);
    }
    for (size_t b = 0; b < kRows; b++) {
      for (size_t i = 0; i < shape.visible; i++) rows.push_back(unit(shape.visible_kind, b, i));
    }
  }
  template <class Value>
  std::vector<float> padded(size_t count, Value value) const {
    std::vector<float> out(count * stride);
    for (size_t b = 0; b < count; b++) {
      for (size_t j = 0; j < shape.hidden; j++) out[b * stride + j] = value(b, j);
    }
    return out;
  }
};

void check_means(const Tier& tier, const Machine& of, const nlohmann::json& expected) {
  std::vector<float> hidden(kRows * of.stride), visible(kRows * of.shape.visible);
  tier.hidden_means(of.shape, of.weights.data(), of.c.data(), of.rows.data(), kRows, hidden.data());
  CHECK(digest(hidden) == expected["hiddenMeans"]);
  tier.visible_means(of.shape, of.weights.data(), of.a.data(), of.states.data(), kRows, visible.data());
  CHECK(digest(visible) == expected["visibleMeans"]);
}

void check_chains(const Tier& tier, const Machine& of, const nlohmann::json& expected) {
  const std::vector<double> betas{1, 0.25, 0, 1.5, 1}, rising{0, 0.25, 0.75, 1};
  std::vector<uint8_t> clamp(of.shape.visible);
  for (size_t i = 0; i < clamp.size(); i++) clamp[i] = i % 3 == 1;
  Walk walk{{5, 6}, 1u << 30, 3, (uint64_t{1} << 32) - 2, kRows};
  auto rows = of.rows, states = of.states;
  tier.gibbs(of.shape, of.weights.data(), of.a.data(), of.c.data(), of.base.data(), clamp.data(),
             betas.data(), walk, rows.data(), states.data(), nullptr);
  CHECK(digest(rows) == expected["walked"]);

  std::vector<double> energies(kRows), logs(kRows);
  tier.free_energies(of.shape, of.weights.data(), of.a.data(), of.c.data(), of.base.data(), betas.data(),
                     of.rows.data(), kRows, energies.data());
  CHECK(digest(energies) == expected["energies"]);
  rows = of.rows;
  walk.steps = rising.size();
  tier.importance(of.shape, of.weights.data(), of.a.data(), of.c.data(), of.base.data(), rising.data(), walk,
                  rows.data(), logs.data());
  CHECK(digest(logs) == expected["importance"]);
}

void check_learning(const Tier& tier, const Machine& of, const nlohmann::json& expected) {
  auto weights = of.weights, a = of.a, c = of.c;
  const size_t biases = of.shape.visible + of.stride;
  std::vector<float> velocities(of.shape.visible * of.stride + biases), means(biases);
  auto kept = of.padded(3, [&](size_t b, size_t j) { return unit(of.shape.hidden_kind, b + 1, j); });
  const std::vector<uint32_t> order{3, 0, 4, 1, 2, 9, 3};
  const Lesson lesson{{3, 4}, 9, 3, 2, 0.05, 0.5, 0.01, 0.125, ChainStart::kKept, kRows, order.size()};
  tier.contrast(of.shape, weights.data(), a.data(), c.data(), velocities.data(), means.data(), kept.data(),
                of.rows.data(), order.data(), lesson);
  std::string changed;
  for (const auto* all : {&weights, &a, &c, &velocities, &means, &kept})
    changed += (changed.empty() ? "" : " ") + digest(*all);
  CHECK(changed == expected["learned"]);
}

void check_partitions(const Tier& tier, const Machine& of, const nlohmann::json& expected) {
  const size_t n = of.shape.hidden, width = padded_stride(n);
  std::vector<double> couplings(8 * width), own, fields, logs(5);
  for (size_t i = 0; i < 8; i++) {
    own.push_back(real(i, 2));
    for (size_t j = 0; j < n; j++) couplings[i * width + j] = 4 * static_cast<double>(real(i, j));
  }
  for (size_t j = 0; j < n; j++) fields.push_back(real(5, j));
  const int low = of.shape.visible_kind == UnitKind::kBipolar ? -1 : 0;
  tier.log_partitions(couplings.data(), own.data(), 8, fields.data(), n, of.shape.hidden_kind, low, 3, 2, 7,
                      logs.data());
  CHECK(digest(logs) == expected["partitions"]);
}

}  // namespace

TEST_CASE("every tier computes Boltzmann machines as the TypeScript reference does") {
  std::ifstream file(kVectors);
  REQUIRE(file.good());
  const nlohmann::json vectors = nlohmann::json::parse(file);
  REQUIRE(vectors["machines"].size() == 25);
  for (const Tier* tier : usable_tiers()) {
    CAPTURE(tier->name);
    for (const auto& expected : vectors["machines"]) {
      CAPTURE(expected["visible"].get<size_t>());
      CAPTURE(expected["hidden"].get<size_t>());
      CAPTURE(expected["kinds"].dump());
      const Machine machine(expected);
      check_means(*tier, machine, expected);
      check_chains(*tier, machine, expected);
      check_learning(*tier, machine, expected);
      check_partitions(*tier, machine, expected);
    }
  }
}
