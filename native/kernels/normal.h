// The inverse of the normal distribution: the mirror of src/numerics/normal.ts.
#ifndef HOPFIELD_KERNELS_NORMAL_H_
#define HOPFIELD_KERNELS_NORMAL_H_

#include "kernels/real.h"

namespace hopfield {
namespace {

static inline double polynomial8(const double* of, double r) {
  double sum = of[0];
  for (size_t k = 1; k < 8; k++) sum = sum * r + of[k];
  return sum;
}

/// x with the probability p of a standard normal number below it, 2^-36 < p < 1 − 2^-36.
static double normal(double p) {
  constexpr double kNear[8] = {2509.0809287301227, 33430.57558358813, 67265.7709270087,
                               45921.95393154987,  13731.69376550946, 1971.5909503065513,
                               133.14166789178438, 3.3871328727963665};
  constexpr double kNearBelow[8] = {
      5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597,
      5394.196021424751, 687.1870074920579,  42.31333070160091, 1};
  constexpr double kFar[8] = {0.0007745450142783414, 0.022723844989269184, 0.2417807251774506,
                              1.2704582524523684,    3.6478483247632045,   5.769497221460691,
                              4.630337846156546,     1.4234371107496835};
  constexpr double kFarBelow[8] = {
      1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
      0.6897673349851,       1.6763848301838038,    2.053191626637759,    1};
  const double q = p - 0.5;
  if (fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return (q * polynomial8(kNear, r)) / polynomial8(kNearBelow, r);
  }
  const double r = sqrt(0 - log_of(q < 0 ? p : 1 - p)) - 1.6;
  const double x = polynomial8(kFar, r) / polynomial8(kFarBelow, r);
  return q < 0 ? -x : x;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_NORMAL_H_
