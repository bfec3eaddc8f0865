// Sums of fused products where fused16 is as good as anything: what kernels/retrieval/key_dots.h sums f32 by.
#ifndef HOPFIELD_SIMD_DIRECT_FUSING_H_
#define HOPFIELD_SIMD_DIRECT_FUSING_H_

#include "simd/simd.h"

namespace hopfield {
namespace {

/// Sixteen sums of products in f32, each rounded once.
struct Fusing {
  using Lanes = Single16;
  /// Keys by one query; keys by several, those queries; and in sums of values columns and queries.
  static constexpr size_t kAlone = kKeysAlone, kKeys = kSingleKeys, kQueries = kSingleQueries,
                          kColumns = kColumnsTogether, kReaders = kQueriesTogether;

  static Lanes load(const float* p) { return load16(p); }
  static Lanes load_some(const float* p, size_t n) { return load_some16(p, n); }
  static Lanes kept(const Lanes& x) { return kept16(x); }
  static Lanes broadcast(float x) { return broadcast16(x); }
  static Lanes zero() { return zero16(); }
  static Lanes add(const Lanes& x, const Lanes& y, const Lanes& sum) { return fused16(x, y, sum); }
  static Single16 narrowed(const Lanes& x) { return x; }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_DIRECT_FUSING_H_
