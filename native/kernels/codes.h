// Codes called up by codes, the mirror of src/kernels/reference/codes.ts. Few units are active: what has
// none of them is never looked at. Lists that say where to write come from JavaScript, and are looked at
// first.
#ifndef HOPFIELD_KERNELS_CODES_H_
#define HOPFIELD_KERNELS_CODES_H_

#include "flag.h"
#include "kernels/willshaw.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

static inline size_t list_start(const Lists& lists, size_t at) {
  return lists.starts[at] < lists.length ? lists.starts[at] : lists.length;
}

/// The units of a row, ascending. Returns how many.
static size_t units_of(const uint32_t* row, size_t outputs, uint32_t* units) {
  size_t count = 0;
  for (size_t k = 0; k < (outputs + 31) / 32; k++) {
    for (uint32_t rest = row[k]; rest != 0; rest &= rest - 1) {
      units[count++] =
          static_cast<uint32_t>(32 * k + static_cast<size_t>(count_ones((rest & (0u - rest)) - 1)));
    }
  }
  return count;
}

/// The `wanted` largest values, of equal ones those of lowest index, as bits. A heap holds the best so far,
/// the worst of them on top; who comes later has to be better than that.
struct TopUnits {
  uint32_t* heap;  ///< room for as many as are wanted

  template <class Value>
  static inline bool worse(const Value* values, uint32_t i, uint32_t j) {
    return values[i] != values[j] ? values[i] < values[j] : i > j;
  }

  template <class Value>
  void sink(const Value* values, size_t size, size_t at) {
    for (size_t child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && worse(values, heap[child + 1], heap[child])) child++;
      if (!worse(values, heap[child], heap[at])) return;
      const uint32_t up = heap[child];
      heap[child] = heap[at];
      heap[at] = up;
      at = child;
    }
  }

  template <class Value>
  void mark(const Value* values, size_t count, size_t wanted, uint32_t* row) {
    memset(row, 0, row_words(count) * sizeof(uint32_t));
    const size_t size = smaller(wanted, count);
    if (size == 0) return;
    for (size_t i = 0; i < size; i++) heap[i] = static_cast<uint32_t>(i);
    for (size_t at = size / 2; at-- > 0;) sink(values, size, at);
    for (size_t i = size; i < count; i++) {
      if (!(values[i] > values[heap[0]])) continue;
      heap[0] = static_cast<uint32_t>(i);
      sink(values, size, 0);
    }
    for (size_t k = 0; k < size; k++) row[heap[k] / 32] |= 1u << (heap[k] % 32);
  }
};

/// h of every output unit for the covariance (Tsodyks and Feigelman 1988): whole numbers up to the last line.
struct CovarianceFields {
  const CodeMemory& memory;
  uint32_t* shared;   ///< of each pattern, units in common with the cue; zeros between two cues
  uint32_t* touched;  ///< patterns that have any
  double* fields;
  double* before;  ///< those of active units, undivided

  CovarianceFields(const CodeMemory& of, size_t most, Workspace& workspace)
      : memory(of),
        shared(workspace.take<uint32_t>(of.count)),
        touched(workspace.take<uint32_t>(of.count)),
        fields(workspace.take<double>(of.form == CodeForm::kCovariance ? of.outputs : 0)),
        before(workspace.take<double>(of.form == CodeForm::kCovariance ? most : 0)) {
    memset(shared, 0, of.count * sizeof(uint32_t));
  }

  const double* of(const uint32_t* active, size_t active_count) {
    size_t found = 0;
    double total = 0;
    for (size_t k = 0; k < active_count; k++) {
      heed_flag(k, 64);
      const size_t end = list_start(memory.patterns, active[k] + 1);
      for (size_t at = list_start(memory.patterns, active[k]); at < end; at++) {
        const uint32_t mu = memory.patterns.items[at];
        if (mu >= memory.count) continue;
        if (shared[mu]++ == 0) touched[found++] = mu;
        total += 1;
      }
    }
    memset(fields, 0, memory.outputs * sizeof(double));
    for (size_t k = 0; k < found; k++) {
      heed_flag(k, 256);
      const uint32_t mu = touched[k];
      const double vote = static_cast<double>(shared[mu]);
      shared[mu] = 0;
      const size_t end = list_start(memory.units, mu + 1);
      for (size_t at = list_start(memory.units, mu); at < end; at++) {
        const uint32_t unit = memory.units.items[at];
        if (unit < memory.outputs) fields[unit] += vote;
      }
    }
    scale(active, active_count, total);
    return fields;
  }

