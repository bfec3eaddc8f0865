// Keys in bytes: a coarse look at them, so that those that cannot matter need not be read. Sixty-four keys
// are a tile: bytes, four dimensions of a key side by side, sixteen keys a register, so that one instruction
// multiplies and adds for all of them and no sum is horizontal. A byte is 128 + round(x/step). With q = q̂ + r
// and k = k̂
// + s, where q̂ and k̂ are what the bytes say,
//   q·k − q̂·k̂ = q̂·s + r·k, so |q·k − q̂·k̂| ≤ ‖q̂‖‖s‖ + ‖r‖‖k‖ (Cauchy and Schwarz),
// which is kept a little larger than rounding of the bound itself, and of f32, could make it. What a look
// leaves out is proved to be below the cut; it never decides anything else.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_QUANTIZED_KEYS_H_
#define HOPFIELD_KERNELS_RETRIEVAL_QUANTIZED_KEYS_H_

#include "core/keys.h"
#include "kernels/real.h"
#include "kernels/retrieval/key_dots.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

struct QuantizedLayout {
  size_t groups;  ///< of four dimensions

  explicit QuantizedLayout(size_t dimension) : groups((dimension + 3) / 4) {}
  size_t codes() const { return groups * 4 * kTileKeys; }
  size_t bytes() const { return codes() + (2 * kTileKeys + 16) * sizeof(float); }
};

/// One tile as it lies in memory.
struct QuantizedTile {
  const uint8_t* codes;  ///< groups × 4 registers × 16 keys × 4 dimensions
  const float* factor;   ///< step·scale of each key
  const float* offset;
  const float* bounds;  ///< largest ‖s‖·scale, ‖k‖·scale, |offset|, scale

  QuantizedTile(const QuantizedLayout& layout, const uint8_t* from, size_t tile)
      : codes(from + tile * layout.bytes()),
        factor(reinterpret_cast<const float*>(codes + layout.codes())),
        offset(factor + kTileKeys),
        bounds(offset + kTileKeys) {}
};

/// Sums of products are 32 bits wide: 255·127 a dimension.
constexpr size_t kMostQuantized = 60000;

static size_t quantized_bytes(size_t dimension) {
  return dimension > kMostQuantized ? 0 : QuantizedLayout(dimension).bytes();
}

/// Bytes −levels…levels of a vector; returns the step, and what is left over as a norm.
static inline float quantise(const float* x, size_t length, int levels, int8_t* codes, double* left) {
  float most = 0;
  for (size_t k = 0; k < length; k++) most = fabsf(x[k]) > most ? fabsf(x[k]) : most;
  float step = most / static_cast<float>(levels);
  // Too small to divide by: then nothing is coded, and all of it is left over.
  if (!(step > 1e-35f)) step = 0;
  double square = 0;
  for (size_t k = 0; k < length; k++) {
    double code = step == 0 ? 0 : static_cast<double>(x[k]) / step + kRound - kRound;
    code = limited(code, -levels, levels);
    const double rest = x[k] - code * step;
    square += rest * rest;
    codes[k] = static_cast<int8_t>(code);
  }
  *left = sqrt(square);
  return step;
}

static inline float rounded_up(double x) { return static_cast<float>(x * (1 + 0x1p-22)); }

