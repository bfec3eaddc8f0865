// How a kernel at work hears that nobody wants its result any more, and says how far it is. Compiled as
// baseline: tiers call it, and must not instantiate the standard library under their own instruction set.
#ifndef HOPFIELD_FLAG_H_
#define HOPFIELD_FLAG_H_

#include <stddef.h>
#include <stdint.h>

namespace hopfield {

/// FLAG of src/kernels/contract/flag.ts: two words that a kernel shares with who asked for its work. Both
/// sides read and write them at any time.
struct Flag {
  int32_t stop;
  int32_t done;

  void raise();
};

/// What heed_flag() throws. Whatever the kernel has written by then means nothing.
struct Stopped {};

/// Until its end, kernels on this thread heed this flag. On other threads, and before, they have none.
class UnderFlag {
 public:
  explicit UnderFlag(Flag* flag);
  ~UnderFlag();
  UnderFlag(const UnderFlag&) = delete;
  UnderFlag& operator=(const UnderFlag&) = delete;

 private:
  Flag* before_;
};

/// Flags of all threads. While there are none, no thread need look for its own: that is a call, which takes
/// longer than a small network needs for a sweep. For the two functions below alone.
extern int32_t flag_count;
static inline bool any_flags() {
#if defined(_MSC_VER) && !defined(__clang__)
  return *static_cast<const volatile int32_t*>(&flag_count) != 0;
#else
  return __atomic_load_n(&flag_count, __ATOMIC_RELAXED) != 0;
#endif
}
void heed_own_flag();
void count_own_done(size_t count);

/// Throws Stopped if the flag of this thread is raised. It takes a few nanoseconds; a kernel owes it to its
/// caller once in a millisecond of work.
static inline void heed_flag() {
  if (any_flags()) heed_own_flag();
}
/// The same in loops whose steps are short: once in `often` of them, and not in the first.
static inline void heed_flag(size_t step, size_t often) {
  if (step != 0 && step % often == 0) heed_flag();
}
/// Says that so many more items are done.
static inline void count_done(size_t count) {
  if (any_flags()) count_own_done(count);
}

}  // namespace hopfield

#endif  // HOPFIELD_FLAG_H_
