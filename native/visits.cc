#include "visits.h"

#include <new>

namespace hopfield {
namespace {

constexpr std::align_val_t kAligned{64};

void release(uint32_t* visits) { ::operator delete(visits, kAligned); }

#if defined(__wasm__)
// A module is on one thread, and its memory goes with it.
DrawnVisits own[kKeptSweeps];
#else
struct Places {
  DrawnVisits places[kKeptSweeps];

  Places() = default;
  ~Places() {
    for (const DrawnVisits& place : places) release(place.visits);
  }
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;
  DrawnVisits& operator[](size_t k) { return places[k]; }
};

thread_local Places own;
#endif

}  // namespace

void DrawnVisits::clear(size_t of_neurons) {
  neurons = 0;
  if (of_neurons <= room) return;
  void* const grown = ::operator new(of_neurons * sizeof(uint32_t), kAligned);
  release(visits);
  visits = static_cast<uint32_t*>(grown);
  room = of_neurons;
}

DrawnVisits& drawn_visits(uint32_t sweep) { return own[sweep % kKeptSweeps]; }

}  // namespace hopfield
