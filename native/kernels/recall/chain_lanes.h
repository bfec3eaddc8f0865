// What the fields of 64 chains are summed and compared in: bytes where fields are that small, 16 bits where
// they are not. Both say what becomes of a neuron with the same bits.
#ifndef HOPFIELD_KERNELS_RECALL_CHAIN_LANES_H_
#define HOPFIELD_KERNELS_RECALL_CHAIN_LANES_H_

#include "simd/chain_draws.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// A field and its place in the table of chances, which is at most twice as large and not negative, fit eight
/// bits; so do all the chances of one parity, in a table of 64.
struct ByteLanes {
  using Sums = ChainBytes;
  using Totals = ByteTotals;
  using Draws = ByteDraws;
  static constexpr double kMost = 63;
};

struct WideDraws : ChainDraws {
  using ChainDraws::ChainDraws;

  inline uint64_t below(const ChainSums& places, const ChanceLimits& limits, size_t visit) const {
    return chains_below(places, limits, words[2 * visit], words[2 * visit + 1]);
  }
};

struct WideLanes {
  using Sums = ChainSums;
  using Totals = ChainSums;
  using Draws = WideDraws;
  static constexpr double kMost = 4096;
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_CHAIN_LANES_H_
