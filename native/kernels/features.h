// Sums of random features: the mirror of src/kernels/reference/features.ts.
//
// A block is a product of signs and Hadamard matrices, so that its D frequencies cost D·log D additions and
// no memory but 3·D bits. Additions of a level go element by element: eight lanes, and two levels a pass,
// change no bit.
#ifndef HOPFIELD_KERNELS_FEATURES_H_
#define HOPFIELD_KERNELS_FEATURES_H_

#include "core/features.h"
#include "flag.h"
#include "kernels/real.h"
#include "workspace.h"

namespace hopfield {
namespace {

/// Components whose bits are set change their sign; all of them, with `first` levels of H if wanted.
template <bool kLevels>
static inline void flip_signs(const uint32_t* signs, size_t side, double* x) {
  for (size_t i = 0; i < side; i += 8) {
    const Real8 own = load8(x + i);
    const uint8_t bits = static_cast<uint8_t>(signs[i / 32] >> (i % 32));
    const Real8 flipped = add_where8(own, bits, mul8(broadcast8(-2), own));
    store8(x + i, kLevels ? hadamard8(flipped) : flipped);
  }
}

/// The levels of H from distance 8 on.
static void wide_levels(double* x, size_t side) {
  size_t distance = 8;
  for (; 4 * distance <= side; distance *= 4) {
    for (size_t from = 0; from < side; from += 4 * distance) {
      for (size_t i = from; i < from + distance; i += 8) {
        const Real8 a = load8(x + i), b = load8(x + i + distance), c = load8(x + i + 2 * distance),
                    d = load8(x + i + 3 * distance);
        const Real8 ab = add8(a, b), a_b = sub8(a, b), cd = add8(c, d), c_d = sub8(c, d);
        store8(x + i, add8(ab, cd));
        store8(x + i + distance, add8(a_b, c_d));
        store8(x + i + 2 * distance, sub8(ab, cd));
        store8(x + i + 3 * distance, sub8(a_b, c_d));
      }
    }
  }
  if (distance == side) return;
  for (size_t i = 0; i < distance; i += 8) {
    const Real8 a = load8(x + i), b = load8(x + i + distance);
    store8(x + i, add8(a, b));
    store8(x + i + distance, sub8(a, b));
  }
}

/// The frequencies of a memory, block by block.
struct Frequencies {
  const FeaturePlan& plan;
  const uint32_t* signs;
  size_t side;
  size_t blocks;

  Frequencies(const FeaturePlan& of, const uint32_t* bits)
      : plan(of), signs(bits), side(feature_side(of.dimension)), blocks(feature_blocks(of)) {}

  const uint32_t* row(size_t block, size_t r) const { return signs + (3 * block + r) * side / 32; }
  /// How many frequencies a block has.
  size_t own(size_t block) const {
    const size_t left = plan.frequencies - block * side;
    return left < side ? left : side;
  }
  /// Angles, not yet multiplied by the scale.
  void angles(size_t block, const float* vector, double* out) const {
    for (size_t i = 0; i < plan.dimension; i++) out[i] = static_cast<double>(vector[i]);
    for (size_t i = plan.dimension; i < side; i++) out[i] = 0;
    for (size_t r = 0; r < 3; r++) {
      flip_signs<true>(row(block, r), side, out);
      wide_levels(out, side);
    }
  }
  void back(size_t block, double* w) const {
    for (size_t r = 3; r-- > 0;) {
      for (size_t i = 0; i < side; i += 8) store8(w + i, hadamard8(load8(w + i)));
      wide_levels(w, side);
      flip_signs<false>(row(block, r), side, w);
    }
  }
};

constexpr double kFeatureOne = 16777216.0;

static inline Real8 whole_feature8(Real8 x) {
  const Real8 round = broadcast8(kRound);
  return sub8(add8(mul8(x, broadcast8(kFeatureOne)), round), round);
}

static void add_features(const FeaturePlan& plan, const uint32_t* signs, const float* vectors, size_t count,
                         double factor, double* sums) {
  Workspace workspace;
  const Frequencies of(plan, signs);
  double* x = workspace.take<double>(of.side);
  const Real8 scale = broadcast8(plan.scale), times = broadcast8(factor);
  for (size_t block = 0; block < of.blocks; block++) {
    double* cosines = sums + 2 * block * of.side;
    double* sines = cosines + of.side;
    for (size_t b = 0; b < count; b++) {
      heed_flag();
      of.angles(block, vectors + b * plan.dimension, x);
      for (size_t y = 0; y < of.side; y += 8) {
        Real8 sine, cosine;
        sine_cosine8(mul8(load8(x + y), scale), &sine, &cosine);
        store8(cosines + y, add8(load8(cosines + y), mul8(times, whole_feature8(cosine))));
        store8(sines + y, add8(load8(sines + y), mul8(times, whole_feature8(sine))));
      }
    }
    for (size_t y = of.own(block); y < of.side; y++) cosines[y] = sines[y] = 0;
  }
}

static void ask_features(const FeaturePlan& plan, const uint32_t* signs, const double* sums,
                         const float* vectors, size_t count, double* densities, double* pulls) {
  Workspace workspace;
  const Frequencies of(plan, signs);
  double* x = workspace.take<double>(of.side);
  double* back = workspace.take<double>(of.side);
  const Real8 scale = broadcast8(plan.scale);
  for (size_t b = 0; b < count; b++) {
    const float* vector = vectors + b * plan.dimension;
    Real8 total = zero8();
    memset(back, 0, of.side * sizeof(double));
    for (size_t block = 0; block < of.blocks; block++) {
      heed_flag();
      of.angles(block, vector, x);
      const double* cosines = sums + 2 * block * of.side;
      const double* sines = cosines + of.side;
      // Sums behind the last frequency are zeros, and change nothing.
      for (size_t y = 0; y < of.side; y += 8) {
        Real8 sine, cosine;
        sine_cosine8(mul8(load8(x + y), scale), &sine, &cosine);
        const Real8 c = load8(cosines + y), s = load8(sines + y);
        total = add8(total, add8(mul8(c, cosine), mul8(s, sine)));
        store8(x + y, sub8(mul8(s, cosine), mul8(c, sine)));
      }
      for (size_t y = of.own(block); y < of.side; y++) x[y] = 0;
      of.back(block, x);
      for (size_t i = 0; i < of.side; i += 8) store8(back + i, add8(load8(back + i), load8(x + i)));
    }
    const double density = plan.unit * fold8(total);
    densities[b] = density;
    double* pull = pulls + b * plan.dimension;
    for (size_t i = 0; i < plan.dimension; i++) {
      pull[i] = plan.gain * back[i] + density * static_cast<double>(vector[i]);
    }
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FEATURES_H_
