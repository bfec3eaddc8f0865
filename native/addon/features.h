// The kernels of src/kernels/contract/features.ts: their arguments by position. Each function checks them
// and returns what there is to do, here or on another thread (async.h). Numbers are copied.
#ifndef HOPFIELD_ADDON_FEATURES_H_
#define HOPFIELD_ADDON_FEATURES_H_

#include "addon/arguments.h"
#include "core/features.h"

namespace hopfield {

/// Arguments 0 and 1: FEATURES, signs.
struct FeatureArguments {
  FeaturePlan plan;
  const uint32_t* signs;

  explicit FeatureArguments(const Arguments& args) {
    const double* n = args.array<double>(0, 5).data;
    plan = {args.whole(n[0], kMostFeatureDimension, 0), args.whole(n[1], kMostFrequencies, 0), n[2], n[3],
            n[4]};
    if (plan.dimension == 0 || plan.frequencies == 0) args.fail(0, "a component and a frequency");
    signs = args.array<uint32_t>(1, feature_sign_words(plan)).data;
  }
};

/// features, signs, vectors, count, factor, sums.
inline auto add_features(const Arguments& args) {
  const FeatureArguments of(args);
  const size_t count = args.size(3, kMostPatterns);
  const float* vectors = args.array<float>(2, count * of.plan.dimension).data;
  const double factor = args.number(4);
  double* sums = args.array<double>(5, feature_sum_length(of.plan)).data;
  return [=, tier = &args.tier()] { tier->add_features(of.plan, of.signs, vectors, count, factor, sums); };
}

/// features, signs, sums, vectors, count, densities, pulls.
inline auto ask_features(const Arguments& args) {
  const FeatureArguments of(args);
  const double* sums = args.array<double>(2, feature_sum_length(of.plan)).data;
  const size_t count = args.size(4, kMostPatterns);
  const float* vectors = args.array<float>(3, count * of.plan.dimension).data;
  double* densities = args.array<double>(5, count).data;
  double* pulls = args.array<double>(6, count * of.plan.dimension).data;
  return [=, tier = &args.tier()] {
    tier->ask_features(of.plan, of.signs, sums, vectors, count, densities, pulls);
  };
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_FEATURES_H_
