// Any work of the addon off the event loop, as a promise.
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

/// The same as work for another thread; the flag comes after so many arguments.
template <auto Read, size_t kArguments>
struct Later {
  static constexpr size_t kFlag = kArguments;
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

template <auto Read, size_t kArguments>
napi_status answer_of(napi_env env, const Later<Read, kArguments>& work, napi_value* value) {
  if constexpr (Later<Read, kArguments>::kAnswers) return napi_create_double(env, work.answer, value);
  return napi_get_undefined(env, value);
}

#if !defined(__wasm__)
/// Work on a thread of the crew: constructed from the arguments, then run() elsewhere. The arrays are
/// JavaScript's: a reference keeps them until it is done, and who calls promises to leave them alone, but for
/// the flag, argument Work::kFlag or undefined. Work whose flag is raised ends soon, and its promise
/// resolves.
template <class Work>
class AsyncCall : public Task {
 public:
  static napi_value start(const Arguments& args) {
    const napi_env env = args.env();
    Crew& crew = args.binding().environment->crew(env);
    std::unique_ptr<AsyncCall> own(new AsyncCall(args));
    napi_value promise, kept;
    const auto count = static_cast<uint32_t>(args.count());
    check(env, napi_create_array_with_length(env, count + 1, &kept));
    for (uint32_t at = 0; at < count; at++) check(env, napi_set_element(env, kept, at, args.value(at)));
    if (args.memory() != nullptr) check(env, napi_set_element(env, kept, count, args.memory()));
    check(env, napi_create_promise(env, &own->deferred_, &promise));
    check(env, napi_create_reference(env, kept, 1, &own->kept_));
    const napi_ref reference = own->kept_;
    try {
      crew.start(std::move(own));
    } catch (...) {
      napi_delete_reference(env, reference);
      throw;
    }
    return promise;
  }

  void run() override {
    const UnderFlag under(flag_);
    try {
      work_.run();
    } catch (const std::bad_alloc&) {
      out_of_memory_ = true;
    } catch (const Stopped&) {
    }
  }

  void stop() override { flag_->raise(); }

  /// Where JavaScript may not run any more, every call below fails and nothing is thrown.
  void complete(napi_env env) override {
    if (env == nullptr) return;
    napi_value value = nullptr;
    if (!out_of_memory_) {
      if (answer_of(env, work_, &value) == napi_ok) napi_resolve_deferred(env, deferred_, value);
    } else {
      napi_value code, message;
      if (napi_create_string_utf8(env, "ERR_HOPFIELD_MEMORY", NAPI_AUTO_LENGTH, &code) == napi_ok &&
          napi_create_string_utf8(env, "native kernel: out of memory", NAPI_AUTO_LENGTH, &message) ==
              napi_ok &&
          napi_create_range_error(env, code, message, &value) == napi_ok) {
        napi_reject_deferred(env, deferred_, value);
      }
    }
    napi_delete_reference(env, kept_);
  }

 private:
  explicit AsyncCall(const Arguments& args) : work_(args) {
    static_assert(sizeof(Flag) == 2 * sizeof(int32_t), "a flag is two words");
    const auto given = args.optional_array<int32_t>(Work::kFlag, 2);
    flag_ = given.data == nullptr ? &own_flag_ : reinterpret_cast<Flag*>(given.data);
  }

  Work work_;
  Flag own_flag_{};
  Flag* flag_;
  bool out_of_memory_ = false;
  napi_deferred deferred_ = nullptr;
  napi_ref kept_ = nullptr;
};
#endif

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_ASYNC_H_
