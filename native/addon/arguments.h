// Arguments of a call from JavaScript, checked for memory safety: types, integer ranges, lengths. What they
// mean was checked on the other side. Each question to Node costs tens of nanoseconds, so an array is asked
// about once.
#ifndef HOPFIELD_ADDON_ARGUMENTS_H_
#define HOPFIELD_ADDON_ARGUMENTS_H_

#include <napi.h>

#include <cmath>
#include <string>
#include <vector>

#include "addon/binding.h"
#include "core/tier.h"

namespace hopfield {

constexpr double kMostNeurons = 1073741824.0;  // 2^30
constexpr double kMostWord = 4294967295.0;
constexpr bool kWide = sizeof(size_t) == 8;
/// 2^33, where sizes have 64 bits: times 2^30 neurons that stays below 2^64.
constexpr double kMostPatterns = kWide ? 8589934592.0 : kMostWord;
/// What a size can be.
constexpr double kMostSize = kWide ? 0x1p63 : kMostWord;
constexpr double kMostSweeps = 2147483647.0;
constexpr double kMostInteger = 9007199254740991.0;
constexpr double kMostSide = 16777216.0;  // 2^24, the side of a matrix: its square stays below 2^48

template <class T>
struct ElementType;
template <>
struct ElementType<int8_t> {
  static constexpr napi_typedarray_type value = napi_int8_array;
  static constexpr const char* name = "an Int8Array";
};
template <>
struct ElementType<uint8_t> {
  static constexpr napi_typedarray_type value = napi_uint8_array;
  static constexpr const char* name = "a Uint8Array";
};
template <>
struct ElementType<uint32_t> {
  static constexpr napi_typedarray_type value = napi_uint32_array;
  static constexpr const char* name = "a Uint32Array";
};
template <>
struct ElementType<int32_t> {
  static constexpr napi_typedarray_type value = napi_int32_array;
  static constexpr const char* name = "an Int32Array";
};
template <>
struct ElementType<float> {
  static constexpr napi_typedarray_type value = napi_float32_array;
  static constexpr const char* name = "a Float32Array";
};
template <>
struct ElementType<double> {
  static constexpr napi_typedarray_type value = napi_float64_array;
  static constexpr const char* name = "a Float64Array";
};

template <class T>
struct View {
  T* data = nullptr;
  size_t length = 0;
};

/// A typed array of any type, or none.
struct AnyArray {
  bool given = false;
  napi_typedarray_type type = napi_uint8_array;
  void* data = nullptr;
  size_t length = 0;

  AnyArray(napi_env env, napi_value value) {
    given = napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) == napi_ok;
  }
  template <class T>
  bool is() const {
    return given && type == ElementType<T>::value;
  }
};

inline std::string failure(size_t at, const char* expected) {
  return "native kernel, argument " + std::to_string(at) + ": expected " + expected;
}

[[noreturn]] inline void fail(napi_env env, size_t at, const char* expected) {
  throw Napi::TypeError::New(env, failure(at, expected));
}

inline void check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

inline napi_value to_number(napi_env env, double x) {
  napi_value value;
  check(env, napi_create_double(env, x, &value));
  return value;
}

template <class Array, class T>
Array to_array(napi_env env, const std::vector<T>& values) {
  Array array = Array::New(env, values.size());
  if (!values.empty()) memcpy(array.Data(), values.data(), values.size() * sizeof(T));
  return array;
}

class Arguments {
 public:
  static constexpr size_t kMost = 12;

  Arguments(napi_env env, napi_callback_info info) : env_(env), count_(kMost) {
    check(env, napi_get_cb_info(env, info, &count_, values_, nullptr, &data_));
    if (count_ > kMost) count_ = kMost;
  }

  napi_env env() const { return env_; }
  const Binding& binding() const { return *static_cast<const Binding*>(data_); }
  const Tier& tier() const { return *binding().tier; }
  size_t count() const { return count_; }
  napi_value value(size_t at) const { return values_[at]; }
  /// The object of the memory that was asked for; undefined before.
  napi_value memory() const { return memory_; }

