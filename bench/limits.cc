// What one core can do at most, in the units of the kernels and of the programs compared: pattern bits
// compared by xor and popcount, pattern bits that are indices of tables in registers, int8, float32 and
// float64 multiply-adds, bytes read and written. All instruction sets of -march=native are measured, older
// ones too, so that every tier has its own limit.
//
//   c++ -O3 -march=native limits.cc && ./a.out [WHAT…]
//
// Prints one JSON document with one entry per limit: rates per second of the best and of the median call.
// WHAT, such as popcount or read, selects limits.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#if defined(__x86_64__) && defined(__AVX2__) && defined(__FMA__)
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 warns about the undefined registers in its own AVX-512 header.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>
#if defined(__linux__)
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define HAS_512 1
#else
#define HAS_512 0
#endif

namespace {

volatile uint64_t sink;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

const char* const* wanted;  // the arguments, up to a null pointer

bool asked(const char* what) {
  if (*wanted == nullptr) return true;
  for (const char* const* w = wanted; *w != nullptr; w++) {
    if (std::strcmp(*w, what) == 0) return true;
  }
  return false;
}

bool first = true;

/// Calls for 0.3 s, at least fifteen times, and prints the rate for `amount` per call.
template <class Call>
void report(const char* what, const char* how, const char* where, const char* unit, double amount,
            Call call) {
  call();
  std::vector<double> times;
  for (const double start = now(); times.size() < 15 || now() - start < 0.3;) {
    const double before = now();
    call();
    times.push_back(now() - before);
  }
  std::sort(times.begin(), times.end());
  std::printf(
      "%s\n{\"what\":\"%s\",\"how\":\"%s\",\"where\":\"%s\",\"unit\":\"%s/s\",\"best\":%.4g,\"median\":%.4g}",
      first ? "" : ",", what, how, where, unit, amount / times[0], amount / times[times.size() / 2]);
  first = false;
}

/// Stops the compiler from merging repetitions.
inline void again() { asm volatile("" ::: "memory"); }

/// A level of the memory hierarchy, as a buffer that fits into it.
struct Level {
  const char* name;
  size_t bytes;
  int repeat;  // so that a call takes long enough
};
constexpr Level kNear{"L1", 16 << 10, 256}, kMiddle{"L2", 1 << 20, 8}, kFar{"memory", 256 << 20, 1};
constexpr Level kLevels[]{kNear, kMiddle, kFar};

char* buffer(size_t bytes) {
  constexpr size_t kPage = 2 << 20;
  char* data = static_cast<char*>(std::aligned_alloc(kPage, (bytes + kPage - 1) / kPage * kPage));
  if (data == nullptr) std::abort();
#if defined(__linux__)
  madvise(data, bytes, MADV_HUGEPAGE);
#endif
  std::memset(data, 0x5a, bytes);
  return data;
}

// How each tier holds and counts bits.

struct Scalar {
  using V = uint64_t;
  static constexpr const char* kName = "scalar";
  static V fill(uint64_t x) { return x; }
  static V load(const char* p) {
    V x;
    std::memcpy(&x, p, sizeof(x));
    return x;
  }
  static V different(V a, V b) {
    V count;  // in assembly, or the compiler finds the vectors itself
    asm("popcnt %1, %0" : "=r"(count) : "r"(a ^ b) : "cc");
    return count;
  }
  static V add(V a, V b) {
    asm("add %1, %0" : "+r"(a) : "r"(b) : "cc");
    return a;
  }
  static uint64_t total(V a) { return a; }
};

struct Avx2 {
  using V = __m256i;
  static constexpr const char* kName = "avx2";
  static V fill(uint64_t x) { return _mm256_set1_epi64x(static_cast<long long>(x)); }
  static V load(const char* p) { return _mm256_load_si256(reinterpret_cast<const V*>(p)); }
  static V different(V a, V b) {
    const V table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3,
                                     1, 2, 2, 3, 2, 3, 3, 4);
    const V x = _mm256_xor_si256(a, b), nibble = _mm256_set1_epi8(15);
    const V low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble));
    const V high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
    return _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256());
  }
  static V add(V a, V b) { return _mm256_add_epi64(a, b); }
  static constexpr int kTableBits = 4;
  static V find(V table, V index) { return _mm256_shuffle_epi8(table, index); }
  static V add_bytes(V a, V b) { return _mm256_add_epi8(a, b); }
  static uint64_t total(V a) {
    return static_cast<uint64_t>(_mm256_extract_epi64(a, 0) + _mm256_extract_epi64(a, 1) +
                                 _mm256_extract_epi64(a, 2) + _mm256_extract_epi64(a, 3));
  }
};

