#include "workspace.h"

#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace hopfield {

struct alignas(64) Workspace::Chunk {
  Chunk* next;
};

Workspace::~Workspace() {
  while (chunks_ != nullptr) {
    Chunk* next = chunks_->next;
    ::operator delete (chunks_, std::align_val_t{64});
    chunks_ = next;
  }
}

void* Workspace::bytes(size_t count, size_t size) {
  if (count > (SIZE_MAX - 128) / size) throw std::bad_alloc();
  const size_t rounded = (count * size + 63) / 64 * 64;
  if (rounded <= sizeof(inline_) - used_) {
    void* p = inline_ + used_;
    used_ += rounded;
    return p;
  }
  void* raw = ::operator new (sizeof(Chunk) + rounded, std::align_val_t{64});
  chunks_ = new (raw) Chunk{chunks_};
  return chunks_ + 1;
}

#if defined(__linux__)
void prefer_large_pages(void* data, size_t bytes) {
  constexpr uintptr_t kLargePage = 2 << 20;
  const auto begin = reinterpret_cast<uintptr_t>(data);
  const uintptr_t from = (begin + kLargePage - 1) / kLargePage * kLargePage;
  const uintptr_t to = (begin + bytes) / kLargePage * kLargePage;
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
}
#else
void prefer_large_pages(void*, size_t) {}
#endif

}  // namespace hopfield
