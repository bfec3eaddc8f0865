// A bit of 512 replicas: any function of three bits is one instruction.
#ifndef HOPFIELD_SIMD_AVX512_REPLICAS_H_
#define HOPFIELD_SIMD_AVX512_REPLICAS_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

using ReplicaBits = __m512i;

static inline ReplicaBits load_replicas(const uint64_t* from) { return _mm512_loadu_si512(from); }
static inline void store_replicas(uint64_t* to, ReplicaBits x) { _mm512_storeu_si512(to, x); }
static inline ReplicaBits repeat_bits(const uint32_t* bits) {
  return _mm512_set1_epi32(static_cast<int>(*bits));
}
static inline ReplicaBits xor_bits(ReplicaBits a, ReplicaBits b) { return _mm512_xor_si512(a, b); }
static inline ReplicaBits xor_three(ReplicaBits a, ReplicaBits b, ReplicaBits c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}
static inline ReplicaBits and_bits(ReplicaBits a, ReplicaBits b) { return _mm512_and_si512(a, b); }
static inline ReplicaBits majority(ReplicaBits a, ReplicaBits b, ReplicaBits c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0xe8);
}
static inline ReplicaBits not_chosen(ReplicaBits which, ReplicaBits a, ReplicaBits b) {
  return _mm512_ternarylogic_epi32(which, a, b, 0x35);
}
/// The carry comes from the sum, which took the place of a: so no register need be copied before it is
/// overwritten.
static inline void add_bits(ReplicaBits a, ReplicaBits b, ReplicaBits c, ReplicaBits* sum,
                            ReplicaBits* carry) {
  const ReplicaBits both = _mm512_ternarylogic_epi32(a, b, c, 0x96);
  *carry = _mm512_ternarylogic_epi32(b, both, c, 0xb2);
  *sum = both;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_REPLICAS_H_