#if HAS_512
struct Avx512Skx {
  using V = __m512i;
  static constexpr const char* kName = "avx512-skx";
  static V fill(uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }
  static V load(const char* p) { return _mm512_load_si512(p); }
  static V different(V a, V b) {
    const V table = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const V x = _mm512_xor_si512(a, b), nibble = _mm512_set1_epi8(15);
    const V low = _mm512_shuffle_epi8(table, _mm512_and_si512(x, nibble));
    const V high = _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(x, 4), nibble));
    return _mm512_sad_epu8(_mm512_add_epi8(low, high), _mm512_setzero_si512());
  }
  static V add(V a, V b) { return _mm512_add_epi64(a, b); }
  static constexpr int kTableBits = 4;
  static V find(V table, V index) { return _mm512_shuffle_epi8(table, index); }
  static V add_bytes(V a, V b) { return _mm512_add_epi8(a, b); }
  static uint64_t total(V a) { return static_cast<uint64_t>(_mm512_reduce_add_epi64(a)); }
};
#endif

#if HAS_512 && defined(__AVX512VPOPCNTDQ__)
struct Avx512 : Avx512Skx {
  static constexpr const char* kName = "avx512";
  static V different(V a, V b) { return _mm512_popcnt_epi64(_mm512_xor_si512(a, b)); }
#if defined(__AVX512VBMI__)
  static constexpr int kTableBits = 6;
  static V find(V table, V index) { return _mm512_permutexvar_epi8(index, table); }
#endif
};
#endif

#if HAS_512
using Widest = Avx512Skx;
#else
using Widest = Avx2;
#endif

/// Prefetch distance in bytes: not every machine's hardware prefetcher keeps up with a busy loop.
constexpr size_t kAhead = 1024;

/// Every load is compared with this many queries, which stay in registers.
template <class Isa, int kQueries, bool kPrefetch>
void compare(const char* data, size_t bytes) {
  using V = typename Isa::V;
  constexpr int kLoads = kQueries == 1 || sizeof(V) < 32 ? 8 : 2,
                kStep = kLoads * static_cast<int>(sizeof(V));
  V query[kQueries], sum[kLoads][kQueries];
  for (int q = 0; q < kQueries; q++) query[q] = Isa::fill(0x123456789abcdef + 77 * q);
  for (auto& row : sum) {
    for (V& s : row) s = Isa::fill(0);
  }
  for (size_t at = 0; at < bytes; at += kStep) {
    if (kPrefetch) {
      for (int ahead = 0; ahead < kStep; ahead += 64) __builtin_prefetch(data + at + ahead + kAhead);
    }
#pragma GCC unroll 8
    for (int k = 0; k < kLoads; k++) {
      const V x = Isa::load(data + at + k * sizeof(V));
#pragma GCC unroll 4
      for (int q = 0; q < kQueries; q++) sum[k][q] = Isa::add(sum[k][q], Isa::different(x, query[q]));
    }
  }
  uint64_t total = 0;
  for (auto& row : sum) {
    for (V& s : row) total += Isa::total(s);
  }
  sink = total;
}

template <class Isa, int kQueries>
void popcount(const char* data, const char* how) {
  for (const Level& level : kLevels) {
    report("popcount", how, level.name, "bit", 8.0 * kQueries * level.bytes * level.repeat, [&] {
      for (int r = 0; r < level.repeat; r++) {
        if (level.bytes == kFar.bytes)
          compare<Isa, kQueries, true>(data, level.bytes);
        else
          compare<Isa, kQueries, false>(data, level.bytes);
        again();
      }
    });
  }
}

template <class Isa>
void popcounts(const char* data) {
  char how[64];
  std::snprintf(how, sizeof(how), "%s, 1 query a load", Isa::kName);
  popcount<Isa, 1>(data, how);
  std::snprintf(how, sizeof(how), "%s, 4 queries a load", Isa::kName);
  popcount<Isa, 4>(data, how);
}

/// Every byte is an index into two tables, whose bytes are added.
template <class Isa>
void look_up(const char* data, size_t bytes) {
  using V = typename Isa::V;
  const V low = Isa::fill(0x0102030405060708), high = Isa::fill(0x0807060504030201);
  V sum[8];
  for (V& s : sum) s = Isa::fill(0);
  for (size_t at = 0; at < bytes; at += 4 * sizeof(V)) {
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      const V x = Isa::load(data + at + k * sizeof(V));
      sum[2 * k] = Isa::add_bytes(sum[2 * k], Isa::find(low, x));
      sum[2 * k + 1] = Isa::add_bytes(sum[2 * k + 1], Isa::find(high, x));
    }
  }
  uint64_t total = 0;
  for (V& s : sum) total += Isa::total(s);
  sink = total;
}

