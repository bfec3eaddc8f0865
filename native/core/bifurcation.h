// How oscillators move: BifurcationPlan of src/kernels/contract/bifurcation.ts.
#ifndef HOPFIELD_CORE_BIFURCATION_H_
#define HOPFIELD_CORE_BIFURCATION_H_

#include "core/layout.h"

namespace hopfield {

/// What pulls an oscillator.
enum class Variant { kBallistic = 0, kDiscrete = 1, kGeneralised = 2 };

/// How much an oscillator near a wall keeps of its pump, if each has one of its own.
constexpr double kKeptPump = 0.8;

struct BifurcationPlan {
  Variant variant;
  double strength;
  double step;
  size_t steps;
  size_t left;                   ///< at the first step, that one included
  const double* external_field;  ///< neurons values, or null
};

}  // namespace hopfield

#endif  // HOPFIELD_CORE_BIFURCATION_H_
