// The weights that a query gives to all keys, where `retrieve` of retrieval.h needs only what is read out by
// them: the mirror of src/kernels/reference/association.ts.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_ASSOCIATION_H_
#define HOPFIELD_KERNELS_RETRIEVAL_ASSOCIATION_H_

#include "kernels/retrieval/retrieval.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Weights of one query in place of its logits, not yet divided. Returns their sum.
static double weigh_softmax(Association& association, const QueryBounds& bounds, double* values) {
  const size_t all = association.memory.count;
  const bool soft = bounds.soft;
  double reference = soft ? bounds.most : -HUGE_VAL;
  for (size_t mu = 0; mu < all && !soft; mu++) reference = larger(values[mu], reference);
  alignas(64) double partition[8] = {};
  KeyWeights& weights = association.weights[0];
  for (size_t from = 0; from < all; from += kTileKeys) {
    const size_t count = smaller(all - from, kTileKeys);
    double* tile = values + from;
    if (soft) {
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
static double weigh_sparsely(const Association& association, double reach, double* values) {
  const size_t all = association.memory.count;
  const Separator separator = association.plan.separator;
  Workspace workspace;
  NearLogits near{0, workspace.take<uint32_t>(all), workspace.take<double>(all)};
  double most = -HUGE_VAL;
  for (size_t mu = 0; mu < all; mu++) most = larger(values[mu], most);
  for (size_t mu = 0; mu < all; mu++) near.add(values[mu], mu, most, reach);
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

static void associate(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries, size_t count,
                      double* out) {
  logits(memory, plan, queries, count, out);
  Workspace workspace;
  Association association(memory, plan, false, 1, workspace);
  double* norms = workspace.take<double>(count);
  key_norms(queries, count, memory.dimension, norms);
  for (size_t b = 0; b < count; b++) {
    double* values = out + b * memory.count;
    const QueryBounds bounds(plan, memory, norms[b]);
    association.single = bounds.single;
    const double partition = plan.separator == Separator::kSoftmax
                                 ? weigh_softmax(association, bounds, values)
                                 : weigh_sparsely(association, bounds.reach, values);
    for (size_t mu = 0; mu < memory.count; mu++) values[mu] = values[mu] / partition;
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_ASSOCIATION_H_
