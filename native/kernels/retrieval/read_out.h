// From logits to weights (key_weights.h), and from weights to sums of values. Weights of zero are left out or
// multiplied, whichever is faster: sums that begin at +0 never become −0.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_READ_OUT_H_
#define HOPFIELD_KERNELS_RETRIEVAL_READ_OUT_H_

#include "flag.h"
#include "kernels/retrieval/bounds.h"
#include "kernels/retrieval/key_dots.h"
#include "kernels/retrieval/key_quads.h"
#include "kernels/retrieval/key_weights.h"
#include "kernels/retrieval/tile_sums.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// From so many on, one or the other wants nearly every key of a stretch.
constexpr size_t kManyQueries = 16;
/// Keys that are looked at before their values are read: they stay in the level-2 cache until then.
constexpr size_t kStretchBytes = 256 << 10, kMostStretch = 1024;

struct Association {
  const KeyMemory& memory;
  const RetrievalPlan& plan;
  const bool read_out;
  bool single = false;  ///< sums of this pass are f32
  Workspace& workspace;
  double* tile;         ///< queries × kTileKeys logits
  KeyWeights* weights;  ///< one a query, of a tile
  KeyWeights few;       ///< of one query, of a stretch
  double* columns;      ///< of a tile's values, widened
  float* single_columns;
  uint32_t* every;  ///< 0…kTileKeys − 1
  KeyQuads quads;
  const float* rows[kTileKeys];

  Association(const KeyMemory& of, const RetrievalPlan& by, bool wanted, size_t queries, Workspace& scratch)
      : memory(of),
        plan(by),
        read_out(wanted),
        workspace(scratch),
        tile(scratch.take<double>(queries * kTileKeys)),
        weights(scratch.take<KeyWeights>(queries)),
        columns(scratch.take<double>(kTileKeys * kColumnsTogether * 8)),
        single_columns(scratch.take<float>(kTileKeys * kColumnsTogether * 16)),
        every(scratch.take<uint32_t>(kTileKeys)),
        quads(of.dimension, queries, scratch) {
    make_tile_room(weights, queries, scratch);
    few.make_room(kMostStretch, scratch);
    for (size_t r = 0; r < kTileKeys; r++) every[r] = static_cast<uint32_t>(r);
  }

  double similarity(double dot, size_t mu) const {
    return memory.scales != nullptr    ? dot * memory.scales[mu]
           : memory.offsets != nullptr ? dot - memory.offsets[mu]
                                       : dot;
  }

  double logit(double similar, size_t mu, double beta) const {
    return memory.log_saliences != nullptr ? beta * similar + memory.log_saliences[mu] : beta * similar;
  }
  /// Whether a logit is β times a dot product.
  bool plain() const {
    return memory.scales == nullptr && memory.offsets == nullptr && memory.log_saliences == nullptr;
  }

  void point(size_t from, size_t count) {
    for (size_t r = 0; r < count; r++) rows[r] = memory.keys + (from + r) * memory.dimension;
  }

  /// Dot products of a tile made into logits, in place.
  void make_logits(double* values, size_t from, size_t count, double beta) const {
    if (plain()) {
      for (size_t r = 0; r < count; r++) values[r] = beta * values[r];
      return;
    }
    for (size_t r = 0; r < count; r++) values[r] = logit(similarity(values[r], from + r), from + r, beta);
  }

  /// Dot products of all queries with the first `count` of `rows`: kTileKeys a query.
  void dots_of_tile(const Queries& queries, size_t count, double* out) {
    if (by_quads(queries, count))
      dots_by_quads(queries, count, [&](size_t c, const float* dots) {
        for (size_t r = 0; r < kTileKeys; r += 8) store8(out + c * kTileKeys + r, widen8(dots + r));
      });
    else if (queries.single)
      dots_of_many<Singles>(rows, count, queries.single_row, queries.count, memory.dimension, out);
    else
      dots_of_many<Doubles>(rows, count, queries.row, queries.count, memory.dimension, out);
  }

  /// Whether those are made by `dots_by_quads`.
  bool by_quads(const Queries& queries, size_t count) const {
    return quads.pay(count, queries.count) && queries.single;
  }

