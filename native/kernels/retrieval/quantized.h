// Copies of the keys in bytes say where the largest logit may be and which keys can weigh anything; only
// those are read.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_QUANTIZED_H_
#define HOPFIELD_KERNELS_RETRIEVAL_QUANTIZED_H_

#include "flag.h"
#include "kernels/retrieval/logit_consumer.h"
#include "kernels/retrieval/quantized_keys.h"
#include "kernels/shortlist.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Whether coarse similarities of this query fit f32, and there are enough to be worth a look.
static inline bool can_quantize(const KeyMemory& memory, const QueryBounds& bounds) {
  const double largest = memory.scales != nullptr ? 1 : memory.largest_norm;
  const double size = bounds.norm * largest;
  const double offset = memory.offsets != nullptr ? largest * largest : 0;
  return memory.quantized_keys != nullptr && memory.count >= 4 * kTileKeys && size >= 1e-25 && size <= 1e30 &&
         offset <= 1e30 && bounds.norm >= 1e-25 && memory.largest_norm >= 1e-25;
}

/// Sixty-four flags a word, as many words as there are tiles, the last one too.
static uint64_t* flag_words(const uint8_t* flags, size_t count, Workspace& workspace) {
  if (flags == nullptr) return nullptr;
  uint64_t* words = workspace.take<uint64_t>(count / kTileKeys + 1);
  memset(words, 0, (count / kTileKeys + 1) * sizeof(uint64_t));
  for (size_t mu = 0; mu < count; mu++)
    words[mu / kTileKeys] |= static_cast<uint64_t>(flags[mu] != 0) << mu % kTileKeys;
  return words;
}

/// The path through keys in bytes; see quantized_keys.h.
struct QuantizedSearch {
  Association& association;
  const KeyMemory& memory;
  Queries& queries;
  const LogitConsumer& consumer;
  QuantizedLayout layout;
  size_t tiles, tail, tail_from;
  QuantizedQuery* query;
  int8_t* codes;
  float* upper;         ///< what no similarity of a tile to a query exceeds: tiles × room
  uint64_t* candidate;  ///< bits of the keys of a tile that may weigh anything: tiles × room
  size_t* settled;      ///< from which tile on `lower` was what it is
  double* best;         ///< the largest similarity known, exact; or the bound of all
  double* play;         ///< how far below it that of the largest logit may lie: saliences differ
  double* lower;        ///< what the largest similarity is at least
  double* margin;       ///< how far below the largest similarity a key may lie
  double* tails;        ///< similarities of the keys after the last whole tile
  float* coarse;
  size_t stretch;  ///< tiles of a stretch

  /// Which keys may be seen at all, 64 bits a tile and then those after the last one; or null.
  const uint64_t* seen = nullptr;
  /// One a query, or null: lower bounds of the largest similarities.
  Shortlist* bounds_below = nullptr;
  uint64_t* similar = nullptr;  ///< bits of the keys of a tile that may be among those: tiles × room

  /// Candidates of a tile that are rather read than looked at again.
  static constexpr int kFew = 3;

  uint32_t* keys;  ///< of a stretch, from its first on
  double* values;

  QuantizedSearch(Association& of, Queries& by, const LogitConsumer& to, Workspace& workspace)
      : association(of),
        memory(of.memory),
        queries(by),
        consumer(to),
        layout(memory.dimension),
        tiles(memory.count / kTileKeys),
        tail(memory.count % kTileKeys),
        tail_from(tiles * kTileKeys),
        query(workspace.take<QuantizedQuery>(by.room)),
        codes(workspace.take<int8_t>(by.room * layout.groups * 4)),
        upper(workspace.take<float>(by.room * tiles)),
        candidate(workspace.take<uint64_t>(by.room * tiles)),
        settled(workspace.take<size_t>(by.room)),
        best(workspace.take<double>(by.room)),
        play(workspace.take<double>(by.room)),
        lower(workspace.take<double>(by.room)),
        margin(workspace.take<double>(by.room)),
        tails(workspace.take<double>(by.room * kTileKeys)),
        coarse(workspace.take<float>(kQueriesAPass * kTileKeys)),
        stretch(stretch_of(of.memory)),

        keys(workspace.take<uint32_t>(kMostStretch + 16)),

        values(workspace.take<double>(kMostStretch)) {}

