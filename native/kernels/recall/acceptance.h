// What becomes of a neuron at T > 0 (Glauber 1963): +1 where a uniform number lies below the chance of it.
#ifndef HOPFIELD_KERNELS_RECALL_ACCEPTANCE_H_
#define HOPFIELD_KERNELS_RECALL_ACCEPTANCE_H_

#include "kernels/random.h"
#include "kernels/real.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

static inline double chance_of(double x) {
  alignas(64) double lanes[8];
  store8(lanes, logistic8(broadcast8(x)));
  return lanes[0];
}

/// 2·(field/scale + b_i)/T, what the logistic function is taken of.
static inline double heat_argument(const Plan& plan, double temperature, double field, size_t i) {
  double total = field / plan.scale;
  if (plan.external_field != nullptr) total += plan.external_field[i];
  return 2 * total / temperature;
}

/// Uniform numbers of the updates of one sweep, in order.
struct Uniforms {
  static constexpr uint32_t kFirstDraw = 0x80000000u;
  WordStream words;

  Uniforms(const Plan& plan, uint32_t sweep, uint64_t query) : words(plan.seed, sweep, query) {
    words.draw = kFirstDraw;
  }
  inline uint64_t bits() {
    const uint32_t high = words.word();
    return uniform_bits(high, words.word());
  }
  inline double next() { return static_cast<double>(bits()) * 0x1p-53; }
};

/// Chances by whole fields from −most to most, where there are few of them and no external field. A chance p
/// is kept as the largest 53 bits that lie below it, p·2^53 rounded up and less one: p is never zero.
struct AcceptanceTable {
  static constexpr int64_t kMost = 4096;
  /// Room before and after the table, so that any 16-bit number finds something there: weights in memory
  /// that other threads write may bring sums beyond the largest. Nobody reads it otherwise, and it costs
  /// addresses alone.
  static constexpr size_t kAnywhere = 65536;
  int64_t most;
  double temperature = 0;
  double* chances = nullptr;
  uint64_t* limits = nullptr;
  uint32_t* high_limits = nullptr;
  uint16_t (*top_limits)[64] = nullptr;  ///< where fields of one parity are few enough

  /// @param largest no field is larger; negative if that is not known.
  AcceptanceTable(double largest, const Plan& plan, size_t visits, Workspace& workspace, size_t around = 0)
      : most(-1) {
    const bool rarely = plan.temperature_count == 1 || 2 * largest + 1 <= 8 * static_cast<double>(visits);
    if (plan.temperature_count == 0 || plan.external_field != nullptr) return;
    if (!(largest >= 0 && largest <= static_cast<double>(kMost)) || !rarely) return;
    most = static_cast<int64_t>(largest);
    const size_t size = static_cast<size_t>(2 * most + 1);
    chances = workspace.take<double>(size + 8);
    limits = workspace.take<uint64_t>(size + 2 * around) + around;
    high_limits = workspace.take<uint32_t>(size + 2 * around) + around;
    if (most < 64) top_limits = reinterpret_cast<uint16_t(*)[64]>(workspace.take<uint16_t>(2 * 64));
  }
  ChanceLimits by_place() const { return {limits, high_limits, top_limits}; }
  bool serves() const { return most >= 0; }

  void heat(const Plan& plan, double to) {
    if (!serves() || to == temperature) return;
    temperature = to;
    const size_t size = static_cast<size_t>(2 * most + 1);
    for (size_t k = 0; k < size; k += 8) {
      alignas(64) double x[8];
      for (size_t l = 0; l < 8; l++) {
        x[l] = heat_argument(plan, to, static_cast<double>(static_cast<int64_t>(k + l) - most), 0);
      }
      store8(chances + k, logistic8(load8(x)));
    }
    for (size_t k = 0; k < size; k++) {
      const double scaled = chances[k] * 0x1p53;
      const uint64_t whole = static_cast<uint64_t>(scaled);
      limits[k] = whole - (static_cast<double>(whole) == scaled ? 1 : 0);
      high_limits[k] = static_cast<uint32_t>(limits[k] >> 21);
      if (top_limits != nullptr) top_limits[k % 2][k / 2] = static_cast<uint16_t>(limits[k] >> 37);
    }
  }
  /// Columns or targets that do not agree with the rows may carry a field beyond the largest: it counts as
  /// that.
  inline int64_t place(int64_t field) const {
    return most + (field > most ? most : field < -most ? -most : field);
  }
  inline unsigned up(double field, uint64_t bits) const {
    // A constant field that is no number makes a field that is none.
    const double whole = fabs(field) < 0x1p62 ? field : 0;
    return bits <= limits[place(static_cast<int64_t>(whole))] ? 1 : 0;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_ACCEPTANCE_H_
