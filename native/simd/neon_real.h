// Eight f64 lanes, four registers.
#ifndef HOPFIELD_SIMD_NEON_REAL_H_
#define HOPFIELD_SIMD_NEON_REAL_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

/// How many registers of sums a block of products takes: keys by one query, keys by several, those queries,
/// columns of values, and exponentials at once.
constexpr size_t kKeysAlone = 4, kKeysTogether = 2, kQueriesTogether = 3, kColumnsTogether = 2, kExps = 1;

struct Real8 {
  float64x2_t pair[4];
};

template <class Each>
static inline Real8 each_pair(Each each) {
  return {{each(0), each(1), each(2), each(3)}};
}

static inline Real8 broadcast8(double x) {
  return each_pair([x](size_t) { return vdupq_n_f64(x); });
}
static inline Real8 zero8() { return broadcast8(0); }
static inline Real8 load8(const double* p) {
  return each_pair([p](size_t k) { return vld1q_f64(p + 2 * k); });
}
static inline void store8(double* p, const Real8& x) {
  for (size_t k = 0; k < 4; k++) vst1q_f64(p + 2 * k, x.pair[k]);
}
static inline Real8 add8(const Real8& a, const Real8& b) {
  return each_pair([&](size_t k) { return vaddq_f64(a.pair[k], b.pair[k]); });
}
static inline Real8 sub8(const Real8& a, const Real8& b) {
  return each_pair([&](size_t k) { return vsubq_f64(a.pair[k], b.pair[k]); });
}
static inline Real8 mul8(const Real8& a, const Real8& b) {
  return each_pair([&](size_t k) { return vmulq_f64(a.pair[k], b.pair[k]); });
}
static inline Real8 div8(const Real8& a, const Real8& b) {
  return each_pair([&](size_t k) { return vdivq_f64(a.pair[k], b.pair[k]); });
}
static inline Real8 least8(const Real8& a, const Real8& b) {
  return each_pair([&](size_t k) { return vminq_f64(a.pair[k], b.pair[k]); });
}
static inline Real8 most8(const Real8& a, const Real8& b) {
  return each_pair([&](size_t k) { return vmaxq_f64(a.pair[k], b.pair[k]); });
}
static inline Real8 abs8(const Real8& x) {
  return each_pair([&](size_t k) { return vabsq_f64(x.pair[k]); });
}
/// The size of the one with the sign of the other.
static inline Real8 signed8(const Real8& size, const Real8& sign) {
  return each_pair(
      [&](size_t k) { return vbslq_f64(vdupq_n_u64(0x8000000000000000u), sign.pair[k], size.pair[k]); });
}
/// a·b + c where a·b is exact.
static inline Real8 fma8(const Real8& a, const Real8& b, const Real8& c) {
  return each_pair([&](size_t k) { return vfmaq_f64(c.pair[k], a.pair[k], b.pair[k]); });
}
/// Eight f32.
static inline Real8 widen8(const float* p) {
  return each_pair([p](size_t k) { return vcvt_f64_f32(vld1_f32(p + 2 * k)); });
}
/// n < 8 f32, zeros after them.
static inline Real8 widen_some(const float* p, size_t n) {
  float whole[8] = {};
  for (size_t k = 0; k < n; k++) whole[k] = p[k];
  return widen8(whole);
}
/// Eight weights of any type.
static inline Real8 weights8(const double* p) { return load8(p); }
static inline Real8 weights8(const float* p) { return widen8(p); }
static inline Real8 weights8(const int32_t* p) {
  return each_pair([p](size_t k) { return vcvtq_f64_s64(vmovl_s32(vld1_s32(p + 2 * k))); });
}
/// a + b where the bit of the lane is set.
static inline Real8 add_where8(const Real8& a, uint8_t bits, const Real8& b) {
  const uint64x2_t all = vdupq_n_u64(bits);
  return each_pair([&](size_t k) {
    const uint64x2_t of =
        vcombine_u64(vcreate_u64(uint64_t{1} << (2 * k)), vcreate_u64(uint64_t{2} << (2 * k)));
    return vbslq_f64(vtstq_u64(all, of), vaddq_f64(a.pair[k], b.pair[k]), a.pair[k]);
  });
}
/// As f32 rounds it.
static inline Real8 rounded8(const Real8& x) {
  return each_pair([&](size_t k) { return vcvt_f64_f32(vcvt_f32_f64(x.pair[k])); });
}
/// The first three levels of a Hadamard transform: (a, b) becomes (a + b, a − b), for lanes at distance 1,
/// 2, 4.
static inline Real8 hadamard8(const Real8& x) {
  const Real8 near = each_pair([&](size_t k) {
    const float64x2_t a = vdupq_laneq_f64(x.pair[k], 0), b = vdupq_laneq_f64(x.pair[k], 1);
    return vcopyq_laneq_f64(vaddq_f64(a, b), 1, vsubq_f64(a, b), 1);
  });
  const Real8 far = each_pair([&](size_t k) {
    return k % 2 == 0 ? vaddq_f64(near.pair[k], near.pair[k + 1]) : vsubq_f64(near.pair[k - 1], near.pair[k]);
  });
  return each_pair([&](size_t k) {
    return k < 2 ? vaddq_f64(far.pair[k], far.pair[k + 2]) : vsubq_f64(far.pair[k - 2], far.pair[k]);
  });
}
/// 2^k from t = k + 1.5·2^52.
static inline Real8 power8(const Real8& t) {
  return each_pair([&](size_t k) {
    const int64x2_t bits = vshlq_n_s64(vreinterpretq_s64_f64(t.pair[k]), 52);
    return vreinterpretq_f64_s64(vaddq_s64(bits, vdupq_n_s64(0x3ff0000000000000)));
  });
}
/// dot8's fold: lanes k and k + 4, then k and k + 2, then the two that are left.
static inline double fold8(const Real8& a) {
  const float64x2_t two = vaddq_f64(vaddq_f64(a.pair[0], a.pair[2]), vaddq_f64(a.pair[1], a.pair[3]));
  return vgetq_lane_f64(two, 0) + vgetq_lane_f64(two, 1);
}
template <size_t kCount>
static inline void fold_all(const Real8* sums, double* out) {
  for (size_t r = 0; r < kCount; r++) out[r] = fold8(sums[r]);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_REAL_H_
