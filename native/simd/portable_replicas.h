// A bit of many replicas, in portable C++.
#ifndef HOPFIELD_SIMD_PORTABLE_REPLICAS_H_
#define HOPFIELD_SIMD_PORTABLE_REPLICAS_H_

#include "core/layout.h"

namespace hopfield {
namespace {

using ReplicaBits = uint64_t;

static inline ReplicaBits load_replicas(const uint64_t* from) { return *from; }
static inline void store_replicas(uint64_t* to, ReplicaBits x) { *to = x; }
/// The same 32 bits throughout.
static inline ReplicaBits repeat_bits(const uint32_t* bits) {
  return *bits | static_cast<uint64_t>(*bits) << 32;
}
static inline ReplicaBits xor_bits(ReplicaBits a, ReplicaBits b) { return a ^ b; }
static inline ReplicaBits xor_three(ReplicaBits a, ReplicaBits b, ReplicaBits c) { return a ^ b ^ c; }
static inline ReplicaBits and_bits(ReplicaBits a, ReplicaBits b) { return a & b; }
static inline ReplicaBits majority(ReplicaBits a, ReplicaBits b, ReplicaBits c) {
  return (a & b) | (c & (a | b));
}
/// ¬a where `which` is set, ¬b elsewhere.
static inline ReplicaBits not_chosen(ReplicaBits which, ReplicaBits a, ReplicaBits b) {
  return ~((which & a) | (~which & b));
}
/// a + b + c = sum + 2·carry, bit by bit; `sum` may be one of them.
static inline void add_bits(ReplicaBits a, ReplicaBits b, ReplicaBits c, ReplicaBits* sum,
                            ReplicaBits* carry) {
  const ReplicaBits differ = a ^ b;
  *carry = (a & b) | (differ & c);
  *sum = differ ^ c;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_REPLICAS_H_
