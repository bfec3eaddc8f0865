// Scratch memory of one call: 64-byte aligned, freed at the end. Small calls are served from the stack, and
// those that need more from memory that their thread keeps for the next one.
#ifndef HOPFIELD_WORKSPACE_H_
#define HOPFIELD_WORKSPACE_H_

#include <stddef.h>
#include <stdint.h>

namespace hopfield {

/// Until when memory is needed.
enum class Needed { kInOneCall, kBeyondIt };

class Workspace {
 public:
  explicit Workspace(Needed until = Needed::kInOneCall) : may_borrow_(until == Needed::kInOneCall) {}
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  /// Uninitialised; throws std::bad_alloc.
  template <class T>
  T* take(size_t count) {
    return static_cast<T*>(bytes(count, sizeof(T)));
  }

 private:
  struct Chunk;
  void* bytes(size_t count, size_t size);
  bool borrow(size_t wanted);

  alignas(64) unsigned char inline_[8192];
  unsigned char* next_ = inline_;  ///< what is free of the stack's memory, or of the thread's
  size_t left_ = sizeof(inline_);
  bool may_borrow_;
  bool borrows_ = false;  ///< the thread's memory is ours until the end
  Chunk* chunks_ = nullptr;
};

/// Asks for large pages under large memory that has not been touched yet: fewer faults now, fewer misses
/// later. A wish, and no more.
void prefer_large_pages(void* data, size_t bytes);

}  // namespace hopfield

#endif  // HOPFIELD_WORKSPACE_H_
