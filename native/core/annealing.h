// How replicas are annealed: AnnealingPlan of src/kernels/contract/annealing.ts.
#ifndef HOPFIELD_CORE_ANNEALING_H_
#define HOPFIELD_CORE_ANNEALING_H_

#include "core/layout.h"

namespace hopfield {

/// 64-bit words of a group: a bit for each replica.
constexpr size_t kGroupWords = 8;

/// With which probability a flip that costs energy is taken; kMixed is Glauber's in one sweep of four.
enum class Acceptance { kMetropolis = 0, kGlauber = 1, kMixed = 2 };

struct AnnealingPlan {
  const double* betas;  ///< of each sweep
  size_t sweeps;
  uint32_t first_sweep;
  uint32_t seed[2];
  uint64_t group;
  Acceptance acceptance;
  const double* external_field;  ///< neurons values, or null

  /// Of one sweep, never kMixed.
  Acceptance acceptance_of(size_t sweep) const {
    if (acceptance != Acceptance::kMixed) return acceptance;
    return (first_sweep + sweep) % 4 == 3 ? Acceptance::kGlauber : Acceptance::kMetropolis;
  }
};

}  // namespace hopfield

#endif  // HOPFIELD_CORE_ANNEALING_H_
