// Recalls from one memory on several threads at once: for the thread sanitizer, and to compare the bits.
#include <doctest/doctest.h>

#include <thread>

#include "check.h"
#include "flag.h"

using namespace hopfield;

TEST_CASE("threads that recall from one memory share nothing else and agree") {
  constexpr size_t kNeurons = 300, kCount = 20, kThreads = 4, kCues = 60;
  for (const Tier* tier : usable_tiers()) {
    const uint32_t seed[2] = {7, 0};
    std::vector<uint32_t> rows(kCount * row_words(kNeurons)), columns(kNeurons * column_words(kCount));
    for (size_t mu = 0; mu < kCount; mu++) {
      uint32_t* row = rows.data() + mu * row_words(kNeurons);
      tier->philox(seed, 1, static_cast<uint32_t>(mu), 0, row, row_words(kNeurons), 1);
      clear_padding(row, kNeurons);
    }
    tier->transpose(rows.data(), kCount, kNeurons, columns.data());
    Memory memory{};
    memory.neurons = kNeurons;
    memory.count = kCount;
    memory.rows = rows.data();
    memory.columns = columns.data();
    std::vector<std::vector<uint32_t>> states(kThreads, std::vector<uint32_t>(kCues * row_words(kNeurons)));
    std::vector<std::thread> threads;
    for (size_t t = 0; t < kThreads; t++) {
      threads.emplace_back([&, t] {
        size_t count;
        CHECK(tiers(&count) != nullptr);
        Plan plan{};
        plan.synchronous = t % 2 != 0;
        plan.max_sweeps = 20;
        plan.scale = kNeurons;
        std::vector<Outcome> outcomes(kCues);
        std::vector<uint32_t> cues(states[t].size());
        for (size_t k = 0; k < cues.size(); k++) cues[k] = rows[k % rows.size()] ^ 0x00010010u;
        Batch batch{};
        batch.cue_rows = cues.data();
        batch.state_rows = states[t].data();
        batch.outcomes = outcomes.data();
        batch.count = kCues;
        recall_batch(*tier, memory, plan, batch);
      });
    }
    for (auto& thread : threads) thread.join();
    for (size_t t = 2; t < kThreads; t++) CHECK(states[t] == states[t - 2]);
  }
}

TEST_CASE("threads whose flag is raised end in the middle of a recall, and count what they have done") {
  constexpr size_t kNeurons = 64;
  std::vector<uint32_t> row(row_words(kNeurons)), columns(kNeurons * column_words(1)), states(3 * row.size());
  row[0] = 1;
  for (const Tier* tier : usable_tiers()) {
    tier->transpose(row.data(), 1, kNeurons, columns.data());
    Memory memory{};
    memory.neurons = kNeurons;
    memory.count = 1;
    memory.rows = row.data();
    memory.columns = columns.data();
    Plan plan{};
    plan.max_sweeps = 100;
    plan.scale = kNeurons;
    std::vector<Outcome> outcomes(3);
    Batch batch{};
    batch.cue_rows = batch.state_rows = states.data();
    batch.outcomes = outcomes.data();
    batch.count = 3;
    Flag flag{0, 0};
    {
      const UnderFlag under(&flag);
      recall_batch(*tier, memory, plan, batch);
      CHECK(flag.done == 3);
      flag.raise();
      CHECK_THROWS_AS(recall_batch(*tier, memory, plan, batch), Stopped);
    }
    CHECK(recall_batch(*tier, memory, plan, batch) == -1);
  }
}
