#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <new>

#include "check.h"

using namespace hopfield;

TEST_CASE("the last tier is the portable one, always usable, and names are unique") {
  size_t count;
  const Tier* const* all = tiers(&count);
  CHECK(std::string(all[count - 1]->name) == "scalar");
  CHECK(all[count - 1]->usable());
  for (size_t t = 0; t < count; t++) CHECK(find_tier(all[t]->name) == all[t]);
  CHECK(find_tier("sse9") == nullptr);
}

TEST_CASE("an AArch64 build runs NEON, an x86-64 build may run AVX") {
#if defined(__aarch64__)
  CHECK(std::string(usable_tiers()[0]->name) == "neon");
#else
  CHECK(find_tier("neon") == nullptr);
  CHECK(find_tier("avx512") != nullptr);
#endif
}

TEST_CASE("Philox gives the published words for key 0 and counter 0") {
  const uint32_t seed[2] = {0, 0};
  for (const Tier* tier : usable_tiers()) {
    uint32_t words[4];
    tier->philox(seed, 0, 0, 0, words, 4, 1);
    CHECK(words[0] == 0x6627e8d5u);
    CHECK(words[1] == 0xe169c58du);
    CHECK(words[2] == 0xbc57ac4cu);
    CHECK(words[3] == 0x9b00dbd8u);
  }
}

TEST_CASE("a workspace gives aligned memory, small and large, and refuses the impossible") {
  Workspace workspace;
  for (size_t size : {1, 63, 64, 8000, 100000}) {
    auto* p = workspace.take<unsigned char>(size);
    CHECK(reinterpret_cast<uintptr_t>(p) % 64 == 0);
    memset(p, 1, size);
  }
  CHECK_THROWS_AS(workspace.take<uint64_t>(SIZE_MAX / 4), std::bad_alloc);
}

TEST_CASE("workspaces in use at the same time share no memory, whatever they outlive") {
  constexpr size_t kSize = 20000;
  const auto fill = [](Workspace& workspace, int with) {
    return static_cast<unsigned char*>(memset(workspace.take<unsigned char>(kSize), with, kSize));
  };
  const auto holds = [](const unsigned char* bytes, int value) {
    for (size_t k = 0; k < kSize; k++)
      if (bytes[k] != value) return false;
    return true;
  };
  Workspace lasting{Needed::kBeyondIt};
  unsigned char* kept;
  {
    Workspace outer;
    kept = fill(lasting, 1);
    unsigned char* const own = fill(outer, 2);
    {
      Workspace inner;
      fill(inner, 3);
    }
    Workspace later;
    fill(later, 4);
    CHECK(holds(own, 2));
    CHECK(holds(fill(outer, 5), 5));
  }
  Workspace next;
  fill(next, 6);
  CHECK(holds(kept, 1));
}

TEST_CASE("padding bits are cleared and no others") {
  for (size_t neurons : {1, 31, 32, 33, 511, 512, 513}) {
    std::vector<uint32_t> row(row_words(neurons), ~0u);
    clear_padding(row.data(), neurons);
    for (size_t i = 0; i < row.size() * 32; i++)
      CHECK(((row[i / 32] >> (i % 32)) & 1) == (i < neurons ? 1 : 0));
  }
}
