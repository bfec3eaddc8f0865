// Included inside a tier's own namespace and target region; see tiers/*.cc. No includes here.
//
// One association of many queries with the keys, the mirror of src/kernels/typescript/retrieval.ts. Three
// ways that give the same bits:
//   together  every logit lies close to a bound known beforehand: one pass, keys read once for scores and
//   read-out; screened  coarse copies of the keys say where the largest logit may be and which keys can weigh
//   anything; kept      neither holds: logits are kept for a few queries at a time, and keys are read twice.
// Weights of zero are left out or multiplied, whichever is faster: sums that begin at +0 never become −0.

constexpr double kSoftmaxCut = 44.3614195558365, kSoftmaxSpread = 44;
/// Queries that share a pass over the keys.
constexpr size_t kMostQueries = 64;
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
    room = (size_t{4} << 20) / bytes;
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

/// Weights of one tile for one query: those that are not zero, in ascending order.
struct TileWeights {
  size_t count;
  uint8_t key[kTileKeys];
  alignas(64) double weight[kTileKeys];  ///< of key[k], as f32 rounded it
};

struct Association {
  const KeyMemory& memory;
  const RetrievalPlan& plan;
  const bool read_out;
  Workspace& workspace;
  double* tile;          ///< kMostQueries × kTileKeys logits
  TileWeights* weights;  ///< kMostQueries
  const float* rows[kTileKeys];

  Association(const KeyMemory& of, const RetrievalPlan& by, bool wanted, size_t queries, Workspace& scratch)
      : memory(of),
        plan(by),
        read_out(wanted),
        workspace(scratch),
        tile(scratch.take<double>((queries < kMostQueries ? queries : kMostQueries) * kTileKeys)),
        weights(scratch.take<TileWeights>(queries < kMostQueries ? queries : kMostQueries)) {}

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

  /// Weights of logits, all of which count.
  static void weigh_all(const double* values, size_t count, double reference, TileWeights& out) {
    alignas(64) double below[kTileKeys];
    for (size_t r = 0; r < count; r++) below[r] = values[r] - reference;
    for (size_t r = count; r < padded8(count); r++) below[r] = 0;
    for (size_t r = 0; r < count; r++) out.key[r] = static_cast<uint8_t>(r);
    rounded_weights(below, count, out);
  }

  /// Weights of those logits that are near enough to the largest.
  static void weigh_near(const double* values, const uint8_t* keys, size_t count, double reference,
                         TileWeights& out) {
    alignas(64) double below[kTileKeys + 8];
    size_t near = 0;
    for (size_t k = 0; k < count; k++) {
      const double d = values[k] - reference;
      below[near] = d;
      out.key[near] = keys[k];
      near += !(d < -kSoftmaxCut);
    }
    for (size_t r = near; r < padded8(near); r++) below[r] = 0;
    rounded_weights(below, near, out);
  }

  static void rounded_weights(const double* below, size_t count, TileWeights& out) {
    float narrow[8];
    for (size_t r = 0; r < count; r += 8) {
      narrow8(narrow, exp8(load8(below + r)));
      store8(out.weight + r, widen8(narrow));
    }
    out.count = count;
  }

  /// Adds a tile's weights to what the queries have so far.
  void add(Queries& queries, size_t from, size_t count) {
    size_t used = 0;
    for (size_t c = 0; c < queries.count; c++) {
      const TileWeights& w = weights[c];
      double* partition = queries.partition + 8 * c;
      for (size_t k = 0; k < w.count; k++) partition[w.key[k] % 8] += w.weight[k];
      used += w.count;
    }
    if (!read_out) return;
    if (queries.count >= kQueriesTogether && 2 * used > queries.count * count) {
      read_all(queries, from, count);
      return;
    }
    for (size_t c = 0; c < queries.count; c++) read_some(weights[c], from, queries.sums + c * queries.width);
  }

  /// The values of a few keys by weight, in ascending order.
  void read_some(const TileWeights& w, size_t from, double* sums) const {
    constexpr size_t kValues = 8;
    size_t k = 0;
    for (; k + kValues <= w.count; k += kValues) read_rows<kValues>(w, k, from, sums);
    for (; k + 2 <= w.count; k += 2) read_rows<2>(w, k, from, sums);
    for (; k < w.count; k++) read_rows<1>(w, k, from, sums);
  }

