#define FIELDS_TIER "scalar"
#define HOPFIELD_SIMD "simd/scalar.h"
#include "fields_check.h"
