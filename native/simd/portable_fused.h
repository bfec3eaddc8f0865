// A product and a sum in f32, rounded once, where no instruction does it.
#ifndef HOPFIELD_SIMD_PORTABLE_FUSED_H_
#define HOPFIELD_SIMD_PORTABLE_FUSED_H_

namespace hopfield {
namespace {

namespace portable {

/// a·b + c rounded once, as an instruction would; without overflow. Mirror of src/numerics/fused.ts.
static inline float fused(float a, float b, float c) {
  const double product = static_cast<double>(a) * b, sum = product + c;
  const float nearest = static_cast<float>(sum);
  const double rest = sum - nearest, beyond = sum + rest;
  // What the sum in f64 lost can matter halfway between two numbers of f32 alone.
  if (rest == 0 || static_cast<double>(static_cast<float>(beyond)) != beyond) return nearest;
  const double back = sum - product, lost = (product - (sum - back)) + (c - back);
  return lost != 0 && (lost > 0) == (rest > 0) ? static_cast<float>(beyond) : nearest;
}
}  // namespace portable

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_FUSED_H_
