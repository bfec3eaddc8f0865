// The kernels of src/kernels/contract/annealing.ts and bifurcation.ts.
#ifndef HOPFIELD_ADDON_ANNEALING_H_
#define HOPFIELD_ADDON_ANNEALING_H_

#include "addon/handle.h"
#include "core/annealing.h"
#include "core/bifurcation.h"

namespace hopfield {

/// Argument 0: weights that kernels can anneal.
inline const Memory& annealed_of(const Arguments& args) {
  const Memory& memory = handle_of(args, 0, Family::kPairwise).memory;
  const bool pairs = memory.form == Form::kMatrix || memory.form == Form::kSparse;
  if (!pairs || memory.constants != nullptr) args.fail(0, "a matrix or connections without a constant field");
  return memory;
}

/// Argument `at + 1` says how many replicas argument `at` holds.
inline uint32_t* replicas_of(const Arguments& args, size_t at, const Memory& memory, size_t* count) {
  *count = args.size(at + 1, 64.0 * kGroupWords);
  if (*count == 0) args.fail(at + 1, "at least one replica");
  return args.array<uint32_t>(at, 2 * memory.neurons * ((*count + 63) / 64)).data;
}

/// Control block: first sweep, seed low, seed high, group, acceptance. Handle, betas, external field,
/// replicas, how many.
struct AnnealingWork {
  static constexpr size_t kFlag = 6;

  const Tier* tier;
  const Memory* memory;
  AnnealingPlan plan{};
  uint32_t* replicas;
  size_t count;

  explicit AnnealingWork(const Arguments& args) : tier(&args.tier()), memory(&annealed_of(args)) {
    const auto control = args.control<5>();
    plan.first_sweep = static_cast<uint32_t>(args.control_size(control[0], kMostSweeps));
    plan.seed[0] = static_cast<uint32_t>(args.control_size(control[1], kMostWord));
    plan.seed[1] = static_cast<uint32_t>(args.control_size(control[2], kMostWord));
    plan.group = args.control_integer(control[3], 0x1p43);
    plan.acceptance = static_cast<Acceptance>(args.control_size(control[4], 2));
    const auto betas = args.array<double>(2, 0);
    plan.betas = betas.data;
    plan.sweeps = betas.length;
    plan.external_field = args.optional_array<double>(3, memory->neurons).data;
    replicas = replicas_of(args, 4, *memory, &count);
  }

  void run() const { tier->anneal(*memory, plan, replicas, count); }
};

/// Handle, external field, replicas, how many, results.
struct ReplicaQuadraticsWork {
  static constexpr size_t kFlag = 6;

  const Tier* tier;
  const Memory* memory;
  const double* external_field;
  const uint32_t* replicas;
  size_t count;
  double* out;

  explicit ReplicaQuadraticsWork(const Arguments& args) : tier(&args.tier()), memory(&annealed_of(args)) {
    external_field = args.optional_array<double>(2, memory->neurons).data;
    replicas = replicas_of(args, 3, *memory, &count);
    out = args.array<double>(5, count).data;
  }

  void run() const { tier->replica_quadratics(*memory, external_field, replicas, count, out); }
};

/// Handle, where clusters begin, replicas, how many.
struct ClusterWork {
  static constexpr size_t kFlag = 5;

  const Tier* tier;
  const Memory* memory;
  const uint32_t* starts;
  uint32_t* replicas;
  size_t count;

  explicit ClusterWork(const Arguments& args) : tier(&args.tier()), memory(&annealed_of(args)) {
    replicas = replicas_of(args, 3, *memory, &count);
    starts = args.array<uint32_t>(2, count / 2).data;
  }

  void run() const { tier->exchange_clusters(*memory, starts, replicas, count); }
};

/// Control block: variant, strength, step, steps, steps left. Handle, external field, positions, momenta,
/// pumps, how many sets.
struct BifurcationWork {
  static constexpr size_t kFlag = 7;

  const Tier* tier;
  const Memory* memory;
  BifurcationPlan plan{};
  double *positions, *momenta, *pumps;
  size_t count;

  explicit BifurcationWork(const Arguments& args) : tier(&args.tier()), memory(&annealed_of(args)) {
    const auto control = args.control<5>();
    plan.variant = static_cast<Variant>(args.control_size(control[0], 2));
    plan.strength = control[1];
    plan.step = control[2];
    plan.left = args.control_size(control[4], kMostSweeps);
    plan.steps = args.control_size(control[3], static_cast<double>(plan.left));
    plan.external_field = args.optional_array<double>(2, memory->neurons).data;
    count = args.size(6, kMostPatterns);
    positions = args.array<double>(3, count * memory->neurons).data;
    momenta = args.array<double>(4, count * memory->neurons).data;
    pumps = args.array<double>(5, count * memory->neurons).data;
  }

  void run() const { tier->bifurcate(*memory, plan, positions, momenta, pumps, count); }
};

inline napi_value anneal(const Arguments& args) {
  AnnealingWork(args).run();
  return nullptr;
}

inline napi_value bifurcate(const Arguments& args) {
  BifurcationWork(args).run();
  return nullptr;
}

inline napi_value replica_quadratics(const Arguments& args) {
  ReplicaQuadraticsWork(args).run();
  return nullptr;
}

inline napi_value exchange_clusters(const Arguments& args) {
  ClusterWork(args).run();
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_ANNEALING_H_
