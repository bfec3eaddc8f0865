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
constexpr size_t kMostQueries = 256, kQueryBytes = 512 << 10, kSingleQueryBytes = 1 << 20;
constexpr size_t kKeptBytes = 16 << 20;

/// Below every logit that is weighed against its bound, but above what a mask hides.
constexpr double kNoCut = 1000;
/// Terms of a sum of f32: SINGLE_MOST of src/kernels/contract/retrieval.ts.
constexpr size_t kMostSingle = 65536;
/// Weights of f32 are multiplied by this, so that no sum of 64 products of them overflows, and sums by its
/// inverse.
constexpr float kWeightUnit = 0x1p-8f;

/// (32 + ⌈log2 count⌉)·ln 2: softmaxCut of src/kernels/contract/retrieval.ts.
static inline double softmax_cut(size_t count) {
  int bits = 0;
  while (((count - 1) >> bits) != 0) bits++;
  return (32 + bits) * 0.6931471805599453;
}

/// How far below the largest logit of `count` keys, or below their bound, one may lie that weighs anything.
static inline double reach_of(Separator separator, size_t count) {
  switch (separator) {
    case Separator::kSoftmax:
      break;
    case Separator::kSparsemax:
    case Separator::kNormmax:
    case Separator::kEpanechnikov:
      return 1;
    case Separator::kEntmax15:
      return 2;
  }
  return softmax_cut(count);
}

/// β as this query has it, between which numbers its logits lie, and which of them weigh anything.
struct QueryBounds {
  double norm, beta, most, least, reach;
  bool soft;      ///< no weight of softmax can be cut
  bool absolute;  ///< weights go by the bound of all logits, `most`, and not by the largest
  bool single;    ///< sums are f32

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
    if (memory.log_saliences != nullptr) {
      most += memory.most_log_salience;
      least += memory.least_log_salience;
    }
    soft = plan.separator == Separator::kSoftmax && most - least <= reach - 0.25;
    if (soft) reach = kNoCut;
    absolute = soft || plan.separator == Separator::kEpanechnikov;
    // Where sums of f32 could overflow or vanish, or have too many terms, they are f64.
    const double size = norm * largest;
    single = plan.precision == Precision::kSingle && memory.dimension <= kMostSingle && size >= 0x1p-60 &&
             size <= 0x1p100;
  }
};

/// Queries a pass so that as few passes as possible are of about one size: a short one reads all keys too.
static inline size_t shared_out(size_t count, size_t most) {
  if (count <= most) return count;
  const size_t passes = (count + most - 1) / most, each = (count + passes - 1) / passes;
  return smaller(most, (each + kQueriesTogether - 1) / kQueriesTogether * kQueriesTogether);
}

/// Queries of one pass, all of one precision, and what has come of them so far.
struct Queries {
  size_t count = 0;
  const bool single;
  size_t room;
  size_t* which;
  double* rows = nullptr;  ///< room × padded8(d), or null where sums are f32
  const double** row = nullptr;
  float* single_rows = nullptr;  ///< room × padded16(d) where they are
  const float** single_row = nullptr;
  QueryBounds* bounds;
  double* reference;  ///< l*
  double* partition;  ///< room × 8
  size_t* support;    ///< how many keys have weight, where separators have exact zeros
  double* sums;       ///< room × padded16(e)
  size_t length, width;

  Queries(const KeyMemory& memory, size_t most, bool of_singles, Workspace& workspace)
      : single(of_singles), length(padded16(memory.dimension)), width(padded16(memory.width)) {
    const size_t bytes = length * (single ? sizeof(float) : sizeof(double)) + width * sizeof(double);
    room = (single ? kSingleQueryBytes : kQueryBytes) / bytes;
    room = shared_out(most, limited(room, 1, kMostQueries));
    which = workspace.take<size_t>(room);
    if (single) {
      single_rows = workspace.take<float>(room * length);
      single_row = workspace.take<const float*>(room);
      for (size_t c = 0; c < room; c++) single_row[c] = single_rows + c * length;
    } else {
      rows = workspace.take<double>(room * length);
      row = workspace.take<const double*>(room);
      for (size_t c = 0; c < room; c++) row[c] = rows + c * length;
    }
    bounds = workspace.take<QueryBounds>(room);
    reference = workspace.take<double>(room);
    partition = workspace.take<double>(room * 8);
    support = workspace.take<size_t>(room);
    sums = workspace.take<double>(room * width);
  }

  void clear() {
    count = 0;
    memset(partition, 0, room * 8 * sizeof(double));
    memset(sums, 0, room * width * sizeof(double));
  }
  bool full() const { return count == room; }
  void add(size_t b, const float* query, size_t dimension, const QueryBounds& of) {
    which[count] = b;
    if (single) {
      float* to = single_rows + count * length;
      memcpy(to, query, dimension * sizeof(float));
      memset(to + dimension, 0, (length - dimension) * sizeof(float));
    } else {
      widen_row(query, dimension, rows + count * length);
    }
    bounds[count] = of;
    reference[count] = of.most;
    count++;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_BOUNDS_H_
