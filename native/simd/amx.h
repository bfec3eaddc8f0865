// The primitives of AVX-512 beside the matrix unit (AMX int8).
#ifndef HOPFIELD_SIMD_AMX_H_
#define HOPFIELD_SIMD_AMX_H_

/// Many states together go through it: kernels/recall/batched_fields.h.
#define HOPFIELD_MATRIX_UNIT

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/amx.h"
#endif

#include "simd/amx_tiles.h"
#include "simd/avx512.h"

#endif  // HOPFIELD_SIMD_AMX_H_
