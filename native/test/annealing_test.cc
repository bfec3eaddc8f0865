// Annealing on every tier, of a matrix and of connections, against what the TypeScript reference wrote down.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "check.h"
#include "core/shelf.h"

using namespace hopfield;

namespace {

/// weightOf of test/vectors/annealing-cases.ts.
double weight_of(const std::string& kind, size_t i, size_t j) {
  const auto x = static_cast<int>((7 * i + 13 * j + i * j) % 23);
  if (kind == "signs") return x % 3 == 0 ? 1 : -1;
  if (x % 2 == 0) return 0;
  const int sign = x % 4 == 1 ? 1 : -1;
  if (kind == "ones") return sign;
  if (kind == "small") return sign * (1 + x % 5);
  return kind == "large" ? sign * 1000 * x : sign * x / 16.0;
}

/// The same weights as a matrix and as connections.
struct Weights {
  std::vector<int32_t> matrix32, few32;
  std::vector<double> matrix64, few64;
  std::vector<uint32_t> starts{0}, sources;
  Memory matrix{}, few{};

  Weights(const std::string& kind, size_t n) {
    const size_t stride = padded_stride(n);
    matrix64.resize(n * stride);
    for (size_t i = 0; i < n; i++) {
      for (size_t j = 0; j < n; j++) {
        const double x = i == j ? 0 : weight_of(kind, i > j ? i : j, i > j ? j : i);
        matrix64[i * stride + j] = x;
        if (x == 0) continue;
        sources.push_back(static_cast<uint32_t>(j));
        few64.push_back(x);
      }
      starts.push_back(static_cast<uint32_t>(sources.size()));
    }
    matrix32.assign(matrix64.begin(), matrix64.end());
    few32.assign(few64.begin(), few64.end());
    const bool real = kind == "real";
    matrix.form = Form::kMatrix;
    few.form = Form::kSparse;
    matrix.number = few.number = real ? Number::kFloat64 : Number::kInt32;
    matrix.neurons = few.neurons = n;
    matrix.symmetric = true;
    matrix.weights = real ? static_cast<const void*>(matrix64.data()) : matrix32.data();
    few.weights = real ? static_cast<const void*>(few64.data()) : few32.data();
    few.sparse.starts = starts.data();
    few.sparse.sources = sources.data();
    few.sparse.length = sources.size();
    if (real) return;
    matrix.largest = largest_row(matrix);
    few.largest = largest_row(few);
  }
};

double scale_of(const std::string& kind) { return kind == "small" ? 0.5 : kind == "large" ? 0.001 : 1; }

void check_oscillators(const Tier& tier, const Memory& memory, const double* field,
                       const nlohmann::json& expected, uint32_t index) {
  const size_t count = 10, size = count * memory.neurons;
  std::vector<double> positions(size), momenta(size), pumps(size, 1);
  for (size_t k = 0; k < size; k++) positions[k] = (static_cast<double>((7 * k + index) % 23) - 11) / 100;
  BifurcationPlan plan{};
  plan.variant = static_cast<Variant>(index % 3);
  plan.strength = 0.2 * scale_of(expected["kind"]);
  plan.step = 0.7;
  plan.steps = 6;
  plan.left = 7;
  plan.external_field = field;
  tier.bifurcate(memory, plan, positions.data(), momenta.data(), pumps.data(), count);
  CHECK(digest(positions) + digest(momenta) + digest(pumps) == expected["oscillators"]);
}

void check_annealing(const Tier& tier, const nlohmann::json& expected, uint32_t index, uint32_t kind_index) {
  const size_t n = expected["neurons"], count = expected["count"];
  const std::string kind = expected["kind"];
  CAPTURE(n);
  CAPTURE(count);
  CAPTURE(kind);
  Weights weights(kind, n);
  std::vector<double> field(n), betas{0.05, 0.3, 2, INFINITY};
  for (size_t i = 0; i < n; i++) field[i] = static_cast<double>(i % 5) - 2;
  for (double& beta : betas) beta *= scale_of(kind);
  AnnealingPlan plan{};
  plan.betas = betas.data();
  plan.sweeps = betas.size();
  plan.first_sweep = 3;
  plan.seed[0] = 8000 + index;
  plan.seed[1] = 1;
  plan.group = (uint64_t{1} << 32) + 2;
  const std::string acceptance = expected["acceptance"];
  plan.acceptance = acceptance == "mixed"     ? Acceptance::kMixed
                    : acceptance == "glauber" ? Acceptance::kGlauber
                                              : Acceptance::kMetropolis;
  plan.external_field = expected["external"] ? field.data() : nullptr;
  const std::unique_ptr<Shelf, decltype(&free_shelf)> shelf(make_shelf(), free_shelf);
  weights.matrix.shelf = shelf.get();
  for (const Memory* memory : {&weights.matrix, &weights.few}) {
    // Real sums have an order, which is not that of a matrix.
    if (memory == &weights.few && kind == "real") continue;
    std::vector<uint32_t> replicas(2 * n * ((count + 63) / 64));
    const uint32_t seed[2] = {8000 + index, 0};
    tier.philox(seed, 1, 0, 0, replicas.data(), replicas.size(), 1);
    tier.anneal(*memory, plan, replicas.data(), count);
    std::vector<double> quadratics(count);
    tier.replica_quadratics(*memory, plan.external_field, replicas.data(), count, quadratics.data());
    CHECK(digest(replicas) == expected["replicas"]);
    CHECK(digest(quadratics) == expected["quadratics"]);
    std::vector<uint32_t> starts(count / 2);
    for (size_t p = 0; p < starts.size(); p++) starts[p] = static_cast<uint32_t>(7 * p % n);
    tier.exchange_clusters(*memory, starts.data(), replicas.data(), count);
    CHECK(digest(replicas) == expected["clusters"]);
  }
  check_oscillators(tier, weights.matrix, plan.external_field, expected, index + kind_index);
}

}  // namespace

TEST_CASE("every tier anneals as the TypeScript reference does") {
  std::ifstream file(kVectors);
  REQUIRE(file.good());
  const nlohmann::json vectors = nlohmann::json::parse(file);
  REQUIRE(vectors["annealing"].size() == 105);
  for (const Tier* tier : usable_tiers()) {
    CAPTURE(tier->name);
    uint32_t at = 0;
    for (const auto& expected : vectors["annealing"]) {
      check_annealing(*tier, expected, at / 15, at / 3 % 5);
      at++;
    }
  }
}
