// Compares retrieval on every tier, with and without quantized keys, with the vectors that the TypeScript
// reference wrote. The inputs follow the rules of test/vectors/retrieval-cases.ts.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "check.h"

using namespace hopfield;

namespace {

std::vector<float> vectors(const Tier& tier, uint32_t seed, uint32_t stream, size_t length) {
  const uint32_t key[2] = {seed, 0};
  std::vector<uint32_t> words(length);
  tier.philox(key, 3, stream, 0, words.data(), words.size(), 1);
  std::vector<float> out;
  for (const uint32_t word : words) {
    out.push_back(static_cast<float>(static_cast<int32_t>(word) >> 8) / 4194304.0f);
  }
  return out;
}

Similarity similarity_of(const std::string& name) {
  return name == "dot" ? Similarity::kDot : name == "cosine" ? Similarity::kCosine : Similarity::kEuclidean;
}

Separator separator_of(const std::string& name) {
  return name == "softmax"     ? Separator::kSoftmax
         : name == "sparsemax" ? Separator::kSparsemax
         : name == "entmax15"  ? Separator::kEntmax15
         : name == "normmax"   ? Separator::kNormmax
                               : Separator::kEpanechnikov;
}

void check_retrieval(const Tier& tier, const nlohmann::json& expected) {
  const uint32_t seed = expected["seed"];
  const size_t count = expected["count"], dimension = expected["dimension"], width = expected["width"],
               queries = expected["queries"];
  CAPTURE(seed);
  CAPTURE(expected["beta"].get<double>());
  const auto keys = vectors(tier, seed, 0, count * dimension);
  const auto values = vectors(tier, seed, 1, count * width);
  const auto asked = vectors(tier, seed, 2, queries * dimension);
  const RetrievalPlan plan{expected["beta"], similarity_of(expected["similarity"]),
                           separator_of(expected["separator"]),
                           expected["precision"] == "single" ? Precision::kSingle : Precision::kDouble};
  std::vector<double> norms(count), adjustments, logs;
  tier.key_norms(keys.data(), count, dimension, norms.data());
  CHECK(digest(norms) == expected["norms"]);
  for (const double norm : norms) {
    adjustments.push_back(plan.similarity == Similarity::kCosine ? 1 / norm : norm * norm * 0.5);
  }
  KeyMemory memory{};
  memory.count = count;
  memory.dimension = dimension;
  memory.width = width == 0 ? dimension : width;
  memory.keys = keys.data();
  memory.values = width == 0 ? keys.data() : values.data();
  memory.scales = plan.similarity == Similarity::kCosine ? adjustments.data() : nullptr;
  memory.offsets = plan.similarity == Similarity::kEuclidean ? adjustments.data() : nullptr;
  memory.largest_norm = *std::max_element(norms.begin(), norms.end());
  const double range = expected["salience"];
  if (range > 0) {
    for (const float x : vectors(tier, seed, 3, count)) logs.push_back(range * x);
    memory.log_saliences = logs.data();
    memory.least_log_salience = *std::min_element(logs.begin(), logs.end());
    memory.most_log_salience = *std::max_element(logs.begin(), logs.end());
  }
  std::vector<double> logits(queries * count);
  tier.logits(memory, plan, asked.data(), queries, logits.data());
  CHECK(digest(logits) == expected["logits"]);
  // The vector holds floats, so that its memory is aligned for floats.
  std::vector<float> screen(count / 64 * tier.quantized_bytes(dimension) / sizeof(float) + 1);
  tier.quantize_keys(memory, reinterpret_cast<uint8_t*>(screen.data()), 0, count / 64);
  for (const bool screened : {false, true}) {
    CAPTURE(screened);
    memory.quantized_keys = screened ? reinterpret_cast<const uint8_t*>(screen.data()) : nullptr;
    std::vector<float> states(queries * memory.width);
    std::vector<double> potentials(2 * queries), alone(2 * queries);
    tier.retrieve(memory, plan, asked.data(), queries, {}, states.data(), potentials.data());
    CHECK(digest(states) == expected["states"]);
    CHECK(digest(potentials) == expected["potentials"]);
    tier.retrieve(memory, plan, asked.data(), queries, {}, nullptr, alone.data());
    CHECK(alone == potentials);
    const size_t k = std::min<size_t>(5, count);
    std::vector<uint32_t> indices(queries * k);
    std::vector<double> similarities(queries * k), weights(queries * k);
    const std::vector<double> shifts(queries);
    tier.most_similar(memory, plan, asked.data(), queries, k, nullptr, shifts.data(), indices.data(),
                      similarities.data(), weights.data());
    CHECK(digest(indices) == expected["indices"]);
    CHECK(digest(similarities) == expected["similarities"]);
    CHECK(digest(weights) == expected["weights"]);
    const std::vector<uint8_t> mask(queries * count, 1);
    for (const size_t apart : {size_t{0}, count}) {
      tier.retrieve(memory, plan, asked.data(), queries, {mask.data(), apart}, states.data(),
                    potentials.data());
      CHECK(digest(states) == expected["states"]);
    }
  }
}

}  // namespace

TEST_CASE("every tier retrieves what the TypeScript reference wrote down") {
  std::ifstream file(kVectors);
  REQUIRE(file.good());
  const nlohmann::json vectors = nlohmann::json::parse(file);
  REQUIRE(vectors["retrievals"].size() > 20);
  for (const Tier* tier : usable_tiers()) {
    CAPTURE(tier->name);
    for (const auto& expected : vectors["retrievals"]) check_retrieval(*tier, expected);
  }
}
