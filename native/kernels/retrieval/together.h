// Everything within a known bound: nothing is cut, no largest logit is looked for, and one pass is enough. A
// few queries take a tile in parts, so that values are read while they lie in the first-level cache. They
// wait for the memory alone: meanwhile lines of the next part are asked for, evenly.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_TOGETHER_H_
#define HOPFIELD_KERNELS_RETRIEVAL_TOGETHER_H_

#include "flag.h"
#include "kernels/retrieval/read_out.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Of keys whose values are read while they lie in the first-level cache.
constexpr size_t kPartBytes = 16 << 10;
/// Keys and values that stay in the second-level cache from call to call: there is nothing to ask for.
constexpr size_t kSmallBytes = 512 << 10;

class Together {
 public:
  /// Of the queries that there are now.
  Together(Association& association, Queries& queries, Workspace& workspace)
      : read_(association),
        memory_(association.memory),
        queries_(queries),
        few_(queries.count < (queries.single ? Singles::kQueries : Doubles::kQueries)),
        kept_(workspace.take<float>(few_ && queries.single ? queries.count * queries.width : 0)) {}

  /// `seen` has a bit a key, or is null.
  void run(const uint64_t* seen) {
    for (size_t from = 0; from < memory_.count; from += kTileKeys) {
      const size_t count = smaller(memory_.count - from, kTileKeys);
      heed_flag();
      if (seen != nullptr && static_cast<size_t>(count_ones(seen[from / kTileKeys])) < count)
        some_of_tile(from, count, seen[from / kTileKeys]);
      else if (!few_)
        whole_tile(from, count);
      else if (queries_.single)
        parts_of_tile<Singles>(queries_.single_row, from, count);
      else
        parts_of_tile<Doubles>(queries_.row, from, count);
    }
  }

 private:
  /// Keys that are hidden are not read.
  void some_of_tile(size_t from, size_t count, uint64_t seen) {
    uint32_t which[kTileKeys + 16];
    const size_t some = list_bits(seen, 0, which);
    if (some == 0) return;
    read_.some_logits(queries_, from, which, some);
    for (size_t c = 0; c < queries_.count; c++) {
      read_.weigh_near(read_.tile + c * kTileKeys, which, some, queries_.reference[c],
                       queries_.bounds[c].reach, queries_.partition + 8 * c, read_.weights[c]);
    }
    read_.read_tile(queries_, from, count);
  }

  void whole_tile(size_t from, size_t count) {
    read_.point(from, count);
    if (read_.by_quads(queries_, count) && count % 16 == 0 && read_.plain()) {
      read_.dots_by_quads(queries_, count, [&](size_t c, const float* dots) {
        weigh_whole(dots, count, queries_.bounds[c].beta, queries_.reference[c], queries_.partition + 8 * c,
                    read_.weights[c]);
      });
    } else {
      read_.dots_of_tile(queries_, count, read_.tile);
      for (size_t c = 0; c < queries_.count; c++) weigh(c, from, count, read_.tile + c * kTileKeys);
    }
    read_.read_tile(queries_, from, count);
  }

  /// Weights of dot products of query c, all of which count, and their sum.
  void weigh(size_t c, size_t from, size_t count, double* dots) {
    const double beta = queries_.bounds[c].beta, reference = queries_.reference[c];
    double* partition = queries_.partition + 8 * c;
    if (queries_.single && count % 16 == 0 && read_.plain()) {
      weigh_whole(dots, count, beta, reference, partition, read_.weights[c]);
      memcpy(read_.weights[c].key, read_.every, count * sizeof(uint32_t));
      return;
    }
    read_.make_logits(dots, from, count, beta);
    read_.weigh_all(dots, count, reference, partition, read_.weights[c]);
  }

  template <class Sums>
  void parts_of_tile(const typename Sums::Number* const* row, size_t from, size_t count) {
    const bool one = memory_.values == memory_.keys;
    const size_t width = memory_.dimension + (read_.read_out && !one ? memory_.width : 0);
    if (memory_.count * width * sizeof(float) <= kSmallBytes)
      in_parts<Sums, 0>(row, from, count);
    else if (read_.read_out && one)
      in_parts<Sums, 2>(row, from, count);
    else
      in_parts<Sums, 1>(row, from, count);
  }

