// Contrastive divergence: the mirror of src/kernels/reference/contrast.ts.
#ifndef HOPFIELD_KERNELS_BOLTZMANN_CONTRAST_H_
#define HOPFIELD_KERNELS_BOLTZMANN_CONTRAST_H_

#include "kernels/boltzmann/gibbs.h"

namespace hopfield {
namespace {

/// Rows of weights that are changed before the next tile of columns is.
constexpr size_t kChangedRows = 64;

/// Of kChangedRows visible units, the rows of a batch in which they are not 0.
class ActiveRows {
 public:
  ActiveRows(size_t most, Workspace& workspace)
      : most_(most),
        rows_(workspace.take<uint32_t>(kChangedRows * (most + 1))),
        values_(workspace.take<float>(kChangedRows * (most + 1))) {}

  void list(const float* v, size_t count, size_t width, size_t first, size_t units) {
    const size_t stride = most_ + 1;
    for (size_t i = 0; i < units; i++) {
      counts_[i] = 0;
      ones_[i] = true;
    }
    for (size_t b = 0; b < count; b++) {
      const float* row = v + b * width + first;
      for (size_t i = 0; i < units; i++) {
        const float x = row[i];
        const size_t at = i * stride + counts_[i];
        rows_[at] = static_cast<uint32_t>(b);
        values_[at] = x;
        counts_[i] += x != 0;
        ones_[i] &= (x == 0) | (x == 1);
      }
    }
  }
  Terms of(size_t i) const {
    const size_t stride = most_ + 1;
    return {rows_ + i * stride, values_ + i * stride, counts_[i], ones_[i]};
  }

 private:
  size_t most_;
  uint32_t* rows_;
  float* values_;
  size_t counts_[kChangedRows];
  bool ones_[kChangedRows];
};

/// What a batch changes.
struct Change {
  const MachineShape& shape;
  float* weights;
  float* visible_biases;
  float* hidden_biases;
  float* velocities;
  float* means;
  const Lesson& lesson;
  float rate, momentum, decay;
  float *dv, *dh, *e;
  ActiveRows gains, losses;

  Change(const MachineShape& of, float* w, float* a, float* c, float* speeds, float* averages,
         const Lesson& by, size_t most, Workspace& workspace)
      : shape(of),
        weights(w),
        visible_biases(a),
        hidden_biases(c),
        velocities(by.momentum != 0 ? speeds : nullptr),
        means(by.slide > 0 ? averages : nullptr),
        lesson(by),
        rate(0),
        momentum(static_cast<float>(by.momentum)),
        decay(static_cast<float>(by.rate * by.decay)),
        dv(workspace.take<float>(of.visible)),
        dh(workspace.take<float>(hidden_stride(of.hidden))),
        e(workspace.take<float>(hidden_stride(of.hidden))),
        gains(most, workspace),
        losses(most, workspace) {}

  void differences(size_t n, const float* from, const float* less, float* out, size_t width, float* mean) {
    const float share = static_cast<float>(1 / static_cast<double>(n));
    const float slide = static_cast<float>(lesson.slide);
    for (size_t k = 0; k < width; k++) out[k] = 0;
    for (size_t b = 0; b < n; b++) {
      const float* row = from + b * width;
      for (size_t k = 0; k < width; k++) out[k] += row[k];
    }
    for (size_t k = 0; k < width && mean != nullptr; k++) {
      const float average = out[k] * share, beyond = average - mean[k], step = slide * beyond;
      mean[k] += step;
    }
    for (size_t b = 0; b < n; b++) {
      const float* row = less + b * width;
      for (size_t k = 0; k < width; k++) out[k] -= row[k];
    }
  }

  float step_of(float gain, size_t place) {
    float step = rate * gain;
    if (velocities != nullptr) {
      const float kept = momentum * velocities[place];
      step = kept + step;
      velocities[place] = step;
    }
    return step;
  }

