// Dot products of f32 vectors. In f64 the product of two f32 values is exact, so it may be fused with the
// addition; in f32 the two are fused by definition.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_KEY_DOTS_H_
#define HOPFIELD_KERNELS_RETRIEVAL_KEY_DOTS_H_

#include "core/keys.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

constexpr size_t kTileKeys = 64;

/// Far enough for the memory to answer, after the four pages of LinesAhead.
constexpr size_t kFloatsAhead = 6144;

static inline size_t padded8(size_t n) { return (n + 7) / 8 * 8; }

static inline size_t padded16(size_t n) { return (n + 15) / 16 * 16; }

/// How precision 'double' sums: f64 in eight lanes, queries widened beforehand.
struct Doubles {
  using Lanes = Real8;
  using Number = double;
  static constexpr size_t kLanes = 8, kAlone = kKeysAlone, kKeys = kKeysTogether, kQueries = kQueriesTogether,
                          kColumns = kColumnsTogether, kReaders = kQueriesTogether;
  /// Which of the two stays in the first-level cache while the others pass.
  static constexpr bool kQueriesStay = true;

  static Lanes zero() { return zero8(); }
  static Lanes query(const double* p) { return load8(p); }
  static Lanes key(const float* p) { return widen8(p); }
  static Lanes key_end(const float* p, size_t n) { return widen_some(p, n); }
  static Lanes add_product(Lanes key, Lanes query, Lanes sum) { return fma8(key, query, sum); }
  template <size_t kCount>
  static void fold(const Lanes* sums, double* out) {
    fold_all<kCount>(sums, out);
  }

  static void put(double* p, Lanes x) { store8(p, x); }
};

/// How precision 'single' does: f32 in sixteen lanes, product and sum rounded once.
struct Singles {
  using Lanes = Fusing::Lanes;
  using Number = float;
  static constexpr size_t kLanes = 16, kAlone = Fusing::kAlone, kKeys = Fusing::kKeys,
                          kQueries = Fusing::kQueries, kColumns = Fusing::kColumns,
                          kReaders = Fusing::kReaders;
  static constexpr bool kQueriesStay = false;

  static Lanes zero() { return Fusing::zero(); }
  static HOPFIELD_INLINE Lanes query(const float* p) { return Fusing::load(p); }
  static HOPFIELD_INLINE Lanes key(const float* p) { return Fusing::kept(Fusing::load(p)); }
  static Lanes key_end(const float* p, size_t n) { return Fusing::load_some(p, n); }
  static HOPFIELD_INLINE Lanes add_product(const Lanes& key, const Lanes& query, const Lanes& sum) {
    return Fusing::add(key, query, sum);
  }
  template <size_t kCount>
  static void fold(const Lanes* sums, double* out) {
    Single16 narrowed[kCount];
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kCount; r++) narrowed[r] = Fusing::narrowed(sums[r]);
    fold_singles<kCount>(narrowed, out);
  }

  static Lanes weight(const float* p) { return Fusing::broadcast(*p); }
  static void put(float* p, const Lanes& x) { store16(p, Fusing::narrowed(x)); }
  /// Each tile has a sum of its own, which is added to those before it in f64.
  static HOPFIELD_INLINE void end(Real8* sums, const Lanes& sum) {
    const Single16 x = Fusing::narrowed(sum);
    sums[0] = add8(sums[0], low8(x));
    sums[1] = add8(sums[1], high8(x));
  }
};

/// Lines of an array that are read soon, asked for while others are computed with: so the memory is never
/// idle. It answers faster if several pages are asked for at once, so of each four the first lines come
/// first, then the second ones. They may lie behind the end of the array, where no pointer may point.
class LinesAhead {
 public:
  LinesAhead() = default;
  /// From so many floats behind these.
  LinesAhead(const float* floats, size_t behind)
      : next_((reinterpret_cast<uintptr_t>(floats) + behind * sizeof(float)) / 512 * 8) {}

  template <size_t kLines>
  HOPFIELD_INLINE void ask() {
    static_assert(kLines <= 8 && (kLines & (kLines - 1)) == 0,
                  "lines that lie in a row in each of four pages");
    if constexpr (kLines > 0) {
      const uintptr_t page = kLines < 4 ? next_ % 4 * 4096 : 0;
      const uintptr_t from = next_ / 256 * 16384 + next_ / 4 % 64 * 64 + page;
      HOPFIELD_UNROLL(8)
      for (size_t n = 0; n < kLines; n++)
        prefetch_line(reinterpret_cast<const float*>(from + n % 4 * 4096 + n / 4 * 64));
      next_ += kLines;
    }
  }

