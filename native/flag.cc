#include "flag.h"

#include <atomic>

namespace hopfield {

namespace {

thread_local Flag* current = nullptr;
/// Flags of all threads. While there are none, no thread need look for its own, which takes longer than a
/// small network needs for a sweep.
std::atomic<int32_t> flags{0};

/// The words are JavaScript's, so they cannot be declared as what they are.
std::atomic<int32_t>& shared(int32_t& word) {
  static_assert(sizeof(std::atomic<int32_t>) == sizeof(int32_t), "an atomic word is a word");
  return reinterpret_cast<std::atomic<int32_t>&>(word);
}

}  // namespace

void Flag::raise() { shared(stop).store(1, std::memory_order_relaxed); }

UnderFlag::UnderFlag(Flag* flag) : before_(current) {
  current = flag;
  flags.fetch_add(1, std::memory_order_relaxed);
}
UnderFlag::~UnderFlag() {
  flags.fetch_sub(1, std::memory_order_relaxed);
  current = before_;
}

void heed_flag() {
  if (flags.load(std::memory_order_relaxed) == 0) return;
  if (current != nullptr && shared(current->stop).load(std::memory_order_relaxed) != 0) throw Stopped();
}

void count_done(size_t count) {
  if (flags.load(std::memory_order_relaxed) == 0) return;
  if (current != nullptr)
    shared(current->done).fetch_add(static_cast<int32_t>(count), std::memory_order_relaxed);
}

}  // namespace hopfield
