// The primitives of AVX2 with FMA, BMI and POPCNT, and portable ones where there is no better way.
#ifndef HOPFIELD_SIMD_AVX2_H_
#define HOPFIELD_SIMD_AVX2_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/avx2.h"
#endif

#include "simd/avx2_annealing.h"
#include "simd/avx2_carried.h"
#include "simd/avx2_chain_bytes.h"
#include "simd/avx2_chains.h"
#include "simd/avx2_columns.h"
#include "simd/avx2_connections.h"
#include "simd/avx2_fields.h"
#include "simd/avx2_interaction.h"
#include "simd/avx2_lookup.h"
#include "simd/avx2_nearest.h"
#include "simd/avx2_overlaps.h"
#include "simd/avx2_philox.h"
#include "simd/avx2_quantized.h"
#include "simd/avx2_real.h"
#include "simd/avx2_singles.h"
#include "simd/direct_fusing.h"
#include "simd/avx2_replicas.h"
#include "simd/avx2_rows.h"
#include "simd/portable_lists.h"
#include "simd/x86_sweep.h"

#endif  // HOPFIELD_SIMD_AVX2_H_
