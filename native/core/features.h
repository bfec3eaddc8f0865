// Sums of random features: shapes and numbers of src/kernels/contract/features.ts.
#ifndef HOPFIELD_CORE_FEATURES_H_
#define HOPFIELD_CORE_FEATURES_H_

#include "core/layout.h"

namespace hopfield {

constexpr double kMostFeatureDimension = 65536, kMostFrequencies = 16777216;

struct FeaturePlan {
  size_t dimension;
  size_t frequencies;
  double scale;
  double unit;
  double gain;
};

/// The dimension of blocks.
constexpr size_t feature_side(size_t dimension) {
  size_t side = 64;
  while (side < dimension) side *= 2;
  return side;
}
constexpr size_t feature_blocks(const FeaturePlan& of) {
  const size_t side = feature_side(of.dimension);
  return (of.frequencies + side - 1) / side;
}
constexpr size_t feature_sum_length(const FeaturePlan& of) {
  return 2 * feature_side(of.dimension) * feature_blocks(of);
}
constexpr size_t feature_sign_words(const FeaturePlan& of) {
  return 3 * feature_side(of.dimension) * feature_blocks(of) / 32;
}

}  // namespace hopfield

#endif  // HOPFIELD_CORE_FEATURES_H_
