// A lock, where there are threads.
#ifndef HOPFIELD_CORE_LOCK_H_
#define HOPFIELD_CORE_LOCK_H_

#if !defined(__wasm__)
#include <mutex>
#endif

namespace hopfield {

#if defined(__wasm__)
struct Mutex {};
struct Lock {
  explicit Lock(Mutex&) {}
  ~Lock() {}
};
#else
using Mutex = std::mutex;
using Lock = std::lock_guard<std::mutex>;
#endif

}  // namespace hopfield

#endif  // HOPFIELD_CORE_LOCK_H_
