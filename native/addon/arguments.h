// Arguments of a call from JavaScript, checked for memory safety: types, integer ranges, lengths. What they
// mean was checked on the other side. One napi_get_typedarray_info an array, since each question costs tens
// of nanoseconds.
#ifndef HOPFIELD_ADDON_ARGUMENTS_H_
#define HOPFIELD_ADDON_ARGUMENTS_H_

#include <napi.h>

#include <cmath>
#include <cstdio>
#include <string>

namespace hopfield {

template <class T>
struct ElementType;
template <>
struct ElementType<int8_t> {
  static constexpr napi_typedarray_type value = napi_int8_array;
  static constexpr const char* name = "an Int8Array";
};
template <>
struct ElementType<uint32_t> {
  static constexpr napi_typedarray_type value = napi_uint32_array;
  static constexpr const char* name = "a Uint32Array";
};
template <>
struct ElementType<uint8_t> {
  static constexpr napi_typedarray_type value = napi_uint8_array;
  static constexpr const char* name = "a Uint8Array";
};
template <>
struct ElementType<float> {
  static constexpr napi_typedarray_type value = napi_float32_array;
  static constexpr const char* name = "a Float32Array";
};
template <>
struct ElementType<int32_t> {
  static constexpr napi_typedarray_type value = napi_int32_array;
  static constexpr const char* name = "an Int32Array";
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

class Arguments {
 public:
  static constexpr size_t kMost = 22;

  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = kMost;
    if (napi_get_cb_info(env, info, &count, values_, nullptr, &data_) != napi_ok) throw Napi::Error::New(env);
  }

  napi_env env() const { return env_; }
  void* data() const { return data_; }
  napi_value value(size_t at) const { return values_[at]; }

  bool is_undefined(size_t at) const {
    napi_valuetype type;
    return napi_typeof(env_, values_[at], &type) != napi_ok || type == napi_undefined;
  }

  double number(size_t at) const {
    double x;
    if (napi_get_value_double(env_, values_[at], &x) != napi_ok) fail(at, "a number");
    return x;
  }

  size_t size(size_t at, double most) const {
    const double x = number(at);
    if (!(x >= 0 && x <= most) || x != std::floor(x)) fail(at, "a whole number within bounds");
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

  /// Whether it is an array of this type.
  template <class T>
  bool is_array(size_t at) const {
    napi_typedarray_type type;
    return napi_get_typedarray_info(env_, values_[at], &type, nullptr, nullptr, nullptr, nullptr) ==
               napi_ok &&
           type == ElementType<T>::value;
  }
  bool is_bytes(size_t at) const { return is_array<int8_t>(at); }

  /// At least `least` elements.
  template <class T>
  View<T> array(size_t at, size_t least) const {
    napi_typedarray_type type;
    size_t length;
    void* data;
    if (napi_get_typedarray_info(env_, values_[at], &type, &length, &data, nullptr, nullptr) != napi_ok ||
        type != ElementType<T>::value) {
      fail(at, ElementType<T>::name);
    }
    if (length < least) fail(at, "a longer array");
    return {static_cast<T*>(data), length};
  }

  [[noreturn]] void fail(size_t at, const char* expected) const {
    char message[128];
    std::snprintf(message, sizeof(message), "native kernel, argument %u: expected %s",
                  static_cast<unsigned>(at), expected);
    throw Napi::TypeError::New(env_, message);
  }

 private:
  napi_env env_;
  napi_value values_[kMost] = {};
  void* data_ = nullptr;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_ARGUMENTS_H_
