// The k keys most similar to each query and their weights: the mirror of
// src/kernels/reference/most-similar.ts. Where copies of the keys in bytes can say who may be among them, one
// look at those serves for the weights too; elsewhere all similarities are computed.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_MOST_SIMILAR_H_
#define HOPFIELD_KERNELS_RETRIEVAL_MOST_SIMILAR_H_

#include "kernels/retrieval/association.h"
#include "kernels/shortlist.h"

namespace hopfield {
namespace {

/// From that share of all keys on, reading all of them is no more work.
constexpr size_t kShortShare = 8;

/// What is asked for: `seen` has a flag a key, or is null, and at least `k` of them are set.
struct TopQuestion {
  const KeyMemory& memory;
  const RetrievalPlan& plan;
  const float* queries;
  size_t k;
  const uint8_t* seen;
  const double* shifts;
  uint32_t* indices;
  double* similarities;
  double* weights;

  /// What makes a similarity of a query what `logits` gives at β = 1.
  double unit(const QueryBounds& bounds) const {
    if (plan.similarity != Similarity::kCosine) return 1;
    return bounds.norm == 0 ? 0 : 1 / bounds.norm;
  }
};

/// The weights of a sorted list, from logits by softmax, divided by the sum of all.
static void weigh_list(const Shortlist& list, Association& association, double beta, double reference,
                       double reach, double partition, double* out) {
  alignas(64) double sums[8];
  double logit[kTileKeys];
  KeyWeights& w = association.weights[0];
  for (size_t from = 0; from < list.count; from += kTileKeys) {
    const size_t some = smaller(list.count - from, kTileKeys);
    for (size_t r = 0; r < some; r++) {
      const Shortlist::Entry& own = list.entry[from + r];
      logit[r] = association.logit(own.similarity, own.key, beta);
      out[from + r] = 0;
    }
    memset(sums, 0, sizeof(sums));
    association.weigh_near(logit, association.every, some, reference, reach, sums, w);
    for (size_t k = 0; k < w.count; k++) out[from + w.key[k]] = w.weight[k] / partition;
  }
}

/// The same where weights are known of those near the largest.
static void look_up_list(const Shortlist& list, const NearLogits& near, double partition, double* out) {
  for (size_t r = 0; r < list.count; r++) {
    size_t low = 0, high = near.count;
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (near.key[middle] < list.entry[r].key)
        low = middle + 1;
      else
        high = middle;
    }
    const bool found = low < near.count && near.key[low] == list.entry[r].key;
    out[r] = found ? share_of(near.weight[low], partition) : 0;
  }
}

static void write_list(const TopQuestion& asked, const Shortlist& list, size_t b) {
  for (size_t r = 0; r < list.count; r++) {
    asked.indices[b * asked.k + r] = list.entry[r].key;
    asked.similarities[b * asked.k + r] = list.entry[r].value;
  }
}

/// Reads all keys for a few queries at a time.
static void read_all_similar(const TopQuestion& asked, const QueryBounds* bounds, const uint32_t* which,
                             size_t count, bool single) {
  const KeyMemory& memory = asked.memory;
  Workspace workspace;
  const size_t room = kKeptBytes / (memory.count * sizeof(double));
  Queries some(memory, limited(room, 1, count), single, workspace);
  Association association(memory, asked.plan, false, some.room, workspace);
  association.single = single;
  double* kept = workspace.take<double>(some.room * memory.count);
  auto* entries = workspace.take<Shortlist::Entry>(some.room * asked.k);
  for (size_t at = 0; at < count;) {
    some.clear();
    for (; at < count && !some.full(); at++)
      some.add(which[at], asked.queries + which[at] * memory.dimension, memory.dimension, bounds[which[at]]);
    Workspace pass;
    Shortlist* lists = pass.take<Shortlist>(some.count);
    for (size_t c = 0; c < some.count; c++) lists[c] = Shortlist(entries + c * asked.k, asked.k);
    for (size_t from = 0; from < memory.count; from += kTileKeys) {
      const size_t keys = smaller(memory.count - from, kTileKeys);
      heed_flag();
      association.point(from, keys);
      association.dots_of_tile(some, keys, association.tile);
      for (size_t c = 0; c < some.count; c++) {
        const double unit = asked.unit(some.bounds[c]), shift = asked.shifts[some.which[c]];
        double* to = kept + c * memory.count + from;
        for (size_t r = 0; r < keys; r++) {
          to[r] = -HUGE_VAL;
          if (asked.seen != nullptr && asked.seen[from + r] == 0) continue;
          const double s = association.similarity(association.tile[c * kTileKeys + r], from + r);
          to[r] = association.logit(s, from + r, some.bounds[c].beta);
          const double value = unit * s - shift;
          // Where numbers are none, keys are still taken until there are k.
          if (!(value < lists[c].least())) lists[c].offer({value, s, static_cast<uint32_t>(from + r)});
        }
      }
    }
    for (size_t c = 0; c < some.count; c++) {
      const size_t b = some.which[c];
      double* values = kept + c * memory.count;
      const double partition = weigh_logits(association, some.bounds[c], asked.seen != nullptr, values);
      lists[c].sort();
      write_list(asked, lists[c], b);
      for (size_t r = 0; r < asked.k; r++)
        asked.weights[b * asked.k + r] = share_of(values[lists[c].entry[r].key], partition);
    }
  }
}

/// Looks at copies of the keys in bytes.
static void search_similar(const TopQuestion& asked, const QueryBounds* bounds, const uint32_t* which,
                           size_t count, bool single) {
  const KeyMemory& memory = asked.memory;
  Workspace workspace;
  const uint64_t* seen = flag_words(asked.seen, memory.count, workspace);
  Queries queries(memory, queries_of(memory, asked.plan, RetrievalPath::kQuantized, count), single,
                  workspace);
  Association association(memory, asked.plan, false, queries.room, workspace);
  association.single = single;
  NearLogits* near = near_logits(asked.plan, queries.room, workspace);
  auto* entries = workspace.take<Shortlist::Entry>(2 * queries.room * asked.k);
  const LogitConsumer consumer{association, queries, near};
  for (size_t at = 0; at < count;) {
    queries.clear();
    for (; at < count && !queries.full(); at++)
      queries.add(which[at], asked.queries + which[at] * memory.dimension, memory.dimension,
                  bounds[which[at]]);
    for (size_t c = 0; near != nullptr && c < queries.count; c++) near[c].count = 0;
    Workspace pass;
    Shortlist* lists = pass.take<Shortlist>(2 * queries.count);
    for (size_t c = 0; c < 2 * queries.count; c++) lists[c] = Shortlist(entries + c * asked.k, asked.k);
    QuantizedSearch search(association, queries, consumer, pass);
    search.seen = seen;
    search.expect_similar(lists + queries.count, pass);
    search.run(asked.queries);
    for (size_t c = 0; c < queries.count; c++) {
      const double unit = asked.unit(queries.bounds[c]), shift = asked.shifts[queries.which[c]];
      search.each_similar(c, [&](double s, size_t mu) {
        const double value = unit * s - shift;
        if (value >= lists[c].least()) lists[c].offer({value, s, static_cast<uint32_t>(mu)});
      });
    }
    search.gather([&](size_t c) {
      const size_t b = queries.which[c];
      const double partition = fold8(load8(queries.partition + 8 * c));
      lists[c].sort();
      write_list(asked, lists[c], b);
      double* out = asked.weights + b * asked.k;
      if (near != nullptr) {
        look_up_list(lists[c], near[c], partition, out);
      } else {
        const QueryBounds& own = queries.bounds[c];
        weigh_list(lists[c], association, own.beta, queries.reference[c], own.reach, partition, out);
      }
    });
  }
}

static void most_similar(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries,
                         size_t count, size_t k, const uint8_t* seen, const double* shifts, uint32_t* indices,
                         double* similarities, double* weights) {
  const TopQuestion asked{memory, plan, queries, k, seen, shifts, indices, similarities, weights};
  Workspace workspace;
  QueryBounds* bounds = workspace.take<QueryBounds>(count);
  double* norms = workspace.take<double>(count);
  uint32_t* which = workspace.take<uint32_t>(count);
  key_norms(queries, count, memory.dimension, norms);
  for (size_t b = 0; b < count; b++) bounds[b] = QueryBounds(plan, memory, norms[b]);
  for (int way = 0; way < 4; way++) {
    const bool single = (way & 1) != 0, search = (way & 2) != 0;
    size_t own = 0;
    for (size_t b = 0; b < count; b++) {
      const bool can =
          kShortShare * k <= memory.count && path_of(memory, bounds[b]) == RetrievalPath::kQuantized;
      if (bounds[b].single == single && can == search) which[own++] = static_cast<uint32_t>(b);
    }
    if (own == 0) continue;
    if (search)
      search_similar(asked, bounds, which, own, single);
    else
      read_all_similar(asked, bounds, which, own, single);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_MOST_SIMILAR_H_
