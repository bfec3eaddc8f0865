// The recalls of src/kernels/native/recall.ts, and what else is asked of a pairwise memory.
#ifndef HOPFIELD_ADDON_RECALL_H_
#define HOPFIELD_ADDON_RECALL_H_

#include "addon/contents.h"
#include "addon/handle.h"
#include "addon/trace.h"
#include "core/batch.h"

namespace hopfield {

/// Positions in the control block of src/kernels/native/recall.ts.
enum Control : size_t {
  kSynchronous,
  kOrder,
  kTie,
  kMaxSweeps,
  kSeedLow,
  kSeedHigh,
  kStream,
  kScale,
  kFirstSweep,
  kCount,
  kExtras,
  kControlLength
};

/// Bits of kExtras; the array of extras has those that are set, in this order.
enum Extra : uint32_t { kVisits, kExternalField, kClamp, kStreams, kTemperatures, kExtraCount };

/// Handle, control block, cues, states, outcomes, extras: everything one call computes on.
struct RecallWork {
  static constexpr size_t kHandle = 0, kControl = 1, kCues = 2, kStates = 3, kOutcomes = 4, kExtraArrays = 5;

  const Tier* tier;
  const Memory* memory;
  Plan plan{};
  Batch batch{};
  napi_value extras[kExtraCount] = {};

  explicit RecallWork(const Arguments& args)
      : tier(&args.tier()), memory(&handle_of(args, kHandle, Family::kPairwise).memory) {
    // Before any array is looked at: elements of an array may be anything, and run code.
    if (args.count() > kExtraArrays) take_extras(args);
    static_assert(sizeof(Outcome) == 4 * sizeof(double), "outcomes are rows of four numbers");
    const double* control = args.array<double>(kControl, kControlLength).data;
    read_plan(args, control);
    if (!plan.synchronous) check_asynchronous(args);
    const size_t neurons = memory->neurons;
    const size_t bytes = batch.count * neurons, words = batch.count * row_words(neurons);
    batch.outcomes = reinterpret_cast<Outcome*>(args.array<double>(kOutcomes, batch.count * 4).data);
    const AnyArray cues = args.any_array(kCues), states = args.any_array(kStates);
    if (cues.is<int8_t>()) {
      batch.cue_bytes = args.viewed<int8_t>(cues, kCues, bytes).data;
    } else {
      batch.cue_rows = args.viewed<uint32_t>(cues, kCues, words).data;
    }
    if (states.is<int8_t>()) {
      batch.state_bytes = args.viewed<int8_t>(states, kStates, bytes).data;
    } else {
      batch.state_rows = args.viewed<uint32_t>(states, kStates, words).data;
    }
    packed_cues = !cues.is<int8_t>();
    packed_states = !states.is<int8_t>();
    if (control[kExtras] != 0) read_extras(args, static_cast<uint32_t>(control[kExtras]));
    const bool visits = !plan.synchronous && plan.order == Order::kExplicit;
    if (visits && plan.visit_count == 0) args.fail(kExtraArrays, "neurons to visit");
  }

  int64_t run() const { return batch.count == 0 ? -1 : recall_batch(*tier, *memory, plan, batch); }

  bool packed_cues, packed_states;

 private:
  void read_plan(const Arguments& args, const double* control) {
    constexpr double kMostOf[kControlLength] = {1,
                                                3,
                                                2,
                                                kMostSweeps,
                                                kMostWord,
                                                kMostWord,
                                                kMostInteger,
                                                HUGE_VAL,
                                                kMostSweeps,
                                                kMostPatterns,
                                                (1 << kExtraCount) - 1};
    for (size_t k = 0; k < kControlLength; k++) {
      if (!(control[k] >= 0 && control[k] <= kMostOf[k])) args.fail(kControl, "a valid control block");
    }
    plan.synchronous = control[kSynchronous] != 0;
    plan.order = static_cast<Order>(static_cast<int>(control[kOrder]));
    plan.tie = static_cast<Tie>(static_cast<int>(control[kTie]));
    plan.max_sweeps = static_cast<uint32_t>(control[kMaxSweeps]);
    plan.seed[0] = static_cast<uint32_t>(control[kSeedLow]);
    plan.seed[1] = static_cast<uint32_t>(control[kSeedHigh]);
    plan.scale = control[kScale];
    plan.first_sweep = static_cast<uint32_t>(control[kFirstSweep]);
    batch.stream = static_cast<uint64_t>(control[kStream]);
    batch.count = static_cast<size_t>(control[kCount]);
  }

  /// Updates neuron by neuron read what synchronous ones do not.
  void check_asynchronous(const Arguments& args) const {
    const bool coupled = memory->form == Form::kCoupled;
    const bool columns = (coupled || memory->form == Form::kImplicit) && memory->count > 0;
    if (columns && memory->columns == nullptr) args.fail(kHandle, "a memory with columns");
    if (coupled && memory->coupled.coupling == Coupling::kMatrix && memory->count > 0 &&
        memory->coupled.responses == nullptr) {
      args.fail(kHandle, "a memory with responses");
    }
  }