  /// What differences d make of kRegisters columns of row i.
  template <size_t kRegisters>
  inline void finish(size_t i, size_t column, Single16 (&d)[kRegisters], float* along) {
    const size_t stride = hidden_stride(shape.hidden);
    if (means != nullptr) {
      const Single16 mu = broadcast16(means[i]), beyond = broadcast16(dv[i]);
      Single16 sum = load16(along);
      for (size_t r = 0; r < kRegisters; r++) {
        const size_t at = column + 16 * r;
        const Single16 lambda = load16(means + shape.visible + at);
        d[r] = sub16(sub16(d[r], mul16(mu, load16(dh + at))), mul16(beyond, lambda));
        store16(e + at, sub16(load16(e + at), mul16(mu, d[r])));
        sum = add16(sum, mul16(d[r], lambda));
      }
      store16(along, sum);
    }
    float* w = weights + i * stride + column;
    float* u = velocities == nullptr ? nullptr : velocities + i * stride + column;
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kRegisters; r++) {
      const Single16 at = load16(w + 16 * r);
      Single16 step = mul16(broadcast16(rate), d[r]);
      if (u != nullptr) step = add16(mul16(broadcast16(momentum), load16(u + 16 * r)), step);
      if (lesson.decay != 0) step = sub16(step, mul16(broadcast16(decay), at));
      if (u != nullptr) store16(u + 16 * r, step);
      store16(w + 16 * r, add16(at, step));
    }
  }

  /// Rows and columns of weights where all units are multiplied.
  template <size_t kRows, size_t kColumns>
  void dense_tile(size_t n, size_t i, size_t column, size_t rows, size_t columns, const float* v0,
                  const float* h0, const float* v1, const float* h1, float (*along)[16]) {
    if constexpr (kRows > 1) {
      if (rows < kRows)
        return dense_tile<kRows - 1, kColumns>(n, i, column, rows, columns, v0, h0, v1, h1, along);
    }
    if constexpr (kColumns > 1) {
      if (columns < kColumns)
        return dense_tile<kRows, kColumns - 1>(n, i, column, rows, columns, v0, h0, v1, h1, along);
    }
    const size_t stride = hidden_stride(shape.hidden), width = shape.visible;
    Single16 d[kRows][kColumns];
    HOPFIELD_UNROLL(4)
    for (size_t c = 0; c < kRows; c++) {
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < kColumns; r++) d[c][r] = zero16();
    }
    outer_products<kRows, kColumns, false>(v0 + i, 1, width, h0 + column, stride, n, d);
    outer_products<kRows, kColumns, true>(v1 + i, 1, width, h1 + column, stride, n, d);
    HOPFIELD_UNROLL(4)
    for (size_t c = 0; c < kRows; c++) finish(i + c, column, d[c], along[c]);
  }

  /// One row of weights, `registers` of its columns.
  template <size_t kRegisters>
  void row_tile(size_t i, size_t in_block, size_t column, size_t registers, const float* h0, const float* h1,
                float* along) {
    if constexpr (kRegisters > 1) {
      if (registers < kRegisters)
        return row_tile<kRegisters - 1>(i, in_block, column, registers, h0, h1, along);
    }
    const size_t stride = hidden_stride(shape.hidden);
    const Terms gain = gains.of(in_block), loss = losses.of(in_block);
    Single16 d[kRegisters];
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kRegisters; r++) d[r] = zero16();
    if (gain.ones) {
      add_terms<true, kRegisters>(h0 + column, stride, gain, d);
    } else {
      add_terms<false, kRegisters>(h0 + column, stride, gain, d);
    }
    if (loss.ones) {
      subtract_terms<true, kRegisters>(h1 + column, stride, loss, d);
    } else {
      subtract_terms<false, kRegisters>(h1 + column, stride, loss, d);
    }
    finish(i, column, d, along);
  }

  template <bool kOnes, size_t kRegisters>
  static inline void subtract_terms(const float* matrix, size_t stride, const Terms& terms, Single16* sums) {
    for (size_t t = 0; t < terms.count; t++) {
      const float* row = matrix + terms.rows[t] * stride;
      const Single16 factor = broadcast16(terms.factors[t]);
      HOPFIELD_UNROLL(8)
      for (size_t r = 0; r < kRegisters; r++) {
        const Single16 x = load16(row + 16 * r);
        sums[r] = sub16(sums[r], kOnes ? x : mul16(factor, x));
      }
    }
  }

  void apply(size_t n, const float* v0, const float* h0, const float* v1, const float* h1, bool dense) {
    const size_t stride = hidden_stride(shape.hidden), width = shape.visible;
    rate = static_cast<float>(lesson.rate / static_cast<double>(n));
    differences(n, v0, v1, dv, width, means);
    differences(n, h0, h1, dh, stride, means == nullptr ? nullptr : means + width);
    memcpy(e, dh, stride * sizeof(float));
    alignas(64) float along[kChangedRows][16];
    for (size_t first = 0; first < width; first += kChangedRows) {
      heed_flag();
      const size_t units = smaller(width - first, kChangedRows);
      memset(along, 0, sizeof(along));
      if (dense) {
        for (size_t column = 0; column < stride; column += 16 * kDotRows) {
          const size_t columns = smaller((stride - column) / 16, kDotRows);
          for (size_t i = 0; i < units; i += kDotChains) {
            dense_tile<kDotChains, kDotRows>(n, first + i, column, smaller(units - i, kDotChains), columns,
                                             v0, h0, v1, h1, along + i);
          }
        }
      } else {
        gains.list(v0, n, width, first, units);
        losses.list(v1, n, width, first, units);
        for (size_t column = 0; column < stride; column += 16 * kTile) {
          const size_t registers = smaller((stride - column) / 16, kTile);
          for (size_t i = 0; i < units; i++) {
            row_tile<kTile>(first + i, i, column, registers, h0, h1, along[i]);
          }
        }
      }
      for (size_t i = 0; i < units; i++) {
        float gain = dv[first + i];
        if (means != nullptr) gain -= fold16(load16(along[i]));
        visible_biases[first + i] += step_of(gain, width * stride + first + i);
      }
    }
    for (size_t j = 0; j < stride; j++) hidden_biases[j] += step_of(e[j], width * stride + width + j);
  }
};

