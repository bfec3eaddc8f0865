// The implicit field h_i = Σ_μ ξ_i^μ v^μ − P·s_i, a block of 512 neurons at a time. Σ_μ ξ_i^μ v^μ is twice
// the sum of v^μ where ξ_i^μ = +1, less Σ_μ v^μ: patterns serve as masks of an addition. 16-bit lanes are
// twice as many as 32-bit ones, so overlaps are cast as ballots in runs whose absolute votes sum to at most
// 32767; a larger overlap casts several. Zero overlaps cast none.
#ifndef HOPFIELD_KERNELS_FIELD_H_
#define HOPFIELD_KERNELS_FIELD_H_

#include "flag.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

constexpr int32_t kMostVotes = 32767;

struct Ballots {
  Ballot* items = nullptr;
  size_t* ends = nullptr;  ///< of each run
  size_t room = 0;         ///< for both
  size_t runs = 0;
  int64_t total = 0;   ///< Σ v
  int64_t weight = 0;  ///< Σ |v|
};

/// row_overlaps, a megabyte of rows at a time.
static inline void heeding_overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* state,
                                    int32_t* out) {
  const size_t words = row_words(neurons), some = larger((size_t{1} << 18) / words, 1);
  for (size_t from = 0; from < count; from += some) {
    if (from > 0) heed_flag();
    row_overlaps(rows + from * words, smaller(count - from, some), neurons, state, out + from);
  }
}

/// Blocks of fields of `count` patterns between two looks at the flag: less than a millisecond of work.
static inline size_t heedless_blocks(size_t count) { return limited((size_t{1} << 17) / (count + 1), 1, 8); }

static inline uint32_t magnitude(int32_t v) {
  return v < 0 ? 0u - static_cast<uint32_t>(v) : static_cast<uint32_t>(v);
}

/// Room for the ballots of `count` overlaps whose absolute values sum to at most `weight`. More than 2^31 is
/// never cast: such overlaps take the 64-bit path.
static Ballots take_ballots(Workspace& workspace, size_t count, double weight) {
  Ballots ballots;
  ballots.room = count + static_cast<size_t>((smaller(weight, 0x1p31)) / kMostVotes) + 1;
  ballots.items = workspace.take<Ballot>(ballots.room);
  ballots.ends = workspace.take<size_t>(ballots.room);
  return ballots;
}

/// Whether |h| stays below 2^31 − 1 for these overlaps, whatever the patterns.
static bool fits32(const int32_t* overlaps, size_t count, Ballots* ballots) {
  int64_t total = 0, weight = 0;
  for (size_t mu = 0; mu < count; mu++) {
    total += overlaps[mu];
    weight += magnitude(overlaps[mu]);
  }
  ballots->total = total;
  ballots->weight = weight;
  return weight + static_cast<int64_t>(count) < INT32_MAX;
}

/// What overlaps exceed ±kept by, as ballots. Memory shared with other threads may change under a recall and
/// bring overlaps beyond ±N: their ballots are void where the room ends, and nothing is written past it.
static void cast_ballots(const int32_t* overlaps, size_t count, Ballots* ballots, int32_t kept = 0) {
  size_t n = 0;
  int32_t room = kMostVotes;
  ballots->runs = 0;
  const uint32_t most = static_cast<uint32_t>(kept);
  for (size_t mu = 0; mu < count; mu++) {
    // −kept ≤ overlap ≤ kept in one comparison: its sign is random, and a branch on it is guessed wrong.
    if (static_cast<uint32_t>(overlaps[mu]) + most <= 2 * most) continue;
    int32_t left = overlaps[mu] - limited(overlaps[mu], -kept, kept);
    while (left != 0 && n < ballots->room) {
      const int32_t vote = limited(left, -kMostVotes, kMostVotes);
      const int32_t size = static_cast<int32_t>(magnitude(vote));
      if (size > room) {
        ballots->ends[ballots->runs++] = n;
        room = kMostVotes;
      }
      ballots->items[n++] = Ballot{static_cast<uint32_t>(mu), vote};
      room -= size;
      left -= vote;
    }
  }
  if (n > 0) ballots->ends[ballots->runs++] = n;
}

/// Words of a block that hold neurons.
static inline size_t words_of_block(size_t neurons, size_t block) {
  return smaller((neurons - block * kBlockBits + 31) / 32, kBlockWords);
}

/// Sums of the votes of set bits for the neurons of one block.
template <class Sum>
static inline void count_block(const uint32_t* rows, size_t neurons, size_t block, const Ballots& ballots,
                               Sum* sum) {
  const size_t stride = row_words(neurons), words = words_of_block(neurons, block);
  // A quarter is written without a call.
  if (words <= 4) {
    memset(sum, 0, kBlockBits / 4 * sizeof(Sum));
  } else {
    memset(sum, 0, kBlockBits * sizeof(Sum));
  }
  size_t from = 0;
  for (size_t run = 0; run < ballots.runs; run++) {
    vote_block(rows + block * kBlockWords, stride, ballots.items + from, ballots.ends[run] - from, words,
               sum);
    from = ballots.ends[run];
  }
}