  /// `take` is called with each query and its kTileKeys dot products as soon as they are known.
  template <class Take>
  void dots_by_quads(const Queries& queries, size_t count, Take take) {
    constexpr size_t kSome = KeyQuads::kQueries;
    alignas(64) float dots[kSome * kTileKeys];
    quads.lay(rows, count);
    const NextKeys next(rows, count, memory.dimension, queries.count / kSome);
    for (size_t c = 0; c < queries.count; c += kSome) {
      next.ask(c / kSome);
      const float* row[kSome];
      for (size_t q = 0; q < kSome; q++) row[q] = queries.single_row[smaller(c + q, queries.count - 1)];
      quads.dots(row, dots);
      for (size_t q = 0; q < kSome && c + q < queries.count; q++) take(c + q, dots + q * kTileKeys);
    }
  }

  /// Logits of all keys of a tile for all queries.
  void whole_tile(const Queries& queries, size_t from, size_t count) {
    point(from, count);
    dots_of_tile(queries, count, tile);
    for (size_t c = 0; c < queries.count; c++)
      make_logits(tile + c * kTileKeys, from, count, queries.bounds[c].beta);
  }

  /// KeyWeights of a tile's logits, all of which count, and their sum.
  void weigh_all(const double* values, size_t count, double reference, double* partition,
                 KeyWeights& out) const {
    for (size_t r = 0; r < count; r++) {
      out.weight[r] = values[r] - reference;
      out.key[r] = static_cast<uint32_t>(r);
    }
    round_weights(count, single, out);
    for (size_t r = count; r < padded8(count); r++) out.weight[r] = 0;
    Real8 sum = load8(partition);
    for (size_t r = 0; r < count; r += 8) sum = add8(sum, load8(out.weight + r));
    store8(partition, sum);
  }

  /// KeyWeights of those logits that are near enough to the largest, and their sum.
  void weigh_near(const double* values, const uint32_t* keys, size_t count, double reference, double reach,
                  double* partition, KeyWeights& out) const {
    const size_t near = keep_near(values, keys, count, reference, reach, out.weight, out.key);
    round_weights(near, single, out);
    for (size_t k = 0; k < near; k++) partition[out.key[k] % 8] += out.weight[k];
  }

  /// Reads the values of a tile by the weights of all queries.
  void read_tile(Queries& queries, size_t from, size_t count) {
    if (!read_out) return;
    size_t used = 0;
    for (size_t c = 0; c < queries.count; c++) used += weights[c].count;
    if (queries.count >= kQueriesTogether && 2 * used > queries.count * count) {
      if (single) {
        spread_weights(queries, count, &KeyWeights::single);
        read_all<Singles>(queries, from, count, single_columns);
      } else {
        spread_weights(queries, count, &KeyWeights::weight);
        read_all<Doubles>(queries, from, count, columns);
      }
      return;
    }
    for (size_t c = 0; c < queries.count; c++) read_some(weights[c], from, queries.sums + c * queries.width);
  }

  /// The values of a few keys by weight, in ascending order.
  void read_some(const KeyWeights& w, size_t from, double* sums) const {
    if (single) {
      read_singles(w, from, sums);
      return;
    }
    constexpr size_t kValues = 8;
    size_t k = 0;
    for (; k + kValues <= w.count; k += kValues) read_rows<kValues>(w, k, from, sums);
    for (; k + 2 <= w.count; k += 2) read_rows<2>(w, k, from, sums);
    for (; k < w.count; k++) read_rows<1>(w, k, from, sums);
  }

