// Reals in eight lanes, one fixed order: the mirror of src/numerics/. No product is fused with an addition
// unless both factors are f32 values.
#ifndef HOPFIELD_KERNELS_REAL_H_
#define HOPFIELD_KERNELS_REAL_H_

#include "simd/simd.h"

namespace hopfield {
namespace {

constexpr double kPerLn2 = 1.4426950408889634, kLn2High = 0.6931471803691238,
                 kLn2Low = 1.9082149292705877e-10;
/// 1.5·2^52: adding and subtracting it rounds to a whole number, which its sum shows in the lowest bits.
constexpr double kRound = 6755399441055744.0;

/// dot8 of two rows.
static double dot8(const double* a, const double* b, size_t stride) {
  Real8 sum = zero8();
  for (size_t k = 0; k < stride; k += 8) sum = add8(sum, mul8(load8(a + k), load8(b + k)));
  return fold8(sum);
}

/// x = k·ln 2 + r + c in kCount registers at once: one alone would wait for its own steps. power = 2^k and
/// tail = e^(r + c) − 1 − r.
template <size_t kCount>
static inline void reduce(const Real8* x, Real8* power, Real8* r, Real8* tail) {
  constexpr double kTaylor[12] = {1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0,
                                  1.0 / 362880.0,     1.0 / 40320.0,     1.0 / 5040.0,     1.0 / 720.0,
                                  1.0 / 120.0,        1.0 / 24.0,        1.0 / 6.0,        1.0 / 2.0};
  Real8 c[kCount], q[kCount];
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) {
    const Real8 t = add8(mul8(x[n], broadcast8(kPerLn2)), broadcast8(kRound));
    const Real8 k = sub8(t, broadcast8(kRound));
    const Real8 high = sub8(x[n], mul8(k, broadcast8(kLn2High)));
    const Real8 low = mul8(k, broadcast8(kLn2Low));
    r[n] = sub8(high, low);
    c[n] = sub8(sub8(high, r[n]), low);
    power[n] = power8(t);
    q[n] = broadcast8(kTaylor[0]);
  }
  HOPFIELD_UNROLL(12)
  for (size_t i = 1; i < 12; i++) {
    HOPFIELD_UNROLL(4)
    for (size_t n = 0; n < kCount; n++) q[n] = add8(mul8(q[n], r[n]), broadcast8(kTaylor[i]));
  }
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) tail[n] = add8(mul8(mul8(r[n], r[n]), q[n]), c[n]);
}

/// e^x in place, −708 ≤ x ≤ 709, for kCount registers.
template <size_t kCount>
static inline void exps(Real8* x) {
  Real8 power[kCount], r[kCount], tail[kCount];
  reduce<kCount>(x, power, r, tail);
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) x[n] = mul8(add8(broadcast8(1), add8(r[n], tail[n])), power[n]);
}

/// sin 2πt and cos 2πt, |t| < 2^51; as src/numerics/sine-cosine.ts explains it.
static inline void sine_cosine8(Real8 turns, Real8* sine, Real8* cosine) {
  constexpr double kSine[11] = {1.0 / 51090942171709440000.0,
                                -1.0 / 121645100408832000.0,
                                1.0 / 355687428096000.0,
                                -1.0 / 1307674368000.0,
                                1.0 / 6227020800.0,
                                -1.0 / 39916800.0,
                                1.0 / 362880.0,
                                -1.0 / 5040.0,
                                1.0 / 120.0,
                                -1.0 / 6.0,
                                1.0};
  constexpr double kCosine[11] = {1.0 / 2432902008176640000.0,
                                  -1.0 / 6402373705728000.0,
                                  1.0 / 20922789888000.0,
                                  -1.0 / 87178291200.0,
                                  1.0 / 479001600.0,
                                  -1.0 / 3628800.0,
                                  1.0 / 40320.0,
                                  -1.0 / 720.0,
                                  1.0 / 24.0,
                                  -1.0 / 2.0,
                                  1.0};
  const Real8 round = broadcast8(kRound);
  const Real8 x = mul8(broadcast8(3.141592653589793), sub8(turns, sub8(add8(turns, round), round)));
  const Real8 z = mul8(x, x);
  Real8 s = broadcast8(kSine[0]), c = broadcast8(kCosine[0]);
  HOPFIELD_UNROLL(10)
  for (size_t k = 1; k < 11; k++) {
    s = add8(mul8(s, z), broadcast8(kSine[k]));
    c = add8(mul8(c, z), broadcast8(kCosine[k]));
  }
  s = mul8(x, s);
  const Real8 twice = add8(s, s);
  *sine = mul8(twice, c);
  *cosine = sub8(broadcast8(1), mul8(twice, s));
}

