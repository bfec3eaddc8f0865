// One association of many queries with the keys, the mirror of src/kernels/reference/retrieval.ts. Three
// ways that give the same bits:
//   together  every logit lies close to a bound known beforehand: one pass, keys read once for scores and
//   read-out; screened  coarse copies of the keys say where the largest logit may be and which keys can weigh
//   anything; kept      neither holds: logits are kept for a few queries at a time, and keys are read twice.
// Weights of zero are left out or multiplied, whichever is faster: sums that begin at +0 never become −0.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_H_
#define HOPFIELD_KERNELS_RETRIEVAL_H_

#include "kernels/keys.h"
#include "kernels/real.h"
#include "kernels/screen.h"
#include "kernels/separators.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

constexpr double kSoftmaxCut = 44.3614195558365, kSoftmaxSpread = 44;
/// Queries that share a pass over the keys: what is kept of them stays in the level-2 cache.
constexpr size_t kMostQueries = 256, kQueryBytes = 512 << 10;
constexpr size_t kKeptBytes = 16 << 20;

/// β as this query has it, and between which numbers its logits lie.
struct QueryFacts {
  double norm, beta, most, least;

  QueryFacts() = default;
  QueryFacts(const RetrievalPlan& plan, double largest, double of_norm) : norm(of_norm), beta(plan.beta) {
    if (plan.similarity == Similarity::kCosine) {
      beta = norm == 0 ? 0 : plan.beta / norm;
      most = plan.beta;
      least = -plan.beta;
    } else if (plan.similarity == Similarity::kEuclidean) {
      most = plan.beta * (norm * norm * 0.5);
      least = -(plan.beta * (norm * largest + largest * largest * 0.5));
    } else {
      most = plan.beta * (norm * largest);
      least = -most;
    }
  }
};

/// Whether no weight of softmax can be cut.
static inline bool is_soft(const RetrievalPlan& plan, const QueryFacts& facts) {
  return plan.separator == Separator::kSoftmax && facts.most - facts.least <= kSoftmaxSpread;
}

/// Queries of one pass, and what has come of them so far.
struct Queries {
  size_t count = 0;
  size_t room;
  size_t* which;
  double* rows;  ///< room × padded8(d)
  const double** row;
  QueryFacts* facts;
  double* reference;  ///< l*
  double* partition;  ///< room × 8
  double* sums;       ///< room × padded8(e)
  size_t length, width;

  Queries(const KeyMemory& memory, size_t most, Workspace& workspace)
      : length(padded8(memory.dimension)), width(padded8(memory.width)) {
    const size_t bytes = (length + width) * sizeof(double);
    room = kQueryBytes / bytes;
    room = room < 1 ? 1 : room > kMostQueries ? kMostQueries : room;
    room = room > most ? most : room;
    which = workspace.take<size_t>(room);
    rows = workspace.take<double>(room * length);
    row = workspace.take<const double*>(room);
    facts = workspace.take<QueryFacts>(room);
    reference = workspace.take<double>(room);
    partition = workspace.take<double>(room * 8);
    sums = workspace.take<double>(room * width);
    for (size_t c = 0; c < room; c++) row[c] = rows + c * length;
  }

  void clear() {
    count = 0;
    memset(partition, 0, room * 8 * sizeof(double));
    memset(sums, 0, room * width * sizeof(double));
  }
  bool full() const { return count == room; }
  void add(size_t b, const float* query, size_t dimension, const QueryFacts& of) {
    which[count] = b;
    widen_row(query, dimension, rows + count * length);
    facts[count] = of;
    reference[count] = of.most;
    count++;
  }
};

/// From so many on, one or the other wants nearly every key of a stretch.
constexpr size_t kManyQueries = 16;
/// Keys that are looked at before their values are read: they stay in the level-2 cache until then.
constexpr size_t kStretchBytes = 256 << 10, kMostStretch = 1024;

