// The addon's own `operator new` for tests: it counts, and fails where a test says so. Linked into the addon,
// it takes the place of the library's there and nowhere else. A test and the addon share one file, which
// HOPFIELD_FAULTS names: three numbers of 64 bits.
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <new>

namespace {

/// Lock-free atomics of the file's own bytes.
struct Control {
  std::atomic<int64_t> fails;  ///< which allocation, counted from 1, will fail; below 0: all from that one on
  std::atomic<int64_t> made;
  std::atomic<int64_t> alive;
};

Control* shared() {
  const char* path = getenv("HOPFIELD_FAULTS");
  const int file = path == nullptr ? -1 : open(path, O_RDWR);
  if (file < 0) return nullptr;
  void* address = mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return address == MAP_FAILED ? nullptr : static_cast<Control*>(address);
}

Control* control() {
  static Control* const found = shared();
  return found;
}

/// What is alive. The standard library may free what was made here, and this may free what was made there.
class Table {
 public:
  void add(void* p) {
    const Lock lock;
    size_t at = place(p);
    while (slots_[at] != nullptr && slots_[at] != kGone) at = (at + 1) % kSlots;
    slots_[at] = p;
  }
  bool remove(void* p) {
    const Lock lock;
    for (size_t at = place(p); slots_[at] != nullptr; at = (at + 1) % kSlots) {
      if (slots_[at] != p) continue;
      slots_[at] = kGone;
      return true;
    }
    return false;
  }

 private:
  struct Lock {
    Lock() { pthread_mutex_lock(&mutex_); }
    ~Lock() { pthread_mutex_unlock(&mutex_); }
  };
  static size_t place(void* p) { return reinterpret_cast<uintptr_t>(p) / 16 * 0x9e3779b97f4a7c15u % kSlots; }

  static constexpr size_t kSlots = 1 << 20;
  static void* const kGone;
  static pthread_mutex_t mutex_;
  static void* slots_[kSlots];
};

void* const Table::kGone = reinterpret_cast<void*>(1);
pthread_mutex_t Table::mutex_ = PTHREAD_MUTEX_INITIALIZER;
void* Table::slots_[Table::kSlots];
Table table;

void* allocate(size_t size, size_t alignment) {
  Control* const known = control();
  if (known != nullptr) {
    const int64_t number = known->made.fetch_add(1) + 1, fails = known->fails.load();
    if (number == fails || (fails < 0 && number >= -fails)) return nullptr;
  }
  void* p = nullptr;
  if (posix_memalign(&p, alignment < 16 ? 16 : alignment, size == 0 ? 1 : size) != 0) return nullptr;
  if (known != nullptr) {
    known->alive.fetch_add(1);
    table.add(p);
  }
  return p;
}

void* allocate_or_throw(size_t size, size_t alignment) {
  void* p = allocate(size, alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

void release(void* p) {
  if (p == nullptr) return;
  if (control() != nullptr && table.remove(p)) control()->alive.fetch_sub(1);
  free(p);
}

}  // namespace

void* operator new(size_t size) { return allocate_or_throw(size, 16); }
void* operator new[](size_t size) { return allocate_or_throw(size, 16); }
void* operator new(size_t size, std::align_val_t a) {
  return allocate_or_throw(size, static_cast<size_t>(a));
}
void* operator new[](size_t size, std::align_val_t a) {
  return allocate_or_throw(size, static_cast<size_t>(a));
}
void* operator new(size_t size, const std::nothrow_t&) noexcept { return allocate(size, 16); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return allocate(size, 16); }
void operator delete(void* p) noexcept { release(p); }
void operator delete[](void* p) noexcept { release(p); }
void operator delete(void* p, size_t) noexcept { release(p); }
void operator delete[](void* p, size_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, size_t, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, size_t, std::align_val_t) noexcept { release(p); }
