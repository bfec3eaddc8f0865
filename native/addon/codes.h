// The sparse codes of src/kernels/native/codes.ts.
#ifndef HOPFIELD_ADDON_CODES_H_
#define HOPFIELD_ADDON_CODES_H_

#include <memory>

#include "addon/contents.h"
#include "addon/handle.h"

namespace hopfield {

/// weights, inputs, outputs, active input units, row of output units.
inline napi_value willshaw_store(const Arguments& args) {
  const size_t inputs = args.size(1, kMostNeurons), outputs = args.size(2, kMostNeurons);
  if (outputs == 0) args.fail(2, "at least one output unit");
  const auto weights = args.array<uint32_t>(0, inputs * row_words(outputs));
  const auto given = args.array<uint32_t>(3, 0);
  // A copy, since the array may be the one that is written to.
  const std::unique_ptr<uint32_t[]> active(new uint32_t[given.length]);
  for (size_t k = 0; k < given.length; k++) active[k] = given.data[k];
  if (!all_below(active.get(), given.length, inputs)) args.fail(3, "indices of input units");
  const auto row = args.array<uint32_t>(4, row_words(outputs));
  args.tier().willshaw_store(weights.data, outputs, active.get(), given.length, row.data);
  return nullptr;
}

/// Control block: count, threshold, winners, steps. Handle, starts and units of the cues, rows, outcomes.
struct CodeWork {
  static constexpr size_t kFlag = 6;

  const Tier* tier;
  const CodeMemory* memory;
  CodePlan plan{};
  size_t count;
  const uint32_t* starts;
  View<uint32_t> units;
  uint32_t* rows;
  uint32_t* outcomes;

  explicit CodeWork(const Arguments& args)
      : tier(&args.tier()), memory(&handle_of(args, 0, Family::kCodes).codes) {
    const auto control = args.control<4>();
    count = args.control_size(control[0], kMostPatterns);
    plan.threshold = control[1];
    plan.winners = control[2];
    if (memory->form == CodeForm::kSynapses && !std::isnan(plan.threshold))
      args.control_size(plan.threshold, kMostWord);
    if (plan.winners != -1) args.control_size(plan.winners, kMostWord);
    plan.steps = static_cast<uint32_t>(args.control_size(control[3], kMostSweeps));
    if (plan.steps == 0) args.fail_control("at least one step");
    starts = args.array<uint32_t>(2, count + 1).data;
    units = args.array<uint32_t>(3, 0);
    rows = args.array<uint32_t>(4, count * row_words(memory->outputs)).data;
    outcomes = args.array<uint32_t>(5, 2 * count).data;
  }

  void run() const {
    tier->recall_codes(*memory, starts, units.data, units.length, count, plan, rows, outcomes);
  }
};

inline napi_value recall_codes(const Arguments& args) {
  CodeWork(args).run();
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_CODES_H_
