// The weights of some keys of one query, from logits less the largest one.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_KEY_WEIGHTS_H_
#define HOPFIELD_KERNELS_RETRIEVAL_KEY_WEIGHTS_H_

#include "kernels/real.h"
#include "kernels/retrieval/bounds.h"
#include "kernels/single_exp.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// KeyWeights of one query, those that are not zero, in ascending order of their keys.
struct KeyWeights {
  size_t count = 0;
  uint32_t* key;   ///< from the first key of a tile or stretch on
  double* weight;  ///< as f32 rounded it
  float* single;   ///< times kWeightUnit, where sums are f32

  void make_room(size_t most, Workspace& workspace) {
    key = workspace.take<uint32_t>(most + 16);
    weight = workspace.take<double>(most + 16);
    single = workspace.take<float>(most + 16);
  }
};

/// From one query's weights of a tile to the next one's.
constexpr size_t kWeightRow = kTileKeys + 16;

/// Room for a tile's weights by some queries: those of the first are the beginning of all.
static void make_tile_room(KeyWeights* weights, size_t queries, Workspace& workspace) {
  weights->make_room(queries * kWeightRow, workspace);
  for (size_t c = 1; c < queries; c++) {
    weights[c].key = weights->key + c * kWeightRow;
    weights[c].weight = weights->weight + c * kWeightRow;
    weights[c].single = weights->single + c * kWeightRow;
  }
}

template <size_t kCount>
static inline void round_some(double* weight) {
  Real8 x[kCount];
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) x[n] = load8(weight + 8 * n);
  exps<kCount>(x);
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) store8(weight + 8 * n, rounded8(x[n]));
}

template <size_t kCount>
static inline void round_some_singles(double* weight, float* unit) {
  Single16 x[kCount];
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) {
    narrow8(unit + 16 * n, load8(weight + 16 * n));
    narrow8(unit + 16 * n + 8, load8(weight + 16 * n + 8));
    x[n] = load16(unit + 16 * n);
  }
  single_exps<kCount>(x);
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) {
    store16(unit + 16 * n, mul16(x[n], broadcast16(kWeightUnit)));
    store8(weight + 16 * n, low8(x[n]));
    store8(weight + 16 * n + 8, high8(x[n]));
  }
}

static void round_singles(size_t count, KeyWeights& out) {
  for (size_t r = count; r < padded16(count); r++) out.weight[r] = 0;
  size_t r = 0;
  for (; r + 16 * kExps <= count; r += 16 * kExps) round_some_singles<kExps>(out.weight + r, out.single + r);
  for (; r < count; r += 16) round_some_singles<1>(out.weight + r, out.single + r);
  for (size_t k = count; k < padded8(count); k++) out.weight[k] = 0;
  out.count = count;
}

/// From logits less the reference to weights.
static void round_weights(size_t count, bool single, KeyWeights& out) {
  if (single) {
    round_singles(count, out);
    return;
  }
  for (size_t r = count; r < padded8(count); r++) out.weight[r] = 0;
  size_t r = 0;
  for (; r + 8 * kExps <= count; r += 8 * kExps) round_some<kExps>(out.weight + r);
  for (; r < count; r += 8) round_some<1>(out.weight + r);
  out.count = count;
}

/// Weights of 16·kCount keys in f32 from their dot products, which are added to `sum`.
template <size_t kCount, class Number>
static HOPFIELD_INLINE void weigh_sixteens(const Number* dots, Real8 factor, Real8 top, float* single,
                                           Real8* sum) {
  const auto below = [&](const Number* at) { return sub8(mul8(factor, weights8(at)), top); };
  Single16 x[kCount];
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) x[n] = narrowed16(below(dots + 16 * n), below(dots + 16 * n + 8));
  single_exps<kCount>(x);
  HOPFIELD_UNROLL(4)
  for (size_t n = 0; n < kCount; n++) {
    store16(single + 16 * n, mul16(x[n], broadcast16(kWeightUnit)));
    *sum = add8(add8(*sum, low8(x[n])), high8(x[n]));
  }
}

/// Weights of sixteens of keys in f32 from their dot products, all of which count, and their sum: what the
/// above does in one go where a logit is β times a dot product. Which keys they are is for the caller to say.
template <class Number>
static void weigh_whole(const Number* dots, size_t count, double beta, double reference, double* partition,
                        KeyWeights& out) {
  const Real8 factor = broadcast8(beta), top = broadcast8(reference);
  Real8 sum = load8(partition);
  size_t r = 0;
  for (; r + 16 * kExps <= count; r += 16 * kExps)
    weigh_sixteens<kExps>(dots + r, factor, top, out.single + r, &sum);
  for (; r < count; r += 16) weigh_sixteens<1>(dots + r, factor, top, out.single + r, &sum);
  store8(partition, sum);
  out.count = count;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_KEY_WEIGHTS_H_
