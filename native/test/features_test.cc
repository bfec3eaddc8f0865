// Sums of random features on every tier, against what the TypeScript reference wrote down.
#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "check.h"
#include "core/features.h"

using namespace hopfield;

TEST_CASE("every tier sums features as the TypeScript reference wrote down") {
  std::ifstream file(kVectors);
  REQUIRE(file.good());
  const nlohmann::json vectors = nlohmann::json::parse(file);
  REQUIRE(vectors["features"].size() == 4);
  constexpr size_t kVectorCount = 3;
  for (const Tier* tier : usable_tiers()) {
    CAPTURE(tier->name);
    for (const auto& expected : vectors["features"]) {
      const FeaturePlan plan{expected["dimension"], expected["frequencies"], 1.0 / 64, 0x1p-30, 0x1p-24};
      CAPTURE(plan.dimension);
      std::vector<uint32_t> signs;
      for (uint32_t k = 0; k < feature_sign_words(plan); k++) signs.push_back((k + 1) * 0x9e3779b9u);
      std::vector<float> given, cues;
      for (size_t k = 0; k < kVectorCount * plan.dimension; k++) {
        given.push_back(static_cast<float>(static_cast<int>((7 * k) % 23) - 11) / 16);
        cues.push_back(given[k] / 2);
      }
      std::vector<double> sums(feature_sum_length(plan)), densities(kVectorCount),
          pulls(kVectorCount * plan.dimension);
      tier->add_features(plan, signs.data(), given.data(), kVectorCount, 1, sums.data());
      CHECK(digest(sums) == expected["sums"]);
      tier->ask_features(plan, signs.data(), sums.data(), cues.data(), kVectorCount, densities.data(),
                         pulls.data());
      CHECK(digest(densities) == expected["densities"]);
      CHECK(digest(pulls) == expected["pulls"]);
    }
  }
}
