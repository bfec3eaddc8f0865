// Exact partition functions: the mirror of src/kernels/reference/log-partitions.ts. States are the leaves of
// a tree, and what they have in common is added once.
#ifndef HOPFIELD_KERNELS_BOLTZMANN_LOG_PARTITIONS_H_
#define HOPFIELD_KERNELS_BOLTZMANN_LOG_PARTITIONS_H_

#include "kernels/boltzmann/machine.h"
#include "flag.h"

namespace hopfield {
namespace {

struct PartitionTree {
  const double* couplings;
  const double* own;
  size_t units, others, stride;
  UnitKind kind;
  double low;
  size_t prefix;
  double* fields;  ///< a row for each unit that goes both ways, and one more
  double* terms;

  /// to = from + s·(row j).
  const double* added(const double* from, size_t j, double s, double* to) const {
    if (s == 0) return from;
    for (size_t i = 0; i < stride; i += 8) {
      store8(to + i, add8(load8(from + i), mul8(broadcast8(s), load8(couplings + j * stride + i))));
    }
    return to;
  }

  void grow(size_t j, size_t rest, double energy, const double* at) const {
    if (j == units) {
      terms[rest] = energy + potential(kind, at, others);
      return;
    }
    if (j + 6 == units) heed_flag();
    double* room = fields + (j - prefix + 1) * stride;
    grow(j + 1, rest, energy + low * own[j], added(at, j, low, room));
    grow(j + 1, rest | size_t{1} << (j - prefix), energy + own[j], added(at, j, 1, room));
  }

  double sum(size_t k, const double* first, double* scratch) const {
    double energy = 0;
    const double* at = first;
    for (size_t j = 0; j < prefix; j++) {
      const double s = (k >> j) & 1 ? 1 : low;
      energy += s * own[j];
      at = added(at, j, s, scratch);
    }
    grow(prefix, 0, energy, at);
    const size_t states = size_t{1} << (units - prefix);
    double most = terms[0];
    for (size_t rest = 1; rest < states; rest++) most = larger(terms[rest], most);
    alignas(64) double sums[8] = {};
    for (size_t rest = 0; rest < states; rest += 8) {
      const size_t count = smaller(states - rest, 8);
      Real8 t = most8(sub8(some8(terms + rest, count), broadcast8(most)), broadcast8(-700));
      exps<1>(&t);
      alignas(64) double lanes[8];
      store8(lanes, t);
      for (size_t n = 0; n < count; n++) sums[n] += lanes[n];
    }
    return most + log_of(fold8(load8(sums)));
  }
};

static void log_partitions(const double* couplings, const double* own, size_t units, const double* fields,
                           size_t others, UnitKind kind, double low, size_t prefix, uint64_t from,
                           uint64_t to, double* out) {
  Workspace workspace;
  const size_t stride = padded_stride(others);
  double* first = workspace.take<double>(2 * stride);
  memset(first, 0, 2 * stride * sizeof(double));
  memcpy(first, fields, others * sizeof(double));
  const PartitionTree tree{couplings,
                           own,
                           units,
                           others,
                           stride,
                           kind,
                           low,
                           prefix,
                           workspace.take<double>((units - prefix + 1) * stride),
                           workspace.take<double>(size_t{1} << (units - prefix))};
  for (uint64_t k = from; k < to; k++)
    out[k - from] = tree.sum(static_cast<size_t>(k), first, first + stride);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_BOLTZMANN_LOG_PARTITIONS_H_
