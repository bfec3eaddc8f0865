// Sparse codes: CodeMemory and CodePlan of src/kernels/contract/.
#ifndef HOPFIELD_CORE_CODES_H_
#define HOPFIELD_CORE_CODES_H_

#include "core/layout.h"

namespace hopfield {

/// Indices in one long array, a list for each of many; `length` of them in all.
struct Lists {
  const uint32_t* starts;
  const uint32_t* items;
  size_t length;
};

enum class CodeForm { kSynapses = 0, kCovariance = 1 };

struct CodeMemory {
  CodeForm form;
  size_t inputs;
  size_t outputs;
  bool automatic;           ///< output units are the input units
  const uint32_t* weights;  ///< kSynapses: inputs × row_words(outputs)
  size_t count;             ///< kCovariance, and all below
  double activity;
  Lists patterns;        ///< of each input unit
  Lists units;           ///< of each pattern, output units
  const double* shares;  ///< outputs: how many patterns have it
};

struct CodePlan {
  double threshold;  ///< NaN: the memory's own
  double winners;    ///< or so many in its place; −1: none
  uint32_t steps;
};

}  // namespace hopfield

#endif  // HOPFIELD_CORE_CODES_H_