  /// The first numbers of the control block, where whoever writes to it meanwhile cannot change them.
  template <size_t count>
  struct Control {
    double* block;  ///< all of it
    double numbers[count];
    double operator[](size_t k) const { return numbers[k]; }
  };
  template <size_t count>
  Control<count> control() const {
    static_assert(count <= ControlBlock::kNumbers, "");
    Control<count> control;
    control.block = binding().control.data(env_);
    if (control.block == nullptr)
      throw Napi::TypeError::New(env_, "native kernel: the control block is gone");
    memcpy(control.numbers, control.block, sizeof(control.numbers));
    return control;
  }
  [[noreturn]] void fail_control(const char* expected) const {
    throw Napi::TypeError::New(env_, std::string("native kernel, control block: expected ") + expected);
  }

  /// A checked memory of this environment.
  const Handle* handle(size_t at) const {
    double number;
    if (napi_get_value_double(env_, values_[at], &number) != napi_ok) return nullptr;
    return binding().handles->find(env_, number, &memory_);
  }
  [[noreturn]] void fail(size_t at, const char* expected) const { hopfield::fail(env_, at, expected); }

  bool is_undefined(size_t at) const {
    napi_valuetype type;
    return napi_typeof(env_, values_[at], &type) != napi_ok || type == napi_undefined;
  }

  double number(size_t at) const {
    double x;
    if (napi_get_value_double(env_, values_[at], &x) != napi_ok) fail(at, "a number");
    return x;
  }

  size_t size(size_t at, double most) const { return whole(number(at), most, at); }

  /// Of as many bits as it may need, where a size has fewer.
  uint64_t integer(size_t at, double most) const {
    const double x = number(at);
    if (!is_whole(x, most)) fail(at, kWhole);
    return static_cast<uint64_t>(x);
  }
  uint64_t control_integer(double x, double most) const {
    if (!is_whole(x, most)) fail_control(kWhole);
    return static_cast<uint64_t>(x);
  }

  size_t control_size(double x, double most) const {
    if (!is_whole(x, smaller(most, kMostSize))) fail_control(kWhole);
    return static_cast<size_t>(x);
  }

  /// A whole number that argument `at` has somewhere in it.
  size_t whole(double x, double most, size_t at) const {
    if (!is_whole(x, smaller(most, kMostSize))) fail(at, kWhole);
    return static_cast<size_t>(x);
  }

  bool boolean(size_t at) const {
    bool x;
    if (napi_get_value_bool(env_, values_[at], &x) != napi_ok) fail(at, "a boolean");
    return x;
  }

  std::string text(size_t at) const {
    char buffer[64];
    size_t length;
    if (napi_get_value_string_utf8(env_, values_[at], buffer, sizeof(buffer), &length) != napi_ok)
      fail(at, "a string");
    return std::string(buffer, length);
  }

  AnyArray any_array(size_t at) const { return AnyArray(env_, values_[at]); }

  /// At least `least` elements.
  template <class T>
  View<T> array(size_t at, size_t least) const {
    return viewed<T>(any_array(at), at, least);
  }

  /// The same, or nothing where undefined is given.
  template <class T>
  View<T> optional_array(size_t at, size_t least) const {
    const AnyArray array = any_array(at);
    if (!array.given && is_undefined(at)) return {};
    return viewed<T>(array, at, least);
  }

  template <class T>
  View<T> viewed(const AnyArray& array, size_t at, size_t least) const {
    if (!array.is<T>()) fail(at, ElementType<T>::name);
    if (array.length < least) fail(at, "a longer array");
    return {static_cast<T*>(array.data), array.length};
  }

 private:
  static constexpr const char* kWhole = "a whole number within bounds";
  static bool is_whole(double x, double most) { return x >= 0 && x <= most && x == std::floor(x); }
  static double smaller(double a, double b) { return a < b ? a : b; }

  napi_env env_;
  size_t count_;
  napi_value values_[kMost] = {};
  mutable napi_value memory_ = nullptr;
  void* data_ = nullptr;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_ARGUMENTS_H_
