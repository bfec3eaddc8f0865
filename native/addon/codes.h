// The sparse codes of src/kernels/native/native.ts: their arguments by position, and the work itself.
#ifndef HOPFIELD_ADDON_CODES_H_
#define HOPFIELD_ADDON_CODES_H_

#include <napi.h>

#include <vector>

#include "addon/arguments.h"
#include "addon/recall.h"
#include "core/tier.h"

namespace hopfield {

/// weights, inputs, outputs, active input units, row of output units.
inline napi_value willshaw_store(const Arguments& args) {
  const size_t inputs = args.size(1, kMostNeurons), outputs = args.size(2, kMostNeurons);
  if (outputs == 0) args.fail(2, "at least one output unit");
  const auto weights = args.array<uint32_t>(0, inputs * row_words(outputs));
  const auto given = args.array<uint32_t>(3, 0);
  // A copy, since the array may be the one that is written to.
  const std::vector<uint32_t> active(given.data, given.data + given.length);
  for (const uint32_t unit : active) {
    if (unit >= inputs) args.fail(3, "indices of input units");
  }
  const auto row = args.array<uint32_t>(4, row_words(outputs));
  tier_of(args).willshaw_store(weights.data, outputs, active.data(), active.size(), row.data);
  return nullptr;
}

/// inputs, outputs, automatic; weights, or count, activity, starts, patterns, output starts, output units,
/// shares; starts and units of the cues, how many, threshold, winners, steps, rows, outcomes.
struct CodeWork {
  static constexpr const char* kName = "hopfield.recallCodes";

  const Tier* tier;
  CodeMemory memory{};
  CodePlan plan{};
  const uint32_t* starts;
  View<uint32_t> units;
  size_t count;
  uint32_t* rows;
  uint32_t* outcomes;

  explicit CodeWork(const Arguments& args) : tier(&tier_of(args)) {
    memory.inputs = args.size(0, kMostNeurons);
    memory.outputs = args.size(1, kMostNeurons);
    memory.automatic = args.boolean(2);
    if (memory.outputs == 0) args.fail(1, "at least one output unit");
    if (memory.automatic && memory.outputs != memory.inputs) args.fail(1, "as many outputs as inputs");
    if (args.is_undefined(3)) {
      memory.form = CodeForm::kCovariance;
      memory.count = args.size(4, kMostPatterns);
      memory.activity = args.number(5);
      memory.patterns = lists(args, 6, memory.inputs);
      memory.units = lists(args, 8, memory.count);
      memory.shares = args.array<double>(10, memory.outputs).data;
    } else {
      memory.weights = args.array<uint32_t>(3, memory.inputs * row_words(memory.outputs)).data;
    }
    count = args.size(13, kMostPatterns);
    starts = args.array<uint32_t>(11, count + 1).data;
    units = args.array<uint32_t>(12, 0);
    plan.threshold = args.number(14);
    if (memory.form == CodeForm::kSynapses && !std::isnan(plan.threshold)) args.size(14, kMostWord);
    plan.winners = args.number(15);
    if (plan.winners != -1) args.size(15, kMostWord);
    plan.steps = static_cast<uint32_t>(args.size(16, 2147483647.0));
    if (plan.steps == 0) args.fail(16, "at least one step");
    rows = args.array<uint32_t>(17, count * row_words(memory.outputs)).data;
    outcomes = args.array<uint32_t>(18, 2 * count).data;
  }

  void run() const {
    tier->recall_codes(memory, starts, units.data, units.length, count, plan, rows, outcomes);
  }

 private:
  static Lists lists(const Arguments& args, size_t at, size_t many) {
    const auto items = args.array<uint32_t>(at + 1, 0);
    return {args.array<uint32_t>(at, many + 1).data, items.data, items.length};
  }
};

inline napi_value recall_codes(const Arguments& args) {
  CodeWork(args).run();
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_CODES_H_