  /// Where keys are values too, half of the lines ahead are asked for with the dot products, and the others
  /// with the sums.
  template <class Sums, size_t kOf>
  void in_parts(const typename Sums::Number* const* row, size_t from, size_t count) {
    const size_t length = memory_.dimension, width = queries_.width;
    size_t part = kTileKeys;
    while (part > Sums::kLanes && part * length * sizeof(float) > kPartBytes) part /= 2;
    // A part, and no less than the memory takes.
    const size_t apart = ((kFloatsAhead - 1) / (part * length) + 1) * part;
    if (queries_.single) memset(kept_, 0, queries_.count * width * sizeof(float));
    for (size_t at = 0; at < count; at += part) {
      const size_t some = smaller(count - at, part), first = from + at;
      read_.point(first, some);
      for (size_t c = 0; c < queries_.count; c++) {
        // Other queries ask for what is there, and so do the last parts: what lies behind all keys is not
        // read.
        const size_t leap = c == 0 && first + apart < memory_.count ? apart : 0;
        const LinesAhead keys(read_.rows[0], leap * length);
        dots_of_one<Sums, kOf>(read_.rows, some, row[c], length, read_.tile, keys);
        weigh(c, first, some, read_.tile);
        if (!read_.read_out) continue;
        const size_t begun = kOf == 2 ? part * length / 2 : 0;
        const LinesAhead values(memory_.values, (first + leap) * memory_.width + begun);
        read_part<Sums, kOf>(c, first, values);
      }
    }
    if (!queries_.single || !read_.read_out) return;
    for (size_t k = 0; k < queries_.count * width; k += 16) {
      double* to = queries_.sums + k;
      Real8 all[2] = {load8(to), load8(to + 8)};
      Singles::end(all, Singles::query(kept_ + k));
      store8(to, all[0]);
      store8(to + 8, all[1]);
    }
  }

  /// One of kOf lines of values ahead is asked for.
  template <class Sums, size_t kOf>
  void read_part(size_t c, size_t first, LinesAhead ahead) {
    const KeyWeights& w = read_.weights[c];
    if constexpr (Sums::kLanes == 8) {
      constexpr size_t kValues = 8;
      double* sums = queries_.sums + c * queries_.width;
      size_t k = 0;
      for (; k + kValues <= w.count; k += kValues)
        read_.read_rows<kValues, lines_of<kOf>(kValues / 2)>(w, k, first, sums, &ahead);
      for (; k < w.count; k++) read_.read_rows<1>(w, k, first, sums);
    } else {
      constexpr size_t kStep = 16 * Sums::kColumns;
      float* kept = kept_ + c * queries_.width;
      size_t at = 0;
      for (; at + kStep <= memory_.width; at += kStep)
        read_strip<Sums::kColumns, lines_of<kOf>(Sums::kColumns)>(w, first, at, kept, &ahead);
      for (; at < memory_.width; at += 16) read_strip<1, lines_of<kOf>(1)>(w, first, at, kept, &ahead);
    }
  }

  template <size_t kColumns, size_t kLines>
  void read_strip(const KeyWeights& w, size_t first, size_t at, float* kept, LinesAhead* ahead) const {
    Singles::Lanes sum[kColumns];
    HOPFIELD_UNROLL(8)
    for (size_t n = 0; n < kColumns; n++) sum[n] = Singles::query(kept + at + 16 * n);
    read_.add_strip<kColumns, kLines>(w, 0, w.count, first, at, sum, ahead);
    HOPFIELD_UNROLL(8)
    for (size_t n = 0; n < kColumns; n++) Singles::put(kept + at + 16 * n, sum[n]);
  }

  Association& read_;
  const KeyMemory& memory_;
  Queries& queries_;
  const bool few_;  ///< too few for a block of registers: each has its own turn
  float* kept_;     ///< sums of a tile in f32, a row a query
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_TOGETHER_H_
