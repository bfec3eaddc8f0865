// Compares many cues in one call with the same cues one by one, on every tier. This test needs no Node, so it
// also runs under sanitizers and for other processors. test/parity/batches.test.ts compares with the
// reference.
#include <doctest/doctest.h>

#include "check.h"

using namespace hopfield;

namespace {

struct Setup {
  size_t neurons, count;
  std::vector<uint32_t> rows, columns;
  std::vector<int32_t> weights;
  std::vector<double> external;
  Memory memory{};

  Setup(const Tier& tier, size_t n, size_t p, bool dense) : neurons(n), count(p) {
    const uint32_t seed[2] = {static_cast<uint32_t>(n), static_cast<uint32_t>(p)};
    const size_t words = row_words(n);
    rows.resize(p * words);
    columns.resize(n * column_words(p));
    for (size_t mu = 0; mu < p; mu++) {
      tier.philox(seed, 1, static_cast<uint32_t>(mu), 0, rows.data() + mu * words, words, 1);
      clear_padding(rows.data() + mu * words, n);
    }
    tier.transpose(rows.data(), p, n, columns.data());
    if (dense) {
      weights.resize(n * padded_stride(n));
      tier.hebbian(columns.data(), p, n, 1, true, weights.data());
    }
    for (size_t i = 0; i < n; i++)
      external.push_back((static_cast<double>(i % 9) - 4) / static_cast<double>(n));
    memory = Memory{};
    memory.form = dense ? Form::kMatrix : Form::kImplicit;
    memory.symmetric = true;
    memory.neurons = n;
    memory.count = p;
    memory.rows = rows.data();
    memory.columns = columns.data();
    memory.weights = weights.data();
    memory.largest = static_cast<double>(n * p);
  }

  std::vector<uint32_t> cues(const Tier& tier, size_t cue_count) const {
    const uint32_t seed[2] = {99, static_cast<uint32_t>(neurons)};
    const size_t words = row_words(neurons);
    std::vector<uint32_t> cue(cue_count * words), noise(2 * words);
    for (size_t b = 0; b < cue_count; b++) {
      tier.philox(seed, 2, static_cast<uint32_t>(b), 0, noise.data(), 2 * words, 1);
      for (size_t k = 0; k < words; k++) {
        const uint32_t base = count == 0 ? 0 : rows[(b % count) * words + k];
        cue[b * words + k] = base ^ (noise[k] & noise[words + k]);
      }
      clear_padding(cue.data() + b * words, neurons);
    }
    return cue;
  }
};

/// Asks the portable tier for each cue alone, and then every tier for all at once.
void compare(const Setup& setup, const Plan& plan, size_t cue_count) {
  const Tier& scalar = *find_tier("scalar");
  const size_t words = row_words(setup.neurons);
  const std::vector<uint32_t> cues = setup.cues(scalar, cue_count);
  std::vector<uint32_t> alone = cues;
  std::vector<Outcome> expected(cue_count);
  for (size_t b = 0; b < cue_count; b++) {
    Workspace workspace;
    scalar.recall(setup.memory, plan, 3 + b, alone.data() + b * words, &expected[b], nullptr, workspace);
  }
  for (const Tier* tier : usable_tiers()) {
    CAPTURE(tier->name);
    std::vector<uint32_t> states(cues.size());
    std::vector<Outcome> outcomes(cue_count);
    Batch batch{};
    batch.cue_rows = cues.data();
    batch.state_rows = states.data();
    batch.outcomes = outcomes.data();
    batch.count = cue_count;
    batch.stream = 3;
    REQUIRE(recall_batch(*tier, setup.memory, plan, batch) == -1);
    CHECK(states == alone);
    CHECK(memcmp(outcomes.data(), expected.data(), cue_count * sizeof(Outcome)) == 0);
  }
}

}  // namespace

TEST_CASE("a batch gives each cue what it gets alone") {
  for (const size_t neurons : {1, 33, 130, 513}) {
    for (const size_t count : {0, 1, 5, 70}) {
      CAPTURE(neurons);
      CAPTURE(count);
      for (const bool dense : {false, true}) {
        const Setup setup(*find_tier("scalar"), neurons, count, dense);
        for (const Tier* tier : usable_tiers()) {
          const Setup same(*tier, neurons, count, dense);
          CHECK(same.rows == setup.rows);
          CHECK(same.columns == setup.columns);
          CHECK(same.weights == setup.weights);
        }
        for (const bool synchronous : {false, true}) {
          Plan plan{};
          plan.synchronous = synchronous;
          plan.max_sweeps = 12;
          plan.scale = static_cast<double>(neurons);
          for (const size_t cue_count : {4, 40}) compare(setup, plan, cue_count);
          plan.tie = Tie::kKeep;
          plan.order = Order::kRandomSite;
          plan.external_field = setup.external.data();
          compare(setup, plan, 27);
        }
      }
    }
  }
}

TEST_CASE("a batch of a memory with many patterns gives each cue what it gets alone") {
  Plan plan{};
  plan.synchronous = true;
  plan.max_sweeps = 2;
  plan.scale = 1;
  const Setup narrow(*find_tier("scalar"), 520, 1100, false), large(*find_tier("scalar"), 9000, 701, false);
  for (const size_t cue_count : {24, 49}) compare(narrow, plan, cue_count);
  for (const size_t cue_count : {5, 16, 17}) compare(large, plan, cue_count);
}

TEST_CASE("a batch larger than its slots gives each cue what it gets alone") {
  const Setup setup(*find_tier("scalar"), 200, 12, false);
  Plan plan{};
  plan.synchronous = true;
  plan.max_sweeps = 7;
  plan.scale = 1;
  compare(setup, plan, 700);
}

TEST_CASE("overlaps and energies of many states are those of each") {
  for (const Tier* tier : usable_tiers()) {
    const Setup setup(*tier, 600, 37, false);
    const std::vector<uint32_t> states = setup.cues(*tier, 300);
    std::vector<int32_t> many(300 * 37), one(37);
    std::vector<double> energies(300);
    tier->overlaps(setup.rows.data(), 37, 600, states.data(), 300, many.data());
    tier->quadratics(setup.memory, states.data(), 300, energies.data());
    for (size_t b = 0; b < 300; b++) {
      find_tier("scalar")->overlaps(setup.rows.data(), 37, 600, states.data() + b * row_words(600), 1,
                                    one.data());
      CHECK(memcmp(one.data(), many.data() + b * 37, sizeof(int32_t) * 37) == 0);
      double energy;
      tier->quadratics(setup.memory, states.data() + b * row_words(600), 1, &energy);
      CHECK(energies[b] == energy);
    }
  }
}
