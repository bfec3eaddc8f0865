// The implicit field of any overlaps, and not only of those that a state of a few patterns can have, against
// its definition. Included by one file per tier, which says FIELDS_TIER, HOPFIELD_SIMD and HOPFIELD_TARGET.
#include <doctest/doctest.h>

#include <vector>

#include "check.h"
#include "simd/begin.h"

#include "kernels/field.h"

#include "simd/end.h"

namespace hopfield {
namespace {

void check_fields(size_t neurons, const std::vector<int32_t>& overlaps, uint32_t seed) {
  const Tier& scalar = *find_tier("scalar");
  const size_t count = overlaps.size(), words = row_words(neurons);
  const uint32_t key[2] = {seed, 0};
  std::vector<uint32_t> rows((count + 1) * words);
  scalar.philox(key, 0, 0, 0, rows.data(), rows.size(), 1);
  for (size_t mu = 0; mu <= count; mu++) clear_padding(rows.data() + mu * words, neurons);
  const uint32_t* state = rows.data() + count * words;
  std::vector<double> fields(neurons);
  implicit_fields(rows.data(), count, neurons, overlaps.data(), state, fields.data());
  for (size_t i = 0; i < neurons; i++) {
    const auto spin = [i](const uint32_t* row) { return (row[i / 32] >> (i % 32)) & 1 ? 1 : -1; };
    int64_t field = -static_cast<int64_t>(count) * spin(state);
    for (size_t mu = 0; mu < count; mu++) {
      field += static_cast<int64_t>(overlaps[mu]) * spin(rows.data() + mu * words);
    }
    CHECK(fields[i] == static_cast<double>(field));
  }
}

}  // namespace
}  // namespace hopfield

TEST_CASE("fields are exact for overlaps on both sides of every lane width, " FIELDS_TIER) {
  using namespace hopfield;
  if (!find_tier(FIELDS_TIER)->usable()) return;
  const std::vector<int32_t> extremes = {0,      1,      -1,    32766,   32767,      32768,     -32767,
                                         -32768, -32769, 65534, 1 << 30, -(1 << 30), INT32_MAX, INT32_MIN};
  for (const size_t neurons : {1u, 31u, 64u, 65u, 128u, 129u, 192u, 256u, 257u, 511u, 512u, 513u, 1100u}) {
    check_fields(neurons, {}, 1);
    check_fields(neurons, extremes, 2);
    for (const int32_t size : {40000, 32767, 32768, INT32_MAX}) {
      // An overlap of 2^31 is cast as 65,538 ballots: three of them pass every width of a sum. That takes
      // long, and a block with a tail shows it.
      if (size == INT32_MAX && neurons != 513) continue;
      std::vector<int32_t> overlaps(size == INT32_MAX ? 3 : 70, size);
      check_fields(neurons, overlaps, 3);
      for (size_t mu = 0; mu < overlaps.size(); mu += 2) overlaps[mu] = -size;
      check_fields(neurons, overlaps, 4);
    }
  }
}
