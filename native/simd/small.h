// What <algorithm> would give, without a header whose inline functions would be compiled for a tier and be
// linked into the baseline.
#ifndef HOPFIELD_SIMD_SMALL_H_
#define HOPFIELD_SIMD_SMALL_H_

namespace hopfield {
namespace {

/// The type T, where it is not to be deduced: a literal becomes what the other number is.
template <class T>
struct Same {
  using Type = T;
};

template <class T>
static constexpr T smaller(T a, typename Same<T>::Type b) {
  return a < b ? a : b;
}
template <class T>
static constexpr T larger(T a, typename Same<T>::Type b) {
  return a > b ? a : b;
}
/// `low` and `high` are in order.
template <class T>
static constexpr T limited(T x, typename Same<T>::Type low, typename Same<T>::Type high) {
  return x < low ? low : x > high ? high : x;
}
template <class T>
static inline void exchange(T& a, T& b) {
  const T kept = a;
  a = b;
  b = kept;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_SMALL_H_
