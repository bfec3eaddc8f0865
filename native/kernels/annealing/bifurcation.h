// Simulated bifurcation, the mirror of src/kernels/reference/bifurcation.ts. Eight sets of oscillators go
// side by side, so that a weight is read once for all of them; where weights are ±1 and only signs pull,
// fields are counted bits. No product is fused with a sum: both factors are f64.
#ifndef HOPFIELD_KERNELS_ANNEALING_BIFURCATION_H_
#define HOPFIELD_KERNELS_ANNEALING_BIFURCATION_H_

#include "core/bifurcation.h"
#include "kernels/annealing/weight_rows.h"
#include "kernels/real.h"

namespace hopfield {
namespace {

/// Sets of oscillators side by side.
struct Swarm {
  static constexpr size_t kSets = 8;
  /// Rows of weights between two looks at the flag.
  static constexpr size_t kRowsHeld = 16;

  const Memory& memory;
  const BifurcationPlan& plan;
  const size_t neurons, stride;
  /// Rows of a stride each, zeros after the N-th number.
  double *x[kSets], *y[kSets], *pump[kSets], *force[kSets];
  double* external;
  double* side;  ///< what pulls: of each neuron a number for each set
  uint32_t* states[kSets];
  int32_t* overlaps[kSets];

  Swarm(const Memory& of, const BifurcationPlan& by, Workspace& workspace)
      : memory(of), plan(by), neurons(of.neurons), stride(padded_stride(of.neurons)) {
    for (size_t s = 0; s < kSets; s++) {
      x[s] = zeros<double>(workspace, stride);
      y[s] = zeros<double>(workspace, stride);
      pump[s] = zeros<double>(workspace, stride);
      force[s] = zeros<double>(workspace, stride);
      states[s] = zeros<uint32_t>(workspace, row_words(neurons));
      overlaps[s] = workspace.take<int32_t>(neurons);
    }
    side = zeros<double>(workspace, neurons * kSets);
    external = zeros<double>(workspace, stride);
    if (plan.external_field != nullptr) memcpy(external, plan.external_field, neurons * sizeof(double));
  }

  void read(size_t s, const double* positions, const double* momenta, const double* pumps) {
    memcpy(x[s], positions, neurons * sizeof(double));
    memcpy(y[s], momenta, neurons * sizeof(double));
    memcpy(pump[s], pumps, neurons * sizeof(double));
  }
  void write(size_t s, double* positions, double* momenta, double* pumps) const {
    memcpy(positions, x[s], neurons * sizeof(double));
    memcpy(momenta, y[s], neurons * sizeof(double));
    memcpy(pumps, pump[s], neurons * sizeof(double));
  }

  /// @param signs the weights where they are ±1 and only signs pull, else null
  void run(size_t sets, const SignRows* signs) {
    for (size_t k = 0; k < plan.steps; k++) {
      heed_flag();
      if (signs != nullptr) {
        count_signs(sets, *signs);
      } else {
        pull(sets);
      }
      for (size_t s = 0; s < sets; s++) move(s, static_cast<double>(plan.left - k));
    }
  }

 private:
  template <class Number>
  static Number* zeros(Workspace& workspace, size_t count) {
    Number* room = workspace.take<Number>(count);
    memset(static_cast<void*>(room), 0, count * sizeof(Number));
    return room;
  }
  bool discrete() const { return plan.variant == Variant::kDiscrete; }

  void count_signs(size_t sets, const SignRows& signs) {
    for (size_t s = 0; s < sets; s++) {
      for (size_t j = 0; j < neurons; j += 32) {
        uint32_t word = 0;
        const size_t end = smaller(neurons - j, 32);
        for (size_t l = 0; l < end; l++) word |= (x[s][j + l] < 0 ? 0u : 1u) << l;
        states[s][j / 32] = word;
      }
    }
    signs.fields_of(states, sets, overlaps);
    for (size_t s = 0; s < sets; s++) {
      for (size_t i = 0; i < neurons; i++) force[s][i] = overlaps[s][i];
    }
  }

  void pull(size_t sets) {
    for (size_t s = 0; s < sets; s++) {
      const double* at = x[s];
      if (discrete()) {
        for (size_t j = 0; j < neurons; j++) side[j * kSets + s] = at[j] < 0 ? -1 : 1;
      } else {
        for (size_t j = 0; j < neurons; j++) side[j * kSets + s] = at[j];
      }
    }
    switch (memory.number) {
      case Number::kInt32:
        return pull_by(sets, memory.weights_as<int32_t>());
      case Number::kFloat32:
        return pull_by(sets, memory.weights_as<float>());
      default:
        return pull_by(sets, memory.weights_as<double>());
    }
  }

