#include "workspace.h"

#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define HOPFIELD_WATCHED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HOPFIELD_WATCHED
#endif
#endif

namespace hopfield {
namespace {

constexpr std::align_val_t kAligned{64};

/// Memory for one workspace at a time. To free more than 64 kB makes an allocator tidy up, which takes longer
/// than a small batch; pages nobody touches are none.
struct Spare {
#if defined(HOPFIELD_WATCHED)
  static constexpr size_t kBytes = 0;  // each piece alone has borders that are watched
#else
  static constexpr size_t kBytes = size_t{1} << 19;
#endif

  unsigned char* bytes = nullptr;
  bool lent = false;

#if defined(__wasm__)
  // A module is on one thread, and its memory goes with it.
#else
  Spare() = default;
  ~Spare() { ::operator delete(bytes, kAligned); }
  Spare(const Spare&) = delete;
  Spare& operator=(const Spare&) = delete;
#endif
};

#if defined(__wasm__)
Spare spare;
#else
thread_local Spare spare;
#endif

}  // namespace

struct alignas(64) Workspace::Chunk {
  Chunk* next;
};

Workspace::~Workspace() {
  while (chunks_ != nullptr) {
    Chunk* next = chunks_->next;
    ::operator delete(chunks_, kAligned);
    chunks_ = next;
  }
  if (borrows_) spare.lent = false;
}

/// Whether the thread's memory is ours from now on. What is left on the stack goes unused then.
bool Workspace::borrow(size_t wanted) {
  if (!may_borrow_ || wanted > Spare::kBytes || spare.lent) return false;
  if (spare.bytes == nullptr)
    spare.bytes = static_cast<unsigned char*>(::operator new(Spare::kBytes, kAligned));
  spare.lent = borrows_ = true;
  next_ = spare.bytes;
  left_ = Spare::kBytes;
  return true;
}

void* Workspace::bytes(size_t count, size_t size) {
  if (count > (SIZE_MAX - 128) / size) throw std::bad_alloc();
  const size_t rounded = (count * size + 63) / 64 * 64;
  if (rounded <= left_ || borrow(rounded)) {
    void* p = next_;
    next_ += rounded;
    left_ -= rounded;
    return p;
  }
  void* raw = ::operator new(sizeof(Chunk) + rounded, kAligned);
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
