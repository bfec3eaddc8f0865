#include "fuzz/fake_node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

using hopfield::fuzz::FakeNode;
using hopfield::fuzz::Value;
using hopfield::fuzz::value_of;

namespace hopfield {
namespace fuzz {

FakeNode& FakeNode::get() {
  static FakeNode* const node = new FakeNode();
  return *node;
}

Value* FakeNode::make(napi_valuetype type) {
  made_.push_back(new Value());
  made_.back()->type = type;
  return made_.back();
}

Value* FakeNode::call(const Value& function, const std::vector<Value*>& given) {
  arguments = given;
  bound = function.bound;
  pending = false;
  napi_value result = function.callback(env(), nullptr);
  if (pending) return nullptr;
  return result == nullptr ? make(napi_undefined) : value_of(result);
}

void FakeNode::collect() {
  for (Value* value : made_) {
    if (value->finalize != nullptr) value->finalize(env(), value->wrapped, nullptr);
  }
  for (Value* value : made_) delete value;
  made_.clear();
}

void FakeNode::keep() {
  kept_.insert(kept_.end(), made_.begin(), made_.end());
  made_.clear();
}

}  // namespace fuzz
}  // namespace hopfield

namespace {

FakeNode& node() { return FakeNode::get(); }

napi_status give(napi_value* result, Value* value) {
  *result = value->as_napi();
  return napi_ok;
}

napi_status raise(Value* error) {
  node().pending = true;
  node().thrown = error;
  return napi_ok;
}

napi_status error_of(napi_value message, napi_value* result) {
  Value* error = node().make(napi_object);
  if (message != nullptr) error->text = value_of(message)->text;
  return give(result, error);
}

napi_status throw_text(const char* message) {
  Value* error = node().make(napi_object);
  error->text = message == nullptr ? "" : message;
  return raise(error);
}

size_t bytes_of(napi_typedarray_type type) {
  switch (type) {
    case napi_int8_array:
    case napi_uint8_array:
    case napi_uint8_clamped_array:
      return 1;
    case napi_int16_array:
    case napi_uint16_array:
      return 2;
    case napi_float64_array:
    case napi_bigint64_array:
    case napi_biguint64_array:
      return 8;
    default:
      return 4;
  }
}

/// Memory that goes with the value.
void own_bytes(Value* value, size_t bytes) {
  value->data = calloc(bytes + (bytes == 0), 1);
  value->wrapped = value->data;
  value->finalize = [](napi_env, void* data, void*) { free(data); };
}

}  // namespace

