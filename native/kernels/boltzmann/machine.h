// How units of a restricted Boltzmann machine answer their fields: the mirror of
// src/kernels/reference/machine.ts.
#ifndef HOPFIELD_KERNELS_BOLTZMANN_MACHINE_H_
#define HOPFIELD_KERNELS_BOLTZMANN_MACHINE_H_

#include "core/boltzmann.h"
#include "kernels/normal.h"
#include "kernels/single_logistic.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// What is wanted of a row of units; z = β·field, or β·field + (1 − β)·base where `visible`.
template <class Field>
struct Asked {
  UnitKind kind;
  size_t units;
  double beta;
  bool visible;
  const float* base;  ///< or null
  const Field* fields;
  const uint32_t* words;  ///< what draws are made with, or null
  float* means;           ///< or null
  float* draws;           ///< or null
};

/// Up to eight numbers, zeros after them.
template <class T>
static inline Real8 some8(const T* from, size_t count) {
  if (count >= 8) return weights8(from);
  T whole[8] = {};
  for (size_t k = 0; k < count; k++) whole[k] = from[k];
  return weights8(whole);
}

template <class Field>
static inline Real8 z_at(const Asked<Field>& asked, size_t at) {
  const size_t count = asked.units - at;
  const Real8 z = mul8(broadcast8(asked.beta), some8(asked.fields + at, count));
  if (!asked.visible) return z;
  const Real8 base = asked.base == nullptr ? zero8() : some8(asked.base + at, count);
  return add8(z, mul8(broadcast8(1 - asked.beta), base));
}

template <class Field>
static void answer_normal(const Asked<Field>& asked) {
  alignas(64) double z[8];
  for (size_t at = 0; at < asked.units; at += 8) {
    store8(z, z_at(asked, at));
    for (size_t k = 0; k < 8 && at + k < asked.units; k++) {
      if (asked.means != nullptr) asked.means[at + k] = static_cast<float>(z[k]);
      if (asked.draws == nullptr) continue;
      const double p = (static_cast<double>(asked.words[at + k]) + 0.5) * 0x1p-32;
      asked.draws[at + k] = static_cast<float>(z[k] + normal(p));
    }
  }
}

static inline bool is_plain(const Asked<float>& asked) { return asked.beta == 1; }
static inline bool is_plain(const Asked<double>&) { return false; }
static inline Single16 plain16(const float* fields) { return load16(fields); }
static inline Single16 plain16(const double*) { return zero16(); }

/// z of sixteen units, as f32 rounds it.
template <class Field>
static inline Single16 z16_at(const Asked<Field>& asked, size_t at) {
  if (is_plain(asked)) return plain16(asked.fields + at);
  alignas(64) float z[16];
  narrow8(z, z_at(asked, at));
  narrow8(z + 8, z_at(asked, at + 8));
  return load16(z);
}

/// kCount times sixteen units from `at` on.
template <size_t kCount, class Field>
static inline void answer_some(const Asked<Field>& asked, size_t at) {
  const bool bipolar = asked.kind == UnitKind::kBipolar;
  Single16 p[kCount];
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) {
    const Single16 z = z16_at(asked, at + 16 * n);
    p[n] = bipolar ? add16(z, z) : z;
  }
  single_logistics<kCount>(p);
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) {
    const size_t from = at + 16 * n;
    if (asked.means != nullptr) {
      store16(asked.means + from, bipolar ? sub16(add16(p[n], p[n]), broadcast16(1)) : p[n]);
    }
    if (asked.draws == nullptr) continue;
    store16(asked.draws + from, draw16(asked.words + from, p[n], bipolar ? -1.0f : 0.0f));
  }
}

/// The last units of a row, fewer than sixteen.
template <class Field>
static void answer_rest(const Asked<Field>& asked, size_t at) {
  const size_t count = asked.units - at;
  alignas(64) Field fields[16] = {};
  alignas(64) float base[16] = {}, means[16], draws[16];
  alignas(64) uint32_t words[16] = {};
  memcpy(fields, asked.fields + at, count * sizeof(Field));
  Asked<Field> rest = asked;
  rest.units = 16;
  rest.fields = fields;
  if (asked.base != nullptr) {
    memcpy(base, asked.base + at, count * sizeof(float));
    rest.base = base;
  }
  if (asked.means != nullptr) rest.means = means;
  if (asked.draws != nullptr) {
    memcpy(words, asked.words + at, count * sizeof(uint32_t));
    rest.words = words;
    rest.draws = draws;
  }
  answer_some<1>(rest, 0);
  if (asked.means != nullptr) memcpy(asked.means + at, means, count * sizeof(float));
  if (asked.draws != nullptr) memcpy(asked.draws + at, draws, count * sizeof(float));
}

template <class Field>
static void answer(const Asked<Field>& asked) {
  if (asked.kind == UnitKind::kGaussian) return answer_normal(asked);
  size_t at = 0;
  for (; at + 32 <= asked.units; at += 32) answer_some<2>(asked, at);
  for (; at + 16 <= asked.units; at += 16) answer_some<1>(asked, at);
  if (at < asked.units) answer_rest(asked, at);
}

/// Σ of the potentials of units at z, which has room for a multiple of eight.
static double potential(UnitKind kind, const double* z, size_t units) {
  Real8 sums = zero8();
  alignas(64) double lanes[8];
  const size_t rest = units % 8, whole = units - rest;
  if (kind == UnitKind::kGaussian) {
    for (size_t k = 0; k < whole; k += 8) sums = add8(sums, mul8(load8(z + k), load8(z + k)));
    store8(lanes, sums);
    for (size_t k = 0; k < rest; k++) lanes[k] += z[whole + k] * z[whole + k];
    return 0.5 * fold8(load8(lanes));
  }
  const bool bipolar = kind == UnitKind::kBipolar;
  const Real8 one = broadcast8(1);
  double logs = 0;
  for (size_t from = 0; from < units; from += 512) {
    const size_t to = smaller(units, from + 512), full = smaller(whole, to);
    Real8 factors = one;
    size_t k = from;
    for (; k + 8 * kExps <= full; k += 8 * kExps) {
      Real8 t[kExps];
      HOPFIELD_UNROLL(4)
      for (size_t n = 0; n < kExps; n++) {
        const Real8 at = load8(z + k + 8 * n), size = abs8(at);
        sums = add8(sums, bipolar ? size : most8(at, zero8()));
        t[n] = most8(sub8(zero8(), bipolar ? add8(size, size) : size), broadcast8(-700));
      }
      exps<kExps>(t);
      HOPFIELD_UNROLL(4)
      for (size_t n = 0; n < kExps; n++) factors = mul8(factors, add8(one, t[n]));
    }
    for (; k < to; k += 8) {
      // The last eight may not be whole.
      const size_t count = smaller(to - k, 8);
      const Real8 at = some8(z + k, count), size = abs8(at);
      Real8 t = most8(sub8(zero8(), bipolar ? add8(size, size) : size), broadcast8(-700));
      exps<1>(&t);
      sums = add8(sums, bipolar ? size : most8(at, zero8()));
      alignas(64) double factor[8];
      store8(factor, add8(one, t));
      for (size_t n = count; n < 8; n++) factor[n] = 1;
      factors = mul8(factors, load8(factor));
    }
    store8(lanes, factors);
    logs += log_of(((lanes[0] * lanes[4]) * (lanes[2] * lanes[6])) *
                   ((lanes[1] * lanes[5]) * (lanes[3] * lanes[7])));
  }
  return fold8(sums) + logs;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_BOLTZMANN_MACHINE_H_