  template <size_t kValues, size_t kLines = 0>
  void read_rows(const KeyWeights& w, size_t k, size_t from, double* sums,
                 LinesAhead* asked = nullptr) const {
    LinesAhead ahead;
    if (kLines > 0) ahead = *asked;
    const float* value[kValues];
    Real8 weight[kValues];
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kValues; r++) {
      value[r] = memory.values + (from + w.key[k + r]) * memory.width;
      weight[r] = broadcast8(w.weight[k + r]);
    }
    const size_t whole = memory.width / 8 * 8;
    for (size_t at = 0; at < whole; at += 8) {
      ahead.ask<kLines>();
      Real8 sum = load8(sums + at);
      HOPFIELD_UNROLL(8)
      for (size_t r = 0; r < kValues; r++) sum = fma8(widen8(value[r] + at), weight[r], sum);
      store8(sums + at, sum);
    }
    if (kLines > 0) *asked = ahead;
    if (whole == memory.width) return;
    Real8 sum = load8(sums + whole);
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kValues; r++) {
      sum = fma8(widen_some(value[r] + whole, memory.width - whole), weight[r], sum);
    }
    store8(sums + whole, sum);
  }

  /// The same in f32, tile by tile.
  void read_singles(const KeyWeights& w, size_t from, double* sums) const {
    constexpr size_t kStep = 16 * Singles::kColumns;
    size_t at = 0;
    for (; at + kStep <= memory.width; at += kStep) read_strip<Singles::kColumns>(w, from, at, sums);
    for (; at < memory.width; at += 16) read_strip<1>(w, from, at, sums);
  }

  /// Some columns of the values of all keys of the list: their sums stay in registers from tile to tile, of
  /// which each may have few keys.
  template <size_t kColumns>
  void read_strip(const KeyWeights& w, size_t from, size_t at, double* sums) const {
    Real8 all[2 * kColumns];
    HOPFIELD_UNROLL(8)
    for (size_t n = 0; n < 2 * kColumns; n++) all[n] = load8(sums + at + 8 * n);
    for (size_t k = 0; k < w.count;) {
      Singles::Lanes sum[kColumns];
      HOPFIELD_UNROLL(8)
      for (size_t n = 0; n < kColumns; n++) sum[n] = Singles::zero();
      const size_t tile_of = w.key[k] / kTileKeys;
      do {
        add_key<kColumns>(w, k, from, at, sum);
      } while (++k < w.count && w.key[k] / kTileKeys == tile_of);
      HOPFIELD_UNROLL(8)
      for (size_t n = 0; n < kColumns; n++) Singles::end(all + 2 * n, sum[n]);
    }
    HOPFIELD_UNROLL(8)
    for (size_t n = 0; n < 2 * kColumns; n++) store8(sums + at + 8 * n, all[n]);
  }

  /// Some columns of the values of key k of the list by its weight.
  template <size_t kColumns>
  HOPFIELD_INLINE void add_key(const KeyWeights& w, size_t k, size_t from, size_t at,
                               Singles::Lanes* sum) const {
    const size_t left = memory.width - at;
    const float* value = memory.values + (from + w.key[k]) * memory.width + at;
    const Singles::Lanes weight = Singles::weight(w.single + k);
    HOPFIELD_UNROLL(8)
    for (size_t n = 0; n < kColumns; n++) {
      const Singles::Lanes x =
          kColumns == 1 && left < 16 ? Singles::key_end(value, left) : Singles::query(value + 16 * n);
      sum[n] = Singles::add_product(x, weight, sum[n]);
    }
  }

  /// With each key kLines lines ahead are asked for.
  template <size_t kColumns, size_t kLines>
  HOPFIELD_INLINE void add_strip(const KeyWeights& w, size_t k, size_t end, size_t from, size_t at,
                                 Singles::Lanes* sum, LinesAhead* asked) const {
    LinesAhead ahead = *asked;
    for (; k < end; k++) {
      ahead.ask<kLines>();
      add_key<kColumns>(w, k, from, at, sum);
    }
    *asked = ahead;
  }

  /// Puts weights of a tile where their keys are in it, with zeros where there are none.
  template <class Number>
  void spread_weights(const Queries& queries, size_t count, Number* KeyWeights::*of) {
    for (size_t c = 0; c < queries.count; c++) {
      const KeyWeights& w = weights[c];
      if (w.count == count) continue;
      Number* row = w.*of;
      for (size_t r = count, k = w.count; r-- > 0;) row[r] = k > 0 && w.key[k - 1] == r ? row[--k] : 0;
    }
  }

  /// The values of a whole tile for all queries. A few columns at a time are laid side by side, widened where
  /// sums are f64: rows whose length is a power of two would push one another out of the first-level cache.
  template <class Sums>
  void read_all(Queries& queries, size_t from, size_t count, typename Sums::Number* side) const {
    constexpr size_t kStep = Sums::kLanes * Sums::kColumns;
    size_t at = 0;
    for (; at + kStep <= memory.width; at += kStep)
      read_columns<Sums, Sums::kColumns>(queries, from, count, at, side);
    for (; at < memory.width; at += Sums::kLanes) read_columns<Sums, 1>(queries, from, count, at, side);
  }

  template <class Sums, size_t kColumns>
  void read_columns(Queries& queries, size_t from, size_t count, size_t at,
                    typename Sums::Number* side) const {
    constexpr size_t kLanes = Sums::kLanes;
    const size_t left = memory.width - at;
    for (size_t r = 0; r < count; r++) {
      const float* value = memory.values + (from + r) * memory.width + at;
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) {
        const bool whole = kColumns > 1 || left >= kLanes;
        Sums::put(side + (r * kColumns + k) * kLanes,
                  whole ? Sums::key(value + kLanes * k) : Sums::key_end(value, left));
      }
    }
    if constexpr (kLanes == 16) {
      TileSums<kColumns>(side, count, weights->single)
          .add_to(queries.sums + at, queries.width, queries.count);
    } else {
      size_t c = 0;
      for (; c + Sums::kReaders <= queries.count; c += Sums::kReaders)
        read_block<kColumns, Sums::kReaders>(queries, c, count, at, side);
      for (; c < queries.count; c++) read_block<kColumns, 1>(queries, c, count, at, side);
    }
  }

  /// In f64 sums go on where those of the tiles before it ended.
  template <size_t kColumns, size_t kSome>
  void read_block(Queries& queries, size_t c, size_t count, size_t at, const double* side) const {
    const double* by = weights->weight + c * kWeightRow;
    Real8 sums[kSome][kColumns];
    double* to = queries.sums + c * queries.width + at;
    HOPFIELD_UNROLL(8)
    for (size_t q = 0; q < kSome; q++) {
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) sums[q][k] = load8(to + q * queries.width + 8 * k);
    }
    for (size_t r = 0; r < count; r++) {
      Real8 x[kColumns];
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) x[k] = load8(side + (r * kColumns + k) * 8);
      HOPFIELD_UNROLL(8)
      for (size_t q = 0; q < kSome; q++) {
        const Real8 weight = broadcast8(by[q * kWeightRow + r]);
        HOPFIELD_UNROLL(8)
        for (size_t k = 0; k < kColumns; k++) sums[q][k] = fma8(x[k], weight, sums[q][k]);
      }
    }
    HOPFIELD_UNROLL(8)
    for (size_t q = 0; q < kSome; q++) {
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) store8(to + q * queries.width + 8 * k, sums[q][k]);
    }
  }

  /// Dot products of some keys of a tile, in the order of `which`, made into logits: kTileKeys a query.
  void some_logits(const Queries& queries, size_t from, const uint32_t* which, size_t count) {
    const float* first = memory.keys + from * memory.dimension;
    for (size_t r = 0; r < count; r++) rows[r] = first + which[r] * memory.dimension;
    if (queries.count >= kQueriesTogether) dots_of_tile(queries, count, tile);
    for (size_t c = 0; c < queries.count; c++) {
      double* values = tile + c * kTileKeys;
      if (queries.count < kQueriesTogether && queries.single)
        dots_of_keys<Singles>(first, memory.dimension, which, count, queries.single_row[c], values);
      else if (queries.count < kQueriesTogether)
        dots_of_keys<Doubles>(first, memory.dimension, which, count, queries.row[c], values);
      for (size_t r = 0; r < count; r++) {
        const size_t mu = from + which[r];
        values[r] = logit(similarity(values[r], mu), mu, queries.bounds[c].beta);
      }
    }
  }
};

/// Results of a pass to where they belong.
static void write_results(const KeyMemory& memory, const Queries& queries, bool soft, float* out,
                          double* potentials) {
  for (size_t c = 0; c < queries.count; c++) {
    const size_t b = queries.which[c];
    const double partition = fold8(load8(queries.partition + 8 * c));
    potentials[2 * b] = queries.reference[c];
    potentials[2 * b + 1] = soft ? partition : static_cast<double>(queries.support[c]);
    if (out == nullptr) continue;
    const double* sums = queries.sums + c * queries.width;
    const double unit = queries.single ? 1 / static_cast<double>(kWeightUnit) : 1;
    for (size_t k = 0; k < memory.width; k++)
      out[b * memory.width + k] = partition == 0 ? 0 : static_cast<float>(sums[k] * unit / partition);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_READ_OUT_H_