/// Weights of one query, those that are not zero, in ascending order of their keys.
struct Weights {
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
  Weights* weights;       ///< one a query, of a tile
  Weights few;            ///< of one query, of a stretch
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
        weights(scratch.take<Weights>(queries)),
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
      make_logits(tile + c * kTileKeys, from, count, queries.facts[c].beta);
  }

  /// Weights of a tile's logits, all of which count, and their sum.
  void weigh_all(const double* values, size_t count, double reference, double* partition,
                 Weights& out) const {
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

  /// Weights of those logits that are near enough to the largest, and their sum.
  void weigh_near(const double* values, const uint32_t* keys, size_t count, double reference,
                  double* partition, Weights& out) const {
    const size_t near = keep_near(values, keys, count, reference, kSoftmaxCut, out.weight, out.key);
    round_weights(near, out);
    for (size_t k = 0; k < near; k++) partition[out.key[k] % 8] += out.weight[k];
  }

  /// From logits less the reference to weights.
  static void round_weights(size_t count, Weights& out) {
    for (size_t r = count; r < padded8(count); r++) out.weight[r] = 0;
    size_t r = 0;
    for (; r + 8 * kExps <= count; r += 8 * kExps) round_some<kExps>(out.weight + r);
    for (; r < count; r += 8) round_some<1>(out.weight + r);
    out.count = count;
  }

  template <size_t kCount>
  static inline void round_some(double* weight) {
    Real8 x[kCount];
#pragma GCC unroll 4
    for (size_t n = 0; n < kCount; n++) x[n] = load8(weight + 8 * n);
    exps<kCount>(x);
#pragma GCC unroll 4
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
  void read_some(const Weights& w, size_t from, double* sums) const {
    constexpr size_t kValues = 8;
    size_t k = 0;
    for (; k + kValues <= w.count; k += kValues) read_rows<kValues>(w, k, from, sums);
    for (; k + 2 <= w.count; k += 2) read_rows<2>(w, k, from, sums);
    for (; k < w.count; k++) read_rows<1>(w, k, from, sums);
  }

  template <size_t kValues>
  void read_rows(const Weights& w, size_t k, size_t from, double* sums) const {
    const float* value[kValues];
    Real8 weight[kValues];
#pragma GCC unroll 8
    for (size_t r = 0; r < kValues; r++) {
      value[r] = memory.values + (from + w.key[k + r]) * memory.width;
      weight[r] = broadcast8(w.weight[k + r]);
    }
    const size_t whole = memory.width / 8 * 8;
    for (size_t at = 0; at < whole; at += 8) {
      Real8 sum = load8(sums + at);
#pragma GCC unroll 8
      for (size_t r = 0; r < kValues; r++) sum = fma8(widen8(value[r] + at), weight[r], sum);
      store8(sums + at, sum);
    }
    if (whole == memory.width) return;
    Real8 sum = load8(sums + whole);
#pragma GCC unroll 8
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
      const Weights& w = weights[c];
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
#pragma GCC unroll 8
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
#pragma GCC unroll 8
    for (size_t q = 0; q < kSome; q++) {
#pragma GCC unroll 8
      for (size_t k = 0; k < kColumns; k++) {
        sums[q][k] = load8(queries.sums + (c + q) * queries.width + at + 8 * k);
      }
    }
    for (size_t r = 0; r < count; r++) {
      Real8 x[kColumns];
#pragma GCC unroll 8
      for (size_t k = 0; k < kColumns; k++) x[k] = load8(columns + (r * kColumns + k) * 8);
#pragma GCC unroll 8
      for (size_t q = 0; q < kSome; q++) {
        const Real8 weight = broadcast8(spread[c + q][r]);
#pragma GCC unroll 8
        for (size_t k = 0; k < kColumns; k++) sums[q][k] = fma8(x[k], weight, sums[q][k]);
      }
    }
#pragma GCC unroll 8
    for (size_t q = 0; q < kSome; q++) {
#pragma GCC unroll 8
      for (size_t k = 0; k < kColumns; k++) {
        store8(queries.sums + (c + q) * queries.width + at + 8 * k, sums[q][k]);
      }
    }
  }

  /// Everything within a known bound: nothing is cut and no largest logit is looked for.
  void together(Queries& queries) {
    for (size_t from = 0; from < memory.count; from += kTileKeys) {
      const size_t count = memory.count - from < kTileKeys ? memory.count - from : kTileKeys;
      whole_tile(queries, from, count);
      for (size_t c = 0; c < queries.count; c++) {
        weigh_all(tile + c * kTileKeys, count, queries.reference[c], queries.partition + 8 * c, weights[c]);
      }
      read_tile(queries, from, count);
    }
  }
};

/// Results of a pass to where they belong.
static void hand_out(const KeyMemory& memory, const Queries& queries, bool soft, float* out,
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

/// Logits of one query within reach of the largest, in ascending order of their keys: what separators with
/// exact zeros look at.
struct NearLogits {
  size_t count = 0;
  uint32_t* key;
  double* logit;

  void add(double value, size_t mu, double reference, double reach) {
    if (!(value - reference >= -reach)) return;
    key[count] = static_cast<uint32_t>(mu);
    logit[count++] = value;
  }
};

static inline double reach_of(Separator separator) {
  return separator == Separator::kSparsemax ? 1 : separator == Separator::kEntmax15 ? 2 : kSoftmaxCut;
}

/// Where the logits of a pass go once they are known: into weights at once, or to the near ones.
struct Sink {
  Association& association;
  Queries& queries;
  NearLogits* near;  ///< one a query, or null: softmax

  /// Logits of some keys of a stretch for one query.
  void take(size_t c, size_t from, const double* values, const uint32_t* keys, size_t count) const {
    if (near == nullptr) {
      association.weigh_near(values, keys, count, queries.reference[c], queries.partition + 8 * c,
                             association.few);
      if (association.read_out)
        association.read_some(association.few, from, queries.sums + c * queries.width);
      return;
    }
    const double reach = reach_of(association.plan.separator);
    for (size_t k = 0; k < count; k++) near[c].add(values[k], from + keys[k], queries.reference[c], reach);
  }

  /// Logits of a whole tile for all queries, `stride` apart.
  void take_tile(size_t from, size_t count, const double* values, size_t stride) const {
    if (near != nullptr) {
      for (size_t c = 0; c < queries.count; c++) take(c, from, values + c * stride, association.every, count);
      return;
    }
    for (size_t c = 0; c < queries.count; c++) {
      association.weigh_near(values + c * stride, association.every, count, queries.reference[c],
                             queries.partition + 8 * c, association.weights[c]);
    }
    association.read_tile(queries, from, count);
  }

  /// What softmax has done tile by tile, for the others: thresholds need all near logits first.
  void finish(Workspace& workspace) const {
    if (near == nullptr) return;
    for (size_t c = 0; c < queries.count; c++) {
      const NearLogits& own = near[c];
      double* sorted = workspace.take<double>(own.count);
      float* weight = workspace.take<float>(own.count);
      queries.reference[c] =
          separate(association.plan.separator, own.logit, own.count, queries.reference[c], sorted, weight);
      Weights& w = association.weights[c];
      for (size_t k = 0; k < own.count;) {
        const size_t from = own.key[k] / kTileKeys * kTileKeys;
        w.count = 0;
        for (; k < own.count && own.key[k] < from + kTileKeys; k++) {
          if (weight[k] == 0) continue;
          w.key[w.count] = static_cast<uint32_t>(own.key[k] - from);
          w.weight[w.count++] = weight[k];
          queries.partition[8 * c + own.key[k] % 8] += weight[k];
        }
        if (association.read_out) association.read_some(w, from, queries.sums + c * queries.width);
      }
    }
  }
};

/// Logits are kept, the largest is found, and then all of it is read again.
static void associate_kept(Association& association, Queries& queries, const Sink& sink, const uint8_t* mask,
                           double* kept) {
  const KeyMemory& memory = association.memory;
  bool* bound = association.workspace.take<bool>(queries.count);
  for (size_t c = 0; c < queries.count; c++) {
    // Close logits are weighed against their bound with a mask too; then none lies below the cut.
    bound[c] = is_soft(association.plan, queries.facts[c]);
    queries.reference[c] = bound[c] ? queries.facts[c].most : -HUGE_VAL;
  }
  for (size_t from = 0; from < memory.count; from += kTileKeys) {
    const size_t count = memory.count - from < kTileKeys ? memory.count - from : kTileKeys;
    association.whole_tile(queries, from, count);
    for (size_t c = 0; c < queries.count; c++) {
      const uint8_t* seen = mask == nullptr ? nullptr : mask + queries.which[c] * memory.count + from;
      double* to = kept + c * memory.count + from;
      for (size_t r = 0; r < count; r++) {
        to[r] = seen == nullptr || seen[r] != 0 ? association.tile[c * kTileKeys + r] : -HUGE_VAL;
        if (!bound[c] && to[r] > queries.reference[c]) queries.reference[c] = to[r];
      }
    }
  }
  for (size_t from = 0; from < memory.count; from += kTileKeys) {
    const size_t count = memory.count - from < kTileKeys ? memory.count - from : kTileKeys;
    sink.take_tile(from, count, kept + from, memory.count);
  }
}

/// Whether coarse similarities of this query fit f32, and there are enough to be worth a look.
static inline bool can_screen(const KeyMemory& memory, const QueryFacts& facts) {
  const double largest = memory.scales != nullptr ? 1 : memory.largest_norm;
  const double size = facts.norm * largest;
  const double offset = memory.offsets != nullptr ? largest * largest : 0;
  return memory.quantized_keys != nullptr && memory.count >= 4 * kTileKeys && size >= 1e-25 && size <= 1e30 &&
         offset <= 1e30 && facts.norm >= 1e-25 && memory.largest_norm >= 1e-25;
}

/// The screened way; see screen.h.
struct Screened {
  Association& association;
  const KeyMemory& memory;
  Queries& queries;
  const Sink& sink;
  Screen screen;
  size_t tiles, tail, tail_from;
  ScreenedQuery* query;
  int8_t* codes;
  float* upper;         ///< what no similarity of a tile to a query exceeds: tiles × room
  uint64_t* candidate;  ///< bits of the keys of a tile that may weigh anything: tiles × room
  size_t* settled;      ///< from which tile on `lower` was what it is
  double* best;         ///< the largest similarity known, exact
  double* lower;        ///< what the largest similarity is at least
  double* margin;       ///< how far below the largest similarity a key may lie
  double* tails;        ///< similarities of the keys behind the last whole tile
  float* coarse;
  size_t stretch;  ///< tiles of a stretch

  uint32_t* keys;  ///< of a stretch, from its first on
  double* values;

  Screened(Association& of, Queries& by, const Sink& to, Workspace& workspace)
      : association(of),
        memory(of.memory),
        queries(by),
        sink(to),
        screen(memory.dimension),
        tiles(memory.count / kTileKeys),
        tail(memory.count % kTileKeys),
        tail_from(tiles * kTileKeys),
        query(workspace.take<ScreenedQuery>(by.room)),
        codes(workspace.take<int8_t>(by.room * screen.groups * 4)),
        upper(workspace.take<float>(by.room * tiles)),
        candidate(workspace.take<uint64_t>(by.room * tiles)),
        settled(workspace.take<size_t>(by.room)),
        best(workspace.take<double>(by.room)),
        lower(workspace.take<double>(by.room)),
        margin(workspace.take<double>(by.room)),
        tails(workspace.take<double>(by.room * kTileKeys)),
        coarse(workspace.take<float>(kScreenTogether * kTileKeys)),
        stretch(stretch_of(of.memory)),

        keys(workspace.take<uint32_t>(kMostStretch + 16)),

        values(workspace.take<double>(kMostStretch)) {}

  static size_t stretch_of(const KeyMemory& memory) {
    const size_t tiles = kStretchBytes / (kTileKeys * memory.dimension * sizeof(float));
    return tiles < 1 ? 1 : tiles > kMostStretch / kTileKeys ? kMostStretch / kTileKeys : tiles;
  }

  ScreenTile tile(size_t t) const { return ScreenTile(screen, memory.quantized_keys, t); }

  void run(const float* all) {
    for (size_t c = 0; c < queries.count; c++) {
      query[c] = screened(all + queries.which[c] * memory.dimension, memory.dimension, queries.facts[c].norm,
                          codes + c * screen.groups * 4);
      margin[c] = margin_of(queries.facts[c]);
    }
    look_at_tail();
    look();
    for (size_t t = 0; t < tiles; t++) find_largest(t);
    for (size_t c = 0; c < queries.count; c++) queries.reference[c] = queries.facts[c].beta * best[c];
    for (size_t t = 0; t < tiles; t++) look_again(t);
    gather();
  }

  void look_at_tail() {
    association.point(tail_from, tail);
    dots_of_many(association.rows, tail, queries.row, queries.count, memory.dimension, tails);
    for (size_t c = 0; c < queries.count; c++) {
      best[c] = -HUGE_VAL;
      for (size_t r = 0; r < tail; r++) {
        double& s = tails[c * kTileKeys + r];
        s = association.similarity(s, tail_from + r);
        if (s > best[c]) best[c] = s;
      }
      lower[c] = best[c];
      settled[c] = 0;
    }
  }

  /// A little more than the reach of weights: logits are rounded.
  double margin_of(const QueryFacts& facts) const {
    const double size = facts.norm * (memory.scales != nullptr ? 1 : memory.largest_norm);
    const double square = memory.offsets != nullptr ? memory.largest_norm * memory.largest_norm : 0;
    return reach_of(association.plan.separator) / facts.beta * (1 + 1e-9) + 1e-13 * (size + square);
  }

  void look() {
    for (size_t t = 0; t < tiles; t++) {
      const ScreenTile at = tile(t);
      size_t c = 0;
      for (; c + kScreenTogether <= queries.count; c += kScreenTogether) look_at<kScreenTogether>(at, t, c);
      for (; c < queries.count; c++) look_at<1>(at, t, c);
    }
  }

  template <size_t kCount>
  void look_at(const ScreenTile& at, size_t t, size_t c) {
    similarities<kCount>(screen, at, query + c, coarse);
    for (size_t k = c; k < c + kCount; k++) {
      const float* own = coarse + (k - c) * kTileKeys;
      const double error = query[k].error(at);
      const float top = largest64(own);
      upper[t * queries.room + k] = -rounded_down(-(top + error));
      if (top - error > lower[k]) {
        lower[k] = top - error;
        settled[k] = t;
      }
      candidate[t * queries.room + k] = at_least64(own, rounded_down(lower[k] - margin[k] - error));
    }
  }

  static float rounded_down(double x) {
    const float f = static_cast<float>(x);
    return f - fabsf(f) * 0x1p-22f;
  }

  /// Keys of tile t whose similarity may be `least` or more.
  uint64_t reaching(size_t c, size_t t, double least) {
    if (upper[t * queries.room + c] < least) return 0;
    const ScreenTile at = tile(t);
    similarities<1>(screen, at, query + c, coarse);
    return at_least64(coarse, rounded_down(least - query[c].error(at)));
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
    dots_of_keys(rows, memory.dimension, keys, found, queries.row[c], values);
    if (memory.scales == nullptr && memory.offsets == nullptr) return found;
    for (size_t k = 0; k < found; k++) values[k] = association.similarity(values[k], first + keys[k]);
    return found;
  }

  /// The largest similarity is that of a key whose coarse one, error included, is no less than any other's
  /// less its own.
  void find_largest(size_t t) {
    for (size_t c = 0; c < queries.count; c++) {
      const double least = lower[c] > best[c] ? lower[c] : best[c];
      const uint64_t which = reaching(c, t, least);
      const size_t count = which == 0 ? 0 : exact(c, t, &which, 0, 1);
      for (size_t k = 0; k < count; k++) best[c] = values[k] > best[c] ? values[k] : best[c];
    }
  }

  /// Where a query was looked at before its largest similarity was known, a tile has too many candidates.
  void look_again(size_t t) {
    constexpr int kFew = 3;
    for (size_t c = 0; c < queries.count; c++) {
      uint64_t& which = candidate[t * queries.room + c];
      if (t < settled[c] && count_ones(which) > kFew) which = reaching(c, t, best[c] - margin[c]);
    }
  }

  /// What may weigh anything, stretch by stretch: exactly.
  void gather() {
    for (size_t from = 0; from < tiles; from += stretch) {
      gather_from(from, tiles - from < stretch ? tiles - from : stretch);
    }
    for (size_t c = 0; c < queries.count; c++) {
      for (size_t r = 0; r < tail; r++) tails[c * kTileKeys + r] *= queries.facts[c].beta;
    }
    sink.take_tile(tail_from, tail, tails, kTileKeys);
  }

  void gather_from(size_t from, size_t count) {
    size_t found = 0;
    for (size_t t = from; t < from + count; t++) {
      for (size_t c = 0; c < queries.count; c++) {
        found += static_cast<size_t>(count_ones(candidate[t * queries.room + c]));
      }
    }
    if (found == 0) return;
    if (queries.count >= kManyQueries)
      prefetch_row(memory.keys + from * kTileKeys * memory.dimension, count * kTileKeys * memory.dimension);
    if (queries.count >= kQueriesTogether && 2 * found > queries.count * count * kTileKeys) {
      for (size_t t = from; t < from + count; t++) {
        association.whole_tile(queries, t * kTileKeys, kTileKeys);
        sink.take_tile(t * kTileKeys, kTileKeys, association.tile, kTileKeys);
      }
      return;
    }
    for (size_t c = 0; c < queries.count; c++) {
      const size_t some = exact(c, from, candidate + from * queries.room + c, queries.room, count);
      for (size_t k = 0; k < some; k++) values[k] = queries.facts[c].beta * values[k];
      sink.take(c, from * kTileKeys, values, keys, some);
    }
  }
};

enum class Way { kTogether, kScreened, kKept };

static inline Way way_of(const KeyMemory& memory, const RetrievalPlan& plan, const QueryFacts& facts,
                         bool masked) {
  if (masked) return Way::kKept;
  if (is_soft(plan, facts)) return Way::kTogether;
  return can_screen(memory, facts) ? Way::kScreened : Way::kKept;
}

/// How many queries of this way share a pass, so that what is kept of them stays within bounds.
static inline size_t queries_of(const KeyMemory& memory, const RetrievalPlan& plan, Way way, size_t count) {
  const size_t tiles = memory.count / kTileKeys;
  size_t bytes = way == Way::kKept       ? memory.count * sizeof(double)
                 : way == Way::kScreened ? tiles * (sizeof(uint64_t) + sizeof(float))
                                         : 0;
  if (plan.separator != Separator::kSoftmax) bytes += memory.count * (sizeof(double) + sizeof(uint32_t)) * 2;
  const size_t most = bytes == 0 ? kMostQueries : kKeptBytes / bytes;
  return most < 1 ? 1 : most < count ? most : count;
}

static void retrieve_so(const KeyMemory& memory, const RetrievalPlan& plan, const float* rows, size_t count,
                        const QueryFacts* facts, Way way, const uint8_t* mask, float* out,
                        double* potentials) {
  size_t own = 0;
  for (size_t b = 0; b < count; b++) own += way_of(memory, plan, facts[b], mask != nullptr) == way;
  if (own == 0) return;
  Workspace workspace;
  const bool softmax = plan.separator == Separator::kSoftmax;
  Queries queries(memory, queries_of(memory, plan, way, own), workspace);
  Association association(memory, plan, out != nullptr, queries.room, workspace);
  NearLogits* near = softmax ? nullptr : workspace.take<NearLogits>(queries.room);
  for (size_t c = 0; near != nullptr && c < queries.room; c++) {
    near[c].key = workspace.take<uint32_t>(memory.count);
    near[c].logit = workspace.take<double>(memory.count);
  }
  double* kept = way == Way::kKept ? workspace.take<double>(queries.room * memory.count) : nullptr;
  const Sink sink{association, queries, near};
  for (size_t b = 0; b < count;) {
    queries.clear();
    for (; b < count && !queries.full(); b++) {
      if (way_of(memory, plan, facts[b], mask != nullptr) != way) continue;
      queries.add(b, rows + b * memory.dimension, memory.dimension, facts[b]);
    }
    if (queries.count == 0) break;
    for (size_t c = 0; near != nullptr && c < queries.count; c++) near[c].count = 0;
    Workspace pass;
    if (way == Way::kTogether) {
      association.together(queries);
    } else if (way == Way::kScreened) {
      Screened(association, queries, sink, pass).run(rows);
    } else {
      associate_kept(association, queries, sink, mask, kept);
    }
    sink.finish(pass);
    hand_out(memory, queries, softmax, out, potentials);
  }
}

static void retrieve(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries, size_t count,
                     const uint8_t* mask, float* out, double* potentials) {
  Workspace workspace;
  QueryFacts* facts = workspace.take<QueryFacts>(count);
  double* norms = workspace.take<double>(count);
  key_norms(queries, count, memory.dimension, norms);
  for (size_t b = 0; b < count; b++) facts[b] = QueryFacts(plan, memory.largest_norm, norms[b]);
  constexpr Way kWays[] = {Way::kTogether, Way::kScreened, Way::kKept};
  for (const Way way : kWays) {
    retrieve_so(memory, plan, queries, count, facts, way, mask, out, potentials);
  }
}

static void logits(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries, size_t count,
                   double* out) {
  Workspace workspace;
  Queries some(memory, count, workspace);
  Association association(memory, plan, false, some.room, workspace);
  double* norms = workspace.take<double>(count);
  key_norms(queries, count, memory.dimension, norms);
  for (size_t b = 0; b < count;) {
    some.clear();
    for (; b < count && !some.full(); b++) {
      some.add(b, queries + b * memory.dimension, memory.dimension,
               QueryFacts(plan, memory.largest_norm, norms[b]));
    }
    for (size_t from = 0; from < memory.count; from += kTileKeys) {
      const size_t keys = memory.count - from < kTileKeys ? memory.count - from : kTileKeys;
      association.whole_tile(some, from, keys);
      for (size_t c = 0; c < some.count; c++) {
        memcpy(out + some.which[c] * memory.count + from, association.tile + c * kTileKeys,
               keys * sizeof(double));
      }
    }
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_H_
