#include "workspace.h"

#include <new>

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

}  // namespace hopfield
