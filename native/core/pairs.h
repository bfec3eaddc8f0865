// Pairs of patterns: PairMemory of src/kernels/contract/.
#ifndef HOPFIELD_CORE_PAIRS_H_
#define HOPFIELD_CORE_PAIRS_H_

#include "core/layout.h"

namespace hopfield {

struct PairMemory {
  size_t count;
  size_t inputs;
  size_t outputs;
  const uint32_t* xs;  ///< count × row_words(inputs)
  const uint32_t* ys;  ///< count × row_words(outputs)
};

/// How a pair of states came to rest.
struct Settled {
  double steps;
  double converged;
  double energy;
};

}  // namespace hopfield

#endif  // HOPFIELD_CORE_PAIRS_H_