/// From pattern `from` on, how many have absolute overlaps that sum to less than 2^31, and one at least: what
/// 32-bit sums of their votes can hold.
static inline size_t group_end(const int32_t* overlaps, size_t from, size_t count) {
  int64_t weight = magnitude(overlaps[from]);
  size_t end = from + 1;
  while (end < count && weight + magnitude(overlaps[end]) <= INT32_MAX) weight += magnitude(overlaps[end++]);
  return end;
}

/// Fields of all neurons in 64-bit integers, for votes whose sum no 32-bit lane can hold: group by group.
/// `each` takes a neuron and its field.
template <class Each>
static void wide_fields(const uint32_t* rows, size_t count, size_t neurons, const int32_t* overlaps,
                        const uint32_t* state, Ballots ballots, Each each) {
  const size_t blocks = row_blocks(neurons);
  alignas(64) int32_t sum[kBlockBits];
  int64_t wide[kBlockBits];
  for (size_t block = 0; block < blocks; block++) {
    heed_flag();
    memset(wide, 0, sizeof(wide));
    for (size_t from = 0; from < count;) {
      const size_t end = group_end(overlaps, from, count);
      cast_ballots(overlaps + from, end - from, &ballots);
      count_block(rows + from * row_words(neurons), neurons, block, ballots, sum);
      for (size_t i = 0; i < words_of_block(neurons, block) * 32; i++) wide[i] += sum[i];
      from = end;
    }
    const size_t first = block * kBlockBits;
    for (size_t i = first; i < neurons && i < first + kBlockBits; i++) {
      const int64_t self = bit_at(state, i) ? static_cast<int64_t>(count) : -static_cast<int64_t>(count);
      each(i, 2 * wide[i - first] - ballots.total - self);
    }
  }
}

static void implicit_fields(const uint32_t* rows, size_t count, size_t neurons, const int32_t* overlaps,
                            const uint32_t* state, double* out) {
  const size_t blocks = row_blocks(neurons);
  Workspace workspace;
  Ballots ballots;
  const bool fits = fits32(overlaps, count, &ballots);
  const int64_t total = ballots.total;
  ballots = take_ballots(workspace, count, static_cast<double>(ballots.weight));
  ballots.total = total;
  if (!fits) {
    struct Write {
      double* out;
      void operator()(size_t i, int64_t field) const { out[i] = static_cast<double>(field); }
    };
    wide_fields(rows, count, neurons, overlaps, state, ballots, Write{out});
    return;
  }
  cast_ballots(overlaps, count, &ballots);
  alignas(64) int32_t sum[kBlockBits];
  for (size_t block = 0; block < blocks; block++) {
    heed_flag(block, heedless_blocks(count));
    count_block(rows, neurons, block, ballots, sum);
    const size_t first = block * kBlockBits;
    const size_t used = smaller(neurons - first, kBlockBits);
    for (size_t i = 0; i < used; i++) {
      const int64_t self =
          bit_at(state, first + i) ? static_cast<int64_t>(count) : -static_cast<int64_t>(count);
      out[first + i] = static_cast<double>(2 * static_cast<int64_t>(sum[i]) - total - self);
    }
  }
}

/// The state as masks, 0 for +1 and −1 for −1: (w xor m) − m is ±w.
template <class Lane>
static void sign_masks(const uint32_t* state, size_t neurons, Lane* masks) {
  for (size_t j = 0; j < neurons; j++) masks[j] = static_cast<Lane>(bit_at(state, j)) - 1;
}

/// h = J s in integers of type Lane, which must hold every field. Unsigned arithmetic, so nothing is
/// undefined.
template <class Lane>
static void dense_product(const Memory& memory, const Lane* masks, Lane* out) {
  for (size_t i = 0; i < memory.neurons; i++) {
    heed_flag(i, 32);
    const int32_t* row = memory.weights_as<int32_t>() + i * padded_stride(memory.neurons);
    Lane sum = 0;
    for (size_t j = 0; j < memory.neurons; j++) sum += (static_cast<Lane>(row[j]) ^ masks[j]) - masks[j];
    out[i] = sum;
  }
}

static inline void dense_fields(const Memory& memory, const uint32_t* state, double* out) {
  const size_t neurons = memory.neurons;
  Workspace workspace;
  uint64_t* masks = workspace.take<uint64_t>(neurons);
  uint64_t* fields = workspace.take<uint64_t>(neurons);
  sign_masks(state, neurons, masks);
  dense_product(memory, masks, fields);
  for (size_t i = 0; i < neurons; i++) out[i] = static_cast<double>(static_cast<int64_t>(fields[i]));
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FIELD_H_
