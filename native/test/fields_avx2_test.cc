#define FIELDS_TIER "avx2"
#define HOPFIELD_SIMD "simd/avx2.h"
#if defined(__x86_64__)
#include "simd/targets.h"
#define HOPFIELD_TARGET HOPFIELD_AVX2
#include "fields_check.h"
#endif