  static size_t stretch_of(const KeyMemory& memory) {
    const size_t tiles = kStretchBytes / (kTileKeys * memory.dimension * sizeof(float));
    return limited(tiles, 1, kMostStretch / kTileKeys);
  }

  QuantizedTile tile(size_t t) const { return QuantizedTile(layout, memory.quantized_keys, t); }

  void run(const float* all) {
    for (size_t c = 0; c < queries.count; c++) {
      query[c] = quantized_query(all + queries.which[c] * memory.dimension, memory.dimension,
                                 queries.bounds[c].norm, codes + c * layout.groups * 4);
      if (queries.single) query[c].expect_singles(memory.dimension);
      play[c] = play_of(queries.bounds[c]);
      margin[c] = margin_of(queries.bounds[c]) + play[c];
      if (!queries.bounds[c].absolute) queries.reference[c] = -HUGE_VAL;
    }
    look_at_tail();
    look();
    for (size_t t = 0; t < tiles; t++) find_largest(t);
    for (size_t t = 0; t < tiles; t++) look_again(t);
  }

  /// Looks for the largest similarities too: `lists` has room for bounds of as many a query.
  void expect_similar(Shortlist* lists, Workspace& workspace) {
    bounds_below = lists;
    similar = workspace.take<uint64_t>(queries.room * tiles);
  }

  /// Values are rounded, so that of two similarities the lower one may have the same value.
  double slack_of(size_t c) const {
    const double size = queries.bounds[c].norm + (memory.scales != nullptr ? 1 : memory.largest_norm);
    return 1e-13 * size * size;
  }

  /// Keys of tile t that may be seen.
  uint64_t visible(size_t t) const { return seen == nullptr ? ~uint64_t{0} : seen[t]; }

  void look_at_tail() {
    association.point(tail_from, tail);
    association.dots_of_tile(queries, tail, tails);
    for (size_t c = 0; c < queries.count; c++) {
      best[c] = -HUGE_VAL;
      for (size_t r = 0; r < tail; r++) {
        double& s = tails[c * kTileKeys + r];
        s = (visible(tiles) >> r & 1) != 0 ? association.similarity(s, tail_from + r) : -HUGE_VAL;
        if (!queries.bounds[c].absolute) note_exact(c, s, tail_from + r);
        if (bounds_below != nullptr && s > -HUGE_VAL) bounds_below[c].offer({s, s, 0});
      }
      if (queries.bounds[c].absolute) best[c] = queries.bounds[c].most / queries.bounds[c].beta;
      lower[c] = best[c];
      settled[c] = 0;
    }
  }

  /// An exact similarity.
  void note_exact(size_t c, double s, size_t mu) {
    best[c] = larger(s, best[c]);
    queries.reference[c] = larger(association.logit(s, mu, queries.bounds[c].beta), queries.reference[c]);
  }

  /// A key whose salience is the largest may have the largest logit, or weigh anything, that much farther
  /// below the largest similarity; logits are rounded.
  double play_of(const QueryBounds& bounds) const {
    if (memory.log_saliences == nullptr) return 0;
    const double least = memory.least_log_salience, most = memory.most_log_salience;
    const double spread = bounds.absolute ? larger(most, 0) : most - least;
    return (spread * (1 + 1e-9) + 1e-13 * larger(fabs(least), fabs(most))) / bounds.beta +
           size_of(bounds) * 1e-13;
  }

  /// What no similarity is beyond, and nothing that is taken from one.
  double size_of(const QueryBounds& bounds) const {
    const double square = memory.offsets != nullptr ? memory.largest_norm * memory.largest_norm : 0;
    return bounds.norm * (memory.scales != nullptr ? 1 : memory.largest_norm) + square;
  }

  /// A little more than the reach of weights: logits are rounded.
  double margin_of(const QueryBounds& bounds) const {
    const double bound = bounds.absolute ? fabs(bounds.most / bounds.beta) : 0;
    return bounds.reach / bounds.beta * (1 + 1e-9) + 1e-13 * (size_of(bounds) + bound);
  }

  void look() {
    for (size_t t = 0; t < tiles; t++) {
      heed_flag();
      if (visible(t) == 0) {
        pass_over(t);
        continue;
      }
      const QuantizedTile at = tile(t);
      size_t c = 0;
      for (; c + kQueriesAPass <= queries.count; c += kQueriesAPass) look_at<kQueriesAPass>(at, t, c);
      for (; c < queries.count; c++) look_at<1>(at, t, c);
    }
  }

