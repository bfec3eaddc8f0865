// Eight f64 lanes in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_REAL_H_
#define HOPFIELD_SIMD_PORTABLE_REAL_H_

#include "core/layout.h"

namespace hopfield {
namespace {

/// How many registers of sums a block of products takes: keys by one query, keys by several, those queries,
/// columns of values, and exponentials at once.
constexpr size_t kKeysAlone = 4, kKeysTogether = 2, kQueriesTogether = 3, kColumnsTogether = 2, kExps = 1;

struct Real8 {
  double lane[8];
};

template <class Each>
static inline Real8 each8(Each each) {
  Real8 r;
  for (size_t k = 0; k < 8; k++) r.lane[k] = each(k);
  return r;
}

static inline Real8 zero8() { return Real8{}; }
static inline Real8 broadcast8(double x) {
  return each8([x](size_t) { return x; });
}
static inline Real8 load8(const double* p) {
  return each8([p](size_t k) { return p[k]; });
}
static inline void store8(double* p, const Real8& x) { memcpy(p, x.lane, sizeof(x.lane)); }
static inline Real8 add8(const Real8& a, const Real8& b) {
  return each8([&](size_t k) { return a.lane[k] + b.lane[k]; });
}
static inline Real8 sub8(const Real8& a, const Real8& b) {
  return each8([&](size_t k) { return a.lane[k] - b.lane[k]; });
}
static inline Real8 mul8(const Real8& a, const Real8& b) {
  return each8([&](size_t k) { return a.lane[k] * b.lane[k]; });
}
static inline Real8 div8(const Real8& a, const Real8& b) {
  return each8([&](size_t k) { return a.lane[k] / b.lane[k]; });
}
static inline Real8 least8(const Real8& a, const Real8& b) {
  return each8([&](size_t k) { return a.lane[k] < b.lane[k] ? a.lane[k] : b.lane[k]; });
}
static inline Real8 most8(const Real8& a, const Real8& b) {
  return each8([&](size_t k) { return a.lane[k] > b.lane[k] ? a.lane[k] : b.lane[k]; });
}
static inline Real8 abs8(const Real8& x) {
  return each8([&](size_t k) { return fabs(x.lane[k]); });
}
/// The size of the one with the sign of the other.
static inline Real8 signed8(const Real8& size, const Real8& sign) {
  return each8([&](size_t k) { return copysign(size.lane[k], sign.lane[k]); });
}
/// a·b + c where a·b is exact.
static inline Real8 fma8(const Real8& a, const Real8& b, const Real8& c) {
  return each8([&](size_t k) { return a.lane[k] * b.lane[k] + c.lane[k]; });
}
/// Eight f32.
static inline Real8 widen8(const float* p) {
  return each8([p](size_t k) { return static_cast<double>(p[k]); });
}
/// n < 8 f32, zeros after them.
static inline Real8 widen_some(const float* p, size_t n) {
  return each8([p, n](size_t k) { return k < n ? static_cast<double>(p[k]) : 0.0; });
}
/// Eight weights of any type.
template <class Weight>
static inline Real8 weights8(const Weight* p) {
  return each8([p](size_t k) { return static_cast<double>(p[k]); });
}
/// a + b where the bit of the lane is set.
static inline Real8 add_where8(const Real8& a, uint8_t bits, const Real8& b) {
  return each8([&](size_t k) { return (bits >> k) & 1 ? a.lane[k] + b.lane[k] : a.lane[k]; });
}
/// As f32 rounds it.
static inline Real8 rounded8(const Real8& x) {
  return each8([&](size_t k) { return static_cast<double>(static_cast<float>(x.lane[k])); });
}
/// The first three levels of a Hadamard transform: (a, b) becomes (a + b, a − b), for lanes at distance 1,
/// 2, 4.
static inline Real8 hadamard8(const Real8& x) {
  Real8 from = x;
  for (size_t distance = 1; distance < 8; distance *= 2) {
    from = each8([&](size_t k) {
      return k & distance ? from.lane[k ^ distance] - from.lane[k] : from.lane[k] + from.lane[k ^ distance];
    });
  }
  return from;
}
/// 2^k from t = k + 1.5·2^52.
static inline Real8 power8(const Real8& t) {
  return each8([&](size_t k) {
    uint64_t bits;
    memcpy(&bits, &t.lane[k], 8);
    bits = (bits << 52) + 0x3ff0000000000000u;
    double power;
    memcpy(&power, &bits, 8);
    return power;
  });
}
/// dot8's fold.
static inline double fold8(const Real8& a) {
  return ((a.lane[0] + a.lane[4]) + (a.lane[2] + a.lane[6])) +
         ((a.lane[1] + a.lane[5]) + (a.lane[3] + a.lane[7]));
}
template <size_t kCount>
static inline void fold_all(const Real8* sums, double* out) {
  for (size_t r = 0; r < kCount; r++) out[r] = fold8(sums[r]);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_REAL_H_
