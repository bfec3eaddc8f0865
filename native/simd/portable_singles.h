// Sixteen f32 lanes in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_SINGLES_H_
#define HOPFIELD_SIMD_PORTABLE_SINGLES_H_

#include "simd/portable_fused.h"
#include "simd/portable_real.h"

namespace hopfield {
namespace {

/// How many registers of a row are summed at once, and how many rows and chains a block of products takes.
constexpr size_t kTile = 2, kDotRows = 2, kDotChains = 2;
/// The same of dot products of keys and queries.
constexpr size_t kSingleKeys = 2, kSingleQueries = 3;
/// The same where four keys lie side by side: fours of keys, and how long vectors are at most.
constexpr size_t kQuadGroups = 1, kQuadLength = 0;

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
/// The same lane by lane.
static inline Single16 fused16(const Single16& a, const Single16& b, const Single16& c) {
  return each16([&](size_t k) { return portable::fused(a.lane[k], b.lane[k], c.lane[k]); });
}
/// Loaded once, where that matters.
static inline Single16 kept16(const Single16& x) { return x; }
/// n < 16 numbers, zeros after them.
static inline Single16 load_some16(const float* p, size_t n) {
  return each16([p, n](size_t k) { return k < n ? p[k] : 0.0f; });
}
static inline Real8 low8(const Single16& x) { return widen8(x.lane); }
static inline Real8 high8(const Single16& x) { return widen8(x.lane + 8); }
/// Sixteen numbers as f32 rounds them.
static inline Single16 narrowed16(const Real8& low, const Real8& high) {
  return each16([&](size_t k) { return static_cast<float>(k < 8 ? low.lane[k] : high.lane[k - 8]); });
}
/// 2^k from t = k + 1.5·2^23.
static inline Single16 power16(const Single16& t) {
  return each16([&](size_t k) {
    uint32_t bits;
    memcpy(&bits, &t.lane[k], 4);
    bits = (bits << 23) + 0x3f800000u;
    float power;
    memcpy(&power, &bits, 4);
    return power;
  });
}
/// c − a·b where a·b is exact.
static inline Single16 fnma16(const Single16& a, const Single16& b, const Single16& c) {
  return each16([&](size_t k) { return c.lane[k] - a.lane[k] * b.lane[k]; });
}
static inline Single16 div16(const Single16& a, const Single16& b) {
  return each16([&](size_t k) { return a.lane[k] / b.lane[k]; });
}
static inline Single16 least16(const Single16& a, const Single16& b) {
  return each16([&](size_t k) { return a.lane[k] < b.lane[k] ? a.lane[k] : b.lane[k]; });
}
static inline Single16 most16(const Single16& a, const Single16& b) {
  return each16([&](size_t k) { return a.lane[k] > b.lane[k] ? a.lane[k] : b.lane[k]; });
}
/// 1 where the word is below 2^32·p, `low` elsewhere.
static inline Single16 draw16(const uint32_t* words, const Single16& p, float low) {
  return each16([&](size_t k) {
    const double limit = static_cast<double>(p.lane[k]) * 0x1p32;
    return static_cast<double>(words[k]) < limit ? 1.0f : low;
  });
}
/// Lanes k and k + 8, then k + 4, k + 2, k + 1.
static inline float fold16(const Single16& a) {
  float eight[8];
  for (size_t k = 0; k < 8; k++) eight[k] = a.lane[k] + a.lane[k + 8];
  for (size_t k = 0; k < 4; k++) eight[k] += eight[k + 4];
  return (eight[0] + eight[2]) + (eight[1] + eight[3]);
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
  const float* const rows[4] = {a, b, c, d};
  return each16([&](size_t k) { return rows[k / 4][k % 4]; });
}
/// Four numbers four times.
static inline Single16 repeated16(const float* p) {
  return each16([p](size_t k) { return p[k % 4]; });
}
/// fold16 from where four lanes are left, for each quarter of each of four: lane 4m + g is quarter m of g.
static inline Single16 fold_quads(const Single16* x) {
  return each16([x](size_t k) {
    const float* four = x[k % 4].lane + k / 4 * 4;
    return (four[0] + four[2]) + (four[1] + four[3]);
  });
}
/// Eight numbers as f32 rounds them.
static inline void narrow8(float* p, const Real8& x) {
  for (size_t k = 0; k < 8; k++) p[k] = static_cast<float>(x.lane[k]);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_SINGLES_H_