  template <size_t kValues>
  void read_rows(const TileWeights& w, size_t k, size_t from, double* sums) const {
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

  /// The values of a whole tile for all queries, with weights of zero where there are none.
  void read_all(Queries& queries, size_t from, size_t count) {
    double* spread = tile;
    for (size_t c = 0; c < queries.count; c++) {
      const TileWeights& w = weights[c];
      double* to = spread + c * kTileKeys;
      for (size_t r = 0; r < kTileKeys; r++) to[r] = 0;
      for (size_t k = 0; k < w.count; k++) to[w.key[k]] = w.weight[k];
    }
    size_t at = 0;
    for (; at + 8 * kColumnsTogether <= memory.width; at += 8 * kColumnsTogether) {
      size_t c = 0;
      for (; c + kQueriesTogether <= queries.count; c += kQueriesTogether) {
        read_block<kColumnsTogether, kQueriesTogether>(queries, spread, c, from, count, at);
      }
      for (; c < queries.count; c++) read_block<kColumnsTogether, 1>(queries, spread, c, from, count, at);
    }
    for (; at < memory.width; at += 8) {
      for (size_t c = 0; c < queries.count; c++) read_block<1, 1>(queries, spread, c, from, count, at);
    }
  }

  template <size_t kColumns, size_t kSome>
  void read_block(Queries& queries, const double* spread, size_t c, size_t from, size_t count,
                  size_t at) const {
    Real8 sums[kSome][kColumns];
#pragma GCC unroll 8
    for (size_t q = 0; q < kSome; q++) {
#pragma GCC unroll 8
      for (size_t k = 0; k < kColumns; k++)
        sums[q][k] = load8(queries.sums + (c + q) * queries.width + at + 8 * k);
    }
    const size_t left = memory.width - at;
    for (size_t r = 0; r < count; r++) {
      const float* value = memory.values + (from + r) * memory.width + at;
      Real8 x[kColumns];
#pragma GCC unroll 8
      for (size_t k = 0; k < kColumns; k++)
        x[k] = kColumns == 1 && left < 8 ? widen_some(value, left) : widen8(value + 8 * k);
#pragma GCC unroll 8
      for (size_t q = 0; q < kSome; q++) {
        const Real8 weight = broadcast8(spread[(c + q) * kTileKeys + r]);
#pragma GCC unroll 8
        for (size_t k = 0; k < kColumns; k++) sums[q][k] = fma8(x[k], weight, sums[q][k]);
      }
    }
#pragma GCC unroll 8
    for (size_t q = 0; q < kSome; q++) {
#pragma GCC unroll 8
      for (size_t k = 0; k < kColumns; k++)
        store8(queries.sums + (c + q) * queries.width + at + 8 * k, sums[q][k]);
    }
  }

  /// Everything within a known bound: nothing is cut and no largest logit is looked for.
  void together(Queries& queries) {
    for (size_t from = 0; from < memory.count; from += kTileKeys) {
      const size_t count = memory.count - from < kTileKeys ? memory.count - from : kTileKeys;
      whole_tile(queries, from, count);
      for (size_t c = 0; c < queries.count; c++) {
        weigh_all(tile + c * kTileKeys, count, queries.reference[c], weights[c]);
      }
      add(queries, from, count);
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

  void take(size_t c, size_t from, const double* values, const uint8_t* keys, size_t count) const {
    if (near == nullptr) {
      Association::weigh_near(values, keys, count, queries.reference[c], association.weights[c]);
      return;
    }
    const double reach = reach_of(association.plan.separator);
    for (size_t k = 0; k < count; k++) near[c].add(values[k], from + keys[k], queries.reference[c], reach);
  }

  void tile_is_done(size_t from, size_t count) const {
    if (near == nullptr) association.add(queries, from, count);
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
      TileWeights& w = association.weights[c];
      for (size_t k = 0; k < own.count;) {
        const size_t from = own.key[k] / kTileKeys * kTileKeys;
        w.count = 0;
        for (; k < own.count && own.key[k] < from + kTileKeys; k++) {
          if (weight[k] == 0) continue;
          w.key[w.count] = static_cast<uint8_t>(own.key[k] - from);
          w.weight[w.count++] = weight[k];
          queries.partition[8 * c + own.key[k] % 8] += weight[k];
        }
        if (association.read_out) association.read_some(w, from, queries.sums + c * queries.width);
      }
    }
  }
};

constexpr uint8_t kEveryKey[kTileKeys] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                          16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                          32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                          48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

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
    for (size_t c = 0; c < queries.count; c++) {
      sink.take(c, from, kept + c * memory.count + from, kEveryKey, count);
    }
    sink.tile_is_done(from, count);
  }
}

