// Pairs of states that settle (Kosko 1988), the mirror of src/kernels/reference/bidirectional.ts: the
// overlaps of one side vote for the other one.
#ifndef HOPFIELD_KERNELS_BIDIRECTIONAL_H_
#define HOPFIELD_KERNELS_BIDIRECTIONAL_H_

#include "flag.h"
#include "kernels/field.h"
#include "simd/small.h"

namespace hopfield {
namespace {

struct BidirectionalSide {
  const uint32_t* rows;
  const size_t count, units, blocks;
  int32_t* votes;
  uint32_t* next;
  uint32_t* state = nullptr;

  BidirectionalSide(const uint32_t* patterns, size_t pattern_count, size_t unit_count, Workspace& workspace)
      : rows(patterns),
        count(pattern_count),
        units(unit_count),
        blocks(row_blocks(unit_count)),
        votes(workspace.take<int32_t>((pattern_count + 31) / 32 * 32)),
        next(workspace.take<uint32_t>(row_words(unit_count))) {}

  void vote() { heeding_overlaps(rows, count, units, state, votes); }

  struct Decide {
    const BidirectionalSide& side;
    void operator()(size_t i, int64_t field) const {
      // wide_fields takes out what a unit adds to its own field; here no unit does.
      const unsigned bit = bit_at(side.state, i);
      const int64_t field_here =
          field + (bit ? static_cast<int64_t>(side.count) : -static_cast<int64_t>(side.count));
      side.next[i / 32] |= (field_here > 0 ? 1u : field_here < 0 ? 0u : bit) << (i % 32);
    }
  };

  /// Takes the signs of the fields that the other side's votes make. Returns whether that changed anything.
  bool update_from(const BidirectionalSide& from, Ballots ballots) {
    const size_t words = row_words(units);
    if (fits32(from.votes, count, &ballots)) {
      cast_ballots(from.votes, count, &ballots);
      alignas(64) int32_t sum[kBlockBits];
      for (size_t block = 0; block < blocks; block++) {
        heed_flag(block, heedless_blocks(count));
        count_block(rows, units, block, ballots, sum);
        const size_t at = block * kBlockWords;
        threshold_block(sum, static_cast<int32_t>(ballots.total), 0, Tie::kKeep, words_of_block(units, block),
                        state + at, next + at);
      }
    } else {
      memset(next, 0, words * sizeof(uint32_t));
      wide_fields(rows, count, units, from.votes, state, ballots, Decide{*this});
    }
    for (size_t k = units / 32; k < words; k++) next[k] &= used_mask(units, k);
    if (same_row(state, next, words)) return false;
    memcpy(state, next, words * sizeof(uint32_t));
    return true;
  }
};

static void bidirectional(const PairMemory& pairs, uint32_t* xs, uint32_t* ys, size_t count,
                          const uint8_t* from_y, uint32_t max_steps, Settled* outcomes) {
  Workspace workspace;
  BidirectionalSide left(pairs.xs, pairs.count, pairs.inputs, workspace);
  BidirectionalSide right(pairs.ys, pairs.count, pairs.outputs, workspace);
  const double units = static_cast<double>(larger(pairs.inputs, pairs.outputs));
  const Ballots ballots = take_ballots(workspace, pairs.count, units * static_cast<double>(pairs.count));
  for (size_t b = 0; b < count; b++) {
    left.state = xs + b * row_words(pairs.inputs);
    right.state = ys + b * row_words(pairs.outputs);
    clear_padding(left.state, pairs.inputs);
    clear_padding(right.state, pairs.outputs);
    BidirectionalSide *from = from_y[b] == 0 ? &left : &right, *to = from_y[b] == 0 ? &right : &left;
    uint32_t steps = 0, quiet = 0;
    while (steps < max_steps && quiet < 2) {
      heed_flag();
      from->vote();
      quiet = to->update_from(*from, ballots) ? 0 : quiet + 1;
      BidirectionalSide* turn = from;
      from = to;
      to = turn;
      steps++;
    }
    left.vote();
    right.vote();
    double energy = 0;
    for (size_t mu = 0; mu < pairs.count; mu++) {
      energy -= static_cast<double>(left.votes[mu]) * static_cast<double>(right.votes[mu]);
    }
    outcomes[b] = {static_cast<double>(steps), quiet == 2 ? 1.0 : 0.0, energy};
    count_done(1);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_BIDIRECTIONAL_H_
