// The door to Node: checks arguments, finds the bytes, starts the work. No arithmetic here.
//
// Context-aware by construction: no mutable globals, and what is kept between calls belongs to one
// environment (binding.h), so worker threads may load the addon as often as they like and be terminated at
// any time.
#include <napi.h>

#include <cctype>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "addon/annealing.h"
#include "addon/async.h"
#include "addon/boltzmann.h"
#include "addon/codes.h"
#include "addon/connecting.h"
#include "addon/features.h"
#include "addon/file_map.h"
#include "addon/form_weights.h"
#include "addon/graded.h"
#include "addon/identity.h"
#include "addon/learning.h"
#include "addon/memory.h"
#include "addon/packing.h"
#include "addon/pairs.h"
#include "addon/recall.h"
#include "addon/retrieval.h"
#include "addon/searches.h"

namespace hopfield {
namespace {

#if defined(__wasm__)
/// What is thrown in C++ is JavaScript's as soon as it is thrown: native/wasm/runtime.cc.
template <napi_value (*Function)(const Arguments&)>
napi_value guarded(napi_env env, napi_callback_info info) {
  return Function(Arguments(env, info));
}
#else
/// Nothing thrown in C++ may reach the engine.
template <napi_value (*Function)(const Arguments&)>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    return Function(Arguments(env, info));
  } catch (const Napi::Error& error) {
    // What JavaScript threw meanwhile is there already, and a second throw would be an error of its own.
    bool pending = false;
    if (napi_is_exception_pending(env, &pending) == napi_ok && !pending) error.ThrowAsJavaScriptException();
  } catch (const std::bad_alloc&) {
    napi_throw_range_error(env, "ERR_HOPFIELD_MEMORY", "native kernel: out of memory");
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}
#endif

void define(Napi::Object& object, const char* name, napi_callback callback, Binding* binding) {
  napi_value function;
  if (napi_create_function(object.Env(), name, NAPI_AUTO_LENGTH, callback, binding, &function) != napi_ok) {
    throw Napi::Error::New(object.Env());
  }
  object.Set(name, function);
}

/// `form_weights` as JavaScript says it: formWeights.
std::string camel(const char* name) {
  std::string out;
  for (; *name != '\0'; name++) {
    if (*name == '_') {
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(*++name)));
    } else {
      out += *name;
    }
  }
  return out;
}

/// A kernel, which `Read` reads the arguments of. If that returns what there is to do, then the same on
/// another thread too, with a flag after the kernel's own arguments; if it returns nothing, JavaScript has
/// no such function.
template <auto Read, class Result, class... Parameters>
void define_kernel(Napi::Object& object, const char* name, Binding* binding, Result (*)(Parameters...)) {
  using Made = decltype(Read(std::declval<const Arguments&>()));
  if constexpr (std::is_same_v<Made, napi_value>) {
    define(object, camel(name).c_str(), guarded<Read>, binding);
  } else if constexpr (!std::is_void_v<Made>) {
    define(object, camel(name).c_str(), guarded<at_once<Read>>, binding);
#if !defined(__wasm__)
    using Beside = AsyncCall<Later<Read, sizeof...(Parameters)>>;
    define(object, (camel(name) + "Async").c_str(), guarded<Beside::start>, binding);
#endif
  }
}

