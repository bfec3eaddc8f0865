// h = J s for many states at once, with J an integer matrix. Weights that fit in 16 bits, which is all but
// the most crowded, are narrowed a few rows at a time and multiplied pair by pair (pmaddwd and its like) with
// states of ±1, each row for several states while it is in the first-level cache.
#ifndef HOPFIELD_KERNELS_RECALL_MATRIX_FIELDS_H_
#define HOPFIELD_KERNELS_RECALL_MATRIX_FIELDS_H_

#include "flag.h"
#include "core/memory.h"
#include "simd/bits.h"
#include "simd/small.h"
#include "workspace.h"

namespace hopfield {
namespace {

struct MatrixFields {
  static constexpr size_t kSlots = 64;
  static constexpr size_t kRows = 4, kStates = 2;

  const Memory& memory;
  const int32_t* weights;
  const size_t stride;
  int16_t* spins;  ///< kSlots × stride, zeros after the N-th
  int16_t* rows;   ///< kRows × stride

  MatrixFields(const Memory& of, Workspace& workspace)
      : memory(of),
        weights(of.weights_as<int32_t>()),
        stride(padded_stride(of.neurons)),
        spins(workspace.take<int16_t>(kSlots * padded_stride(of.neurons))),
        rows(workspace.take<int16_t>(kRows * padded_stride(of.neurons))) {}

  /// Fields as 32-bit integers, which must hold them.
  void fields(size_t count, const uint32_t* const* states, int32_t* const* out) {
    some_fields(0, memory.neurons, count, states, out);
  }

  /// Of neurons first…first + rows alone.
  void some_fields(size_t first, size_t height, size_t count, const uint32_t* const* states,
                   int32_t* const* out) {
    for (size_t from = 0; from < count; from += kSlots) {
      const size_t some = smaller(count - from, kSlots);
      spread(some, states + from);
      for (size_t i = first; i < first + height; i += kRows) {
        heed_flag(i - first, 4 * kRows);
        const size_t left = smaller(first + height - i, kRows);
        some_rows(i, left, some, out + from);
      }
    }
  }

  void spread(size_t count, const uint32_t* const* states) {
    for (size_t b = 0; b < count; b++) {
      int16_t* to = spins + b * stride;
      for (size_t j = 0; j < memory.neurons; j++) {
        to[j] = static_cast<int16_t>(2 * static_cast<int>(bit_at(states[b], j)) - 1);
      }
      for (size_t j = memory.neurons; j < stride; j++) to[j] = 0;
    }
  }

  void some_rows(size_t i, size_t height, size_t count, int32_t* const* out) {
    if (height < kRows || !narrow(weights + i * stride)) {
      for (size_t b = 0; b < count; b++) plain(i, height, b, out[b]);
      return;
    }
    size_t b = 0;
    for (; b + kStates <= count; b += kStates) square<kStates>(b, i, out);
    for (; b < count; b++) square<1>(b, i, out);
  }

  /// kRows rows to 16 bits; false if one does not fit.
  bool narrow(const int32_t* from) {
    uint32_t over = 0;
    for (size_t k = 0; k < kRows * stride; k++) {
      const uint32_t weight = static_cast<uint32_t>(from[k]);
      over |= (weight + 0x8000u) >> 16;
      rows[k] = static_cast<int16_t>(weight);
    }
    return over == 0;
  }

  template <size_t kCount>
  void square(size_t b, size_t i, int32_t* const* out) const {
    int32_t sums[kRows][kCount] = {};
    for (size_t j = 0; j < stride; j++) {
      for (size_t r = 0; r < kRows; r++) {
        for (size_t c = 0; c < kCount; c++) sums[r][c] += rows[r * stride + j] * spins[(b + c) * stride + j];
      }
    }
    for (size_t r = 0; r < kRows; r++) {
      for (size_t c = 0; c < kCount; c++) out[b + c][i + r] = sums[r][c];
    }
  }

  void plain(size_t i, size_t height, size_t b, int32_t* out) const {
    for (size_t r = i; r < i + height; r++) {
      uint32_t sum = 0;
      for (size_t j = 0; j < memory.neurons; j++) {
        const uint32_t weight = static_cast<uint32_t>(weights[r * stride + j]);
        sum += spins[b * stride + j] > 0 ? weight : 0u - weight;
      }
      out[r] = static_cast<int32_t>(sum);
    }
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_MATRIX_FIELDS_H_