 private:
  uintptr_t next_ = 0;  ///< counted from address zero, in the order of asking; where one begins, in eights
};

/// out[c·outs + r] = dot8(keys[r], queries[c]), or dot16 where sums are f32; queries are padded with zeros to
/// whole registers. In every step kLines lines ahead are asked for.
template <class Sums, size_t kKeys, size_t kQueries, size_t kLines = 0>
static inline void dots(const float* const* keys, const typename Sums::Number* const* queries, size_t length,
                        double* out, size_t outs, LinesAhead* asked = nullptr) {
  using Lanes = typename Sums::Lanes;
  constexpr size_t kLanes = Sums::kLanes;
  Lanes sums[kQueries][kKeys];
  HOPFIELD_UNROLL(8)
  for (size_t c = 0; c < kQueries; c++) {
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kKeys; r++) sums[c][r] = Sums::zero();
  }
  const size_t whole = length / kLanes * kLanes;
  LinesAhead ahead;
  if (kLines > 0) ahead = *asked;
  for (size_t k = 0; k < whole; k += kLanes) {
    ahead.ask<kLines>();
    Lanes q[kQueries];
    HOPFIELD_UNROLL(8)
    for (size_t c = 0; c < kQueries; c++) q[c] = Sums::query(queries[c] + k);
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kKeys; r++) {
      const Lanes x = Sums::key(keys[r] + k);
      HOPFIELD_UNROLL(8)
      for (size_t c = 0; c < kQueries; c++) sums[c][r] = Sums::add_product(x, q[c], sums[c][r]);
    }
  }
  if (kLines > 0) *asked = ahead;
  if (whole < length) {
    Lanes q[kQueries];
    HOPFIELD_UNROLL(8)
    for (size_t c = 0; c < kQueries; c++) q[c] = Sums::query(queries[c] + whole);
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kKeys; r++) {
      const Lanes x = Sums::key_end(keys[r] + whole, length - whole);
      HOPFIELD_UNROLL(8)
      for (size_t c = 0; c < kQueries; c++) sums[c][r] = Sums::add_product(x, q[c], sums[c][r]);
    }
  }
  HOPFIELD_UNROLL(8)
  for (size_t c = 0; c < kQueries; c++) Sums::template fold<kKeys>(sums[c], out + c * outs);
}

/// How many of so many lines are asked for, where that is one of kOf, or none of them.
template <size_t kOf>
constexpr size_t lines_of(size_t lines) {
  return kOf == 0 ? 0 : lines / (kOf == 0 ? 1 : kOf);
}

/// Of any number of keys, one after the other, with one query. For each kOf lines that are read a line ahead
/// is asked for.
template <class Sums, size_t kOf = 1>
static void dots_of_one(const float* const* keys, size_t count, const typename Sums::Number* query,
                        size_t length, double* out, LinesAhead ahead) {
  const typename Sums::Number* const queries[1] = {query};
  constexpr size_t kLines = lines_of<kOf>(Sums::kAlone * Sums::kLanes / 16);
  size_t r = 0;
  for (; r + Sums::kAlone <= count; r += Sums::kAlone)
    dots<Sums, Sums::kAlone, 1, kLines>(keys + r, queries, length, out + r, 0, &ahead);
  for (size_t left = count % Sums::kAlone; left > 0; left--, r++)
    dots<Sums, 1, 1>(keys + r, queries, length, out + r, 0);
}

/// Of those keys of an array that `keys` names. The last few are taken together too, some of them twice.
template <class Sums>
static void dots_of_keys(const float* rows, size_t length, const uint32_t* keys, size_t count,
                         const typename Sums::Number* query, double* out) {
  constexpr size_t kTogether = Sums::kAlone;
  const typename Sums::Number* const queries[1] = {query};
  const float* row[kTogether];
  size_t k = 0;
  for (; k + kTogether <= count; k += kTogether) {
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kTogether; r++) row[r] = rows + keys[k + r] * length;
    dots<Sums, kTogether, 1>(row, queries, length, out + k, 0);
  }
  if (count - k > 1) {
    double last[kTogether];
    for (size_t r = 0; r < kTogether; r++) row[r] = rows + keys[smaller(k + r, count - 1)] * length;
    dots<Sums, kTogether, 1>(row, queries, length, last, 0);
    memcpy(out + k, last, (count - k) * sizeof(double));
  } else if (k < count) {
    row[0] = rows + keys[k] * length;
    dots<Sums, 1, 1>(row, queries, length, out + k, 0);
  }
}

