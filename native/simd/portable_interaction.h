// The primitives of kernels/forms/interaction.h in portable C++.
//
// A pattern's vote is one of two numbers: `same` where the neuron's value in it is that of the state,
// `differs` where it is not. Eight patterns are a group, one in each of the eight accumulators of dot8.
#ifndef HOPFIELD_SIMD_PORTABLE_INTERACTION_H_
#define HOPFIELD_SIMD_PORTABLE_INTERACTION_H_

#include "simd/bits.h"

namespace hopfield {
namespace {

namespace portable {

/// ((a0+a4)+(a2+a6)) + ((a1+a5)+(a3+a7)).
static inline double fold_eight(const double* a) {
  return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

/// One of two numbers without a branch.
static inline double choose_bits(uint64_t mask, double a, double b) {
  uint64_t x, y;
  memcpy(&x, &a, sizeof(x));
  memcpy(&y, &b, sizeof(y));
  x = (x & mask) | (y & ~mask);
  memcpy(&a, &x, sizeof(a));
  return a;
}

/// The sums of votes for four neurons at once. `inverse` is 0 for a neuron of value +1, all ones for −1.
static inline void weigh_four(const uint32_t* const columns[4], const uint64_t inverse[4], const double* same,
                              const double* differs, size_t groups, double sums[4]) {
  for (size_t r = 0; r < 4; r++) {
    double a[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    for (size_t g = 0; g < groups; g++) {
      const uint64_t bits = (load64(columns[r] + g / 8 * 2) ^ inverse[r]) >> (8 * (g % 8));
      for (size_t l = 0; l < 8; l++) {
        a[l] += choose_bits(0 - ((bits >> l) & 1), same[8 * g + l], differs[8 * g + l]);
      }
    }
    sums[r] = fold_eight(a);
  }
}

/// same = table[j], differs = −table[j + 1] at j = agreeing + shift, or 0 where that is less.
static inline void look_up(const double* table, const int32_t* agreeing, size_t groups, int32_t shift,
                           double* same, double* differs) {
  for (size_t k = 0; k < 8 * groups; k++) {
    const int32_t j = agreeing[k] + shift;
    const double* at = table + (j < 0 ? 0 : j);
    same[k] = at[0];
    differs[k] = -at[1];
  }
}

/// As look_up, in a table of kWindow entries.
static inline void look_up_near(const double* table, const int32_t* agreeing, size_t groups, int32_t shift,
                                double* same, double* differs) {
  look_up(table, agreeing, groups, shift, same, differs);
}

/// The same after a neuron has changed its value, to +1 if `up`: one of the two numbers was known before.
static inline void follow(const uint32_t* column, bool up, const double* table, int32_t last,
                          int32_t* agreeing, size_t groups, double* same, double* differs) {
  for (size_t k = 0; k < 8 * groups; k++) {
    const bool more = (bit_at(column, k) != 0) == up;
    const int32_t j = agreeing[k] + (more ? 2 : -1);
    const double found = table[j < 0 ? 0 : j > last ? last : j], s = same[k], d = differs[k];
    agreeing[k] += more ? 1 : -1;
    same[k] = more ? -d : found;
    differs[k] = more ? -found : -s;
  }
}

/// Which of 64 counts are `least` or more.
static inline uint64_t reached(const int32_t* agreeing, int32_t least) {
  uint64_t bits = 0;
  for (size_t k = 0; k < 64; k++) bits |= static_cast<uint64_t>(agreeing[k] >= least) << k;
  return bits;
}

}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_INTERACTION_H_
