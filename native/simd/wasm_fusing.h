// Sums of products in f32, each rounded once, where no instruction does it. In f64 a product of two f32 is
// exact, and its sum with a third nearly: what f64 loses of it can matter in two places alone, halfway
// between two numbers of f32, and among the smallest, which have fewer bits. So sums stay in f64, rounded to
// 24 bits; where one of eight lanes was in such a place, those lanes are summed once more, exactly.
#ifndef HOPFIELD_SIMD_WASM_FUSING_H_
#define HOPFIELD_SIMD_WASM_FUSING_H_

#include "core/layout.h"
#include "simd/neon_singles.h"

namespace hopfield {
namespace {

/// As in direct_fusing.h.
struct Fusing {
  struct Lanes {
    float64x2_t pair[8];
  };
  // Sixteen sums take eight registers, and on x86-64 there are sixteen.
  static constexpr size_t kAlone = 1, kKeys = 1, kQueries = 1, kColumns = 1, kReaders = 1;
  /// Pairs that are looked at together.
  static constexpr size_t kSome = 4;

  static HOPFIELD_INLINE Lanes load(const float* p) {
    Lanes x;
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < 8; k++) x.pair[k] = vcvt_f64_f32(vld1_f32(p + 2 * k));
    return x;
  }
  static Lanes load_some(const float* p, size_t n) {
    float whole[16] = {};
    for (size_t k = 0; k < n; k++) whole[k] = p[k];
    return load(whole);
  }
  static const Lanes& kept(const Lanes& x) { return x; }
  static HOPFIELD_INLINE Lanes broadcast(float x) {
    Lanes all;
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < 8; k++) all.pair[k] = vdupq_n_f64(static_cast<double>(x));
    return all;
  }
  static HOPFIELD_INLINE Lanes zero() { return broadcast(0); }
  static HOPFIELD_INLINE Lanes add(const Lanes& x, const Lanes& y, const Lanes& sum) {
    Lanes next;
    HOPFIELD_UNROLL(2)
    for (size_t k = 0; k < 8; k += kSome) {
      if (!nearly(x.pair + k, y.pair + k, sum.pair + k, next.pair + k)) {
        HOPFIELD_UNROLL(4)
        for (size_t l = k; l < k + kSome; l++)
          next.pair[l] = vcvt_f64_f32(vcvt_f32_f64(odd_sum(x.pair[l] * y.pair[l], sum.pair[l])));
      }
    }
    return next;
  }
  static Single16 narrowed(const Lanes& x) {
    return {{narrowed4(x.pair[0], x.pair[1]), narrowed4(x.pair[2], x.pair[3]),
             narrowed4(x.pair[4], x.pair[5]), narrowed4(x.pair[6], x.pair[7])}};
  }

 private:
  /// Sums, rounded as if nothing were lost. Returns whether that is what they are.
  static HOPFIELD_INLINE bool nearly(const float64x2_t* x, const float64x2_t* y, const float64x2_t* sum,
                                     float64x2_t* next) {
    uint32x4_t least = vdupq_n_u32(~0u);
    HOPFIELD_UNROLL(4)
    for (size_t k = 0; k < kSome; k++) {
      // Half of the last of 24 bits is added, and what is below them is cut off: of a half nothing is left.
      const uint64x2_t up = reinterpret_cast<uint64x2_t>(x[k] * y[k] + sum[k]) + 0x10000000u;
      next[k] = reinterpret_cast<float64x2_t>(up & ~uint64_t{0x1fffffff});
      // What is left in the lower words; in the upper ones the size, of which zero is the largest.
      const auto words = reinterpret_cast<uint32x4_t>(up & 0x7fffffff1fffffff);
      least = vminq_u32(least, words - uint32x4_t{0, 1, 0, 1});
    }
    // The upper word of 2^-126, the smallest number of f32 that has all bits, less one.
    constexpr uint32_t kSmall = 0x380fffff;
    const auto sure = least >= uint32x4_t{1, kSmall, 1, kSmall};
    return wasm_i32x4_all_true(reinterpret_cast<v128_t>(sure));
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_WASM_FUSING_H_
