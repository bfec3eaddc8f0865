// What C++ asks of its runtime where the host is JavaScript: memory, and a way to throw. An error becomes
// JavaScript's where it is thrown. On its way out it passes the frames of C++, which clean up as they would
// after an error of their own; nobody there may catch it.
#include <napi.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <typeinfo>

extern "C" {
/// Throws the value.
[[noreturn]] __attribute__((import_module("host"), import_name("raise"))) void host_raise(napi_value);
/// Throws what says that there is no memory left.
[[noreturn]] __attribute__((import_module("host"), import_name("outOfMemory"))) void host_out_of_memory();
/// Ends a call that broke the rules of the language.
[[noreturn]] void __cxa_pure_virtual() { __builtin_trap(); }

void* __cxa_allocate_exception(size_t size) noexcept {
  void* const room = std::malloc(size);
  if (room == nullptr) __builtin_trap();
  return room;
}
void __cxa_free_exception(void* error) noexcept { std::free(error); }

// Where a destructor throws, and where an error ends what must not end: then nothing is as it should be.
void* __cxa_begin_catch(void* error) noexcept { return error; }
void __cxa_end_catch() { __builtin_trap(); }
void abort() { __builtin_trap(); }
[[noreturn]] void abort_message(const char*, ...) { __builtin_trap(); }

// What is no error of Node-API is std::bad_alloc: kernels throw nothing else here, where no flag can stop
// them. Destructors return what they destroy.
[[noreturn]] void __cxa_throw(void* error, std::type_info* type, void* (*destroy)(void*)) {
  const bool told =
      *type == typeid(Napi::TypeError) || *type == typeid(Napi::Error) || *type == typeid(Napi::RangeError);
  const napi_value value = told ? napi_value(static_cast<Napi::Error*>(error)->Value()) : nullptr;
  if (destroy != nullptr) destroy(error);
  std::free(error);
  if (told) host_raise(value);
  host_out_of_memory();
}
}

namespace std {
[[noreturn]] void terminate() noexcept { __builtin_trap(); }
inline namespace __2 {
[[noreturn]] void __libcpp_verbose_abort(const char*, ...) { __builtin_trap(); }
}  // namespace __2
}  // namespace std

static void* taken(void* room) {
  if (room == nullptr) host_out_of_memory();
  return room;
}

// NOLINTBEGIN
void* operator new(size_t size) { return taken(std::malloc(size)); }
void* operator new[](size_t size) { return taken(std::malloc(size)); }
void* operator new(size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
  if (size > SIZE_MAX - 63) return nullptr;
  return std::aligned_alloc(static_cast<size_t>(align), (size + 63) / 64 * 64);
}
void* operator new(size_t size, std::align_val_t align) {
  return taken(operator new(size, align, std::nothrow));
}
void* operator new(size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void operator delete(void* room) noexcept { std::free(room); }
void operator delete[](void* room) noexcept { std::free(room); }
void operator delete(void* room, size_t) noexcept { std::free(room); }
void operator delete[](void* room, size_t) noexcept { std::free(room); }
void operator delete(void* room, std::align_val_t) noexcept { std::free(room); }
void operator delete(void* room, size_t, std::align_val_t) noexcept { std::free(room); }
void operator delete(void* room, const std::nothrow_t&) noexcept { std::free(room); }
void operator delete[](void* room, const std::nothrow_t&) noexcept { std::free(room); }
void operator delete(void* room, std::align_val_t, const std::nothrow_t&) noexcept { std::free(room); }
// NOLINTEND
