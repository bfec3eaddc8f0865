// Free energies, and annealed importance sampling by them: the mirror of
// src/kernels/reference/free-energies.ts.
#ifndef HOPFIELD_KERNELS_BOLTZMANN_FREE_ENERGIES_H_
#define HOPFIELD_KERNELS_BOLTZMANN_FREE_ENERGIES_H_

#include "kernels/boltzmann/gibbs.h"

namespace hopfield {
namespace {

/// −F of one row, of which `fields` has y, at one β.
struct FreeEnergy {
  const MachineShape& shape;
  const float* biases;
  const float* base;
  double* fields;
  double* z;

  FreeEnergy(const MachineShape& of, const float* a, const float* a0, Workspace& workspace)
      : shape(of),
        biases(a),
        base(a0),
        fields(workspace.take<double>(hidden_stride(of.hidden))),
        z(workspace.take<double>(hidden_stride(of.hidden))) {}

  double at(double beta, const float* visible) const {
    Real8 sums = zero8(), squares = zero8();
    for (size_t i = 0; i < shape.visible; i += 8) {
      const size_t count = shape.visible - i;
      const Real8 v = some8(visible + i, count);
      const Real8 from = base == nullptr ? zero8() : some8(base + i, count);
      const Real8 b =
          add8(mul8(broadcast8(beta), some8(biases + i, count)), mul8(broadcast8(1 - beta), from));
      sums = add8(sums, mul8(v, b));
      squares = add8(squares, mul8(v, v));
    }
    double own = fold8(sums);
    if (shape.visible_kind == UnitKind::kGaussian) own -= 0.5 * fold8(squares);
    const size_t stride = hidden_stride(shape.hidden);
    for (size_t j = 0; j < stride; j += 8) store8(z + j, mul8(broadcast8(beta), load8(fields + j)));
    return own + potential(shape.hidden_kind, z, shape.hidden);
  }
};

static void free_energies(const MachineShape& shape, const float* weights, const float* visible_biases,
                          const float* hidden_biases, const float* base, const double* betas,
                          const float* visible, size_t count, double* out) {
  Workspace workspace;
  ActiveUnits active(shape.visible, 1, workspace);
  const FreeEnergy energy(shape, visible_biases, base, workspace);
  for (size_t b = 0; b < count; b++) {
    heed_flag();
    const float* row = visible + b * shape.visible;
    active.list(row, 1);
    hidden_fields_of_one(shape, weights, hidden_biases, active.all(0), energy.fields);
    out[b] = 0 - energy.at(betas == nullptr ? 1 : betas[b], row);
  }
}

static void importance(const MachineShape& shape, const float* weights, const float* visible_biases,
                       const float* hidden_biases, const float* base, const double* betas, const Walk& walk,
                       float* visible, double* out) {
  Workspace workspace;
  const size_t count = walk.chains, beta_count = walk.steps;
  const size_t width = shape.visible, stride = hidden_stride(shape.hidden);
  ActiveUnits active(width, 1, workspace);
  const FreeEnergy energy(shape, visible_biases, base, workspace);
  float* h = workspace.take<float>(stride);
  float* fields = workspace.take<float>(width);
  uint32_t* words = workspace.take<uint32_t>(larger(stride, width));
  memset(h, 0, stride * sizeof(float));
  for (size_t b = 0; b < count; b++) {
    float* row = visible + b * width;
    for (size_t k = 1; k < beta_count; k++) {
      heed_flag();
      active.list(row, 1);
      hidden_fields_of_one(shape, weights, hidden_biases, active.all(0), energy.fields);
      const double after = energy.at(betas[k], row);
      out[b] += after - energy.at(betas[k - 1], row);
      if (k + 1 == beta_count) break;
      const uint32_t sweep = walk.first_sweep + static_cast<uint32_t>(2 * (k - 1));
      philox_along(walk.seed, sweep, walk.stream + b, words, shape.hidden);
      answer(Asked<double>{shape.hidden_kind, shape.hidden, betas[k], false, nullptr, energy.fields, words,
                           nullptr, h});
      visible_fields(shape, weights, visible_biases, h, 1, true, fields);
      philox_along(walk.seed, sweep + 1, walk.stream + b, words, width);
      answer(Asked<float>{shape.visible_kind, width, betas[k], true, base, fields, words, nullptr, row});
    }
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_BOLTZMANN_FREE_ENERGIES_H_