  void pass_over(size_t t) {
    for (size_t c = 0; c < queries.count; c++) {
      upper[t * queries.room + c] = -HUGE_VALF;
      candidate[t * queries.room + c] = 0;
      if (similar != nullptr) similar[t * queries.room + c] = 0;
    }
  }

  template <size_t kCount>
  void look_at(const QuantizedTile& at, size_t t, size_t c) {
    similarities<kCount>(layout, at, query + c, coarse);
    for (size_t k = c; k < c + kCount; k++) {
      float* own = coarse + (k - c) * kTileKeys;
      const double error = query[k].error(at);
      const uint64_t ours = visible(t);
      for (size_t r = 0; ~ours != 0 && r < kTileKeys; r++)
        own[r] = (ours >> r & 1) != 0 ? own[r] : -HUGE_VALF;
      const float top = largest64(own);
      upper[t * queries.room + k] = -rounded_down(-(top + error));
      if (top - error > lower[k] && !queries.bounds[k].absolute) {
        lower[k] = top - error;
        settled[k] = t;
      }
      candidate[t * queries.room + k] = at_least64(own, rounded_down(lower[k] - margin[k] - error)) & ours;
      if (bounds_below == nullptr) continue;
      note(bounds_below[k], own, ours, error);
      const double least = bounds_below[k].least() - slack_of(k);
      similar[t * queries.room + k] = at_least64(own, rounded_down(least - error)) & ours;
    }
  }

  /// Lower bounds of a tile's similarities.
  static void note(Shortlist& list, const float* own, uint64_t ours, double error) {
    uint32_t which[kTileKeys + 16];
    const size_t count = list_bits(at_least64(own, rounded_down(list.least() + error)) & ours, 0, which);
    for (size_t k = 0; k < count; k++) {
      const double below = own[which[k]] - error;
      list.offer({below, below, 0});
    }
  }

  static float rounded_down(double x) {
    const float f = static_cast<float>(x);
    return f - fabsf(f) * 0x1p-22f;
  }

  /// Keys of tile t whose similarity may be `least` or more.
  uint64_t reaching(size_t c, size_t t, double least) {
    if (upper[t * queries.room + c] < least) return 0;
    const QuantizedTile at = tile(t);
    similarities<1>(layout, at, query + c, coarse);
    return at_least64(coarse, rounded_down(least - query[c].error(at))) & visible(t);
  }

  /// Exact similarities of those keys of `count` tiles from tile `from` on that `which` has for query c, a
  /// word a tile, `apart` from one another: to `values`, and to `keys` which they are, from the first of
  /// those tiles on. Returns how many.
  size_t exact(size_t c, size_t from, const uint64_t* which, size_t apart, size_t count) {
    size_t found = 0;
    for (size_t t = 0; t < count; t++) {
      const uint64_t bits = which[t * apart];
      if (bits != 0) found += list_bits(bits, static_cast<uint32_t>(t * kTileKeys), keys + found);
    }
    const size_t first = from * kTileKeys;
    const float* rows = memory.keys + first * memory.dimension;
    if (queries.count < kManyQueries) {
      for (size_t k = 0; k < found; k++) prefetch_row(rows + keys[k] * memory.dimension, memory.dimension);
    }
    if (queries.single)
      dots_of_keys<Singles>(rows, memory.dimension, keys, found, queries.single_row[c], values);
    else
      dots_of_keys<Doubles>(rows, memory.dimension, keys, found, queries.row[c], values);
    if (memory.scales == nullptr && memory.offsets == nullptr) return found;
    for (size_t k = 0; k < found; k++) values[k] = association.similarity(values[k], first + keys[k]);
    return found;
  }

  /// The largest similarity is that of a key whose coarse one, error included, is no less than any other's
  /// less its own.
  void find_largest(size_t t) {
    heed_flag();
    for (size_t c = 0; c < queries.count; c++) {
      if (queries.bounds[c].absolute) continue;
      const double least = larger(lower[c], best[c]) - play[c];
      const uint64_t which = reaching(c, t, least);
      const size_t count = which == 0 ? 0 : exact(c, t, &which, 0, 1);
      for (size_t k = 0; k < count; k++) note_exact(c, values[k], t * kTileKeys + keys[k]);
    }
  }