  void scale(const uint32_t* active, size_t active_count, double total) {
    const double a = memory.activity, count = static_cast<double>(memory.count);
    const double expected = a * static_cast<double>(active_count);
    const double base = a * (total - expected * count);
    const double by = a * (1 - a) * static_cast<double>(memory.inputs);
    const double alone = a * a * count;
    const double* shares = memory.shares;
    for (size_t k = 0; k < active_count && memory.automatic; k++) {
      const size_t i = active[k];
      before[k] = fields[i] - expected * shares[i] - base - (shares[i] * (1 - 2 * a) + alone);
    }
    for (size_t i = 0; i < memory.outputs; i++) fields[i] = (fields[i] - expected * shares[i] - base) / by;
    for (size_t k = 0; k < active_count && memory.automatic; k++) fields[active[k]] = before[k] / by;
  }

  /// The units above the threshold, as bits: few of them, so that blocks are asked whether they have any.
  void mark(double threshold, uint32_t* row) const {
    const size_t outputs = memory.outputs;
    memset(row, 0, row_words(outputs) * sizeof(uint32_t));
    for (size_t from = 0; from < outputs; from += 32) {
      const double* some = fields + from;
      const size_t end = smaller(outputs - from, 32);
      uint32_t any = 0;
      for (size_t l = 0; l < end; l++) any |= static_cast<uint32_t>(some[l] > threshold);
      if (any == 0) continue;
      for (size_t l = 0; l < end; l++) row[from / 32] |= static_cast<uint32_t>(some[l] > threshold) << l;
    }
  }
};

struct CodeRecall {
  const CodeMemory& memory;
  const CodePlan& plan;
  uint32_t* active;  ///< input units
  size_t active_count = 0;
  uint32_t* next;  ///< output units; of an auto-associative memory
  CovarianceFields fields;
  uint32_t* counts;
  TopUnits top;

  CodeRecall(const CodeMemory& of, const CodePlan& by, size_t most, Workspace& workspace)
      : memory(of),
        plan(by),
        active(workspace.take<uint32_t>(larger(of.outputs, most))),
        next(workspace.take<uint32_t>(larger(of.outputs, most))),
        fields(of, larger(of.outputs, most), workspace),
        counts(workspace.take<uint32_t>(of.form == CodeForm::kSynapses && by.winners >= 0 ? of.outputs : 0)),
        top{workspace.take<uint32_t>(by.winners >= 0 ? of.outputs : 0)} {}

  void step(uint32_t* row) {
    const size_t outputs = memory.outputs;
    if (memory.form == CodeForm::kCovariance) {
      const double* values = fields.of(active, active_count);
      if (plan.winners >= 0) return top.mark(values, outputs, static_cast<size_t>(plan.winners), row);
      fields.mark(plan.threshold == plan.threshold ? plan.threshold : 0.5, row);
      return;
    }
    if (plan.winners >= 0) {
      willshaw_counts(memory.weights, outputs, active, active_count, counts);
      return top.mark(counts, outputs, static_cast<size_t>(plan.winners), row);
    }
    const size_t all = active_count > 0 ? active_count : 1;
    const size_t threshold = plan.threshold == plan.threshold ? static_cast<size_t>(plan.threshold) : all;
    willshaw_recall(memory.weights, outputs, active, active_count, threshold, row);
  }

  void run(const uint32_t* units, size_t count, uint32_t* row, uint32_t* outcome) {
    active_count = 0;
    for (size_t k = 0; k < count; k++) {
      if (units[k] < memory.inputs) active[active_count++] = units[k];
    }
    uint32_t steps = 0;
    bool settled = false;
    while (steps < plan.steps && !settled) {
      heed_flag();
      step(row);
      steps++;
      if (!memory.automatic) break;
      const size_t found = units_of(row, memory.outputs, next);
      settled = found == active_count && memcmp(active, next, found * sizeof(uint32_t)) == 0;
      uint32_t* old = active;
      active = next;
      next = old;
      active_count = found;
    }
    outcome[0] = steps;
    outcome[1] = settled ? 1 : 0;
  }
};

static void recall_codes(const CodeMemory& memory, const uint32_t* starts, const uint32_t* units,
                         size_t unit_count, size_t count, const CodePlan& plan, uint32_t* rows,
                         uint32_t* outcomes) {
  const Lists cues{starts, units, unit_count};
  size_t most = 1;
  for (size_t b = 0; b < count; b++) {
    const size_t from = list_start(cues, b), to = list_start(cues, b + 1);
    if (to > from && to - from > most) most = to - from;
  }
  Workspace workspace;
  CodeRecall recall(memory, plan, most, workspace);
  for (size_t b = 0; b < count; b++) {
    const size_t from = list_start(cues, b), to = list_start(cues, b + 1);
    const size_t some = to > from ? to - from : 0;
    // Other threads may have changed them since.
    recall.run(units + from, smaller(some, most), rows + b * row_words(memory.outputs), outcomes + 2 * b);
    count_done(1);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_CODES_H_
