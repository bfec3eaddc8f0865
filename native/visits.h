// Visiting orders that a thread has drawn. Single cues of one stream visit neurons in the same orders sweep
// by sweep, and drawing them takes a fifth of a recall: they are kept from call to call. Compiled as
// baseline.
#ifndef HOPFIELD_VISITS_H_
#define HOPFIELD_VISITS_H_

#include "core/plan.h"

namespace hopfield {

/// Orders of so many sweeps are kept; recalls come to rest within few.
constexpr uint32_t kKeptSweeps = 4;
/// Orders of more neurons are drawn anew: they would take more than 4 MB a thread.
constexpr size_t kMostKeptVisits = size_t{1} << 18;

/// An order and all that it follows from.
struct DrawnVisits {
  uint32_t* visits = nullptr;
  size_t room = 0;
  size_t neurons = 0;  ///< 0 where no whole order lies here
  Order order = Order::kRandom;
  uint32_t seed[2] = {};
  uint32_t sweep = 0;
  uint64_t query = 0;

  bool is(const Plan& plan, size_t of_neurons, uint32_t of_sweep, uint64_t of_query) const {
    return neurons == of_neurons && order == plan.order && sweep == of_sweep && query == of_query &&
           seed[0] == plan.seed[0] && seed[1] == plan.seed[1];
  }
  /// Says what `visits` now holds.
  void name(const Plan& plan, size_t of_neurons, uint32_t of_sweep, uint64_t of_query) {
    order = plan.order;
    seed[0] = plan.seed[0];
    seed[1] = plan.seed[1];
    sweep = of_sweep;
    query = of_query;
    neurons = of_neurons;
  }
  /// No order lies here any more, and there is room for one of so many neurons. Throws std::bad_alloc.
  void clear(size_t of_neurons);
};

/// Where this thread keeps the order of this sweep. It stays until the thread asks for that of another sweep
/// in the same place.
DrawnVisits& drawn_visits(uint32_t sweep);

}  // namespace hopfield

#endif  // HOPFIELD_VISITS_H_
