// Scratch memory of one call: 64-byte aligned, freed at the end, small calls served from the stack.
#ifndef HOPFIELD_WORKSPACE_H_
#define HOPFIELD_WORKSPACE_H_

#include <stddef.h>
#include <stdint.h>

namespace hopfield {

class Workspace {
 public:
  Workspace() = default;
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

  alignas(64) unsigned char inline_[8192];
  size_t used_ = 0;
  Chunk* chunks_ = nullptr;
};

/// Asks for large pages under large memory that has not been touched yet: fewer faults now, fewer misses
/// later. A wish, and no more.
void prefer_large_pages(void* data, size_t bytes);

}  // namespace hopfield

#endif  // HOPFIELD_WORKSPACE_H_
