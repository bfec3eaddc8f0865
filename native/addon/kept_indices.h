// What recalls of a memory are faster by, kept from call to call: indices by which votes are looked up
// (kernels/recall/vote_tables.h), and J of few neurons in bytes (kernels/forms/carried_fields.h).
#ifndef HOPFIELD_ADDON_KEPT_INDICES_H_
#define HOPFIELD_ADDON_KEPT_INDICES_H_

#include <node_api.h>

#include <atomic>
#include <memory>
#include <new>

#include "workspace.h"

namespace hopfield {

/// Made for a memory that is often recalled from, by whoever asks next. Indices take as much as the patterns,
/// or a third more, so they are not made for few recalls. What lies on a shelf may be replaced, so whoever
/// looks takes a lock; these bytes stay as they are as long as the memory, and every recall asks for them, so
/// nobody waits here.
class KeptIndices {
 public:
  /// Null before there are any, which only recalls that want them make: `size` says how many bytes, 0 for
  /// none; `make` writes them. Called on any thread.
  template <class Size, class Make>
  const uint8_t* of(bool wanted, Size size, Make make) {
    const uint8_t* ready = ready_.load(std::memory_order_acquire);
    if (ready != nullptr || !wanted || recalls_.fetch_add(1, std::memory_order_relaxed) < kOften)
      return ready;
    const size_t bytes = size();
    if (bytes == 0 || bytes > kMostBytes || making_.exchange(true)) return nullptr;
    // Without memory for them recalls go on as before.
    own_.reset(static_cast<uint8_t*>(::operator new(bytes, kAligned, std::nothrow)));
    if (own_ == nullptr) return nullptr;
    prefer_large_pages(own_.get(), bytes);
    Attempt attempt{making_};
    make(own_.get());
    attempt.over = true;
    bytes_ = bytes;
    ready_.store(own_.get(), std::memory_order_release);
    return own_.get();
  }

  /// Tells the engine, on its thread, how many bytes the object of this handle keeps alive.
  void tell(napi_env env) {
    if (told_ != 0 || ready_.load(std::memory_order_acquire) == nullptr) return;
    told_ = static_cast<int64_t>(bytes_);
    adjust(env, told_);
  }
  void forget(napi_env env) const {
    if (told_ != 0) adjust(env, -told_);
  }

 private:
  /// Whole lines of a cache: a register that is read from two of them takes two reads.
  static constexpr std::align_val_t kAligned{64};
  struct Free {
    void operator()(uint8_t* bytes) const { ::operator delete(bytes, kAligned); }
  };

  static constexpr uint32_t kOften = 8;
  static constexpr size_t kMostBytes = size_t{64} << 20;

  /// Who was stopped in the middle lets the next one make them.
  struct Attempt {
    std::atomic<bool>& making;
    bool over = false;
    ~Attempt() {
      if (!over) making = false;
    }
  };

  static void adjust(napi_env env, int64_t change) {
    int64_t now;
    napi_adjust_external_memory(env, change, &now);
  }

  std::atomic<const uint8_t*> ready_{nullptr};
  std::atomic<uint32_t> recalls_{0};
  std::atomic<bool> making_{false};
  std::unique_ptr<uint8_t[], Free> own_;
  size_t bytes_ = 0;
  int64_t told_ = 0;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_KEPT_INDICES_H_