  void take_extras(const Arguments& args) {
    bool is_array = false;
    if (napi_is_array(args.env(), args.value(kExtraArrays), &is_array) != napi_ok || !is_array) return;
    uint32_t length = 0;
    check(args.env(), napi_get_array_length(args.env(), args.value(kExtraArrays), &length));
    for (uint32_t k = 0; k < length && k < kExtraCount; k++) {
      if (napi_get_element(args.env(), args.value(kExtraArrays), k, &extras[k]) != napi_ok) {
        args.fail(kExtraArrays, "an array");
      }
    }
  }

  template <class T>
  View<T> extra(const Arguments& args, size_t place, size_t least) const {
    if (extras[place] == nullptr) args.fail(kExtraArrays, "an array");
    return args.viewed<T>(AnyArray(args.env(), extras[place]), kExtraArrays, least);
  }

  void read_extras(const Arguments& args, uint32_t given) {
    const size_t neurons = memory->neurons;
    size_t next = 0;
    if (given & 1u << kVisits) {
      const auto visits = extra<uint32_t>(args, next++, 1);
      if (!all_below(visits.data, visits.length, neurons)) args.fail(kExtraArrays, "neurons within bounds");
      plan.visits = visits.data;
      plan.visit_count = visits.length;
    }
    if (given & 1u << kExternalField) plan.external_field = extra<double>(args, next++, neurons).data;
    if (given & 1u << kClamp) plan.clamp = extra<uint32_t>(args, next++, row_words(neurons)).data;
    if (given & 1u << kStreams) {
      const auto streams = extra<double>(args, next++, batch.count);
      for (size_t b = 0; b < batch.count; b++) {
        if (!(streams.data[b] >= 0 && streams.data[b] <= kMostInteger))
          args.fail(kExtraArrays, "query indices");
      }
      batch.streams = streams.data;
    }
    if (given & 1u << kTemperatures) {
      const auto temperatures = extra<double>(args, next++, 1);
      plan.temperatures = temperatures.data;
      plan.temperature_count = temperatures.length;
    }
  }
};

inline napi_value recall(const Arguments& args) {
  return to_number(args.env(), static_cast<double>(RecallWork(args).run()));
}

inline napi_value recall_traced(const Arguments& args) {
  const RecallWork work(args);
  const Batch& batch = work.batch;
  if (!work.packed_cues) args.fail(RecallWork::kCues, "a Uint32Array");
  if (!work.packed_states) args.fail(RecallWork::kStates, "a Uint32Array");
  if (batch.count != 1) args.fail(RecallWork::kControl, "one cue");
  TraceRecorder recorder;
  const uint64_t query = batch.streams != nullptr ? static_cast<uint64_t>(batch.streams[0]) : batch.stream;
  recall_traced(*work.tier, *work.memory, work.plan, query, batch.cue_rows, batch.state_rows, batch.outcomes,
                &recorder);
  return recorder.to_js(args.env());
}

/// As they are given to another thread: cues packed, so that nothing but copies of ours is read there.
struct AsyncRecallWork : RecallWork {
  static constexpr const char* kName = "hopfield.recall";

  explicit AsyncRecallWork(const Arguments& args) : RecallWork(args) {
    if (!packed_cues) args.fail(kCues, "a Uint32Array");
  }
  /// The array of extras is the caller's to change; its elements are not.
  void keep(const Arguments& args, napi_value kept) const {
    for (uint32_t k = 0; k < kExtraCount; k++) {
      if (extras[k] == nullptr) continue;
      check(args.env(),
            napi_set_element(args.env(), kept, static_cast<uint32_t>(args.count()) + k, extras[k]));
    }
  }
};

/// Handle, state, out.
inline napi_value local_fields(const Arguments& args) {
  const Memory& memory = handle_of(args, 0, Family::kPairwise).memory;
  const auto state = args.array<uint32_t>(1, row_words(memory.neurons));
  const auto out = args.array<double>(2, memory.neurons);
  const CleanStates clean(state.data, 1, memory.neurons);
  args.tier().local_fields(memory, clean.data(), out.data);
  return nullptr;
}

/// Handle, states, how many, out.
inline napi_value quadratics(const Arguments& args) {
  const Memory& memory = handle_of(args, 0, Family::kPairwise).memory;
  const size_t count = args.size(2, kMostPatterns);
  const auto states = args.array<uint32_t>(1, count * row_words(memory.neurons));
  const auto out = args.array<double>(3, count);
  const CleanStates clean(states.data, count, memory.neurons);
  args.tier().quadratics(memory, clean.data(), count, out.data);
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_RECALL_H_
