// One association of many queries with the keys, the mirror of src/kernels/reference/retrieval.ts. Three
// paths that give the same bits:
//
//   together    every logit lies close to a bound known beforehand: one pass, in which keys are read once
//               (together.h)
//   quantized   copies in bytes say where the largest logit may be and which keys can weigh anything;
//               only those are read (quantized.h)
//   kept        neither holds: logits are kept, and keys are read twice (kept.h)
#ifndef HOPFIELD_KERNELS_RETRIEVAL_RETRIEVAL_H_
#define HOPFIELD_KERNELS_RETRIEVAL_RETRIEVAL_H_

#include "kernels/retrieval/kept.h"
#include "kernels/retrieval/quantized.h"
#include "kernels/retrieval/together.h"
#include "simd/small.h"

namespace hopfield {
namespace {

enum class RetrievalPath { kStates, kQuantized, kKept };

static inline RetrievalPath path_of(const KeyMemory& memory, const QueryBounds& bounds,
                                    const KeyMask& mask = {}) {
  // Keys that all queries leave out are passed over.
  if (mask.flags != nullptr && mask.apart != 0) return RetrievalPath::kKept;
  if (bounds.soft) return RetrievalPath::kStates;
  return can_quantize(memory, bounds) ? RetrievalPath::kQuantized : RetrievalPath::kKept;
}

/// How many queries that take this path share a pass, so that what is kept of them stays within bounds.
static inline size_t queries_of(const KeyMemory& memory, const RetrievalPlan& plan, RetrievalPath path,
                                size_t count) {
  const size_t tiles = memory.count / kTileKeys;
  size_t bytes = path == RetrievalPath::kKept        ? memory.count * sizeof(double)
                 : path == RetrievalPath::kQuantized ? tiles * (sizeof(uint64_t) + sizeof(float))
                                                     : 0;
  // Where keys are looked at first, there is room for those that are near alone.
  if (plan.separator != Separator::kSoftmax && path == RetrievalPath::kKept)
    bytes += memory.count * NearLogits::kBytes;
  const size_t most = bytes == 0 ? kMostQueries : kKeptBytes / bytes;
  return most < 1 ? 1 : smaller(most, count);
}

/// One a query, or null: softmax needs none.
static NearLogits* near_logits(const RetrievalPlan& plan, size_t queries, Workspace& workspace) {
  return plan.separator == Separator::kSoftmax ? nullptr : workspace.take<NearLogits>(queries);
}

static void retrieve_by(const KeyMemory& memory, const RetrievalPlan& plan, const float* rows, size_t count,
                        const QueryBounds* bounds, RetrievalPath path, bool single, const KeyMask& mask,
                        float* out, double* potentials) {
  const auto ours = [&](size_t b) {
    return bounds[b].single == single && path_of(memory, bounds[b], mask) == path;
  };
  size_t own = 0;
  for (size_t b = 0; b < count; b++) own += ours(b);
  if (own == 0) return;
  Workspace workspace;
  const bool softmax = plan.separator == Separator::kSoftmax;
  Queries queries(memory, queries_of(memory, plan, path, own), single, workspace);
  Association association(memory, plan, out != nullptr, queries.room, workspace);
  association.single = single;
  NearLogits* near = near_logits(plan, queries.room, workspace);
  for (size_t c = 0; near != nullptr && path == RetrievalPath::kKept && c < queries.room; c++)
    near[c].make_room(memory.count, workspace);
  double* kept = path == RetrievalPath::kKept ? workspace.take<double>(queries.room * memory.count) : nullptr;
  const LogitConsumer consumer{association, queries, near};
  const uint64_t* seen =
      path == RetrievalPath::kKept ? nullptr : flag_words(mask.flags, memory.count, workspace);
  for (size_t b = 0; b < count;) {
    queries.clear();
    for (; b < count && !queries.full(); b++) {
      if (!ours(b)) continue;
      queries.add(b, rows + b * memory.dimension, memory.dimension, bounds[b]);
    }
    if (queries.count == 0) break;
    for (size_t c = 0; near != nullptr && c < queries.count; c++) near[c].count = 0;
    Workspace pass;
    if (path == RetrievalPath::kStates) {
      Together(association, queries, pass).run(seen);
    } else if (path == RetrievalPath::kQuantized) {
      QuantizedSearch search(association, queries, consumer, pass);
      search.seen = seen;
      search.run(rows);
      search.gather([](size_t) {});
    } else {
      associate_kept(association, queries, consumer, mask, kept);
      consumer.finish(pass, 0, queries.count);
    }
    write_results(memory, queries, softmax, out, potentials);
  }
}

static void retrieve(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries, size_t count,
                     const KeyMask& mask, float* out, double* potentials) {
  Workspace workspace;
  QueryBounds* bounds = workspace.take<QueryBounds>(count);
  double* norms = workspace.take<double>(count);
  key_norms(queries, count, memory.dimension, norms);
  for (size_t b = 0; b < count; b++) bounds[b] = QueryBounds(plan, memory, norms[b]);
  constexpr RetrievalPath kPaths[] = {RetrievalPath::kStates, RetrievalPath::kQuantized,
                                      RetrievalPath::kKept};
  for (const RetrievalPath path : kPaths) {
    retrieve_by(memory, plan, queries, count, bounds, path, false, mask, out, potentials);
    retrieve_by(memory, plan, queries, count, bounds, path, true, mask, out, potentials);
  }
}

/// The logits of those queries whose sums are f32, or of the others.
static void logits_by(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries, size_t count,
                      const QueryBounds* bounds, bool single, double* out) {
  Workspace workspace;
  Queries some(memory, count, single, workspace);
  Association association(memory, plan, false, some.room, workspace);
  for (size_t b = 0; b < count;) {
    some.clear();
    for (; b < count && !some.full(); b++) {
      if (bounds[b].single == single)
        some.add(b, queries + b * memory.dimension, memory.dimension, bounds[b]);
    }
    for (size_t from = 0; from < memory.count && some.count > 0; from += kTileKeys) {
      const size_t keys = smaller(memory.count - from, kTileKeys);
      association.whole_tile(some, from, keys);
      for (size_t c = 0; c < some.count; c++) {
        memcpy(out + some.which[c] * memory.count + from, association.tile + c * kTileKeys,
               keys * sizeof(double));
      }
    }
  }
}

static void logits(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries, size_t count,
                   double* out) {
  Workspace workspace;
  double* norms = workspace.take<double>(count);
  QueryBounds* bounds = workspace.take<QueryBounds>(count);
  key_norms(queries, count, memory.dimension, norms);
  size_t singles = 0;
  for (size_t b = 0; b < count; b++) {
    bounds[b] = QueryBounds(plan, memory, norms[b]);
    singles += bounds[b].single;
  }
  if (singles < count) logits_by(memory, plan, queries, count, bounds, false, out);
  if (singles > 0) logits_by(memory, plan, queries, count, bounds, true, out);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_RETRIEVAL_H_
