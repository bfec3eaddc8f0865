// The door to Node: checks arguments, finds the bytes, starts the work. No arithmetic here.
//
// Context-aware by construction: no mutable globals, no handles kept between calls, so worker threads may
// load the addon as often as they like and be terminated at any time.
#include <napi.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <new>

#include "addon/arguments.h"
#include "addon/async.h"
#include "addon/bidirectional.h"
#include "addon/codes.h"
#include "addon/form_weights.h"
#include "addon/graded.h"
#include "addon/learning.h"
#include "addon/recall.h"
#include "addon/retrieval.h"
#include "core/tier.h"

namespace hopfield {
namespace {

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

napi_value interleave(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), neurons = args.size(2, kMostNeurons);
  const auto rows = args.array<uint32_t>(0, count * row_words(neurons));
  const auto planes = args.array<uint32_t>(3, plane_words(count, neurons));
  tier_of(args).interleave(rows.data, count, neurons, planes.data);
  return nullptr;
}

napi_value nearest(const Arguments& args) {
  const size_t count = args.size(1, kMostWord), neurons = args.size(2, kMostNeurons);
  const size_t state_count = args.size(4, kMostPatterns);
  if (count == 0) args.fail(1, "at least one pattern");
  if (neurons == 0) args.fail(2, "at least one neuron");
  const auto planes = args.array<uint32_t>(0, plane_words(count, neurons));
  const auto states = args.array<uint32_t>(3, state_count * row_words(neurons));
  const size_t first = args.size(5, kMostWord);
  const auto indices = args.array<uint32_t>(6, state_count);
  const auto out = args.array<int32_t>(7, state_count);
  tier_of(args).nearest(planes.data, count, neurons, states.data, state_count, first, indices.data, out.data);
  return nullptr;
}

napi_value hebbian(const Arguments& args) {
  const size_t count = args.size(1, kMostNeurons), neurons = args.size(2, kMostNeurons);
  const auto columns = args.array<uint32_t>(0, neurons * column_words(count));
  const auto weights = args.array<int32_t>(4, neurons * neurons);
  tier_of(args).hebbian(columns.data, count, neurons, args.number(3) < 0 ? -1 : 1, args.boolean(5),
                        weights.data);
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
  Memory memory{};
  memory.form = Form::kMatrix;
  memory.neurons = memory.stride = neurons;
  memory.weights = weights.data;
  tier_of(args).dense_fields(memory, state.data, out.data);
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
  define(object, "interleave", guarded<interleave>, tier);
  define(object, "nearest", guarded<nearest>, tier);
  define(object, "willshawStore", guarded<willshaw_store>, tier);
  define(object, "recallCodes", guarded<recall_codes>, tier);
  define(object, "recallCodesAsync", guarded<AsyncCall<CodeWork>::start>, tier);
  define(object, "hebbian", guarded<hebbian>, tier);
  define(object, "implicitFields", guarded<implicit_fields>, tier);
  define(object, "denseFields", guarded<dense_fields>, tier);
  define(object, "localFields", guarded<local_fields>, tier);
  define(object, "implicitQuadratic", guarded<implicit_quadratic>, tier);
  define(object, "denseQuadratic", guarded<dense_quadratic>, tier);
  define(object, "externalDot", guarded<external_dot>, tier);
  define(object, "philox", guarded<philox>, tier);
  define(object, "quadratics", guarded<quadratics>, tier);
  define(object, "recall", guarded<recall>, tier);
  define(object, "recallTraced", guarded<recall_traced>, tier);
  define(object, "recallAsync", guarded<AsyncCall<PackedRecallWork>::start>, tier);
  define(object, "bidirectional", guarded<bidirectional>, tier);
  define(object, "bidirectionalAsync", guarded<AsyncCall<BidirectionalWork>::start>, tier);
  define(object, "gradedSlopes", guarded<graded_slopes>, tier);
  define(object, "gradedEnergies", guarded<graded_energies>, tier);
  define(object, "integrate", guarded<integrate>, tier);
  define(object, "integrateTraced", guarded<integrate_traced>, tier);
  define(object, "integrateAsync", guarded<AsyncCall<IntegrationWork>::start>, tier);
  define(object, "keyNorms", guarded<key_norms>, tier);
  define(object, "screenBytes", guarded<screen_bytes>, tier);
  define(object, "screen", guarded<screen>, tier);
  define(object, "logits", guarded<logits>, tier);
  define(object, "retrieve", guarded<retrieve>, tier);
  define(object, "retrieveAsync", guarded<AsyncCall<RetrievalWork>::start>, tier);
  define(object, "formWeights", guarded<form_weights>, tier);
  define(object, "connectionWeights", guarded<connection_weights>, tier);
  define(object, "selfWeights", guarded<self_weights>, tier);
  define(object, "correlations", guarded<correlations>, tier);
  define(object, "storkey", guarded<storkey>, tier);
  define(object, "rankOne", guarded<rank_one>, tier);
  define(object, "border", guarded<border>, tier);
  define(object, "retire", guarded<retire>, tier);
  define(object, "responses", guarded<responses>, tier);
  define(object, "perceptron", guarded<perceptron>, tier);
  define(object, "minimalOverlap", guarded<minimal_overlap>, tier);
  define(object, "bounded", guarded<bounded>, tier);
  define(object, "clipped", guarded<clipped>, tier);
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
    row.Set("refused", Napi::Boolean::New(args.env(), all[t]->refused));
    list.Set(static_cast<uint32_t>(t), row);
  }
  return list;
}

/// Address of an array's first byte modulo 64, so that JavaScript can lay views on cache lines. Takes arrays
/// over shared memory too.
napi_value misalignment(const Arguments& args) {
  return number(args.env(),
                static_cast<double>(reinterpret_cast<uintptr_t>(args.array<uint32_t>(0, 0).data) % 64));
}

/// Asks for large pages under a large array that nobody has touched yet: fewer faults now, fewer misses
/// later. A wish, and no more.
napi_value prefer_large_pages(const Arguments& args) {
#if defined(__linux__)
  const auto view = args.array<uint32_t>(0, 0);
  constexpr uintptr_t kLargePage = 2 << 20;
  const uintptr_t from = (reinterpret_cast<uintptr_t>(view.data) + kLargePage - 1) / kLargePage * kLargePage;
  const uintptr_t to = reinterpret_cast<uintptr_t>(view.data + view.length) / kLargePage * kLargePage;
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
#else
  args.array<uint32_t>(0, 0);
#endif
  return nullptr;
}

Napi::Object init(Napi::Env, Napi::Object exports) {
  define(exports, "tiers", guarded<list_tiers>, nullptr);
  define(exports, "kernels", guarded<kernels>, nullptr);
  define(exports, "misalignment", guarded<misalignment>, nullptr);
  define(exports, "preferLargePages", guarded<prefer_large_pages>, nullptr);
  return exports;
}

}  // namespace
}  // namespace hopfield

static Napi::Object Init(Napi::Env env, Napi::Object exports) { return hopfield::init(env, exports); }

NODE_API_MODULE(hopfield, Init)
