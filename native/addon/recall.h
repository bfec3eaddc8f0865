// The recalls of src/kernels/native.ts: their arguments by position, and the work itself.
#ifndef HOPFIELD_ADDON_RECALL_H_
#define HOPFIELD_ADDON_RECALL_H_

#include <napi.h>

#include "addon/arguments.h"
#include "addon/trace.h"
#include "core.h"

namespace hopfield {

constexpr double kMostNeurons = 1073741824.0;   // 2^30
constexpr double kMostPatterns = 8589934592.0;  // 2^33: times 2^30 neurons stays below 2^64
constexpr double kMostWord = 4294967295.0;
constexpr double kMostInteger = 9007199254740991.0;

inline const Tier& tier_of(const Arguments& args) { return *static_cast<const Tier*>(args.data()); }

inline napi_value number(napi_env env, double x) {
  napi_value value;
  if (napi_create_double(env, x, &value) != napi_ok) throw Napi::Error::New(env);
  return value;
}

/// Arguments 0…4: dense, neurons, count, rows, and weights or columns. And, from `tables` on, if patterns
/// vote by tables: fields, energies, beta.
inline Memory read_memory(const Arguments& args, bool columns, size_t tables) {
  Memory memory{};
  memory.dense = args.boolean(0);
  memory.neurons = args.size(1, kMostNeurons);
  memory.count = args.size(2, kMostPatterns);
  if (memory.neurons == 0) args.fail(1, "at least one neuron");
  memory.rows = args.array<uint32_t>(3, memory.count * row_words(memory.neurons)).data;
  if (memory.dense) {
    memory.weights = args.array<int32_t>(4, memory.neurons * memory.neurons).data;
  } else if (!args.is_undefined(tables)) {
    memory.fields = args.array<double>(tables, memory.neurons + 2).data;
    memory.energies = args.array<double>(tables + 1, memory.neurons + 1).data;
    memory.beta = args.number(tables + 2);
  }
  if (!memory.dense && (columns || memory.fields != nullptr)) {
    memory.columns = args.array<uint32_t>(4, memory.neurons * column_words(memory.count)).data;
  }
  return memory;
}

/// The control block of src/kernels/native.ts.
inline Plan read_plan(const Arguments& args, size_t at, size_t neurons, uint64_t* stream) {
  const double* control = args.array<double>(at, 8).data;
  const double most[8] = {1, 3, 2, 2147483647.0, kMostWord, kMostWord, kMostInteger, HUGE_VAL};
  for (size_t k = 0; k < 8; k++) {
    if (!(control[k] >= 0 && control[k] <= most[k])) args.fail(at, "a valid control block");
  }
  Plan plan{};
  plan.synchronous = control[0] != 0;
  plan.order = static_cast<Order>(static_cast<int>(control[1]));
  plan.tie = static_cast<Tie>(static_cast<int>(control[2]));
  plan.max_sweeps = static_cast<uint32_t>(control[3]);
  plan.seed[0] = static_cast<uint32_t>(control[4]);
  plan.seed[1] = static_cast<uint32_t>(control[5]);
  plan.scale = control[7];
  *stream = static_cast<uint64_t>(control[6]);
  if (plan.order == Order::kExplicit && !plan.synchronous) {
    const auto visits = args.array<uint32_t>(at + 1, 1);
    for (size_t u = 0; u < visits.length; u++) {
      if (visits.data[u] >= neurons) args.fail(at + 1, "neurons within bounds");
    }
    plan.visits = visits.data;
    plan.visit_count = visits.length;
  }
  if (!args.is_undefined(at + 2)) plan.external_field = args.array<double>(at + 2, neurons).data;
  if (!args.is_undefined(at + 3)) plan.clamp = args.array<uint32_t>(at + 3, row_words(neurons)).data;
  return plan;
}

/// Everything one call computes on.
struct RecallWork {
  const Tier* tier;
  Memory memory;
  Plan plan;
  Batch batch;

  explicit RecallWork(const Arguments& args) : tier(&tier_of(args)) {
    static_assert(sizeof(Outcome) == 4 * sizeof(double), "outcomes are rows of four numbers");
    memory = read_memory(args, false, 14);
    batch = Batch{};
    plan = read_plan(args, 9, memory.neurons, &batch.stream);
    if (!memory.dense && !plan.synchronous) memory = read_memory(args, true, 14);
    batch.count = args.size(6, kMostPatterns);
    const size_t bytes = batch.count * memory.neurons, words = batch.count * row_words(memory.neurons);
    batch.outcomes = reinterpret_cast<Outcome*>(args.array<double>(8, batch.count * 4).data);
    if (args.is_bytes(5)) {
      batch.cue_bytes = args.array<int8_t>(5, bytes).data;
    } else {
      batch.cue_rows = args.array<uint32_t>(5, words).data;
    }
    if (args.is_bytes(7)) {
      batch.state_bytes = args.array<int8_t>(7, bytes).data;
    } else {
      batch.state_rows = args.array<uint32_t>(7, words).data;
    }
    if (!args.is_undefined(13)) {
      const auto streams = args.array<double>(13, batch.count);
      for (size_t b = 0; b < batch.count; b++) {
        if (!(streams.data[b] >= 0 && streams.data[b] <= kMostInteger)) args.fail(13, "query indices");
      }
      batch.streams = streams.data;
    }
  }

  int64_t run() const { return recall_batch(*tier, memory, plan, batch); }
};

inline napi_value recall(const Arguments& args) {
  return number(args.env(), static_cast<double>(RecallWork(args).run()));
}

inline napi_value recall_traced(const Arguments& args) {
  const RecallWork work(args);
  const Batch& batch = work.batch;
  if (batch.cue_rows == nullptr) args.fail(5, "a Uint32Array");
  if (batch.state_rows == nullptr) args.fail(7, "a Uint32Array");
  if (batch.count != 1) args.fail(6, "one cue");
  TraceRecorder recorder;
  const uint64_t query = batch.streams != nullptr ? static_cast<uint64_t>(batch.streams[0]) : batch.stream;
  recall_traced(*work.tier, work.memory, work.plan, query, batch.cue_rows, batch.state_rows, batch.outcomes,
                &recorder);
  return recorder.to_js(args.env());
}

inline napi_value quadratics(const Arguments& args) {
  const Memory memory = read_memory(args, false, 8);
  const size_t count = args.size(6, kMostPatterns);
  const auto states = args.array<uint32_t>(5, count * row_words(memory.neurons));
  const auto out = args.array<double>(7, count);
  tier_of(args).quadratics(memory, states.data, count, out.data);
  return nullptr;
}

inline napi_value interaction_fields(const Arguments& args) {
  const Memory memory = read_memory(args, false, 7);
  if (memory.fields == nullptr) args.fail(7, "a Float64Array");
  const auto state = args.array<uint32_t>(5, row_words(memory.neurons));
  const auto out = args.array<double>(6, memory.neurons);
  tier_of(args).interaction_fields(memory, state.data, out.data);
  return nullptr;
}

/// As they are given to another thread: cues packed, so that nothing but copies of ours is read there.
struct PackedRecallWork : RecallWork {
  static constexpr const char* kName = "hopfield.recall";

  explicit PackedRecallWork(const Arguments& args) : RecallWork(args) {
    if (batch.cue_rows == nullptr) args.fail(5, "a Uint32Array");
  }
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_RECALL_H_
