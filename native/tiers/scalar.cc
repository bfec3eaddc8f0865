// Portable C++: the tier that is always there, and the mirror of the TypeScript reference.
#include "tiers/tiers.h"

namespace hopfield {
namespace {

#include "kernels/bits.h"
#include "tiers/ballot.h"
#include "tiers/portable.h"
#include "tiers/portable_votes.h"

using portable::column_add;
using portable::column_differences;
using portable::column_sum;
using portable::common_block;
using portable::count_ones;
using portable::finish_writes;
using portable::follow;
using portable::kPhiloxLanes;
using portable::look_up;
using portable::look_up_near;
using portable::pack_word;
using portable::philox_lanes;
using portable::reached;
using portable::row_overlaps;
using portable::threshold_block;
using portable::threshold_words;
using portable::unpack_word;
using portable::vote_block;
using portable::weigh_four;
using portable::write_past_cache;
static inline void overlaps_of(const uint32_t* rows, size_t count, size_t blocks, size_t neurons,
                               size_t states, const uint32_t* const* state, int32_t* const* out) {
  portable::overlaps_in_turn(row_overlaps, rows, count, blocks, neurons, states, state, out);
}

#include "tiers/portable_sweep.h"
#include "tiers/portable_real.h"
constexpr size_t kKeysAlone = 4, kKeysTogether = 2, kQueriesTogether = 3, kColumnsTogether = 2, kExps = 1;
#include "tiers/portable_screen.h"
#include "tiers/portable_lists.h"
#include "tiers/portable_nearest.h"
#include "tiers/portable_chains.h"
#include "kernels/all.h"
using Together = LookupTogether<portable::Lookup>;
using Products = DenseProducts;
constexpr size_t kLeastTogether = 16;
#include "kernels/table.h"

}  // namespace

Tier scalar_tier() { return table(); }

}  // namespace hopfield
