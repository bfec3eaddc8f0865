// The recalls of src/kernels/native/native.ts: their arguments by position, and the work itself.
#ifndef HOPFIELD_ADDON_RECALL_H_
#define HOPFIELD_ADDON_RECALL_H_

#include <napi.h>

#include "addon/arguments.h"
#include "addon/trace.h"
#include "core/batch.h"

namespace hopfield {

constexpr double kMostNeurons = 1073741824.0;   // 2^30
constexpr double kMostPatterns = 8589934592.0;  // 2^33: times 2^30 neurons stays below 2^64
constexpr double kMostWord = 4294967295.0;
constexpr double kMostInteger = 9007199254740991.0;
constexpr double kMostMatrix = 16777216.0;  // 2^24: its square stays below 2^48

inline const Tier& tier_of(const Arguments& args) { return *static_cast<const Tier*>(args.data()); }

inline napi_value number(napi_env env, double x) {
  napi_value value;
  if (napi_create_double(env, x, &value) != napi_ok) throw Napi::Error::New(env);
  return value;
}

/// Where rows of connections start: n + 1 numbers from 0.
inline const uint32_t* read_starts(const Arguments& args, size_t at, size_t n) {
  const uint32_t* starts = args.array<uint32_t>(at, n + 1).data;
  bool ascending = starts[0] == 0;
  for (size_t i = 0; i < n; i++) ascending &= starts[i] <= starts[i + 1];
  if (!ascending) args.fail(at, "ascending numbers from 0");
  return starts;
}

/// `count` neurons out of n.
inline const uint32_t* read_neurons(const Arguments& args, size_t at, size_t count, size_t n) {
  const uint32_t* neurons = args.array<uint32_t>(at, count).data;
  uint32_t most = 0;
  for (size_t k = 0; k < count; k++) most = neurons[k] > most ? neurons[k] : most;
  if (most >= n) args.fail(at, "neurons within bounds");
  return neurons;
}

/// `count` numbers of one of three types.
inline void read_weights(const Arguments& args, size_t at, size_t count, Memory& memory) {
  if (args.is_array<int32_t>(at)) {
    memory.number = Number::kInt32;
    memory.weights = args.array<int32_t>(at, count).data;
  } else if (args.is_array<float>(at)) {
    memory.number = Number::kFloat32;
    memory.weights = args.array<float>(at, count).data;
  } else {
    memory.number = Number::kFloat64;
    memory.weights = args.array<double>(at, count).data;
  }
}

/// From `at` on: kind of coupling, lag and whether cyclic; couplings; self weights.
inline void read_coupling(const Arguments& args, size_t at, Memory& memory) {
  const size_t p = memory.count;
  const double* settings = args.array<double>(at, 3).data;
  if (!(settings[0] >= 0 && settings[0] <= 3) ||
      !(settings[1] >= 0 && settings[1] <= static_cast<double>(p))) {
    args.fail(at, "a coupling and a lag within bounds");
  }
  CoupledWeights& coupled = memory.coupled;
  coupled.coupling = static_cast<Coupling>(static_cast<int>(settings[0]));
  coupled.lag = static_cast<size_t>(settings[1]);
  coupled.cyclic = settings[2] != 0;
  const bool matrix = coupled.coupling == Coupling::kMatrix,
             diagonal = coupled.coupling == Coupling::kDiagonal;
  coupled.couplings = args.array<double>(at + 1, matrix ? p * padded_stride(p) : diagonal ? p : 0).data;
  coupled.self_weights = args.array<double>(at + 2, memory.neurons).data;
}

/// What memories have besides, from `at` on, behind the number of the form.
inline void read_form(const Arguments& args, size_t at, Memory& memory) {
  const size_t n = memory.neurons;
  switch (memory.form) {
    case Form::kImplicit:
      return;
    case Form::kInteraction:
      memory.interaction = {args.array<double>(at, n + 2).data, args.array<double>(at + 1, n + 1).data,
                            args.number(at + 2)};
      return;
    case Form::kCoupled:
      read_coupling(args, at, memory);
      return;
    case Form::kMatrix: {
      if (n > static_cast<size_t>(kMostMatrix)) args.fail(1, "fewer neurons");
      memory.stride = padded_stride(n);
      read_weights(args, at, n * memory.stride, memory);
      return;
    }
    case Form::kBits:
      memory.weights = args.array<uint32_t>(at, n * row_words(n)).data;
      return;
    case Form::kSparse: {
      SparseConnections& sparse = memory.sparse;
      sparse.starts = read_starts(args, at, n);
      const size_t connections = sparse.starts[n];
      sparse.sources = read_neurons(args, at + 1, connections, n);
      read_weights(args, at + 2, connections, memory);
      if (memory.number == Number::kFloat32) args.fail(at + 2, "an Int32Array or a Float64Array");
      if (memory.number != Number::kInt32) return;
      memory.largest = largest_row(memory);
      if (args.array<uint32_t>(at + 3, 0).length == 0) return;
      sparse.target_starts = read_starts(args, at + 3, n);
      sparse.targets = read_neurons(args, at + 4, sparse.target_starts[n], n);
      sparse.target_weights = args.array<int32_t>(at + 5, sparse.target_starts[n]).data;
      return;
    }
  }
}

/// Arguments 0…4: dense, neurons, count, rows, and weights or columns. And from `more` on: nothing; or the
/// number of a form and what it has besides.
inline Memory read_memory(const Arguments& args, bool asynchronous, size_t more) {
  Memory memory{};
  memory.neurons = args.size(1, kMostNeurons);
  memory.count = args.size(2, kMostPatterns);
  if (memory.neurons == 0) args.fail(1, "at least one neuron");
  memory.rows = args.array<uint32_t>(3, memory.count * row_words(memory.neurons)).data;
  if (args.boolean(0)) {
    memory.form = Form::kMatrix;
    memory.stride = memory.neurons;
    memory.symmetric = true;
    memory.largest = static_cast<double>(memory.neurons) * static_cast<double>(memory.count);
    memory.weights = args.array<int32_t>(4, memory.neurons * memory.neurons).data;
    return memory;
  }
  memory.form = args.is_undefined(more) ? Form::kImplicit : static_cast<Form>(args.size(more, 5));
  read_form(args, more + 1, memory);
  const bool coupled = memory.form == Form::kCoupled;
  if (asynchronous && coupled && memory.coupled.coupling == Coupling::kMatrix) {
    memory.coupled.responses =
        args.array<double>(more + 4, memory.neurons * padded_stride(memory.count)).data;
  }
  if (memory.form == Form::kInteraction || (asynchronous && (coupled || memory.form == Form::kImplicit))) {
    memory.columns = args.array<uint32_t>(4, memory.neurons * column_words(memory.count)).data;
  }
  return memory;
}

/// The control block of src/kernels/native/native.ts.
inline Plan read_plan(const Arguments& args, size_t at, size_t neurons, uint64_t* stream) {
  const double* control = args.array<double>(at, 9).data;
  const double most[9] = {1, 3, 2, 2147483647.0, kMostWord, kMostWord, kMostInteger, HUGE_VAL, 2147483647.0};
  for (size_t k = 0; k < 9; k++) {
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
  plan.first_sweep = static_cast<uint32_t>(control[8]);
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
  if (!args.is_undefined(at + 5)) {
    const auto temperatures = args.array<double>(at + 5, 1);
    plan.temperatures = temperatures.data;
    plan.temperature_count = temperatures.length;
  }
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
    memory = read_memory(args, false, 15);
    batch = Batch{};
    plan = read_plan(args, 9, memory.neurons, &batch.stream);
    if (!plan.synchronous) memory = read_memory(args, true, 15);
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

inline napi_value local_fields(const Arguments& args) {
  const Memory memory = read_memory(args, false, 7);
  const auto state = args.array<uint32_t>(5, row_words(memory.neurons));
  const auto out = args.array<double>(6, memory.neurons);
  tier_of(args).local_fields(memory, state.data, out.data);
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