/// The keys after some others, asked for in equal portions while those are multiplied with many queries.
struct NextKeys {
  const float* from;
  size_t step;

  NextKeys(const float* const* keys, size_t count, size_t length, size_t portions)
      : from(keys[0] + count * length), step(padded16(count * length / portions + 1)) {}
  void ask(size_t portion) const { prefetch_row(from + portion * step, step); }
};

/// Of kKeys keys with some queries: out[c·kTileKeys + r].
template <class Sums, size_t kKeys>
static void dots_of_rows(const float* const* keys, const typename Sums::Number* const* queries,
                         size_t query_count, size_t length, double* out) {
  const NextKeys next(keys, kKeys, length, query_count / Sums::kQueries);
  size_t c = 0;
  for (; c + Sums::kQueries <= query_count; c += Sums::kQueries) {
    next.ask(c / Sums::kQueries);
    dots<Sums, kKeys, Sums::kQueries>(keys, queries + c, length, out + c * kTileKeys, kTileKeys);
  }
  for (; c < query_count; c++)
    dots<Sums, kKeys, 1>(keys, queries + c, length, out + c * kTileKeys, kTileKeys);
}

/// Of all keys of a tile, or of fewer, with as many queries as share a register block.
template <class Sums, size_t kQueries>
static void dots_of_block(const float* const* keys, size_t count, const typename Sums::Number* const* queries,
                          size_t length, double* out) {
  size_t r = 0;
  for (; r + Sums::kKeys <= count; r += Sums::kKeys)
    dots<Sums, Sums::kKeys, kQueries>(keys + r, queries, length, out + r, kTileKeys);
  for (size_t left = count % Sums::kKeys; left > 0; left--, r++)
    dots<Sums, 1, kQueries>(keys + r, queries, length, out + r, kTileKeys);
}

/// Of some keys, one after the other, with some queries: out[c·kTileKeys + r].
template <class Sums>
static void dots_of_many(const float* const* keys, size_t count, const typename Sums::Number* const* queries,
                         size_t query_count, size_t length, double* out) {
  if (count == 0) return;
  size_t c = 0;
  if (!Sums::kQueriesStay && query_count >= Sums::kQueries) {
    size_t r = 0;
    for (; r + Sums::kKeys <= count; r += Sums::kKeys)
      dots_of_rows<Sums, Sums::kKeys>(keys + r, queries, query_count, length, out + r);
    for (size_t left = count % Sums::kKeys; left > 0; left--, r++)
      dots_of_rows<Sums, 1>(keys + r, queries, query_count, length, out + r);
    return;
  }
  if (query_count >= Sums::kQueries) {
    const NextKeys next(keys, count, length, query_count / Sums::kQueries);
    for (; c + Sums::kQueries <= query_count; c += Sums::kQueries) {
      next.ask(c / Sums::kQueries);
      dots_of_block<Sums, Sums::kQueries>(keys, count, queries + c, length, out + c * kTileKeys);
    }
  }
  // Whole groups of keys, whose rows are read side by side.
  const size_t group = Sums::kAlone * length, apart = ((kFloatsAhead - 1) / group + 1) * group;
  for (; c < query_count; c++)
    dots_of_one<Sums>(keys, count, queries[c], length, out + c * kTileKeys, LinesAhead(keys[0], apart));
}

/// As f64, with zeros up to whole eights.
static inline void widen_row(const float* from, size_t length, double* to) {
  for (size_t k = 0; k < length; k++) to[k] = from[k];
  for (size_t k = length; k < padded8(length); k++) to[k] = 0;
}

static void key_norms(const float* keys, size_t count, size_t dimension, double* norms) {
  Workspace workspace;
  double* row = workspace.take<double>(padded8(dimension));
  for (size_t mu = 0; mu < count; mu++) {
    const float* const key[1] = {keys + mu * dimension};
    widen_row(key[0], dimension, row);
    const double* const query[1] = {row};
    dots<Doubles, 1, 1>(key, query, dimension, norms + mu, 0);
    norms[mu] = sqrt(norms[mu]);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_KEY_DOTS_H_