/// The upper half of a double, so that products of thresholds are exact (Veltkamp 1968).
static inline Real8 upper_half8(Real8 x) {
  const Real8 c = mul8(broadcast8(134217729.0), x);
  return sub8(c, sub8(c, x));
}

/// tanh x, any x; as src/numerics/tanh.ts explains it.
static inline Real8 tanh8(Real8 x) {
  const Real8 one = broadcast8(1), two = broadcast8(2);
  const Real8 size = least8(abs8(x), broadcast8(20));
  const Real8 y = add8(size, size);
  Real8 scale, r, tail;
  reduce<1>(&y, &scale, &r, &tail);
  const Real8 p = add8(r, tail);
  const Real8 upper = mul8(scale, p), rest = mul8(scale, sub8(tail, sub8(p, r)));
  const Real8 top = sub8(scale, one);
  const Real8 e = add8(top, upper);
  const Real8 e_rest = add8(sub8(upper, sub8(e, top)), rest);
  const Real8 d = add8(e, two), d_two = sub8(d, e);
  const Real8 d_rest = add8(add8(sub8(e, sub8(d, d_two)), sub8(two, d_two)), e_rest);
  const Real8 q = div8(e, d);
  const Real8 product = mul8(q, d);
  const Real8 q_high = upper_half8(q), d_high = upper_half8(d);
  const Real8 q_low = sub8(q, q_high), d_low = sub8(d, d_high);
  const Real8 product_rest =
      add8(add8(add8(sub8(mul8(q_high, d_high), product), mul8(q_high, d_low)), mul8(q_low, d_high)),
           mul8(q_low, d_low));
  const Real8 left = add8(sub8(sub8(e, product), product_rest), sub8(e_rest, mul8(q, d_rest)));
  return signed8(add8(q, div8(left, d)), x);
}

/// 1/(1 + e^−x), any x.
static inline Real8 logistic8(Real8 x) {
  Real8 y = most8(least8(sub8(zero8(), x), broadcast8(700)), broadcast8(-700));
  exps<1>(&y);
  return div8(broadcast8(1), add8(broadcast8(1), y));
}

/// ln x, x ≥ 0. Of anything else, which arrays from outside may bring, it is some number.
static double log_of(double x) {
  if (x == 0) return -HUGE_VAL;
  if (x == HUGE_VAL) return x;
  int32_t k = 0;
  uint64_t bits;
  memcpy(&bits, &x, sizeof(bits));
  if (bits < 0x0010000000000000u) {
    const double larger = x * 0x1p54;
    memcpy(&bits, &larger, sizeof(bits));
    k = -54;
  }
  const int32_t above = static_cast<int32_t>(static_cast<uint32_t>(bits >> 32) - 0x3fe6a09eu);
  const int32_t exponent = above >> 20;
  k += exponent;
  bits -= static_cast<uint64_t>(static_cast<int64_t>(exponent)) << 52;
  double m;
  memcpy(&m, &bits, sizeof(m));
  const double f = m - 1, half = 0.5 * f * f, s = f / (2 + f), z = s * s;
  double series = 2.0 / 23.0;
  for (int n = 21; n >= 3; n -= 2) series = series * z + 2.0 / n;
  return k * kLn2High - (half - (s * (half + z * series) + k * kLn2Low) - f);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_REAL_H_
