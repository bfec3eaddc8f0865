// What the addon keeps between calls, for each environment by itself: the memories it made handles of, and
// for each set of kernels the block of numbers in which calls say how and how many. It goes when the
// environment does.
#ifndef HOPFIELD_ADDON_BINDING_H_
#define HOPFIELD_ADDON_BINDING_H_

#include <napi.h>

#include <memory>
#include <vector>

#include "addon/kept_visits.h"
#include "core/tier.h"
#if !defined(__wasm__)
#include "addon/crew.h"
#endif

namespace hopfield {

struct Handle;

/// Handles by number. A number is made of a place in the table and how often that place was taken, so an old
/// number finds nothing, and any other finds what was checked. JavaScript owns the object on which a handle's
/// arrays hang; the table knows it weakly.
class HandleTable {
 public:
  /// As `object` lives; the finalizer of the object calls `remove`.
  double add(napi_env env, napi_value object, const Handle* handle) {
    if (free_.empty()) {
      if (places_.size() == kMostPlaces) throw std::bad_alloc();
      // Room for all of them to be free: `remove`, which a finalizer calls, must not fail.
      if (free_.capacity() <= places_.size()) free_.reserve(2 * places_.size() + 16);
      places_.emplace_back();
      free_.push_back(static_cast<uint32_t>(places_.size() - 1));
    }
    const uint32_t at = free_.back();
    Place& place = places_[at];
    if (napi_create_reference(env, object, 0, &place.object) != napi_ok) throw Napi::Error::New(env);
    free_.pop_back();
    place.handle = handle;
    place.taken = (place.taken + 1) % kMostTaken;
    alive_++;
    return static_cast<double>(place.taken) * kMostPlaces + at;
  }

  /// Null if there is no such handle. While `object` is in scope, the handle stays.
  const Handle* find(napi_env env, double number, napi_value* object) const {
    if (!(number >= 0 && number < static_cast<double>(kMostTaken) * kMostPlaces)) return nullptr;
    const auto whole = static_cast<uint64_t>(number);
    const size_t at = whole % kMostPlaces;
    if (at >= places_.size()) return nullptr;
    const Place& place = places_[at];
    if (place.handle == nullptr || place.taken != whole / kMostPlaces) return nullptr;
    // The object is gone, and its finalizer has not run yet.
    if (napi_get_reference_value(env, place.object, object) != napi_ok || *object == nullptr) return nullptr;
    return place.handle;
  }

  void remove(napi_env env, double number) {
    const auto at = static_cast<uint32_t>(static_cast<uint64_t>(number) % kMostPlaces);
    napi_delete_reference(env, places_[at].object);
    places_[at].object = nullptr;
    places_[at].handle = nullptr;
    free_.push_back(at);
    if (--alive_ == 0 && left_) delete this;
  }

  /// The environment makes no more handles: the table goes with the last of them. A std::shared_ptr would do
  /// the same, and ask for glibc 2.32.
  void leave() {
    left_ = true;
    if (alive_ == 0) delete this;
  }

 private:
  ~HandleTable() = default;

  static constexpr uint32_t kMostPlaces = 1u << 26, kMostTaken = 1u << 27;
  struct Place {
    const Handle* handle = nullptr;
    napi_ref object = nullptr;
    uint32_t taken = 0;
  };
  std::vector<Place> places_;
  std::vector<uint32_t> free_;
  size_t alive_ = 0;
  bool left_ = false;
};

/// Memory of a control block, which JavaScript writes and the addon reads in place. It goes when both have
/// left: a buffer over it may be transferred, and then goes at any time.
struct ControlMemory {
  static constexpr size_t kLength = 408;  ///< in doubles

  /// On a cache line of its own.
  double* const numbers = room_ + (64 - reinterpret_cast<uintptr_t>(room_) % 64) % 64 / sizeof(double);

  void leave() {
    if (--holders_ == 0) delete this;
  }
  static void finalize(napi_env, void*, void* memory) { static_cast<ControlMemory*>(memory)->leave(); }

 private:
  ~ControlMemory() = default;

  double room_[kLength + 64 / sizeof(double)] = {};
  int holders_ = 2;
};

/// The block of numbers that calls of one set of kernels begin with; src/kernels/native/control.ts writes it.
class ControlBlock {
 public:
  static constexpr size_t kNumbers = 16, kOutcome = 16, kCue = 24, kState = 152, kVisits = 280,
                          kLength = ControlMemory::kLength;
  static_assert(2 * (kLength - kVisits) == KeptVisits::kMost, "visits are words");

  /// False if this is no such block. `own`: what the addon has made itself.
  bool keep(napi_env env, napi_value array, const std::vector<ControlMemory*>& own) {
    napi_value buffer;
    double* data = look(env, array, &buffer);
    if (data == nullptr || napi_create_reference(env, array, 1, &array_) != napi_ok) return false;
    // Memory that JavaScript could transfer is asked for at each call; shared memory, and the addon's own,
    // stays where it is.
    bool transferable = true;
    if (napi_is_arraybuffer(env, buffer, &transferable) != napi_ok) return false;
    for (const ControlMemory* memory : own) transferable = transferable && data != memory->numbers;
    if (!transferable) data_ = data;
    return true;
  }

  /// Null if the memory was transferred.
  double* data(napi_env env) const {
    if (data_ != nullptr) return data_;
    napi_value array, buffer;
    if (napi_get_reference_value(env, array_, &array) != napi_ok) return nullptr;
    return look(env, array, &buffer);
  }

 private:
  static double* look(napi_env env, napi_value array, napi_value* buffer) {
    napi_typedarray_type type;
    size_t length;
    void* data;
    const napi_status status = napi_get_typedarray_info(env, array, &type, &length, &data, buffer, nullptr);
    if (status != napi_ok || type != napi_float64_array || length < kLength) return nullptr;
    return static_cast<double*>(data);
  }

  napi_ref array_ = nullptr;
  double* data_ = nullptr;
};

/// What the functions of one tier are bound to.
struct Binding {
  const Tier* tier;
  HandleTable* handles;
  struct Environment* environment;
  ControlBlock control{};
  mutable KeptVisits visits{};
};

/// One per environment.
struct Environment {
  HandleTable* const handles = new HandleTable();
  std::vector<std::unique_ptr<Binding>> bindings;
  std::vector<ControlMemory*> control_memories;

  Environment() = default;
  ~Environment() {
    handles->leave();
    for (ControlMemory* memory : control_memories) memory->leave();
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

#if !defined(__wasm__)
  /// Who works off the event loop; nobody before the first such call.
  Crew& crew(napi_env env) {
    if (crew_ == nullptr) crew_.reset(new Crew(env));
    return *crew_;
  }

 private:
  std::unique_ptr<Crew> crew_;
#endif
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_BINDING_H_