/// In pattern bits: an index is made of as many as a table has bits.
template <class Isa>
void look_ups(const char* data) {
  for (const Level& level : kLevels) {
    report("look-up", Isa::kName, level.name, "bit", 1.0 * Isa::kTableBits * level.bytes * level.repeat, [&] {
      for (int r = 0; r < level.repeat; r++) {
        look_up<Isa>(data, level.bytes);
        again();
      }
    });
  }
}

constexpr int kProducts = 200000;  // per call, in each of twelve independent registers
#define TWELVE(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)

/// One instruction on twelve independent accumulators, with its sources in registers.
#define PEAK(WHAT, HOW, LANES, INSTRUCTION)                                                 \
  report(WHAT, HOW, "registers", "multiply-add", 12.0 * kProducts * (LANES), [] {           \
    asm volatile("vzeroall" ::: ALL_REGISTERS);                                             \
    for (int i = 0; i < kProducts; i++) asm volatile(TWELVE(INSTRUCTION)::: ALL_REGISTERS); \
  })
#define ALL_REGISTERS                                                                                        \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", \
      "xmm13", "xmm14", "xmm15"

void multiply_adds() {
#define FMA_YMM(n) "vfmadd231ps %%ymm14, %%ymm15, %%ymm" #n "\n"
#define FMA_ZMM(n) "vfmadd231ps %%zmm14, %%zmm15, %%zmm" #n "\n"
#define FMA_PD_YMM(n) "vfmadd231pd %%ymm14, %%ymm15, %%ymm" #n "\n"
#define FMA_PD_ZMM(n) "vfmadd231pd %%zmm14, %%zmm15, %%zmm" #n "\n"
#define DP_YMM(n) "%{vex%} vpdpbusd %%ymm14, %%ymm15, %%ymm" #n "\n"
#define DP_ZMM(n) "vpdpbusd %%zmm14, %%zmm15, %%zmm" #n "\n"
#define MADD(n)                                                                                          \
  "vpmaddubsw %%ymm14, %%ymm15, %%ymm12\n vpmaddwd %%ymm13, %%ymm12, %%ymm12\n vpaddd %%ymm12, %%ymm" #n \
  ", %%ymm" #n "\n"
  if (asked("float32")) {
    PEAK("float32", "avx2", 8, FMA_YMM);
#if HAS_512
    PEAK("float32", "avx512", 16, FMA_ZMM);
#endif
  }
  if (asked("float64")) {
    PEAK("float64", "avx2", 4, FMA_PD_YMM);
#if HAS_512
    PEAK("float64", "avx512", 8, FMA_PD_ZMM);
#endif
  }
  if (asked("int8")) {
    PEAK("int8", "avx2, vpmaddubsw vpmaddwd vpaddd", 32, MADD);
#if defined(__AVXVNNI__)
    PEAK("int8", "avx-vnni, vpdpbusd ymm", 32, DP_YMM);
#endif
#if HAS_512 && defined(__AVX512VNNI__)
    PEAK("int8", "avx512-vnni, vpdpbusd zmm", 64, DP_ZMM);
#endif
  }
}

