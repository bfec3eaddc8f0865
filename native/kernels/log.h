#ifndef HOPFIELD_KERNELS_LOG_H_
#define HOPFIELD_KERNELS_LOG_H_

#include "kernels/real.h"

namespace hopfield {
namespace {

/// ln x for 0 < x < ∞, the mirror of src/numerics/log.ts: the same steps in the same order. Of anything else,
/// which arrays from outside may bring, it is some number.
static inline double natural_log(double x) {
  constexpr double kLn2High = 0.6931471803691238, kLn2Low = 1.9082149292705877e-10;
  constexpr uint32_t kSqrtHalf = 0x3fe6a09e;
  uint64_t bits;
  memcpy(&bits, &x, sizeof(bits));
  int32_t power = 0;
  if (bits >> 52 == 0) {
    x *= 0x1p54;
    memcpy(&bits, &x, sizeof(bits));
    power = -54;
  }
  // The exponent of the power of two that leaves √½ ≤ m < √2.
  const int32_t above = static_cast<int32_t>(static_cast<uint32_t>(bits >> 32) - kSqrtHalf);
  const int32_t shift = above >> 20;
  power += shift;
  bits -= static_cast<uint64_t>(static_cast<int64_t>(shift)) << 52;
  double m;
  memcpy(&m, &bits, sizeof(m));
  const double f = m - 1, half = 0.5 * f * f, s = f / (2 + f), z = s * s, k = power;
  constexpr double kSeries[] = {2.0 / 23, 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13,
                                2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5,  2.0 / 3};
  double series = 0;
  for (const double term : kSeries) series = series * z + term;
  return k * kLn2High - (half - (s * (half + z * series) + k * kLn2Low) - f);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_LOG_H_