  /// Exact similarities of all keys that may be among the largest, and who they are; before `gather`.
  template <class Take>
  void each_similar(size_t c, Take take) {
    const double least = bounds_below[c].least() - slack_of(c);
    for (size_t t = 0; t < tiles; t++) {
      heed_flag();
      if (upper[t * queries.room + c] < least) continue;
      uint64_t which = similar[t * queries.room + c];
      if (count_ones(which) > kFew) which = reaching(c, t, least);
      const size_t count = which == 0 ? 0 : exact(c, t, &which, 0, 1);
      for (size_t k = 0; k < count; k++) take(values[k], t * kTileKeys + keys[k]);
    }
    for (size_t r = 0; r < tail; r++) {
      const double s = tails[c * kTileKeys + r];
      if (s > -HUGE_VAL) take(s, tail_from + r);
    }
  }

  /// Where a query was looked at before its largest similarity was known, a tile has too many candidates.
  void look_again(size_t t) {
    heed_flag();
    for (size_t c = 0; c < queries.count; c++) {
      uint64_t& which = candidate[t * queries.room + c];
      if (t >= settled[c] || which == 0) continue;
      const double least = best[c] - margin[c];
      if (upper[t * queries.room + c] < least)
        which = 0;
      else if (count_ones(which) > kFew)
        which = reaching(c, t, least);
    }
  }

  /// What may weigh anything, exactly, and `done` for each query as soon as its weights are known. Separators
  /// that need all near logits first have room for those of a few queries at a time.
  template <class Done>
  void gather(Done done) {
    for (size_t c = 0; c < queries.count; c++) {
      for (size_t r = 0; r < tail; r++) {
        double& s = tails[c * kTileKeys + r];
        s = association.logit(s, tail_from + r, queries.bounds[c].beta);
      }
    }
    for (size_t first = 0, end; first < queries.count; first = end) {
      Workspace group;
      end = consumer.near == nullptr ? queries.count : make_room(first, group);
      for (size_t from = 0; from < tiles; from += stretch)
        gather_from(from, smaller(tiles - from, stretch), first, end);
      consumer.take_tile(tail_from, tail, tails, kTileKeys, first, end);
      consumer.finish(group, first, end);
      for (size_t c = first; c < end; c++) done(c);
    }
  }

  /// Room for the near logits of queries from `first` on; returns where it ends.
  size_t make_room(size_t first, Workspace& group) const {
    size_t end = first;
    for (size_t bytes = 0; end < queries.count; end++) {
      size_t most = tail;
      for (size_t t = 0; t < tiles; t++)
        most += static_cast<size_t>(count_ones(candidate[t * queries.room + end]));
      bytes += most * NearLogits::kBytes;
      if (end > first && bytes > kKeptBytes) break;
      consumer.near[end].make_room(most, group);
    }
    return end;
  }

  void gather_from(size_t from, size_t count, size_t first, size_t end) {
    heed_flag();
    size_t found = 0;
    for (size_t t = from; t < from + count; t++) {
      for (size_t c = first; c < end; c++) {
        found += static_cast<size_t>(count_ones(candidate[t * queries.room + c]));
      }
    }
    if (found == 0) return;
    if (end - first >= kManyQueries)
      prefetch_row(memory.keys + from * kTileKeys * memory.dimension, count * kTileKeys * memory.dimension);
    if (seen == nullptr && end - first == queries.count && queries.count >= kQueriesTogether &&
        2 * found > queries.count * count * kTileKeys) {
      for (size_t t = from; t < from + count; t++) {
        association.whole_tile(queries, t * kTileKeys, kTileKeys);
        consumer.take_tile(t * kTileKeys, kTileKeys, association.tile, kTileKeys, first, end);
      }
      return;
    }
    for (size_t c = first; c < end; c++) {
      const size_t some = exact(c, from, candidate + from * queries.room + c, queries.room, count);
      for (size_t k = 0; k < some; k++)
        values[k] = association.logit(values[k], from * kTileKeys + keys[k], queries.bounds[c].beta);
      consumer.take(c, from * kTileKeys, values, keys, some);
    }
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_QUANTIZED_H_