#if defined(__AMX_INT8__) && defined(__linux__)
/// The system saves tiles only for processes that asked for them.
bool may_use_tiles() {
  constexpr int kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

void zero_tiles() {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

/// Two by two tiles of products: tiles 4 and 5 with 6 and 7 into 0 to 3.
void tile_products() {
  _tile_dpbusd(0, 4, 6);
  _tile_dpbusd(1, 4, 7);
  _tile_dpbusd(2, 5, 6);
  _tile_dpbusd(3, 5, 7);
}

void tiles(const char* data) {
  struct alignas(64) {
    uint8_t palette = 1, start = 0, reserved[14] = {};
    uint16_t columns[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
  } shape;
  _tile_loadconfig(&shape);
  constexpr int kSteps = 20000, kTile = 1024;
  constexpr double kAmount = 4.0 * kSteps * 16 * 16 * 64;
  _tile_loadd(4, data, 64);
  _tile_loadd(5, data + kTile, 64);
  _tile_loadd(6, data + 2 * kTile, 64);
  _tile_loadd(7, data + 3 * kTile, 64);
  report("int8", "amx, tiles resident", "registers", "multiply-add", kAmount, [] {
    zero_tiles();
    for (int i = 0; i < kSteps; i++) tile_products();
  });
  for (const Level& level : {kNear, kMiddle}) {
    report("int8", "amx, 4 tiles loaded for 4 products", level.name, "multiply-add", kAmount, [&] {
      zero_tiles();
      for (size_t i = 0, at = 0; i < kSteps; i++, at = (at + 4 * kTile) % level.bytes) {
        _tile_loadd(4, data + at, 64);
        _tile_loadd(5, data + at + kTile, 64);
        _tile_loadd(6, data + at + 2 * kTile, 64);
        _tile_loadd(7, data + at + 3 * kTile, 64);
        tile_products();
      }
    });
  }
  _tile_release();
}
#endif

template <bool kPrefetch>
void read(const char* data, const Level& level) {
  using V = Widest::V;
  V sum[8];
  for (V& s : sum) s = Widest::fill(0);
  for (int r = 0; r < level.repeat; r++) {
    for (size_t at = 0; at < level.bytes; at += sizeof(sum)) {
      if (kPrefetch) {
        for (size_t ahead = 0; ahead < sizeof(sum); ahead += 64)
          __builtin_prefetch(data + at + ahead + kAhead);
      }
#pragma GCC unroll 8
      for (size_t k = 0; k < 8; k++) sum[k] = Widest::add(sum[k], Widest::load(data + at + k * sizeof(V)));
    }
    again();
  }
  for (int k = 1; k < 8; k++) sum[0] = Widest::add(sum[0], sum[k]);
  sink = Widest::total(sum[0]);
}

void reads(const char* data) {
  const auto amount = [](const Level& level) { return static_cast<double>(level.bytes) * level.repeat; };
  for (const Level& level : kLevels) {
    report("read", "loads", level.name, "byte", amount(level), [&] { read<false>(data, level); });
  }
  report("read", "loads, prefetched", kFar.name, "byte", amount(kFar), [&] { read<true>(data, kFar); });
}

void writes(char* data) {
  const Widest::V zero = Widest::fill(0);
  const auto ordinary = [&](size_t at) {
#if HAS_512
    _mm512_store_si512(data + at, zero);
#else
    _mm256_store_si256(reinterpret_cast<__m256i*>(data + at), zero);
#endif
  };
  const auto streamed = [&](size_t at) {
#if HAS_512
    _mm512_stream_si512(reinterpret_cast<__m512i*>(data + at), zero);
#else
    _mm256_stream_si256(reinterpret_cast<__m256i*>(data + at), zero);
#endif
  };
  report("write", "ordinary stores", "memory", "byte", kFar.bytes, [&] {
    for (size_t at = 0; at < kFar.bytes; at += sizeof(zero)) ordinary(at);
    again();
  });
  report("write", "non-temporal stores", "memory", "byte", kFar.bytes, [&] {
    for (size_t at = 0; at < kFar.bytes; at += sizeof(zero)) streamed(at);
    _mm_sfence();
    again();
  });
}

/// Numbers changed in place, as a learning rule changes its weights: bytes of the array, each read and
/// written once.
void updates(char* data) {
  const Level kWeights{"4 MiB", 4 << 20, 16};
  for (const Level& level : {kNear, kMiddle, kWeights, kFar}) {
    report("update", "one addition in place", level.name, "byte",
           static_cast<double>(level.bytes) * level.repeat, [&] {
             double* values = reinterpret_cast<double*>(data);
             for (int r = 0; r < level.repeat; r++) {
               for (size_t k = 0; k < level.bytes / sizeof(double); k++) values[k] += 1;
               again();
             }
           });
  }
}

}  // namespace

int main(int, char** arguments) {
  wanted = arguments + 1;
  char* data = buffer(kFar.bytes);
  std::printf("{\"limits\":[");
  if (asked("popcount")) {
    popcounts<Scalar>(data);
    popcounts<Avx2>(data);
#if HAS_512
    popcounts<Avx512Skx>(data);
#if defined(__AVX512VPOPCNTDQ__)
    popcounts<Avx512>(data);
#endif
#endif
  }
  if (asked("look-up")) {
    look_ups<Avx2>(data);
#if HAS_512
    look_ups<Avx512Skx>(data);
#if defined(__AVX512VPOPCNTDQ__)
    look_ups<Avx512>(data);
#endif
#endif
  }
  multiply_adds();
#if defined(__AMX_INT8__) && defined(__linux__)
  if (asked("int8") && may_use_tiles()) tiles(data);
#endif
  if (asked("read")) reads(data);
  if (asked("write")) writes(data);
  if (asked("update")) updates(data);
  std::printf("\n]}\n");
  std::free(data);
}
#else
int main() { std::printf("{\"limits\":[]}\n"); }
#endif
