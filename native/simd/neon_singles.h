// Sixteen f32 lanes, four registers.
#ifndef HOPFIELD_SIMD_NEON_SINGLES_H_
#define HOPFIELD_SIMD_NEON_SINGLES_H_

#include "simd/neon_real.h"

namespace hopfield {
namespace {

/// How many registers of a row are summed at once, and how many rows and chains a block of products takes.
constexpr size_t kTile = 4, kDotRows = 2, kDotChains = 2;
/// The same of dot products of keys and queries.
constexpr size_t kSingleKeys = 2, kSingleQueries = 3;
#if defined(__wasm__)
constexpr size_t kQuadGroups = 1, kQuadLength = 0;
#else
/// The same where four keys lie side by side: fours of keys, and how long vectors are at most.
constexpr size_t kQuadGroups = 1, kQuadLength = 128;
#endif

struct Single16 {
  float32x4_t four[4];
};

template <class Each>
static inline Single16 each_four(Each each) {
  return {{each(0), each(1), each(2), each(3)}};
}

static inline Single16 broadcast16(float x) {
  return each_four([x](size_t) { return vdupq_n_f32(x); });
}
static inline Single16 zero16() { return broadcast16(0); }
static inline Single16 load16(const float* p) {
  return each_four([p](size_t k) { return vld1q_f32(p + 4 * k); });
}
static inline void store16(float* p, const Single16& x) {
  for (size_t k = 0; k < 4; k++) vst1q_f32(p + 4 * k, x.four[k]);
}
static inline Single16 add16(const Single16& a, const Single16& b) {
  return each_four([&](size_t k) { return vaddq_f32(a.four[k], b.four[k]); });
}
static inline Single16 sub16(const Single16& a, const Single16& b) {
  return each_four([&](size_t k) { return vsubq_f32(a.four[k], b.four[k]); });
}
static inline Single16 mul16(const Single16& a, const Single16& b) {
  return each_four([&](size_t k) { return vmulq_f32(a.four[k], b.four[k]); });
}
/// a·b + c where a·b is exact.
static inline Single16 fma16(const Single16& a, const Single16& b, const Single16& c) {
  return each_four([&](size_t k) { return vfmaq_f32(c.four[k], a.four[k], b.four[k]); });
}
/// c − a·b where a·b is exact.
static inline Single16 fnma16(const Single16& a, const Single16& b, const Single16& c) {
  return each_four([&](size_t k) { return vfmsq_f32(c.four[k], a.four[k], b.four[k]); });
}
static inline Single16 div16(const Single16& a, const Single16& b) {
  return each_four([&](size_t k) { return vdivq_f32(a.four[k], b.four[k]); });
}
static inline Single16 least16(const Single16& a, const Single16& b) {
  return each_four([&](size_t k) { return vminq_f32(a.four[k], b.four[k]); });
}
static inline Single16 most16(const Single16& a, const Single16& b) {
  return each_four([&](size_t k) { return vmaxq_f32(a.four[k], b.four[k]); });
}
/// a·b + c, rounded once.
#if defined(__wasm__)
// There is no such instruction. A sum of f64 that was inexact is made odd, which keeps it from looking
// halfway between two numbers of f32 (Boldo and Melquiond 2008).
static inline float64x2_t odd_sum(float64x2_t product, float64x2_t c) {
  const float64x2_t sum = product + c, back = sum - product;
  const float64x2_t lost = (product - (sum - back)) + (c - back);
  const auto bits = reinterpret_cast<uint64x2_t>(sum);
  const uint64x2_t inexact = reinterpret_cast<uint64x2_t>(lost != 0) >> 63;
  const uint64x2_t beyond = ((reinterpret_cast<uint64x2_t>(lost) ^ bits) >> 63) & inexact;
  return reinterpret_cast<float64x2_t>((bits - beyond) | inexact);
}
static inline float32x4_t fused4(float32x4_t a, float32x4_t b, float32x4_t c) {
  const auto two = [](float32x2_t x, float32x2_t y, float32x2_t z) {
    return vcvt_f32_f64(odd_sum(vcvt_f64_f32(x) * vcvt_f64_f32(y), vcvt_f64_f32(z)));
  };
  return vcombine_f32(two(vget_low_f32(a), vget_low_f32(b), vget_low_f32(c)),
                      two(vget_high_f32(a), vget_high_f32(b), vget_high_f32(c)));
}
static inline Single16 fused16(const Single16& a, const Single16& b, const Single16& c) {
  return each_four([&](size_t k) { return fused4(a.four[k], b.four[k], c.four[k]); });
}
#else
static inline Single16 fused16(const Single16& a, const Single16& b, const Single16& c) {
  return fma16(a, b, c);
}
#endif
/// Loaded once, where that matters.
static inline Single16 kept16(const Single16& x) { return x; }
/// n < 16 numbers, zeros after them.
static inline Single16 load_some16(const float* p, size_t n) {
  float whole[16] = {};
  for (size_t k = 0; k < n; k++) whole[k] = p[k];
  return load16(whole);
}
static inline Real8 widened8(float32x4_t x, float32x4_t y) {
  return {{vcvt_f64_f32(vget_low_f32(x)), vcvt_f64_f32(vget_high_f32(x)), vcvt_f64_f32(vget_low_f32(y)),
           vcvt_f64_f32(vget_high_f32(y))}};
}
static inline Real8 low8(const Single16& x) { return widened8(x.four[0], x.four[1]); }
static inline Real8 high8(const Single16& x) { return widened8(x.four[2], x.four[3]); }
static inline float32x4_t narrowed4(float64x2_t low, float64x2_t high) {
  return vcombine_f32(vcvt_f32_f64(low), vcvt_f32_f64(high));
}
/// Sixteen numbers as f32 rounds them.
static inline Single16 narrowed16(const Real8& low, const Real8& high) {
  return {{narrowed4(low.pair[0], low.pair[1]), narrowed4(low.pair[2], low.pair[3]),
           narrowed4(high.pair[0], high.pair[1]), narrowed4(high.pair[2], high.pair[3])}};
}
/// 2^k from t = k + 1.5·2^23.
static inline Single16 power16(const Single16& t) {
  return each_four([&](size_t k) {
    const int32x4_t bits = vshlq_n_s32(vreinterpretq_s32_f32(t.four[k]), 23);
    return vreinterpretq_f32_s32(vaddq_s32(bits, vdupq_n_s32(0x3f800000)));
  });
}
/// Lanes k and k + 8, then k + 4, k + 2, k + 1.
static inline float fold16(const Single16& a) {
  const float32x4_t four = vaddq_f32(vaddq_f32(a.four[0], a.four[2]), vaddq_f32(a.four[1], a.four[3]));
  const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}
/// fold16 of each.
template <size_t kCount>
static inline void fold_singles(const Single16* sums, double* out) {
  for (size_t r = 0; r < kCount; r++) out[r] = static_cast<double>(fold16(sums[r]));
}
/// The same of many registers: out[c][r] of sums[c][r].
template <size_t kFirst, size_t kSecond>
static inline void fold_all16(const Single16 (&sums)[kFirst][kSecond], float (&out)[kFirst][kSecond]) {
  for (size_t c = 0; c < kFirst; c++) {
    for (size_t r = 0; r < kSecond; r++) out[c][r] = fold16(sums[c][r]);
  }
}
/// Four numbers of each of four rows.
static inline Single16 rows16(const float* a, const float* b, const float* c, const float* d) {
  return {{vld1q_f32(a), vld1q_f32(b), vld1q_f32(c), vld1q_f32(d)}};
}
/// Four numbers four times.
static inline Single16 repeated16(const float* p) {
  const float32x4_t four = vld1q_f32(p);
  return {{four, four, four, four}};
}
/// fold16 from where four lanes are left, for each quarter of each of four: lane 4m + g is quarter m of g.
static inline Single16 fold_quads(const Single16* x) {
  return each_four([x](size_t m) {
    const auto two = [m](const Single16& a, const Single16& b) {
      const float32x4_t p = a.four[m], q = b.four[m];
      return vaddq_f32(vcombine_f32(vget_low_f32(p), vget_low_f32(q)),
                       vcombine_f32(vget_high_f32(p), vget_high_f32(q)));
    };
    return vpaddq_f32(two(x[0], x[1]), two(x[2], x[3]));
  });
}
/// Eight numbers as f32 rounds them.
static inline void narrow8(float* p, const Real8& x) {
  for (size_t k = 0; k < 4; k++) vst1_f32(p + 2 * k, vcvt_f32_f64(x.pair[k]));
}

/// 1 where the word is below 2^32·p, `low` elsewhere.
static inline Single16 draw16(const uint32_t* words, const Single16& p, float low) {
  const auto two = [&](size_t at, float32x2_t chances) {
    const float64x2_t limits = vmulq_n_f64(vcvt_f64_f32(chances), 0x1p32);
    const float64x2_t whole = vcvtq_f64_u64(vmovl_u32(vld1_u32(words + at)));
    return vbsl_f32(vmovn_u64(vcltq_f64(whole, limits)), vdup_n_f32(1), vdup_n_f32(low));
  };
  return each_four([&](size_t k) {
    return vcombine_f32(two(4 * k, vget_low_f32(p.four[k])), two(4 * k + 2, vget_high_f32(p.four[k])));
  });
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_SINGLES_H_
