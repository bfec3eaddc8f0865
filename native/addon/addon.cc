// The door to Node: checks arguments, finds the bytes, starts the work. No arithmetic here.
//
// Context-aware by construction: no mutable globals, no handles kept between calls, so worker threads may
// load the addon as often as they like and be terminated at any time.
#include <napi.h>

#include <new>

#include "addon/arguments.h"
#include "addon/trace.h"
#include "core.h"

namespace hopfield {
namespace {

constexpr double kMostNeurons = 1073741824.0;   // 2^30
constexpr double kMostPatterns = 8589934592.0;  // 2^33: times 2^30 neurons stays below 2^64
constexpr double kMostWord = 4294967295.0;
constexpr double kMostInteger = 9007199254740991.0;

const Tier& tier_of(const Arguments& args) { return *static_cast<const Tier*>(args.data()); }

napi_value number(napi_env env, double x) {
  napi_value value;
  if (napi_create_double(env, x, &value) != napi_ok) throw Napi::Error::New(env);
  return value;
}

/// Nothing thrown in C++ may reach the engine.
template <napi_value (*Function)(const Arguments&)>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    return Function(Arguments(env, info));
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
  } catch (const std::bad_alloc&) {
    napi_throw_range_error(env, "ERR_HOPFIELD_MEMORY", "native kernel: out of memory");
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

napi_value pack(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto states = args.array<int8_t>(0, count * neurons);
  const auto rows = args.array<uint32_t>(3, count * row_words(neurons));
  return number(args.env(), static_cast<double>(tier_of(args).pack(states.data, count, neurons, rows.data)));
}

napi_value unpack(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto states = args.array<int8_t>(3, count * neurons);
  tier_of(args).unpack(rows.data, count, neurons, states.data);
  return nullptr;
}

napi_value transpose(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto columns = args.array<uint32_t>(3, neurons * column_words(count));
  tier_of(args).transpose(rows.data, count, neurons, columns.data);
  return nullptr;
}

napi_value overlaps(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const size_t state_count = args.size(4, kMostNeurons);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto states = args.array<uint32_t>(3, state_count * row_words(neurons));
  const auto out = args.array<int32_t>(5, state_count * count);
  tier_of(args).overlaps(rows.data, count, neurons, states.data, state_count, out.data);
  return nullptr;
}

napi_value hebbian(const Arguments& args) {
  const size_t count = args.size(1, kMostNeurons), neurons = args.size(2, kMostNeurons);
  const auto columns = args.array<uint32_t>(0, neurons * column_words(count));
  const auto weights = args.array<int32_t>(4, neurons * neurons);
  tier_of(args).hebbian(columns.data, count, neurons, args.number(3) < 0 ? -1 : 1, weights.data);
  return nullptr;
}

napi_value implicit_fields(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto overlap_values = args.array<int32_t>(3, count);
  const auto state = args.array<uint32_t>(4, row_words(neurons));
  const auto out = args.array<double>(5, neurons);
  tier_of(args).implicit_fields(rows.data, count, neurons, overlap_values.data, state.data, out.data);
  return nullptr;
}

napi_value dense_fields(const Arguments& args) {
  const size_t neurons = args.size(1, kMostNeurons);
  const auto weights = args.array<int32_t>(0, neurons * neurons);
  const auto state = args.array<uint32_t>(2, row_words(neurons));
  const auto out = args.array<double>(3, neurons);
  tier_of(args).dense_fields(weights.data, neurons, state.data, out.data);
  return nullptr;
}

napi_value implicit_quadratic(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto overlap_values = args.array<int32_t>(0, count);
  return number(args.env(), tier_of(args).implicit_quadratic(overlap_values.data, count, neurons));
}

napi_value dense_quadratic(const Arguments& args) {
  const size_t neurons = args.size(1, kMostNeurons);
  const auto fields = args.array<double>(0, neurons);
  const auto state = args.array<uint32_t>(2, row_words(neurons));
  return number(args.env(), tier_of(args).dense_quadratic(fields.data, neurons, state.data));
}

napi_value external_dot(const Arguments& args) {
  const size_t neurons = args.size(1, kMostNeurons);
  const auto field = args.array<double>(0, neurons);
  const auto state = args.array<uint32_t>(2, row_words(neurons));
  return number(args.env(), tier_of(args).external_dot(field.data, neurons, state.data));
}

napi_value philox(const Arguments& args) {
  const uint32_t seed[2] = {static_cast<uint32_t>(args.size(0, kMostWord)),
                            static_cast<uint32_t>(args.size(1, kMostWord))};
  const auto sweep = static_cast<uint32_t>(args.size(2, kMostWord));
  const auto low = static_cast<uint32_t>(args.size(3, kMostWord)),
             high = static_cast<uint32_t>(args.size(4, kMostWord));
  const auto out = args.array<uint32_t>(5, 0);
  tier_of(args).philox(seed, sweep, low, high, out.data, out.length);
  return nullptr;
}

/// The control block of src/kernels/native.ts.
Plan read_plan(const Arguments& args, size_t at, size_t neurons, uint64_t* stream) {
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

napi_value recall(const Arguments& args) {
  static_assert(sizeof(Outcome) == 4 * sizeof(double), "outcomes are rows of four numbers");
  const Tier& tier = tier_of(args);
  Memory memory{};
  memory.dense = args.boolean(0);
  memory.neurons = args.size(1, kMostNeurons);
  memory.count = args.size(2, kMostPatterns);
  if (memory.neurons == 0) args.fail(1, "at least one neuron");
  memory.rows = args.array<uint32_t>(3, memory.count * row_words(memory.neurons)).data;
  uint64_t stream;
  const Plan plan = read_plan(args, 9, memory.neurons, &stream);
  if (memory.dense) {
    memory.weights = args.array<int32_t>(4, memory.neurons * memory.neurons).data;
  } else if (!plan.synchronous) {
    memory.columns = args.array<uint32_t>(4, memory.neurons * column_words(memory.count)).data;
  }
  const size_t cue_count = args.size(6, kMostPatterns);
  auto* outcomes = reinterpret_cast<Outcome*>(args.array<double>(8, cue_count * 4).data);
  if (args.is_bytes(5)) {
    const auto cues = args.array<int8_t>(5, cue_count * memory.neurons);
    const auto states = args.array<int8_t>(7, cue_count * memory.neurons);
    const int64_t offender =
        recall_bytes(tier, memory, plan, stream, cues.data, cue_count, states.data, outcomes);
    return number(args.env(), static_cast<double>(offender));
  }
  const auto cues = args.array<uint32_t>(5, cue_count * row_words(memory.neurons));
  const auto states = args.array<uint32_t>(7, cue_count * row_words(memory.neurons));
  if (!args.boolean(13)) {
    recall_packed(tier, memory, plan, stream, cues.data, cue_count, states.data, outcomes, nullptr);
    return number(args.env(), -1);
  }
  TraceRecorder recorder;
  recall_packed(tier, memory, plan, stream, cues.data, cue_count, states.data, outcomes, &recorder);
  return recorder.to_js(args.env());
}

void define(Napi::Object& object, const char* name, napi_callback callback, const Tier* tier) {
  napi_value function;
  if (napi_create_function(object.Env(), name, NAPI_AUTO_LENGTH, callback, const_cast<Tier*>(tier),
                           &function) != napi_ok) {
    throw Napi::Error::New(object.Env());
  }
  object.Set(name, function);
}

napi_value kernels(const Arguments& args) {
  const Tier* tier = find_tier(args.text(0).c_str());
  if (tier == nullptr || !tier->usable()) args.fail(0, "a tier this processor can run");
  Napi::Object object = Napi::Object::New(args.env());
  define(object, "pack", guarded<pack>, tier);
  define(object, "unpack", guarded<unpack>, tier);
  define(object, "transpose", guarded<transpose>, tier);
  define(object, "overlaps", guarded<overlaps>, tier);
  define(object, "hebbian", guarded<hebbian>, tier);
  define(object, "implicitFields", guarded<implicit_fields>, tier);
  define(object, "denseFields", guarded<dense_fields>, tier);
  define(object, "implicitQuadratic", guarded<implicit_quadratic>, tier);
  define(object, "denseQuadratic", guarded<dense_quadratic>, tier);
  define(object, "externalDot", guarded<external_dot>, tier);
  define(object, "philox", guarded<philox>, tier);
  define(object, "recall", guarded<recall>, tier);
  return object;
}

napi_value list_tiers(const Arguments& args) {
  size_t count;
  const Tier* const* all = tiers(&count);
  Napi::Array list = Napi::Array::New(args.env(), count);
  for (size_t t = 0; t < count; t++) {
    Napi::Object row = Napi::Object::New(args.env());
    row.Set("name", all[t]->name);
    row.Set("description", all[t]->description);
    row.Set("usable", Napi::Boolean::New(args.env(), all[t]->usable()));
    list.Set(static_cast<uint32_t>(t), row);
  }
  return list;
}

/// Address of a buffer's first byte modulo 64, so that JavaScript can lay views on cache lines.
napi_value misalignment(const Arguments& args) {
  void* data;
  size_t length;
  if (napi_get_arraybuffer_info(args.env(), args.value(0), &data, &length) != napi_ok)
    args.fail(0, "an ArrayBuffer");
  return number(args.env(), static_cast<double>(reinterpret_cast<uintptr_t>(data) % 64));
}

Napi::Object init(Napi::Env, Napi::Object exports) {
  define(exports, "tiers", guarded<list_tiers>, nullptr);
  define(exports, "kernels", guarded<kernels>, nullptr);
  define(exports, "misalignment", guarded<misalignment>, nullptr);
  return exports;
}

}  // namespace
}  // namespace hopfield

static Napi::Object Init(Napi::Env env, Napi::Object exports) { return hopfield::init(env, exports); }

NODE_API_MODULE(hopfield, Init)
