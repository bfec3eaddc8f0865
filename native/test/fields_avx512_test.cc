#define FIELDS_TIER "avx512"
#define HOPFIELD_SIMD "simd/avx512.h"
#if defined(__x86_64__)
#include "simd/targets.h"
#define HOPFIELD_TARGET HOPFIELD_AVX512
#include "fields_check.h"
#endif
