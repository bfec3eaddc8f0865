#ifndef HOPFIELD_KERNELS_RETRIEVAL_LOGIT_CONSUMER_H_
#define HOPFIELD_KERNELS_RETRIEVAL_LOGIT_CONSUMER_H_

#include "flag.h"
#include "kernels/retrieval/read_out.h"
#include "kernels/separators.h"

namespace hopfield {
namespace {

/// Logits of one query within reach of the largest, in ascending order of their keys: what separators with
/// exact zeros look at.
struct NearLogits {
  /// What one takes, sorted too.
  static constexpr size_t kBytes = 3 * sizeof(double) + sizeof(uint32_t) + sizeof(float);

  size_t count = 0;
  size_t room = 0;  ///< all that can be near; bytes that are no copies of the keys may leave some of them out
  float* weight;    ///< once all are known
  uint32_t* key;
  double* logit;

  void make_room(size_t most, Workspace& workspace) {
    room = most;
    key = workspace.take<uint32_t>(most);
    logit = workspace.take<double>(most);
  }

  void add(double value, size_t mu, double reference, double reach) {
    if (!(value - reference >= -reach) || count == room) return;
    key[count] = static_cast<uint32_t>(mu);
    logit[count++] = value;
  }
};

/// Where the logits of a pass go once they are known: into weights at once, or to the near ones.
struct LogitConsumer {
  Association& association;
  Queries& queries;
  NearLogits* near;        ///< one a query, or null: softmax
  double* sink = nullptr;  ///< where all weights are wanted: a row of zeros a query

  /// Weights of query c to where they are wanted.
  void pour(size_t c, size_t from, const KeyWeights& w) const {
    if (sink == nullptr) return;
    double* row = sink + queries.which[c] * association.memory.count + from;
    for (size_t k = 0; k < w.count; k++) row[w.key[k]] = w.weight[k];
  }

  /// Logits of some keys of a stretch for one query.
  void take(size_t c, size_t from, const double* values, const uint32_t* keys, size_t count) const {
    const double reach = queries.bounds[c].reach;
    if (near == nullptr) {
      association.weigh_near(values, keys, count, queries.reference[c], reach, queries.partition + 8 * c,
                             association.few);
      pour(c, from, association.few);
      if (association.read_out)
        association.read_some(association.few, from, queries.sums + c * queries.width);
      return;
    }
    for (size_t k = 0; k < count; k++) near[c].add(values[k], from + keys[k], queries.reference[c], reach);
  }

  /// Logits of a whole tile for all queries, `stride` apart; those with near logits may come a few at a time.
  void take_tile(size_t from, size_t count, const double* values, size_t stride, size_t first,
                 size_t end) const {
    if (near != nullptr) {
      for (size_t c = first; c < end; c++) take(c, from, values + c * stride, association.every, count);
      return;
    }
    for (size_t c = 0; c < queries.count; c++) {
      association.weigh_near(values + c * stride, association.every, count, queries.reference[c],
                             queries.bounds[c].reach, queries.partition + 8 * c, association.weights[c]);
      pour(c, from, association.weights[c]);
    }
    association.read_tile(queries, from, count);
  }

  /// What softmax has done tile by tile, for the others: thresholds need all near logits first.
  void finish(Workspace& workspace, size_t first, size_t end) const {
    if (near == nullptr) return;
    for (size_t c = first; c < end; c++) {
      heed_flag();
      NearLogits& own = near[c];
      double* sorted = workspace.take<double>(2 * own.count);
      float* weight = own.weight = workspace.take<float>(own.count);
      queries.reference[c] =
          separate(association.plan.separator, own.logit, own.count, queries.reference[c], sorted, weight);
      KeyWeights& w = association.weights[c];
      queries.support[c] = 0;
      for (size_t k = 0; k < own.count;) {
        const size_t from = own.key[k] / kTileKeys * kTileKeys;
        w.count = 0;
        for (; k < own.count && own.key[k] < from + kTileKeys; k++) {
          if (weight[k] == 0) continue;
          w.key[w.count] = static_cast<uint32_t>(own.key[k] - from);
          w.single[w.count] = weight[k] * kWeightUnit;
          w.weight[w.count++] = weight[k];
          queries.partition[8 * c + own.key[k] % 8] += weight[k];
        }
        queries.support[c] += w.count;
        pour(c, from, w);
        if (association.read_out) association.read_some(w, from, queries.sums + c * queries.width);
      }
    }
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_LOGIT_CONSUMER_H_
