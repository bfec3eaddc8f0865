// AMX int8 beside AVX-512: Sapphire Rapids and later. One state at a time is the AVX-512 tier's work; many
// together go through the matrix unit.
#include "tiers/tiers.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(                                                                                                 \
    __attribute__((target(                                                                                                    \
        "amx-tile,amx-int8,avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,avx512vbmi,avx512vnni,avx2,bmi,bmi2,popcnt"))), \
    apply_to = function)
#elif defined(__GNUC__)
// GCC 12 takes the undefined registers inside its own AVX-512 header for mistakes.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC push_options
#pragma GCC target( \
    "amx-tile,amx-int8,avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,avx512vbmi,avx512vnni,avx2,bmi,bmi2,popcnt")
#endif

namespace hopfield {
namespace {

#include "kernels/bits.h"
#include "tiers/ballot.h"

static inline __m512i popcount_lanes(__m512i x) { return _mm512_popcnt_epi64(x); }

#include "tiers/avx512_primitives.h"
#include "tiers/avx512_votes.h"
#include "tiers/avx512_lookup.h"
#include "tiers/avx512_real.h"
constexpr size_t kKeysAlone = 8, kKeysTogether = 4, kQueriesTogether = 6, kColumnsTogether = 4, kExps = 4;
#include "tiers/avx512_vnni.h"
#include "tiers/avx512_lists.h"
#include "tiers/avx512_nearest.h"
#include "tiers/exact_chains.h"
#include "tiers/avx512_chains.h"
#include "kernels/all.h"
#include "tiers/amx_squares.h"
#include "tiers/amx_together.h"
#include "tiers/amx_weights.h"
using Together = TileTogether;
using Products = TileProducts;
constexpr size_t kLeastTogether = 4;
#include "kernels/table.h"

}  // namespace

Tier amx_tier() {
  Tier tier = table();
  tier.hebbian = hebbian_tiles;
  return tier;
}

}  // namespace hopfield

#if defined(__clang__)
#pragma clang attribute pop
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
#endif
