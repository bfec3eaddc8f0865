// The primitives of the tier that is being compiled. A tier names its header in HOPFIELD_SIMD; a file that is
// opened or compiled alone gets the portable ones. What a tier owes: simd/primitives.h.
#ifndef HOPFIELD_SIMD_SIMD_H_
#define HOPFIELD_SIMD_SIMD_H_

#include "core/tier.h"

#if defined(HOPFIELD_SIMD)
#include HOPFIELD_SIMD
#else
#include "simd/scalar.h"
#endif

#endif  // HOPFIELD_SIMD_SIMD_H_
