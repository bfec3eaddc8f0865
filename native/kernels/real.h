// Included inside a tier's own namespace and target region; see tiers/*.cc. No includes here.
//
// Reals in eight lanes, one fixed order: the mirror of src/numerics/. No product is fused with an addition
// unless both factors are f32 values.

constexpr double kPerLn2 = 1.4426950408889634, kLn2High = 0.6931471803691238,
                 kLn2Low = 1.9082149292705877e-10;
/// 1.5·2^52: adding and subtracting it rounds to a whole number, which its sum shows in the lowest bits.
constexpr double kRound = 6755399441055744.0;

/// e^x in place, −708 ≤ x ≤ 709, for kCount registers at once: one alone would wait for its own steps.
template <size_t kCount>
static inline void exps(Real8* x) {
  constexpr double kTaylor[12] = {1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0,
                                  1.0 / 362880.0,     1.0 / 40320.0,     1.0 / 5040.0,     1.0 / 720.0,
                                  1.0 / 120.0,        1.0 / 24.0,        1.0 / 6.0,        1.0 / 2.0};
  Real8 power[kCount], r[kCount], c[kCount], q[kCount];
#pragma GCC unroll 4
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
#pragma GCC unroll 12
  for (size_t i = 1; i < 12; i++) {
#pragma GCC unroll 4
    for (size_t n = 0; n < kCount; n++) q[n] = add8(mul8(q[n], r[n]), broadcast8(kTaylor[i]));
  }
#pragma GCC unroll 4
  for (size_t n = 0; n < kCount; n++) {
    const Real8 y = add8(broadcast8(1), add8(r[n], add8(mul8(mul8(r[n], r[n]), q[n]), c[n])));
    x[n] = mul8(y, power[n]);
  }
}
