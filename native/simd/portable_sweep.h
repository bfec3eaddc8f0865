// For tiers without a better way: one visit at a time on the tier's own column_sum.
#ifndef HOPFIELD_SIMD_PORTABLE_SWEEP_H_
#define HOPFIELD_SIMD_PORTABLE_SWEEP_H_

#include "simd/flip_column.h"
#include "simd/operands.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// Visits every neuron in turn, h_i = 2·Σ votes − total − count·s_i, and flips it if that is against its
/// value. Returns how many flipped.
template <class Vote>
static size_t sweep_columns(Pass<Vote>& pass) {
  size_t flips = 0;
  for (size_t u = 0; u < pass.visit_count; u++) {
    const size_t i = pass.visits[u];
    const unsigned bit = bit_at(pass.state, i);
    const int64_t sum = column_sum(pass.columns + i * pass.height, pass.votes, pass.used, pass.span);
    const int64_t h = 2 * sum - pass.total - (bit ? pass.count : -pass.count);
    pass.fields[u] = static_cast<int32_t>(h);
    const unsigned at_zero = pass.tie == Tie::kKeep ? bit : static_cast<unsigned>(pass.tie == Tie::kPositive);
    const unsigned next = h > 0 ? 1 : h < 0 ? 0 : at_zero;
    if (next == bit || (pass.clamp != nullptr && bit_at(pass.clamp, i))) continue;
    flip_column(pass, i, next != 0);
    pass.flips[flips++] = static_cast<uint32_t>(u);
  }
  return flips;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_SWEEP_H_