static void quantize_keys(const KeyMemory& memory, uint8_t* to, size_t from, size_t end) {
  const QuantizedLayout layout(memory.dimension);
  Workspace workspace;
  int8_t* codes = workspace.take<int8_t>(layout.groups * 4);
  memset(codes, 0, layout.groups * 4);
  for (size_t tile = from; tile < end; tile++) {
    uint8_t* bytes = to + tile * layout.bytes();
    float tail[2 * kTileKeys + 16] = {};
    double bounds[4] = {0, 0, 0, 0};
    for (size_t r = 0; r < kTileKeys; r++) {
      const size_t mu = tile * kTileKeys + r;
      const float* key = memory.keys + mu * memory.dimension;
      const double scale = memory.scales == nullptr ? 1 : memory.scales[mu];
      const double offset = memory.offsets == nullptr ? 0 : memory.offsets[mu];
      double left, square = 0;
      const float step = quantise(key, memory.dimension, 127, codes, &left);
      for (size_t k = 0; k < memory.dimension; k++) square += static_cast<double>(key[k]) * key[k];
      for (size_t g = 0; g < layout.groups; g++) {
        uint8_t* four = bytes + ((g * 4 + r / 16) * 16 + r % 16) * 4;
        for (size_t k = 0; k < 4; k++) four[k] = static_cast<uint8_t>(codes[g * 4 + k] + 128);
      }
      tail[r] = static_cast<float>(step * scale);
      tail[kTileKeys + r] = static_cast<float>(offset);
      const double own[4] = {left * scale, sqrt(square) * scale, offset, scale};
      for (size_t k = 0; k < 4; k++) bounds[k] = larger(own[k], bounds[k]);
    }
    for (size_t k = 0; k < 4; k++) tail[2 * kTileKeys + k] = rounded_up(bounds[k]);
    memcpy(bytes + layout.codes(), tail, sizeof(tail));
  }
}

/// A query in bytes.
struct QuantizedQuery {
  const int8_t* codes;  ///< whole groups, zeros after the last dimension
  int32_t bias;         ///< 128·Σ codes: what bytes of keys are too large by
  float step;
  double coded;  ///< ‖q̂‖
  double left;   ///< ‖r‖
  double norm;   ///< ‖q‖
  /// Where exact similarities are sums of f32: how far one is off, in ‖q‖‖k‖, and what all terms of one that
  /// is too small for f32 lose.
  double rounding = 0, lost = 0;

  /// Products of f32: ⌈d/16⌉ fused additions and four more, each of which may be off by 2^-24, or by 2^-150.
  void expect_singles(size_t dimension) {
    const double terms = static_cast<double>((dimension + 15) / 16);
    rounding = (terms + 6) * 0x1p-24;
    lost = (static_cast<double>(dimension) + 16) * 0x1p-149;
  }

  /// How far a similarity of this tile may be from what `similarities` says.
  double error(const QuantizedTile& tile) const {
    const double e = coded * tile.bounds[0] + left * tile.bounds[1];
    const double known = e * (1 + 0x1p-20) + norm * tile.bounds[1] * 0x1p-19 + tile.bounds[2] * 0x1p-20;
    if (rounding == 0) return known;
    // Copies of an earlier version say nothing of the scale.
    return tile.bounds[3] > 0 ? known + norm * tile.bounds[1] * rounding + lost * tile.bounds[3] : HUGE_VAL;
  }
};

static inline QuantizedQuery quantized_query(const float* query, size_t dimension, double norm,
                                             int8_t* codes) {
  const size_t whole = QuantizedLayout(dimension).groups * 4;
  memset(codes, 0, whole);
  QuantizedQuery q;
  q.codes = codes;
  q.step = quantise(query, dimension, kQueryLevels, codes, &q.left);
  int32_t sum = 0;
  double square = 0;
  for (size_t k = 0; k < dimension; k++) {
    sum += codes[k];
    square += static_cast<double>(codes[k]) * codes[k];
  }
  q.bias = 128 * sum;
  q.coded = sqrt(square) * q.step;
  q.norm = norm;
  return q;
}

/// What the tile's similarities to kCount queries may be, give or take their errors: kTileKeys a query.
template <size_t kCount>
static inline void similarities(const QuantizedLayout& layout, const QuantizedTile& tile,
                                const QuantizedQuery* queries, float* out) {
  alignas(64) int32_t sums[kCount * kTileKeys];
  const int8_t* codes[kCount];
  for (size_t c = 0; c < kCount; c++) codes[c] = queries[c].codes;
  tile_products<kCount>(tile.codes, layout.groups, codes, sums);
  for (size_t c = 0; c < kCount; c++) {
    for (size_t r = 0; r < kTileKeys; r++) {
      const float dot = static_cast<float>(sums[c * kTileKeys + r] - queries[c].bias);
      out[c * kTileKeys + r] = dot * (tile.factor[r] * queries[c].step) - tile.offset[r];
    }
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_QUANTIZED_KEYS_H_
