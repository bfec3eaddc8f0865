// Means and Gibbs steps of a restricted Boltzmann machine: the mirror of src/kernels/reference/gibbs.ts.
#ifndef HOPFIELD_KERNELS_BOLTZMANN_GIBBS_H_
#define HOPFIELD_KERNELS_BOLTZMANN_GIBBS_H_

#include "kernels/boltzmann/machine.h"
#include "kernels/boltzmann/unit_fields.h"
#include "kernels/random.h"

namespace hopfield {
namespace {

/// Zeros after the last hidden unit of each row.
static inline void clear_rest(const MachineShape& shape, float* rows, size_t count) {
  const size_t stride = hidden_stride(shape.hidden);
  for (size_t b = 0; b < count; b++) {
    memset(rows + b * stride + shape.hidden, 0, (stride - shape.hidden) * sizeof(float));
  }
}

static void hidden_means(const MachineShape& shape, const float* weights, const float* hidden_biases,
                         const float* visible, size_t count, float* out) {
  Workspace workspace;
  const size_t stride = hidden_stride(shape.hidden), most = smaller(count, kRowsTogether);
  ActiveUnits active(shape.visible, most, workspace);
  float* fields = workspace.take<float>(most * stride);
  for (size_t first = 0; first < count; first += kRowsTogether) {
    const size_t some = smaller(count - first, kRowsTogether);
    const float* rows = visible + first * shape.visible;
    hidden_fields(shape, weights, hidden_biases, rows, census_of(rows, some * shape.visible), active, some,
                  fields);
    for (size_t b = 0; b < some; b++) {
      float* to = out + (first + b) * stride;
      answer(Asked<float>{shape.hidden_kind, stride, 1, false, nullptr, fields + b * stride, nullptr, to,
                          nullptr});
    }
  }
  clear_rest(shape, out, count);
}

static void visible_means(const MachineShape& shape, const float* weights, const float* visible_biases,
                          const float* hidden, size_t count, float* out) {
  Workspace workspace;
  const size_t stride = hidden_stride(shape.hidden), width = shape.visible;
  float* fields = workspace.take<float>(smaller(count, kRowsTogether) * width);
  for (size_t first = 0; first < count; first += kRowsTogether) {
    const size_t some = smaller(count - first, kRowsTogether);
    visible_fields(shape, weights, visible_biases, hidden + first * stride, some, false, fields);
    for (size_t b = 0; b < some; b++) {
      answer(Asked<float>{shape.visible_kind, width, 1, true, nullptr, fields + b * width, nullptr,
                          out + (first + b) * width, nullptr});
    }
  }
}

static void gibbs(const MachineShape& shape, const float* weights, const float* visible_biases,
                  const float* hidden_biases, const float* base, const uint8_t* clamp, const double* betas,
                  const Walk& walk, float* visible, float* hidden, float* means) {
  Workspace workspace;
  const size_t stride = hidden_stride(shape.hidden), width = shape.visible, count = walk.chains;
  const size_t most = smaller(count, kRowsTogether), side = larger(stride, width);
  ActiveUnits active(width, most, workspace);
  float* fields = workspace.take<float>(most * side);
  float* drawn = workspace.take<float>(width);
  float* mean = workspace.take<float>(width);
  uint32_t* words = workspace.take<uint32_t>(most * side);
  for (size_t first = 0; first < count; first += kRowsTogether) {
    const size_t some = smaller(count - first, kRowsTogether);
    const uint64_t query = walk.stream + first;
    const auto low = static_cast<uint32_t>(query), high = static_cast<uint32_t>(query >> 32);
    float* v = visible + first * width;
    float* h = hidden + first * stride;
    for (size_t t = 0; t < walk.steps; t++) {
      const uint32_t sweep = walk.first_sweep + static_cast<uint32_t>(2 * t);
      const bool last = t + 1 == walk.steps && means != nullptr;
      hidden_fields(shape, weights, hidden_biases, v, census_of(v, some * width), active, some, fields);
      philox(walk.seed, sweep, low, high, words, stride, some);
      for (size_t b = 0; b < some; b++) {
        answer(Asked<float>{shape.hidden_kind, stride, betas[first + b], false, nullptr, fields + b * stride,
                            words + b * stride, nullptr, h + b * stride});
      }
      clear_rest(shape, h, some);
      visible_fields(shape, weights, visible_biases, h, some, true, fields);
      philox(walk.seed, sweep + 1, low, high, words, width, some);
      for (size_t b = 0; b < some; b++) {
        float* row = v + b * width;
        float* mean_of = means == nullptr ? nullptr : means + (first + b) * width;
        Asked<float> asked{shape.visible_kind,
                           width,
                           betas[first + b],
                           true,
                           base,
                           fields + b * width,
                           words + b * width,
                           nullptr,
                           row};
        if (last) asked.means = clamp == nullptr ? mean_of : mean;
        if (clamp != nullptr) asked.draws = drawn;
        answer(asked);
        if (clamp == nullptr) continue;
        for (size_t i = 0; i < width; i++) {
          if (clamp[i] == 0) row[i] = drawn[i];
          if (last) mean_of[i] = clamp[i] == 0 ? mean[i] : row[i];
        }
      }
    }
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_BOLTZMANN_GIBBS_H_
