// What a recall depends on besides memory and cue, and how it ends: RecallPlan and OUTCOME of
// src/kernels/contract/.
#ifndef HOPFIELD_CORE_PLAN_H_
#define HOPFIELD_CORE_PLAN_H_

#include "core/layout.h"

namespace hopfield {

enum class Order { kRandom = 0, kCyclic = 1, kRandomSite = 2, kExplicit = 3 };
enum class Tie { kPositive = 0, kNegative = 1, kKeep = 2 };

struct Plan {
  bool synchronous;
  Order order;
  Tie tie;
  uint32_t max_sweeps;
  uint32_t seed[2];
  double scale;
  const uint32_t* visits;  ///< explicit order, each below neurons
  size_t visit_count;
  bool permutation;              ///< the explicit order is known to come to every neuron once
  const double* external_field;  ///< neurons values, or null
  const uint32_t* clamp;         ///< row_words(neurons) words, or null
  const double* temperatures;    ///< of each sweep, the last from there on; or null
  size_t temperature_count;
  uint32_t first_sweep;
};

/// One row of OUTCOME.
struct Outcome {
  double sweeps;
  double flips;
  double energy;
  double cycle;
  double active;  ///< patterns with a part in the energy of the last state, of memories with an interaction
};

}  // namespace hopfield

#endif  // HOPFIELD_CORE_PLAN_H_
