// A bit of 256 replicas.
#ifndef HOPFIELD_SIMD_AVX2_REPLICAS_H_
#define HOPFIELD_SIMD_AVX2_REPLICAS_H_

#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

using ReplicaBits = __m256i;

static inline ReplicaBits load_replicas(const uint64_t* from) { return load256(from); }
static inline void store_replicas(uint64_t* to, ReplicaBits x) { store256(to, x); }
static inline ReplicaBits repeat_bits(const uint32_t* bits) {
  return _mm256_set1_epi32(static_cast<int>(*bits));
}
static inline ReplicaBits xor_bits(ReplicaBits a, ReplicaBits b) { return _mm256_xor_si256(a, b); }
static inline ReplicaBits xor_three(ReplicaBits a, ReplicaBits b, ReplicaBits c) {
  return _mm256_xor_si256(a, _mm256_xor_si256(b, c));
}
static inline ReplicaBits and_bits(ReplicaBits a, ReplicaBits b) { return _mm256_and_si256(a, b); }
static inline ReplicaBits majority(ReplicaBits a, ReplicaBits b, ReplicaBits c) {
  return _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b)));
}
static inline ReplicaBits not_chosen(ReplicaBits which, ReplicaBits a, ReplicaBits b) {
  return _mm256_or_si256(_mm256_andnot_si256(a, which),
                         _mm256_andnot_si256(_mm256_or_si256(b, which), _mm256_set1_epi32(-1)));
}
static inline void add_bits(ReplicaBits a, ReplicaBits b, ReplicaBits c, ReplicaBits* sum,
                            ReplicaBits* carry) {
  const ReplicaBits differ = _mm256_xor_si256(a, b);
  *carry = _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(differ, c));
  *sum = _mm256_xor_si256(differ, c);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_REPLICAS_H_
