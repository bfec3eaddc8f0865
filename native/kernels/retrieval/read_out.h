// From logits to weights, and from weights to sums of values. Weights of zero are left out or multiplied,
// whichever is faster: sums that begin at +0 never become −0.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_READ_OUT_H_
#define HOPFIELD_KERNELS_RETRIEVAL_READ_OUT_H_

#include "flag.h"
#include "kernels/real.h"
#include "kernels/retrieval/bounds.h"
#include "kernels/retrieval/key_dots.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// From so many on, one or the other wants nearly every key of a stretch.
constexpr size_t kManyQueries = 16;
/// Keys that are looked at before their values are read: they stay in the level-2 cache until then.
constexpr size_t kStretchBytes = 256 << 10, kMostStretch = 1024;

/// KeyWeights of one query, those that are not zero, in ascending order of their keys.
struct KeyWeights {
  size_t count = 0;
  uint32_t* key;   ///< from the first key of a tile or stretch on
  double* weight;  ///< as f32 rounded it

  void make_room(size_t most, Workspace& workspace) {
    key = workspace.take<uint32_t>(most + 8);
    weight = workspace.take<double>(most + 8);
  }
};

struct Association {
  const KeyMemory& memory;
  const RetrievalPlan& plan;
  const bool read_out;
  Workspace& workspace;
  double* tile;           ///< queries × kTileKeys logits
  KeyWeights* weights;    ///< one a query, of a tile
  KeyWeights few;         ///< of one query, of a stretch
  const double** spread;  ///< weights of a tile's keys, zeros too, one row a query
  double* columns;        ///< of a tile's values, widened
  uint32_t* every;        ///< 0…kTileKeys − 1
  const float* rows[kTileKeys];

  Association(const KeyMemory& of, const RetrievalPlan& by, bool wanted, size_t queries, Workspace& scratch)
      : memory(of),
        plan(by),
        read_out(wanted),
        workspace(scratch),
        tile(scratch.take<double>(queries * kTileKeys)),
        weights(scratch.take<KeyWeights>(queries)),
        spread(scratch.take<const double*>(queries)),
        columns(scratch.take<double>(kTileKeys * kColumnsTogether * 8)),
        every(scratch.take<uint32_t>(kTileKeys)) {
    for (size_t c = 0; c < queries; c++) weights[c].make_room(kTileKeys, scratch);
    few.make_room(kMostStretch, scratch);
    for (size_t r = 0; r < kTileKeys; r++) every[r] = static_cast<uint32_t>(r);
  }

  double similarity(double dot, size_t mu) const {
    return memory.scales != nullptr    ? dot * memory.scales[mu]
           : memory.offsets != nullptr ? dot - memory.offsets[mu]
                                       : dot;
  }

  void point(size_t from, size_t count) {
    for (size_t r = 0; r < count; r++) rows[r] = memory.keys + (from + r) * memory.dimension;
  }

  /// Dot products of a tile made into logits, in place.
  void make_logits(double* values, size_t from, size_t count, double beta) const {
    if (memory.scales == nullptr && memory.offsets == nullptr) {
      for (size_t r = 0; r < count; r++) values[r] = beta * values[r];
      return;
    }
    for (size_t r = 0; r < count; r++) values[r] = beta * similarity(values[r], from + r);
  }

  /// Logits of all keys of a tile for all queries.
  void whole_tile(const Queries& queries, size_t from, size_t count) {
    point(from, count);
    dots_of_many(rows, count, queries.row, queries.count, memory.dimension, tile);
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
    round_weights(count, out);
    for (size_t r = count; r < padded8(count); r++) out.weight[r] = 0;
    Real8 sum = load8(partition);
    for (size_t r = 0; r < count; r += 8) sum = add8(sum, load8(out.weight + r));
    store8(partition, sum);
  }

  /// KeyWeights of those logits that are near enough to the largest, and their sum.
  void weigh_near(const double* values, const uint32_t* keys, size_t count, double reference, double reach,
                  double* partition, KeyWeights& out) const {
    const size_t near = keep_near(values, keys, count, reference, reach, out.weight, out.key);
    round_weights(near, out);
    for (size_t k = 0; k < near; k++) partition[out.key[k] % 8] += out.weight[k];
  }

  /// From logits less the reference to weights.
  static void round_weights(size_t count, KeyWeights& out) {
    for (size_t r = count; r < padded8(count); r++) out.weight[r] = 0;
    size_t r = 0;
    for (; r + 8 * kExps <= count; r += 8 * kExps) round_some<kExps>(out.weight + r);
    for (; r < count; r += 8) round_some<1>(out.weight + r);
    out.count = count;
  }

  template <size_t kCount>
  static inline void round_some(double* weight) {
    Real8 x[kCount];
    HOPFIELD_UNROLL(4)
    for (size_t n = 0; n < kCount; n++) x[n] = load8(weight + 8 * n);
    exps<kCount>(x);
    HOPFIELD_UNROLL(4)
    for (size_t n = 0; n < kCount; n++) store8(weight + 8 * n, rounded8(x[n]));
  }

  /// Reads the values of a tile by the weights of all queries.
  void read_tile(Queries& queries, size_t from, size_t count) {
    if (!read_out) return;
    size_t used = 0;
    for (size_t c = 0; c < queries.count; c++) used += weights[c].count;
    if (queries.count >= kQueriesTogether && 2 * used > queries.count * count) {
      read_all(queries, from, count);
      return;
    }
    for (size_t c = 0; c < queries.count; c++) read_some(weights[c], from, queries.sums + c * queries.width);
  }