/// Whether coarse similarities of this query fit f32, and there are enough to be worth a look.
static inline bool can_screen(const KeyMemory& memory, const QueryFacts& facts) {
  const double largest = memory.scales != nullptr ? 1 : memory.largest_norm;
  const double size = facts.norm * largest;
  const double offset = memory.offsets != nullptr ? largest * largest : 0;
  return memory.screen != nullptr && memory.count >= 4 * kTileKeys && size >= 1e-25 && size <= 1e30 &&
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
  float* most;    ///< of each tile for each query: count × tiles
  double* best;   ///< the largest similarity known, exact
  double* lower;  ///< what the largest similarity is at least
  double* tails;  ///< similarities of the keys behind the last whole tile
  float* coarse;

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
        most(workspace.take<float>(by.room * tiles)),
        best(workspace.take<double>(by.room)),
        lower(workspace.take<double>(by.room)),
        tails(workspace.take<double>(by.room * kTileKeys)),
        coarse(workspace.take<float>(kScreenTogether * kTileKeys)) {}

  ScreenTile tile(size_t t) const { return ScreenTile(screen, memory.screen, t); }

  void run(const float* rows) {
    for (size_t c = 0; c < queries.count; c++) {
      query[c] = screened(rows + queries.which[c] * memory.dimension, memory.dimension, queries.facts[c].norm,
                          codes + c * screen.groups * 4);
    }
    look_at_tail();
    look();
    for (size_t c = 0; c < queries.count; c++) {
      find_largest(c);
      queries.reference[c] = queries.facts[c].beta * best[c];
    }
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
    }
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
    for (size_t k = 0; k < kCount; k++) {
      const float top = largest(coarse + k * kTileKeys, kTileKeys);
      most[(c + k) * tiles + t] = top;
      const double least = top - query[c + k].error(at);
      if (least > lower[c + k]) lower[c + k] = least;
    }
  }

  /// Keys of tile t whose similarity may be `least` or more.
  uint64_t candidates(size_t c, size_t t, double least) {
    const ScreenTile at = tile(t);
    const double error = query[c].error(at);
    if (most[c * tiles + t] + error < least) return 0;
    similarities<1>(screen, at, query + c, coarse);
    const float bound = static_cast<float>(least - error);
    return at_least(coarse, bound - fabsf(bound) * 0x1p-22f);
  }

  /// Exact dot products of some keys of tile t, and which they were.
  size_t exact(size_t c, size_t t, uint64_t which, uint8_t* keys, double* out) {
    const float* rows[kTileKeys];
    size_t count = 0;
    for (; which != 0; which &= which - 1) {
      const size_t r = static_cast<size_t>(count_ones((which & (0 - which)) - 1));
      keys[count] = static_cast<uint8_t>(r);
      rows[count++] = memory.keys + (t * kTileKeys + r) * memory.dimension;
    }
    dots_of_one(rows, count, queries.row[c], memory.dimension, out);
    for (size_t k = 0; k < count; k++) out[k] = association.similarity(out[k], t * kTileKeys + keys[k]);
    return count;
  }

  /// The largest similarity is that of a key whose coarse one, error included, is no less than any other's
  /// less its own.
  void find_largest(size_t c) {
    uint8_t keys[kTileKeys];
    double values[kTileKeys];
    for (size_t t = 0; t < tiles; t++) {
      const double least = lower[c] > best[c] ? lower[c] : best[c];
      const size_t count = exact(c, t, candidates(c, t, least), keys, values);
      for (size_t k = 0; k < count; k++) best[c] = values[k] > best[c] ? values[k] : best[c];
    }
  }

  /// What may weigh anything, tile by tile: exactly.
  void gather() {
    uint8_t keys[kTileKeys];
    double values[kTileKeys];
    const double reach = reach_of(association.plan.separator);
    for (size_t c = 0; c < queries.count; c++) {
      // A little lower than it need be: logits are rounded.
      const double size = queries.facts[c].norm * (memory.scales != nullptr ? 1 : memory.largest_norm);
      const double slack =
          1e-13 * (size + (memory.offsets != nullptr ? memory.largest_norm * memory.largest_norm : 0));
      lower[c] = best[c] - reach / queries.facts[c].beta * (1 + 1e-9) - slack;
    }
    uint64_t* which = association.workspace.take<uint64_t>(queries.count);
    for (size_t t = 0; t < tiles; t++) {
      size_t found = 0;
      for (size_t c = 0; c < queries.count; c++) {
        which[c] = candidates(c, t, lower[c]);
        found += static_cast<size_t>(count_ones(which[c]));
      }
      if (found == 0) continue;
      const bool dense = queries.count >= kQueriesTogether && 2 * found > queries.count * kTileKeys;
      if (dense) association.whole_tile(queries, t * kTileKeys, kTileKeys);
      for (size_t c = 0; c < queries.count; c++) {
        if (dense) {
          sink.take(c, t * kTileKeys, association.tile + c * kTileKeys, kEveryKey, kTileKeys);
          continue;
        }
        const size_t count = exact(c, t, which[c], keys, values);
        for (size_t k = 0; k < count; k++) values[k] = queries.facts[c].beta * values[k];
        sink.take(c, t * kTileKeys, values, keys, count);
      }
      sink.tile_is_done(t * kTileKeys, kTileKeys);
    }
    for (size_t c = 0; c < queries.count; c++) {
      double* s = tails + c * kTileKeys;
      for (size_t r = 0; r < tail; r++) s[r] = queries.facts[c].beta * s[r];
      sink.take(c, tail_from, s, kEveryKey, tail);
    }
    sink.tile_is_done(tail_from, tail);
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
  size_t bytes = way == Way::kKept ? memory.count * sizeof(double) : 0;
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
