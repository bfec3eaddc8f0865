// The weights that a query gives to all keys, where `retrieve` of retrieval.h needs only what is read out by
// them: the mirror of src/kernels/reference/association.ts.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_ASSOCIATION_H_
#define HOPFIELD_KERNELS_RETRIEVAL_ASSOCIATION_H_

#include "kernels/retrieval/retrieval.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Weights of one query in place of its logits, of which some may be hidden, not yet divided. Returns their
/// sum.
static double weigh_softmax(Association& association, const QueryBounds& bounds, bool hidden,
                            double* values) {
  const size_t all = association.memory.count;
  const bool soft = bounds.soft;
  double reference = soft ? bounds.most : -HUGE_VAL;
  for (size_t mu = 0; mu < all && !soft; mu++) reference = larger(values[mu], reference);
  alignas(64) double partition[8] = {};
  KeyWeights& weights = association.weights[0];
  for (size_t from = 0; from < all; from += kTileKeys) {
    const size_t count = smaller(all - from, kTileKeys);
    double* tile = values + from;
    if (soft && !hidden) {
      association.weigh_all(tile, count, reference, partition, weights);
    } else {
      association.weigh_near(tile, association.every, count, reference, bounds.reach, partition, weights);
    }
    for (size_t r = 0; r < count; r++) tile[r] = 0;
    for (size_t k = 0; k < weights.count; k++) tile[weights.key[k]] = weights.weight[k];
  }
  return fold8(load8(partition));
}

/// The same with exact zeros, by separators.h.
static double weigh_sparsely(const Association& association, const QueryBounds& bounds, double* values) {
  const size_t all = association.memory.count;
  const Separator separator = association.plan.separator;
  Workspace workspace;
  NearLogits near;
  near.make_room(all, workspace);
  double most = bounds.absolute ? bounds.most : -HUGE_VAL;
  for (size_t mu = 0; mu < all && !bounds.absolute; mu++) most = larger(values[mu], most);
  for (size_t mu = 0; mu < all; mu++) near.add(values[mu], mu, most, bounds.reach);
  double* sorted = workspace.take<double>(2 * near.count);
  float* weights = workspace.take<float>(near.count);
  separate(separator, near.logit, near.count, most, sorted, weights);
  alignas(64) double partition[8] = {};
  for (size_t mu = 0; mu < all; mu++) values[mu] = 0;
  for (size_t k = 0; k < near.count; k++) {
    values[near.key[k]] = weights[k];
    partition[near.key[k] % 8] += weights[k];
  }
  return fold8(load8(partition));
}

/// What makes a weight its share of all; where none is, all of them are zero.
static inline double share_of(double weight, double partition) {
  return partition == 0 ? 0 : weight / partition;
}

static double weigh_logits(Association& association, const QueryBounds& bounds, bool hidden, double* values) {
  return association.plan.separator == Separator::kSoftmax
             ? weigh_softmax(association, bounds, hidden, values)
             : weigh_sparsely(association, bounds, values);
}

/// By copies of the keys in bytes, for those queries that can be answered by them.
static void associate_few(const KeyMemory& memory, const RetrievalPlan& plan, const float* rows, size_t count,
                          const QueryBounds* bounds, bool single, double* out) {
  const auto ours = [&](size_t b) {
    return bounds[b].single == single && path_of(memory, bounds[b]) == RetrievalPath::kQuantized;
  };
  size_t own = 0;
  for (size_t b = 0; b < count; b++) own += ours(b);
  if (own == 0) return;
  Workspace workspace;
  Queries queries(memory, queries_of(memory, plan, RetrievalPath::kQuantized, own), single, workspace);
  Association association(memory, plan, false, queries.room, workspace);
  association.single = single;
  NearLogits* near = near_logits(plan, queries.room, workspace);
  const LogitConsumer consumer{association, queries, near, out};
  for (size_t b = 0; b < count;) {
    queries.clear();
    for (; b < count && !queries.full(); b++) {
      if (!ours(b)) continue;
      queries.add(b, rows + b * memory.dimension, memory.dimension, bounds[b]);
      memset(out + b * memory.count, 0, memory.count * sizeof(double));
    }
    if (queries.count == 0) break;
    for (size_t c = 0; near != nullptr && c < queries.count; c++) near[c].count = 0;
    Workspace pass;
    QuantizedSearch search(association, queries, consumer, pass);
    search.run(rows);
    search.gather([&](size_t c) {
      const double partition = fold8(load8(queries.partition + 8 * c));
      double* row = out + queries.which[c] * memory.count;
      for (size_t mu = 0; mu < memory.count; mu++) row[mu] = share_of(row[mu], partition);
    });
  }
}

static void associate(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries, size_t count,
                      double* out) {
  Workspace workspace;
  double* norms = workspace.take<double>(count);
  QueryBounds* bounds = workspace.take<QueryBounds>(count);
  key_norms(queries, count, memory.dimension, norms);
  for (size_t b = 0; b < count; b++) bounds[b] = QueryBounds(plan, memory, norms[b]);
  associate_few(memory, plan, queries, count, bounds, false, out);
  associate_few(memory, plan, queries, count, bounds, true, out);
  Association association(memory, plan, false, 1, workspace);
  const auto read = [&](size_t b) { return path_of(memory, bounds[b]) != RetrievalPath::kQuantized; };
  for (size_t b = 0, end; b < count; b = end) {
    for (end = b; end < count && read(end);) end++;
    if (end == b) {
      end++;
      continue;
    }
    double* rows = out + b * memory.count;
    logits(memory, plan, queries + b * memory.dimension, end - b, rows);
    for (size_t c = b; c < end; c++) {
      double* values = out + c * memory.count;
      association.single = bounds[c].single;
      const double partition = weigh_logits(association, bounds[c], false, values);
      for (size_t mu = 0; mu < memory.count; mu++) values[mu] = share_of(values[mu], partition);
    }
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_ASSOCIATION_H_
