// What is known of queries before any key is read: norms, bounds of their logits, and how many share a pass.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_BOUNDS_H_
#define HOPFIELD_KERNELS_RETRIEVAL_BOUNDS_H_

#include "core/keys.h"
#include "kernels/retrieval/key_dots.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Queries that share a pass over the keys: what is kept of them stays in the level-2 cache.
constexpr size_t kMostQueries = 256, kQueryBytes = 512 << 10;
constexpr size_t kKeptBytes = 16 << 20;

/// (32 + ⌈log2 count⌉)·ln 2: softmaxCut of src/kernels/contract/retrieval.ts.
static inline double softmax_cut(size_t count) {
  int bits = 0;
  while (((count - 1) >> bits) != 0) bits++;
  return (32 + bits) * 0.6931471805599453;
}

/// How far below the largest logit of `count` keys one may lie that weighs anything.
static inline double reach_of(Separator separator, size_t count) {
  return separator == Separator::kSparsemax ? 1 : separator == Separator::kEntmax15 ? 2 : softmax_cut(count);
}

/// β as this query has it, between which numbers its logits lie, and which of them weigh anything.
struct QueryBounds {
  double norm, beta, most, least, reach;

  QueryBounds() = default;
  QueryBounds(const RetrievalPlan& plan, const KeyMemory& memory, double of_norm)
      : norm(of_norm), beta(plan.beta), reach(reach_of(plan.separator, memory.count)) {
    const double largest = memory.largest_norm;
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
static inline bool is_soft(const RetrievalPlan& plan, const QueryBounds& bounds) {
  return plan.separator == Separator::kSoftmax && bounds.most - bounds.least <= bounds.reach - 0.25;
}

/// Queries of one pass, and what has come of them so far.
struct Queries {
  size_t count = 0;
  size_t room;
  size_t* which;
  double* rows;  ///< room × padded8(d)
  const double** row;
  QueryBounds* bounds;
  double* reference;  ///< l*
  double* partition;  ///< room × 8
  double* sums;       ///< room × padded8(e)
  size_t length, width;

  Queries(const KeyMemory& memory, size_t most, Workspace& workspace)
      : length(padded8(memory.dimension)), width(padded8(memory.width)) {
    const size_t bytes = (length + width) * sizeof(double);
    room = kQueryBytes / bytes;
    room = limited(room, 1, kMostQueries);
    room = room > most ? most : room;
    which = workspace.take<size_t>(room);
    rows = workspace.take<double>(room * length);
    row = workspace.take<const double*>(room);
    bounds = workspace.take<QueryBounds>(room);
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
  void add(size_t b, const float* query, size_t dimension, const QueryBounds& of) {
    which[count] = b;
    widen_row(query, dimension, rows + count * length);
    bounds[count] = of;
    reference[count] = of.most;
    count++;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_BOUNDS_H_