/// What `kernels` returns: a function for every row of kernels.def, and what else a family has.
void define_kernels(Napi::Object& object, Binding* binding) {
#define HOPFIELD_KERNEL(result, name, parameters) \
  define_kernel<name>(object, #name, binding, static_cast<result(*) parameters>(nullptr));
#include "kernels.def"
  define(object, "memory", guarded<memory>, binding);
  define(object, "recallTraced", guarded<recall_traced>, binding);
  define(object, "integrateTraced", guarded<integrate_traced>, binding);
#if !defined(__wasm__)
  define(object, "memoryAsync", guarded<AsyncCall<MemoryWork>::start>, binding);
  define(object, "localFieldsAsync", guarded<AsyncCall<Later<fields_to_do, 4>>::start>, binding);
  define(object, "quadraticsAsync", guarded<AsyncCall<Later<quadratics_to_do, 5>>::start>, binding);
  define(object, "connectionWeightsAsync", guarded<AsyncCall<Later<connections_to_do, 6>>::start>, binding);
  define(object, "selfWeightsAsync", guarded<AsyncCall<Later<self_weights_to_do, 5>>::start>, binding);
  define(object, "logitsAsync", guarded<AsyncCall<Later<logits_to_do, 4>>::start>, binding);
  define(object, "associateAsync", guarded<AsyncCall<Later<association_to_do, 4>>::start>, binding);
  define(object, "mostSimilarAsync", guarded<AsyncCall<Later<similar_to_do, 9>>::start>, binding);
  define(object, "recallAsync", guarded<AsyncCall<AsyncRecallWork>::start>, binding);
  define(object, "sampleAsync", guarded<AsyncCall<SampleWork>::start>, binding);
  define(object, "retrieveAsync", guarded<AsyncCall<RetrievalWork>::start>, binding);
  define(object, "integrateAsync", guarded<AsyncCall<IntegrationWork>::start>, binding);
  define(object, "bidirectionalAsync", guarded<AsyncCall<BidirectionalWork>::start>, binding);
  define(object, "annealAsync", guarded<AsyncCall<AnnealingWork>::start>, binding);
  define(object, "replicaQuadraticsAsync", guarded<AsyncCall<ReplicaQuadraticsWork>::start>, binding);
  define(object, "exchangeClustersAsync", guarded<AsyncCall<ClusterWork>::start>, binding);
  define(object, "bifurcateAsync", guarded<AsyncCall<BifurcationWork>::start>, binding);
  define(object, "recallCodesAsync", guarded<AsyncCall<CodeWork>::start>, binding);
  define(object, "descendAsync", guarded<AsyncCall<DescentWork>::start>, binding);
  define(object, "tabuAsync", guarded<AsyncCall<TabuWork>::start>, binding);
#endif
}

Environment& environment_of(const Arguments& args) {
  void* data = nullptr;
  check(args.env(), napi_get_instance_data(args.env(), &data));
  return *static_cast<Environment*>(data);
}

/// The kernels of a tier, and the block of numbers that their calls begin with.
napi_value kernels(const Arguments& args) {
  const Tier* tier = find_tier(args.text(0).c_str());
  if (tier == nullptr || !tier->usable()) args.fail(0, "a tier this processor can run");
  Environment& environment = environment_of(args);
  std::unique_ptr<Binding> binding(new Binding{tier, environment.handles, &environment});
  if (!binding->control.keep(args.env(), args.value(1), environment.control_memories))
    args.fail(1, "a control block");
  Napi::Object object = Napi::Object::New(args.env());
  environment.bindings.push_back(std::move(binding));
  define_kernels(object, environment.bindings.back().get());
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

#if !defined(__wasm__)
/// Address of an array's first byte modulo 64, so that JavaScript can lay views on cache lines. Takes arrays
/// over shared memory too.
napi_value misalignment(const Arguments& args) {
  return to_number(args.env(),
                   static_cast<double>(reinterpret_cast<uintptr_t>(args.array<uint32_t>(0, 0).data) % 64));
}

/// An ArrayBuffer for a control block; undefined where the engine takes no memory but its own.
napi_value control_memory(const Arguments& args) {
  std::vector<ControlMemory*>& all = environment_of(args).control_memories;
  all.reserve(all.size() + 1);
  auto* memory = new ControlMemory();
  all.push_back(memory);
  napi_value buffer = nullptr;
  const napi_status status =
      napi_create_external_arraybuffer(args.env(), memory->numbers, ControlMemory::kLength * sizeof(double),
                                       ControlMemory::finalize, memory, &buffer);
  if (status == napi_ok) return buffer;
  // Whether the engine calls the finalizer after another failure is not said.
  if (status == napi_no_external_buffers_allowed) memory->leave();
  bool pending = false;
  napi_value error;
  if (napi_is_exception_pending(args.env(), &pending) == napi_ok && pending)
    napi_get_and_clear_last_exception(args.env(), &error);
  return nullptr;
}

/// Under an array.
napi_value prefer_large_pages(const Arguments& args) {
  const auto view = args.array<uint32_t>(0, 0);
  hopfield::prefer_large_pages(view.data, view.length * sizeof(uint32_t));
  return nullptr;
}
#endif

Napi::Object init(Napi::Env env, Napi::Object exports) {
  std::unique_ptr<Environment> environment(new Environment());
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); };
  check(env, napi_set_instance_data(env, environment.get(), finalize, nullptr));
  environment.release();
  exports.Set("identity", kIdentity);
  define(exports, "tiers", guarded<list_tiers>, nullptr);
  define(exports, "kernels", guarded<kernels>, nullptr);
#if !defined(__wasm__)
  define(exports, "misalignment", guarded<misalignment>, nullptr);
  define(exports, "preferLargePages", guarded<prefer_large_pages>, nullptr);
  define(exports, "controlMemory", guarded<control_memory>, nullptr);
  define(exports, "mapFile", guarded<map_file>, nullptr);
#endif
  return exports;
}

}  // namespace
}  // namespace hopfield

#if defined(__wasm__)
/// Called once, by src/kernels/wasm/host.ts.
extern "C" __attribute__((export_name("start"))) void start(napi_env env, napi_value exports) {
  hopfield::init(env, Napi::Object(env, exports));
}
#else
static Napi::Object Init(Napi::Env env, Napi::Object exports) { return hopfield::init(env, exports); }

NODE_API_MODULE(hopfield, Init)
#endif
