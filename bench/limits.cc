// What one core can do at most, in the terms of the kernels: pattern bits compared by xor and popcount, and
// pattern bits used as masks of a 16-bit addition. Prints one JSON document. c++ -O3 -march=native limits.cc
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#if defined(__AVX512BW__) && defined(__AVX512VPOPCNTDQ__)
#include <immintrin.h>

namespace {

volatile uint64_t sink;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Median seconds of a call over half a second.
template <class Call>
double measure(Call call) {
  call();
  std::vector<double> times;
  for (const double start = now(); times.size() < 15 || now() - start < 0.5;) {
    const double before = now();
    call();
    times.push_back(now() - before);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// Bits a second, compared with one query that stays in a register.
double popcount_rate(const char* data, size_t bytes, int repeat) {
  const double seconds = measure([&] {
    const __m512i query = _mm512_set1_epi64(0x123456789abcdef);
    __m512i sum[8];
    for (auto& s : sum) s = _mm512_setzero_si512();
    for (int r = 0; r < repeat; r++) {
      for (size_t at = 0; at < bytes; at += 512) {
#pragma GCC unroll 8
        for (int k = 0; k < 8; k++) {
          const __m512i x = _mm512_xor_si512(_mm512_load_si512(data + at + 64 * k), query);
          sum[k] = _mm512_add_epi64(sum[k], _mm512_popcnt_epi64(x));
        }
      }
    }
    for (int k = 1; k < 8; k++) sum[0] = _mm512_add_epi64(sum[0], sum[k]);
    sink = static_cast<uint64_t>(_mm512_reduce_add_epi64(sum[0]));
  });
  return 8.0 * static_cast<double>(bytes) * repeat / seconds;
}

/// Bits a second, each the mask of one 16-bit addition; masks come from memory as patterns must.
double masked_add_rate(const char* data, size_t bytes, int repeat) {
  const double seconds = measure([&] {
    __m512i sum[16];
    for (auto& s : sum) s = _mm512_setzero_si512();
    const __m512i vote = _mm512_set1_epi16(3);
    for (int r = 0; r < repeat; r++) {
      for (size_t at = 0; at < bytes; at += 64) {
        uint32_t words[16];
        std::memcpy(words, data + at, 64);
#pragma GCC unroll 16
        for (int k = 0; k < 16; k++) sum[k] = _mm512_mask_add_epi16(sum[k], words[k], sum[k], vote);
      }
    }
    for (int k = 1; k < 16; k++) sum[0] = _mm512_add_epi16(sum[0], sum[k]);
    sink = static_cast<uint64_t>(_mm512_reduce_add_epi64(sum[0]));
  });
  return 8.0 * static_cast<double>(bytes) * repeat / seconds;
}

}  // namespace

int main() {
  constexpr size_t kNear = 16 << 10, kFar = 1 << 20;  // first- and second-level cache
  char* data = static_cast<char*>(std::aligned_alloc(64, kFar));
  std::memset(data, 0x5a, kFar);
  std::printf("{\"popcountL1\":%.4g,\"popcountL2\":%.4g,\"maskedAddL1\":%.4g,\"maskedAddL2\":%.4g}\n",
              popcount_rate(data, kNear, 64), popcount_rate(data, kFar, 1), masked_add_rate(data, kNear, 64),
              masked_add_rate(data, kFar, 1));
  std::free(data);
}
#else
int main() { std::printf("{}\n"); }
#endif
