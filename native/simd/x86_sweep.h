// Asynchronous visits, four at a time, on the four_columns and fold_four of AVX2 or AVX-512.
#ifndef HOPFIELD_SIMD_X86_SWEEP_H_
#define HOPFIELD_SIMD_X86_SWEEP_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/avx2.h"
#endif

#include "simd/intrinsics.h"
#include "simd/operands.h"
#include "simd/simd.h"
#include "simd/sweep_by_fours.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// See sweep_by_fours.h.
struct Fours {
  static constexpr size_t kOwn = 8;
  const __m128i patterns;

  explicit Fours(int32_t count) : patterns(_mm_set1_epi32(count)) {}

  static inline unsigned first(unsigned four) { return _tzcnt_u32(four); }

  template <class Vote>
  static inline void prefetch(const Pass<Vote>& pass, size_t u) {
    for (size_t r = u; r < u + 4 && r < pass.visit_count; r++) {
      const uint32_t* column = pass.columns + pass.visits[r] * pass.height;
      for (size_t k = 0; k < pass.used; k += 16) {
        _mm_prefetch(reinterpret_cast<const char*>(column + k), _MM_HINT_T0);
      }
    }
  }

  template <size_t kWords, class Vote>
  HOPFIELD_INLINE unsigned wanted(const Pass<Vote>& pass, const uint32_t* const c[4], unsigned s,
                                  int32_t* fields) const {
    const __m128i zero = _mm_setzero_si128();
    const __m128i sums = fold_four(four_columns<kWords>(c, pass.votes, pass.used, pass.span));
    const __m128i h0 = _mm_sub_epi32(_mm_slli_epi32(sums, 1), _mm_set1_epi32(static_cast<int>(pass.total)));
    const __m128i signs = _mm_load_si128(reinterpret_cast<const __m128i*>(kFourSigns[s]));
    const __m128i h = _mm_sub_epi32(h0, _mm_sign_epi32(patterns, signs));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(fields), h);
    const unsigned at_zero = bits(_mm_cmpeq_epi32(h, zero));
    const unsigned chosen = pass.tie == Tie::kPositive ? at_zero : pass.tie == Tie::kKeep ? (at_zero & s) : 0;
    return (bits(_mm_cmpgt_epi32(h, zero)) | chosen) ^ s;
  }

 private:
  static inline unsigned bits(__m128i mask) {
    return static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(mask)));
  }
};

template <class Vote>
static size_t sweep_columns(Pass<Vote>& pass) {
  return sweep_by_fours<Fours>(pass);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_X86_SWEEP_H_