  template <class Weight>
  void pull_by(size_t sets, const Weight* weights) {
    alignas(64) double fields[kSets];
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, kRowsHeld);
      if (memory.form == Form::kMatrix) {
        store8(fields, sum_of(weights + i * stride, neurons, [](size_t j) { return j; }));
      } else {
        const Places row = memory.sparse.row(i);
        store8(fields, sum_of(weights + row.from, row.end - row.from,
                              [&](size_t k) { return neuron_of(memory, row.from + k); }));
      }
      for (size_t s = 0; s < sets; s++) force[s][i] = fields[s];
    }
  }

  /// By dot8, of each set in a lane of its own.
  template <class Weight, class Source>
  Real8 sum_of(const Weight* weights, size_t length, Source source) const {
    Real8 sums[8];
    HOPFIELD_UNROLL(8)
    for (size_t a = 0; a < 8; a++) sums[a] = zero8();
    size_t k = 0;
    for (; k + 8 <= length; k += 8) {
      alignas(64) double w[8];
      store8(w, weights8(weights + k));
      HOPFIELD_UNROLL(8)
      for (size_t a = 0; a < 8; a++) sums[a] = add8(sums[a], mul8(broadcast8(w[a]), side_of(source(k + a))));
    }
    for (size_t a = 0; k + a < length; a++) {
      const auto w = static_cast<double>(weights[k + a]);
      sums[a] = add8(sums[a], mul8(broadcast8(w), side_of(source(k + a))));
    }
    const Real8 even = add8(add8(sums[0], sums[4]), add8(sums[2], sums[6]));
    return add8(even, add8(add8(sums[1], sums[5]), add8(sums[3], sums[7])));
  }
  Real8 side_of(size_t j) const { return load8(side + j * kSets); }

  void move(size_t s, double left) {
    const bool driven = plan.external_field != nullptr;
    const double far =
        discrete() || !driven ? 1 : sqrt(dot8(x[s], x[s], stride) / static_cast<double>(neurons));
    const double strength = plan.strength, length = plan.step;
    double *at = x[s], *momentum = y[s], *own = pump[s], *f = force[s];
    if (driven) {
      for (size_t i = 0; i < stride; i++) f[i] = f[i] + far * external[i];
    }
    for (size_t i = 0; i < stride; i++) {
      const double speed = momentum[i] + length * (strength * f[i] - own[i] * at[i]);
      const double to = at[i] + length * speed;
      const bool over = to > 1, under = to < -1;
      at[i] = over ? 1 : under ? -1 : to;
      momentum[i] = (over | under) ? 0 : speed;
    }
    if (plan.variant != Variant::kGeneralised) {
      const double less = 1 - 1 / left;
      for (size_t i = 0; i < stride; i++) own[i] *= less;
      return;
    }
    for (size_t i = 0; i < stride; i++) own[i] *= 1 - (1 - kKeptPump * at[i] * at[i]) / left;
  }
};

static void bifurcate(const Memory& memory, const BifurcationPlan& plan, double* positions, double* momenta,
                      double* pumps, size_t count) {
  Workspace workspace;
  Swarm swarm(memory, plan, workspace);
  const bool whole = memory.form == Form::kMatrix && memory.number == Number::kInt32;
  const auto go = [&](const SignRows* signs) {
    for (size_t b = 0; b < count; b += Swarm::kSets) {
      const size_t sets = smaller(count - b, Swarm::kSets), n = memory.neurons;
      for (size_t s = 0; s < sets; s++)
        swarm.read(s, positions + (b + s) * n, momenta + (b + s) * n, pumps + (b + s) * n);
      swarm.run(sets, signs);
      for (size_t s = 0; s < sets; s++)
        swarm.write(s, positions + (b + s) * n, momenta + (b + s) * n, pumps + (b + s) * n);
    }
  };
  if (!whole || plan.variant != Variant::kDiscrete) return go(nullptr);
  const Lent<SignRows> rows = sign_rows_of(memory);
  go((*rows).usable ? &*rows : nullptr);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_BIFURCATION_H_
