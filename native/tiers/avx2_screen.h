// kernels/screen.h with AVX2. Included inside a tier's own namespace and target region. No includes here.
//
// vpmaddubsw adds two products in 16 bits and saturates: codes of queries within ±63 keep 2·255·63 below
// 2^15.

constexpr int kQueryLevels = 63;
constexpr size_t kScreenTogether = 1;

/// sums[c·64 + r] = Σ bytes of key r · codes of query c.
template <size_t kCount>
static inline void tile_products(const uint8_t* keys, size_t groups, const int8_t* const* queries,
                                 int32_t* sums) {
  const __m256i ones = _mm256_set1_epi16(1);
  for (size_t c = 0; c < kCount; c++) {
    __m256i sum[8];
#pragma GCC unroll 8
    for (size_t k = 0; k < 8; k++) sum[k] = _mm256_setzero_si256();
    for (size_t g = 0; g < groups; g++) {
      int32_t four;
      memcpy(&four, queries[c] + 4 * g, 4);
      const __m256i q = _mm256_set1_epi32(four);
#pragma GCC unroll 8
      for (size_t k = 0; k < 8; k++) {
        const __m256i pairs = _mm256_maddubs_epi16(load256(keys + 256 * g + 32 * k), q);
        sum[k] = _mm256_add_epi32(sum[k], _mm256_madd_epi16(pairs, ones));
      }
    }
#pragma GCC unroll 8
    for (size_t k = 0; k < 8; k++) store256(sums + c * 64 + 8 * k, sum[k]);
  }
}
