// The portable primitives under the names that a tier owes.
#ifndef HOPFIELD_SIMD_SCALAR_NAMES_H_
#define HOPFIELD_SIMD_SCALAR_NAMES_H_

#include "simd/portable_carried.h"
#include "simd/portable_columns.h"
#include "simd/portable_fields.h"
#include "simd/portable_interaction.h"
#include "simd/portable_lookup.h"
#include "simd/portable_overlaps.h"
#include "simd/portable_philox.h"
#include "simd/portable_rows.h"

namespace hopfield {
namespace {

using portable::bounded_sixteen;
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
using portable::Lookup;
using portable::lowest_bit;
using portable::marked_visits;
using portable::move_fields;
using portable::pack_word;
using portable::philox_across;
using portable::philox_lanes;
using portable::reached;
using portable::row_overlaps;
using portable::signs_over;
using portable::threshold_block;
using portable::threshold_words;
using portable::unpack_word;
using portable::vote_block;
using portable::weigh_four;
using portable::write_past_cache;

static inline void overlaps_of(const uint32_t* rows, size_t count, size_t neurons, size_t states,
                               const uint32_t* const* state, int32_t* const* out) {
  portable::overlaps_in_turn(row_overlaps, rows, count, neurons, states, state, out);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_SCALAR_NAMES_H_
