// AVX-512 without VPOPCNTDQ: Skylake-X and Cascade Lake. Bits are counted by a table of nibbles.
#include "tiers/tiers.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2,popcnt"))), apply_to = function)
#elif defined(__GNUC__)
// GCC 12 takes the undefined registers inside its own AVX-512 header for mistakes.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2,popcnt")
#endif

namespace hopfield {
namespace {

#include "kernels/bits.h"
#include "tiers/ballot.h"
#include "tiers/portable.h"

static inline __m512i popcount_lanes(__m512i x) {
  const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
  const __m512i nibble = _mm512_set1_epi8(15);
  const __m512i low = _mm512_shuffle_epi8(table, _mm512_and_si512(x, nibble));
  const __m512i high = _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(x, 4), nibble));
  return _mm512_sad_epu8(_mm512_add_epi8(low, high), _mm512_setzero_si512());
}

#include "tiers/avx512_primitives.h"
#include "tiers/avx512_votes.h"

/// Four patterns a table, the same in every 128-bit lane.
struct Lookup : LookupOf64 {
  static constexpr size_t kBits = 4;

  static inline __m512i find(const uint8_t* plane, __m512i index) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(plane));
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(x), index);
  }
  static inline void tables(const int16_t* votes, size_t groups, uint8_t* planes) {
    portable::nibble_tables(votes, groups, planes);
  }
};
#include "tiers/avx512_real.h"
constexpr size_t kKeysAlone = 8, kKeysTogether = 4, kQueriesTogether = 6, kColumnsTogether = 4, kExps = 4;
static inline __m256i load256(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
static inline void store256(void* p, __m256i x) { _mm256_storeu_si256(static_cast<__m256i*>(p), x); }
#include "tiers/avx2_screen.h"
#include "tiers/avx512_lists.h"
#include "tiers/avx512_nearest.h"
#include "tiers/exact_chains.h"
#include "tiers/avx512_chains.h"
#include "kernels/all.h"
using Together = LookupTogether<Lookup>;
using Products = DenseProducts;
constexpr size_t kLeastTogether = 4;
#include "kernels/table.h"

}  // namespace

Tier avx512_skx_tier() { return table(); }

}  // namespace hopfield

#if defined(__clang__)
#pragma clang attribute pop
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
#endif
