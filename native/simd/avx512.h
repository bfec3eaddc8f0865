// The primitives of AVX-512 with VPOPCNTDQ, VBMI and VNNI.
#ifndef HOPFIELD_SIMD_AVX512_H_
#define HOPFIELD_SIMD_AVX512_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/avx512.h"
#endif

#include "simd/avx512_annealing.h"
#include "simd/avx512_carried.h"
#include "simd/avx512_chain_bytes.h"
#include "simd/avx512_chains.h"
#include "simd/avx512_columns.h"
#include "simd/avx512_connections.h"
#include "simd/avx512_fields.h"
#include "simd/avx512_interaction.h"
#include "simd/avx512_lists.h"
#include "simd/avx512_lookup_vbmi.h"
#include "simd/avx512_nearest.h"
#include "simd/avx512_overlaps.h"
#include "simd/avx512_philox.h"
#include "simd/avx512_quantized.h"
#include "simd/avx512_real.h"
#include "simd/avx512_singles.h"
#include "simd/direct_fusing.h"
#include "simd/avx512_replicas.h"
#include "simd/avx512_rows.h"
#include "simd/x86_sweep.h"

#endif  // HOPFIELD_SIMD_AVX512_H_
