// Opens the region that is compiled for the instruction sets of one tier; simd/end.h closes it. The tier's
// file defines HOPFIELD_TARGET, those sets by the names of GCC and clang, or nothing for what the compiler
// has anyway.
//
// Everything that does not belong to a tier is included here, before the region: an inline function of a
// system header must not be compiled for AVX-512 and then be linked into the baseline.
#if defined(HOPFIELD_REGION)
#error "simd/begin.h: the region of another tier is still open; a file compiles one tier"
#endif
#define HOPFIELD_REGION

#include "simd/intrinsics.h"

#if defined(HOPFIELD_TARGET)
#if defined(__clang__)
HOPFIELD_PRAGMA(clang attribute push(__attribute__((target(HOPFIELD_TARGET))), apply_to = function))
#elif defined(__GNUC__)
// GCC 12 takes the undefined registers inside its own headers for mistakes.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC push_options
HOPFIELD_PRAGMA(GCC target(HOPFIELD_TARGET))
#endif
#endif
