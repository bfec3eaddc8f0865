// Any work of the addon on libuv's pool, as a promise.
#ifndef HOPFIELD_ADDON_ASYNC_H_
#define HOPFIELD_ADDON_ASYNC_H_

#include <napi.h>

#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "addon/arguments.h"

namespace hopfield {

/// What a promise of some work resolves to; `undefined` unless the work says otherwise.
template <class Work>
napi_status answer_of(napi_env env, const Work&, napi_value* value) {
  return napi_get_undefined(env, value);
}

/// Runs what `Read` makes of the arguments, on this thread.
template <auto Read>
napi_value at_once(const Arguments& args) {
  if constexpr (std::is_void_v<decltype(Read(args)())>) {
    Read(args)();
    return nullptr;
  } else {
    return to_number(args.env(), static_cast<double>(Read(args)()));
  }
}

/// The same as work for another thread.
template <auto Read>
struct Later {
  static constexpr const char* kName = "hopfield.kernel";
  static constexpr bool kAnswers = !std::is_void_v<decltype(Read(std::declval<const Arguments&>())())>;

  decltype(Read(std::declval<const Arguments&>())) todo;
  double answer = 0;

  explicit Later(const Arguments& args) : todo(Read(args)) {}
  void run() {
    if constexpr (kAnswers) {
      answer = static_cast<double>(todo());
    } else {
      todo();
    }
  }
};

template <auto Read>
napi_status answer_of(napi_env env, const Later<Read>& work, napi_value* value) {
  if constexpr (Later<Read>::kAnswers) return napi_create_double(env, work.answer, value);
  return napi_get_undefined(env, value);
}

/// Work on libuv's pool: constructed from the arguments, then run() elsewhere. The arrays are JavaScript's: a
/// reference keeps them until it is done, and who calls promises to leave them alone. Node finishes or
/// cancels such work before it takes an environment down.
template <class Work>
class AsyncCall {
 public:
  static napi_value start(const Arguments& args) {
    const napi_env env = args.env();
    std::unique_ptr<AsyncCall> own(new AsyncCall(Work(args)));
    napi_value promise, kept, name;
    const auto count = static_cast<uint32_t>(args.count());
    check(env, napi_create_array_with_length(env, count + 1, &kept));
    for (uint32_t at = 0; at < count; at++) check(env, napi_set_element(env, kept, at, args.value(at)));
    if (args.memory() != nullptr) check(env, napi_set_element(env, kept, count, args.memory()));
    check(env, napi_create_string_utf8(env, Work::kName, NAPI_AUTO_LENGTH, &name));
    check(env, napi_create_promise(env, &own->deferred_, &promise));
    check(env, napi_create_async_work(env, nullptr, name, execute, complete, own.get(), &own->handle_));
    if (napi_create_reference(env, kept, 1, &own->kept_) != napi_ok ||
        napi_queue_async_work(env, own->handle_) != napi_ok) {
      own->release(env);
      throw Napi::Error::New(env);
    }
    own.release();
    return promise;
  }

 private:
  explicit AsyncCall(const Work& work) : work_(work) {}

  static void execute(napi_env, void* data) {
    auto* self = static_cast<AsyncCall*>(data);
    try {
      self->work_.run();
    } catch (const std::bad_alloc&) {
      self->out_of_memory_ = true;
    }
  }

  /// On the loop's thread. Where JavaScript may not run any more, every call below fails and nothing is
  /// thrown.
  static void complete(napi_env env, napi_status status, void* data) {
    const std::unique_ptr<AsyncCall> self(static_cast<AsyncCall*>(data));
    napi_value value = nullptr;
    if (status == napi_ok && !self->out_of_memory_) {
      if (answer_of(env, self->work_, &value) == napi_ok) napi_resolve_deferred(env, self->deferred_, value);
    } else {
      const char* name = status == napi_ok ? "ERR_HOPFIELD_MEMORY" : "ECANCELED";
      const char* text = status == napi_ok ? "native kernel: out of memory" : "native kernel: cancelled";
      napi_value code, message;
      if (napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &code) == napi_ok &&
          napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &message) == napi_ok &&
          napi_create_range_error(env, code, message, &value) == napi_ok) {
        napi_reject_deferred(env, self->deferred_, value);
      }
    }
    self->release(env);
  }

  void release(napi_env env) {
    napi_delete_reference(env, kept_);
    napi_delete_async_work(env, handle_);
  }

  Work work_;
  bool out_of_memory_ = false;
  napi_deferred deferred_ = nullptr;
  napi_ref kept_ = nullptr;
  napi_async_work handle_ = nullptr;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_ASYNC_H_
