// The primitives of the scalar tier: all of them in portable C++.
#ifndef HOPFIELD_SIMD_SCALAR_H_
#define HOPFIELD_SIMD_SCALAR_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/scalar.h"
#endif

#include "simd/scalar_names.h"
#include "simd/portable_annealing.h"
#include "simd/portable_chain_bytes.h"
#include "simd/portable_chains.h"
#include "simd/portable_connections.h"
#include "simd/portable_lists.h"
#include "simd/portable_nearest.h"
#include "simd/portable_quantized.h"
#include "simd/portable_real.h"
#include "simd/portable_singles.h"
#include "simd/direct_fusing.h"
#include "simd/portable_replicas.h"
#include "simd/portable_sweep.h"

#endif  // HOPFIELD_SIMD_SCALAR_H_
