// Closes the region of simd/begin.h.
#if !defined(HOPFIELD_REGION)
#error "simd/end.h: simd/begin.h comes first"
#endif

#if defined(HOPFIELD_TARGET)
#if defined(__clang__)
#pragma clang attribute pop
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
#endif
#undef HOPFIELD_REGION
