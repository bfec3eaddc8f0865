// Sixteen f32 lanes in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_SINGLES_H_
#define HOPFIELD_SIMD_PORTABLE_SINGLES_H_

#include "simd/portable_real.h"

namespace hopfield {
namespace {

/// How many registers of a row are summed at once, and how many rows and chains a block of products takes.
constexpr size_t kTile = 2, kDotRows = 2, kDotChains = 2;

struct Single16 {
  float lane[16];
};

template <class Each>
static inline Single16 each16(Each each) {
  Single16 r;
  for (size_t k = 0; k < 16; k++) r.lane[k] = each(k);
  return r;
}

static inline Single16 zero16() { return Single16{}; }
static inline Single16 broadcast16(float x) {
  return each16([x](size_t) { return x; });
}
static inline Single16 load16(const float* p) {
  return each16([p](size_t k) { return p[k]; });
}
static inline void store16(float* p, const Single16& x) { memcpy(p, x.lane, sizeof(x.lane)); }
static inline Single16 add16(const Single16& a, const Single16& b) {
  return each16([&](size_t k) { return a.lane[k] + b.lane[k]; });
}
static inline Single16 sub16(const Single16& a, const Single16& b) {
  return each16([&](size_t k) { return a.lane[k] - b.lane[k]; });
}
static inline Single16 mul16(const Single16& a, const Single16& b) {
  return each16([&](size_t k) { return a.lane[k] * b.lane[k]; });
}
/// a·b + c where a·b is exact.
static inline Single16 fma16(const Single16& a, const Single16& b, const Single16& c) {
  return each16([&](size_t k) { return a.lane[k] * b.lane[k] + c.lane[k]; });
}
/// Lanes k and k + 8, then k + 4, k + 2, k + 1.
static inline float fold16(const Single16& a) {
  float eight[8];
  for (size_t k = 0; k < 8; k++) eight[k] = a.lane[k] + a.lane[k + 8];
  for (size_t k = 0; k < 4; k++) eight[k] += eight[k + 4];
  return (eight[0] + eight[2]) + (eight[1] + eight[3]);
}
/// Eight numbers as f32 rounds them.
static inline void narrow8(float* p, const Real8& x) {
  for (size_t k = 0; k < 8; k++) p[k] = static_cast<float>(x.lane[k]);
}
/// 1 where the word is below the limit, `low` elsewhere.
static inline void draw8(const uint32_t* words, const Real8& limits, float low, float* out) {
  for (size_t k = 0; k < 8; k++) out[k] = static_cast<double>(words[k]) < limits.lane[k] ? 1.0f : low;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_SINGLES_H_
