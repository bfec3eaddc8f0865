// A bit of 128 replicas.
#ifndef HOPFIELD_SIMD_NEON_REPLICAS_H_
#define HOPFIELD_SIMD_NEON_REPLICAS_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

using ReplicaBits = uint64x2_t;

static inline ReplicaBits load_replicas(const uint64_t* from) { return vld1q_u64(from); }
static inline void store_replicas(uint64_t* to, ReplicaBits x) { vst1q_u64(to, x); }
static inline ReplicaBits repeat_bits(const uint32_t* bits) {
  return vreinterpretq_u64_u32(vld1q_dup_u32(bits));
}
static inline ReplicaBits xor_bits(ReplicaBits a, ReplicaBits b) { return veorq_u64(a, b); }
static inline ReplicaBits xor_three(ReplicaBits a, ReplicaBits b, ReplicaBits c) {
  return veorq_u64(a, veorq_u64(b, c));
}
static inline ReplicaBits and_bits(ReplicaBits a, ReplicaBits b) { return vandq_u64(a, b); }
static inline ReplicaBits majority(ReplicaBits a, ReplicaBits b, ReplicaBits c) {
  return vbslq_u64(veorq_u64(a, b), c, a);
}
static inline ReplicaBits not_chosen(ReplicaBits which, ReplicaBits a, ReplicaBits b) {
  return vreinterpretq_u64_u32(vmvnq_u32(vreinterpretq_u32_u64(vbslq_u64(which, a, b))));
}
static inline void add_bits(ReplicaBits a, ReplicaBits b, ReplicaBits c, ReplicaBits* sum,
                            ReplicaBits* carry) {
  const ReplicaBits differ = veorq_u64(a, b);
  *carry = vbslq_u64(differ, c, a);
  *sum = veorq_u64(differ, c);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_REPLICAS_H_