static void contrast(const MachineShape& shape, float* weights, float* visible_biases, float* hidden_biases,
                     float* velocities, float* means, float* chains, const float* data, const uint32_t* order,
                     const Lesson& lesson) {
  Workspace workspace;
  const size_t stride = hidden_stride(shape.hidden), width = shape.visible;
  const size_t most = smaller(lesson.batch, lesson.rows), side = larger(stride, width);
  float* v0 = workspace.take<float>(most * width);
  float* v1 = workspace.take<float>(most * width);
  float* h0 = workspace.take<float>(most * stride);
  float* h1 = workspace.take<float>(most * stride);
  float* fields = workspace.take<float>(most * side);
  uint32_t* words = workspace.take<uint32_t>(most * (side + 16));
  const bool kept = lesson.chains == ChainStart::kKept, given = lesson.chains == ChainStart::kGiven;
  float* states = kept ? chains : workspace.take<float>(most * stride);
  ActiveUnits active(width, most, workspace);
  Change change(shape, weights, visible_biases, hidden_biases, velocities, means, lesson, most, workspace);
  uint32_t sweep = lesson.first_sweep;

  const auto upward = [&](const float* rows, const Census& census, size_t n, float* out, bool draws) {
    hidden_fields(shape, weights, hidden_biases, rows, census, active, n, fields);
    if (draws) philox(lesson.seed, sweep, 0, 0, words, stride, n);
    for (size_t b = 0; b < n; b++) {
      answer(Asked<float>{shape.hidden_kind, stride, 1, false, nullptr, fields + b * stride,
                          words + b * stride, out + b * stride, draws ? states + b * stride : nullptr});
    }
    clear_rest(shape, out, n);
    if (draws) clear_rest(shape, states, n);
  };

  for (size_t from = 0; from < lesson.rows; from += lesson.batch) {
    heed_flag();
    const size_t n = smaller(lesson.rows - from, lesson.batch);
    for (size_t b = 0; b < n; b++) {
      const size_t row = smaller(static_cast<size_t>(order[from + b]), lesson.data_rows - 1);
      memcpy(v0 + b * width, data + row * width, width * sizeof(float));
    }
    const Census seen = census_of(v0, n * width);
    Census made{};
    upward(v0, seen, n, h0, !kept && !given);
    if (!kept && !given) sweep++;
    if (given) {
      memcpy(v1, chains + from * width, n * width * sizeof(float));
      made = census_of(v1, n * width);
      upward(v1, made, n, h1, false);
    }
    for (size_t t = 0; t < lesson.steps && !given; t++) {
      visible_fields(shape, weights, visible_biases, states, n, true, fields);
      philox(lesson.seed, sweep++, 0, 0, words, width, n);
      for (size_t b = 0; b < n; b++) {
        answer(Asked<float>{shape.visible_kind, width, 1, true, nullptr, fields + b * width,
                            words + b * width, nullptr, v1 + b * width});
      }
      made = census_of(v1, n * width);
      upward(v1, made, n, h1, true);
      sweep++;
    }
    const Census both{seen.exact && made.exact, seen.active + made.active};
    change.apply(n, v0, h0, v1, h1, is_dense(shape, both, 2 * n * width));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_BOLTZMANN_CONTRAST_H_
