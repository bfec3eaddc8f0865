// Keys and values: KeyMemory and RetrievalPlan of src/kernels/contract/.
#ifndef HOPFIELD_CORE_KEYS_H_
#define HOPFIELD_CORE_KEYS_H_

#include "core/layout.h"

namespace hopfield {

enum class Similarity { kDot = 0, kCosine = 1, kEuclidean = 2 };
enum class Separator { kSoftmax = 0, kSparsemax = 1, kEntmax15 = 2, kEpanechnikov = 3, kNormmax = 4 };
enum class Precision { kDouble = 0, kSingle = 1 };

struct KeyMemory {
  size_t count;
  size_t dimension;
  size_t width;
  const float* keys;      ///< count × dimension
  const float* values;    ///< count × width
  const double* scales;   ///< count, or null
  const double* offsets;  ///< count, or null
  double largest_norm;
  const double* log_saliences;  ///< count, or null
  double least_log_salience, most_log_salience;
  const uint8_t* quantized_keys;  ///< ⌊count/64⌋ tiles, or null
};

/// Which keys queries may see: a flag a key, those of the next query `apart` further on; 0 apart where all
/// see the same. No flags where all keys are seen.
struct KeyMask {
  const uint8_t* flags = nullptr;
  size_t apart = 0;
};

struct RetrievalPlan {
  double beta;
  Similarity similarity;
  Separator separator;
  Precision precision;
};

}  // namespace hopfield

#endif  // HOPFIELD_CORE_KEYS_H_
