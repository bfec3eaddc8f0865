// Portable C++: the tier that is always there, and the mirror of the TypeScript reference.
#include "tiers/tiers.h"

namespace hopfield {
namespace {

#include "kernels/bits.h"
#include "tiers/ballot.h"
#include "tiers/portable.h"

using portable::column_add;
using portable::column_differences;
using portable::column_sum;
using portable::count_ones;
using portable::kPhiloxLanes;
using portable::pack_word;
using portable::philox_lanes;
using portable::row_overlaps;
using portable::threshold_block;
using portable::unpack_word;
using portable::vote_block;

#include "tiers/portable_sweep.h"
#include "kernels/all.h"

}  // namespace

Tier scalar_tier() { return table(); }

}  // namespace hopfield
