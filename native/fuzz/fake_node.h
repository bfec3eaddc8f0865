// As much of Node-API as the addon's own code asks for on one thread, without Node: so that a fuzz target can
// hand it arguments a thousand times faster than JavaScript does, and under libFuzzer.
#ifndef HOPFIELD_FUZZ_FAKE_NODE_H_
#define HOPFIELD_FUZZ_FAKE_NODE_H_

#include <node_api.h>

#include <map>
#include <string>
#include <vector>

namespace hopfield {
namespace fuzz {

/// A value of JavaScript: what its members say, and nothing else.
struct Value {
  napi_valuetype type = napi_undefined;
  double number = 0;
  bool boolean = false;
  std::string text{};
  // A typed array.
  bool typed = false;
  napi_typedarray_type element = napi_uint8_array;
  void* data = nullptr;
  size_t length = 0;
  // An object.
  std::map<std::string, Value*> members{};
  // A function.
  napi_callback callback = nullptr;
  void* bound = nullptr;
  // What it owns.
  void* wrapped = nullptr;
  napi_finalize finalize = nullptr;

  napi_value as_napi() { return reinterpret_cast<napi_value>(this); }
};

inline Value* value_of(napi_value value) { return reinterpret_cast<Value*>(value); }

/// Values and what was thrown.
class FakeNode {
 public:
  static FakeNode& get();

  napi_env env() { return reinterpret_cast<napi_env>(this); }
  Value* make(napi_valuetype type);
  /// A function of the addon; null where it throws.
  Value* call(const Value& function, const std::vector<Value*>& given);
  /// What was made since the last call of `keep` goes, and what it owned.
  void collect();
  /// What is there now stays.
  void keep();

  std::vector<Value*> arguments{};
  void* bound = nullptr;
  void* instance = nullptr;
  bool pending = false;
  Value* thrown = nullptr;
  int64_t external = 0;  ///< bytes the addon told of

 private:
  std::vector<Value*> kept_{}, made_{};
};

}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_FAKE_NODE_H_