extern "C" {

napi_status napi_get_cb_info(napi_env, napi_callback_info, size_t* count, napi_value* values, napi_value*,
                             void** data) {
  const auto& given = node().arguments;
  Value* missing = node().make(napi_undefined);
  for (size_t k = 0; k < *count; k++) values[k] = (k < given.size() ? given[k] : missing)->as_napi();
  *count = given.size();
  *data = node().bound;
  return napi_ok;
}

napi_status napi_get_typedarray_info(napi_env, napi_value given, napi_typedarray_type* type, size_t* length,
                                     void** data, napi_value* buffer, size_t* offset) {
  Value* value = value_of(given);
  if (value == nullptr || !value->typed) return napi_invalid_arg;
  if (type != nullptr) *type = value->element;
  if (length != nullptr) *length = value->length;
  if (data != nullptr) *data = value->length == 0 ? nullptr : value->data;
  if (buffer != nullptr) *buffer = given;
  if (offset != nullptr) *offset = 0;
  return napi_ok;
}

napi_status napi_get_value_double(napi_env, napi_value given, double* result) {
  if (value_of(given)->type != napi_number) return napi_number_expected;
  *result = value_of(given)->number;
  return napi_ok;
}
napi_status napi_get_value_bool(napi_env, napi_value given, bool* result) {
  if (value_of(given)->type != napi_boolean) return napi_boolean_expected;
  *result = value_of(given)->boolean;
  return napi_ok;
}
napi_status napi_get_value_string_utf8(napi_env, napi_value given, char* buffer, size_t size,
                                       size_t* length) {
  const Value* value = value_of(given);
  if (value->type != napi_string && value->text.empty()) return napi_string_expected;
  const size_t copied = buffer == nullptr           ? value->text.size()
                        : value->text.size() < size ? value->text.size()
                                                    : size - 1;
  if (buffer != nullptr) {
    memcpy(buffer, value->text.data(), copied);
    buffer[copied] = 0;
  }
  if (length != nullptr) *length = copied;
  return napi_ok;
}
napi_status napi_typeof(napi_env, napi_value given, napi_valuetype* type) {
  *type = value_of(given)->type;
  return napi_ok;
}

napi_status napi_get_undefined(napi_env, napi_value* result) {
  return give(result, node().make(napi_undefined));
}
napi_status napi_get_boolean(napi_env, bool value, napi_value* result) {
  Value* made = node().make(napi_boolean);
  made->boolean = value;
  return give(result, made);
}
napi_status napi_create_double(napi_env, double value, napi_value* result) {
  Value* made = node().make(napi_number);
  made->number = value;
  return give(result, made);
}
napi_status napi_create_string_utf8(napi_env, const char* text, size_t length, napi_value* result) {
  Value* made = node().make(napi_string);
  made->text = length == NAPI_AUTO_LENGTH ? std::string(text) : std::string(text, length);
  return give(result, made);
}
napi_status napi_create_object(napi_env, napi_value* result) {
  return give(result, node().make(napi_object));
}
napi_status napi_create_array_with_length(napi_env, size_t, napi_value* result) {
  return give(result, node().make(napi_object));
}
napi_status napi_create_function(napi_env, const char*, size_t, napi_callback callback, void* bound,
                                 napi_value* result) {
  Value* made = node().make(napi_function);
  made->callback = callback;
  made->bound = bound;
  return give(result, made);
}
napi_status napi_create_arraybuffer(napi_env, size_t bytes, void** data, napi_value* result) {
  Value* made = node().make(napi_object);
  own_bytes(made, bytes);
  made->length = bytes;
  if (data != nullptr) *data = made->data;
  return give(result, made);
}
napi_status napi_get_arraybuffer_info(napi_env, napi_value given, void** data, size_t* length) {
  if (data != nullptr) *data = value_of(given)->data;
  if (length != nullptr) *length = value_of(given)->length;
  return napi_ok;
}
napi_status napi_create_typedarray(napi_env, napi_typedarray_type type, size_t length, napi_value buffer,
                                   size_t offset, napi_value* result) {
  const Value* from = value_of(buffer);
  if (offset + length * bytes_of(type) > from->length) return napi_invalid_arg;
  Value* made = node().make(napi_object);
  made->typed = true;
  made->element = type;
  made->length = length;
  made->data = static_cast<char*>(from->data) + offset;
  return give(result, made);
}
napi_status napi_is_arraybuffer(napi_env, napi_value, bool* result) {
  *result = false;
  return napi_ok;
}

napi_status napi_define_properties(napi_env, napi_value object, size_t count,
                                   const napi_property_descriptor* properties) {
  for (size_t k = 0; k < count; k++)
    value_of(object)->members[properties[k].utf8name] = value_of(properties[k].value);
  return napi_ok;
}
napi_status napi_set_named_property(napi_env, napi_value object, const char* name, napi_value value) {
  value_of(object)->members[name] = value_of(value);
  return napi_ok;
}
napi_status napi_get_named_property(napi_env, napi_value object, const char* name, napi_value* result) {
  const auto& members = value_of(object)->members;
  const auto found = members.find(name);
  return give(result, found == members.end() ? node().make(napi_undefined) : found->second);
}
napi_status napi_get_property(napi_env env, napi_value object, napi_value key, napi_value* result) {
  return napi_get_named_property(env, object, value_of(key)->text.c_str(), result);
}
napi_status napi_has_property(napi_env, napi_value object, napi_value key, bool* result) {
  *result = value_of(object)->members.count(value_of(key)->text) > 0;
  return napi_ok;
}
napi_status napi_set_element(napi_env, napi_value object, uint32_t at, napi_value value) {
  value_of(object)->members[std::to_string(at)] = value_of(value);
  return napi_ok;
}

napi_status napi_wrap(napi_env, napi_value object, void* data, napi_finalize finalize, void*, napi_ref*) {
  value_of(object)->wrapped = data;
  value_of(object)->finalize = finalize;
  return napi_ok;
}
// A reference is the value itself: values live until the end of the input.
napi_status napi_create_reference(napi_env, napi_value value, uint32_t, napi_ref* result) {
  *result = reinterpret_cast<napi_ref>(value);
  return napi_ok;
}
napi_status napi_delete_reference(napi_env, napi_ref) { return napi_ok; }
napi_status napi_get_reference_value(napi_env, napi_ref reference, napi_value* result) {
  *result = reinterpret_cast<napi_value>(reference);
  return napi_ok;
}
napi_status napi_adjust_external_memory(napi_env, int64_t change, int64_t* result) {
  *result = node().external += change;
  return napi_ok;
}
napi_status napi_set_instance_data(napi_env, void* data, napi_finalize, void*) {
  node().instance = data;
  return napi_ok;
}
napi_status napi_get_instance_data(napi_env, void** data) {
  *data = node().instance;
  return napi_ok;
}

napi_status napi_create_error(napi_env, napi_value, napi_value message, napi_value* result) {
  return error_of(message, result);
}
napi_status napi_create_type_error(napi_env, napi_value, napi_value message, napi_value* result) {
  return error_of(message, result);
}
napi_status napi_create_range_error(napi_env, napi_value, napi_value message, napi_value* result) {
  return error_of(message, result);
}
napi_status napi_throw(napi_env, napi_value error) { return raise(value_of(error)); }
napi_status napi_throw_error(napi_env, const char*, const char* message) { return throw_text(message); }
napi_status napi_throw_range_error(napi_env, const char*, const char* message) { return throw_text(message); }
napi_status napi_is_exception_pending(napi_env, bool* result) {
  *result = node().pending;
  return napi_ok;
}
napi_status napi_get_and_clear_last_exception(napi_env, napi_value* result) {
  node().pending = false;
  return give(result, node().thrown == nullptr ? node().make(napi_undefined) : node().thrown);
}
napi_status napi_get_last_error_info(napi_env, const napi_extended_error_info** result) {
  static const napi_extended_error_info info = {"an error", nullptr, 0, napi_generic_failure};
  *result = &info;
  return napi_ok;
}
void napi_fatal_error(const char* location, size_t, const char* message, size_t) {
  fprintf(stderr, "%s: %s\n", location, message);
  abort();
}

napi_status napi_open_handle_scope(napi_env, napi_handle_scope*) { return napi_ok; }
napi_status napi_close_handle_scope(napi_env, napi_handle_scope) { return napi_ok; }
napi_status napi_open_escapable_handle_scope(napi_env, napi_escapable_handle_scope*) { return napi_ok; }
napi_status napi_close_escapable_handle_scope(napi_env, napi_escapable_handle_scope) { return napi_ok; }
napi_status napi_escape_handle(napi_env, napi_escapable_handle_scope, napi_value value, napi_value* result) {
  *result = value;
  return napi_ok;
}

// Other threads, and what only they or a map of a file need.
napi_status napi_add_env_cleanup_hook(napi_env, void (*)(void*), void*) { return napi_generic_failure; }
napi_status napi_create_threadsafe_function(napi_env, napi_value, napi_value, napi_value, size_t, size_t,
                                            void*, napi_finalize, void*, napi_threadsafe_function_call_js,
                                            napi_threadsafe_function*) {
  return napi_generic_failure;
}
napi_status napi_call_threadsafe_function(napi_threadsafe_function, void*,
                                          napi_threadsafe_function_call_mode) {
  return napi_generic_failure;
}
napi_status napi_ref_threadsafe_function(napi_env, napi_threadsafe_function) { return napi_generic_failure; }
napi_status napi_unref_threadsafe_function(napi_env, napi_threadsafe_function) {
  return napi_generic_failure;
}
napi_status napi_release_threadsafe_function(napi_threadsafe_function,
                                             napi_threadsafe_function_release_mode) {
  return napi_generic_failure;
}
napi_status napi_create_promise(napi_env, napi_deferred*, napi_value*) { return napi_generic_failure; }
napi_status napi_resolve_deferred(napi_env, napi_deferred, napi_value) { return napi_generic_failure; }
napi_status napi_reject_deferred(napi_env, napi_deferred, napi_value) { return napi_generic_failure; }
napi_status napi_async_destroy(napi_env, napi_async_context) { return napi_generic_failure; }
napi_status napi_call_function(napi_env, napi_value, napi_value, size_t, const napi_value*, napi_value*) {
  return napi_generic_failure;
}
napi_status napi_close_callback_scope(napi_env, napi_callback_scope) { return napi_generic_failure; }
napi_status napi_create_external_arraybuffer(napi_env, void*, size_t, napi_finalize, void*, napi_value*) {
  return napi_generic_failure;
}

}  // extern "C"
