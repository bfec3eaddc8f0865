// Whole numbers: how large a cost a random word takes, as a table for each sweep.
#ifndef HOPFIELD_KERNELS_ANNEALING_ACCEPTANCE_LIMITS_H_
#define HOPFIELD_KERNELS_ANNEALING_ACCEPTANCE_LIMITS_H_

#include "core/annealing.h"
#include "kernels/random.h"
#include "kernels/real.h"
#include "simd/simd.h"
#include "simd/small.h"
#include "workspace.h"

namespace hopfield {
namespace {

/// The random words of a sweep, one for each neuron.
static void draw_words(const AnnealingPlan& plan, size_t sweep, uint64_t query, uint32_t* out, size_t words) {
  philox(plan.seed, plan.first_sweep + static_cast<uint32_t>(sweep), static_cast<uint32_t>(query),
         static_cast<uint32_t>(query >> 32), out, words, 1);
}
/// The query under which replica r draws where replicas do not share their words.
static inline uint64_t own_query(const AnnealingPlan& plan, size_t r) {
  return plan.group * 64 * kGroupWords + r;
}

/// Word w takes x where x ≤ 0 or w < limits[x − 1]; past `count` there is nothing that any word takes.
struct AcceptanceLimits {
  /// Tables of this length at least can be read whole.
  static constexpr size_t kRoom = 32;

  uint32_t* limits;
  size_t count = 0;
  const size_t most;

  AcceptanceLimits(size_t largest, Workspace& workspace)
      : limits(workspace.take<uint32_t>(largest + kRoom)), most(largest) {}

  /// ⌊exp(−2·(β·x))·2^32⌋, and 2^32 − 1 where that is 2^32; ends with the first 0.
  void heat(double beta) {
    // e^-22.5 · 2^32 is below 1, and exps() knows arguments down to −708.
    constexpr double kCold = -700;
    count = 0;
    for (size_t first = 0; first < most; first += 8) {
      alignas(64) double x[8];
      for (size_t l = 0; l < 8; l++) {
        const double at = -2 * (beta * static_cast<double>(first + l + 1));
        x[l] = at > kCold ? at : kCold;
      }
      Real8 chances = load8(x);
      exps<1>(&chances);
      store8(x, chances);
      for (size_t l = 0; l < 8 && first + l < most; l++) {
        const auto limit = static_cast<uint64_t>(x[l] * 0x1p32);
        if (limit == 0) return;
        limits[count++] = static_cast<uint32_t>(smaller(limit, UINT32_MAX));
      }
    }
  }

  /// The largest x that word w takes.
  inline size_t largest(uint32_t w) const {
    size_t below = 0, beyond = count;
    while (below < beyond) {
      const size_t middle = (below + beyond) / 2;
      if (w < limits[middle]) {
        below = middle + 1;
      } else {
        beyond = middle;
      }
    }
    return below;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_ACCEPTANCE_LIMITS_H_
