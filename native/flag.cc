#include "flag.h"

#include <atomic>

namespace hopfield {

namespace {

thread_local Flag* current = nullptr;

/// Words of JavaScript's, and one that baseline and tiers read: they cannot be declared as what they are.
std::atomic<int32_t>& shared(int32_t& word) {
  static_assert(sizeof(std::atomic<int32_t>) == sizeof(int32_t), "an atomic word is a word");
  return reinterpret_cast<std::atomic<int32_t>&>(word);
}

}  // namespace

int32_t flag_count = 0;

void Flag::raise() { shared(stop).store(1, std::memory_order_relaxed); }

UnderFlag::UnderFlag(Flag* flag) : before_(current) {
  current = flag;
  shared(flag_count).fetch_add(1, std::memory_order_relaxed);
}
UnderFlag::~UnderFlag() {
  shared(flag_count).fetch_sub(1, std::memory_order_relaxed);
  current = before_;
}

void heed_own_flag() {
  if (current != nullptr && shared(current->stop).load(std::memory_order_relaxed) != 0) throw Stopped();
}

void count_own_done(size_t count) {
  if (current != nullptr)
    shared(current->done).fetch_add(static_cast<int32_t>(count), std::memory_order_relaxed);
}

}  // namespace hopfield
