// The primitives of Advanced SIMD, and portable ones where there is no better way.
#ifndef HOPFIELD_SIMD_NEON_H_
#define HOPFIELD_SIMD_NEON_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/neon.h"
#endif

#include "simd/neon_carried.h"
#include "simd/neon_columns.h"
#include "simd/neon_fields.h"
#include "simd/neon_interaction.h"
#include "simd/neon_lookup.h"
#include "simd/neon_nearest.h"
#include "simd/neon_overlaps.h"
#include "simd/neon_philox.h"
#include "simd/neon_real.h"
#include "simd/neon_singles.h"
#include "simd/neon_sweep.h"
#include "simd/neon_thresholds.h"
#if defined(__wasm__)
#include "simd/wasm_fusing.h"
#else
#include "simd/direct_fusing.h"
#endif
#include "simd/portable_interaction.h"
#include "simd/portable_rows.h"
#include "simd/neon_names.h"
#include "simd/neon_replicas.h"
#include "simd/portable_annealing.h"
#include "simd/portable_chain_bytes.h"
#include "simd/portable_chains.h"
#include "simd/portable_connections.h"
#include "simd/portable_lists.h"
#include "simd/portable_quantized.h"

#endif  // HOPFIELD_SIMD_NEON_H_