  /// The values of a few keys by weight, in ascending order.
  void read_some(const KeyWeights& w, size_t from, double* sums) const {
    constexpr size_t kValues = 8;
    size_t k = 0;
    for (; k + kValues <= w.count; k += kValues) read_rows<kValues>(w, k, from, sums);
    for (; k + 2 <= w.count; k += 2) read_rows<2>(w, k, from, sums);
    for (; k < w.count; k++) read_rows<1>(w, k, from, sums);
  }

  template <size_t kValues>
  void read_rows(const KeyWeights& w, size_t k, size_t from, double* sums) const {
    const float* value[kValues];
    Real8 weight[kValues];
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kValues; r++) {
      value[r] = memory.values + (from + w.key[k + r]) * memory.width;
      weight[r] = broadcast8(w.weight[k + r]);
    }
    const size_t whole = memory.width / 8 * 8;
    for (size_t at = 0; at < whole; at += 8) {
      Real8 sum = load8(sums + at);
      HOPFIELD_UNROLL(8)
      for (size_t r = 0; r < kValues; r++) sum = fma8(widen8(value[r] + at), weight[r], sum);
      store8(sums + at, sum);
    }
    if (whole == memory.width) return;
    Real8 sum = load8(sums + whole);
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kValues; r++) {
      sum = fma8(widen_some(value[r] + whole, memory.width - whole), weight[r], sum);
    }
    store8(sums + whole, sum);
  }

  /// The values of a whole tile for all queries, with weights of zero where there are none. A few columns at
  /// a time are widened and laid side by side: rows whose length is a power of two would push one another out
  /// of the first-level cache.
  void read_all(Queries& queries, size_t from, size_t count) {
    for (size_t c = 0; c < queries.count; c++) {
      const KeyWeights& w = weights[c];
      spread[c] = w.weight;
      if (w.count == count) continue;
      double* to = tile + c * kTileKeys;
      spread[c] = to;
      for (size_t r = 0; r < kTileKeys; r++) to[r] = 0;
      for (size_t k = 0; k < w.count; k++) to[w.key[k]] = w.weight[k];
    }
    size_t at = 0;
    for (; at + 8 * kColumnsTogether <= memory.width; at += 8 * kColumnsTogether) {
      read_columns<kColumnsTogether>(queries, from, count, at);
    }
    for (; at < memory.width; at += 8) read_columns<1>(queries, from, count, at);
  }

  template <size_t kColumns>
  void read_columns(Queries& queries, size_t from, size_t count, size_t at) {
    const size_t left = memory.width - at;
    for (size_t r = 0; r < count; r++) {
      const float* value = memory.values + (from + r) * memory.width + at;
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) {
        const Real8 x = kColumns == 1 && left < 8 ? widen_some(value, left) : widen8(value + 8 * k);
        store8(columns + (r * kColumns + k) * 8, x);
      }
    }
    size_t c = 0;
    for (; c + kQueriesTogether <= queries.count; c += kQueriesTogether) {
      read_block<kColumns, kQueriesTogether>(queries, c, count, at);
    }
    for (; c < queries.count; c++) read_block<kColumns, 1>(queries, c, count, at);
  }

  template <size_t kColumns, size_t kSome>
  void read_block(Queries& queries, size_t c, size_t count, size_t at) const {
    Real8 sums[kSome][kColumns];
    HOPFIELD_UNROLL(8)
    for (size_t q = 0; q < kSome; q++) {
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) {
        sums[q][k] = load8(queries.sums + (c + q) * queries.width + at + 8 * k);
      }
    }
    for (size_t r = 0; r < count; r++) {
      Real8 x[kColumns];
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) x[k] = load8(columns + (r * kColumns + k) * 8);
      HOPFIELD_UNROLL(8)
      for (size_t q = 0; q < kSome; q++) {
        const Real8 weight = broadcast8(spread[c + q][r]);
        HOPFIELD_UNROLL(8)
        for (size_t k = 0; k < kColumns; k++) sums[q][k] = fma8(x[k], weight, sums[q][k]);
      }
    }
    HOPFIELD_UNROLL(8)
    for (size_t q = 0; q < kSome; q++) {
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) {
        store8(queries.sums + (c + q) * queries.width + at + 8 * k, sums[q][k]);
      }
    }
  }

  /// Everything within a known bound: nothing is cut and no largest logit is looked for.
  void together(Queries& queries) {
    for (size_t from = 0; from < memory.count; from += kTileKeys) {
      const size_t count = smaller(memory.count - from, kTileKeys);
      heed_flag();
      whole_tile(queries, from, count);
      for (size_t c = 0; c < queries.count; c++) {
        weigh_all(tile + c * kTileKeys, count, queries.reference[c], queries.partition + 8 * c, weights[c]);
      }
      read_tile(queries, from, count);
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
    potentials[2 * b + 1] = soft ? partition : 1;
    if (out == nullptr) continue;
    const double* sums = queries.sums + c * queries.width;
    for (size_t k = 0; k < memory.width; k++)
      out[b * memory.width + k] = static_cast<float>(sums[k] / partition);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_READ_OUT_H_
