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

/// Word w takes x where x < first or w < limits[x − first]; past `count` there is nothing that any word
/// takes, and limits[count] is 0.
struct AcceptanceLimits {
  /// Tables of this length at least can be read whole.
  static constexpr size_t kRoom = 32;

  const size_t largest;
  uint32_t* limits;
  /// Of this sweep, never kMixed.
  Acceptance acceptance = Acceptance::kMetropolis;
  /// Metropolis takes what costs nothing, and Glauber not always.
  int32_t first = 1;
  size_t count = 0;

  AcceptanceLimits(size_t largest_total, Acceptance by, Workspace& workspace)
      : largest(largest_total),
        limits(
            workspace.take<uint32_t>((by == Acceptance::kMetropolis ? largest : 2 * largest + 1) + kRoom)) {}

  /// ⌊p·2^32⌋, and 2^32 − 1 where that is 2^32, with p as `chance` has it; ends with the first 0.
  void heat(const AnnealingPlan& plan, size_t sweep) {
    acceptance = plan.acceptance_of(sweep);
    const bool glauber = acceptance == Acceptance::kGlauber;
    const double beta = plan.betas[sweep];
    const size_t most = glauber ? 2 * largest + 1 : largest;
    first = glauber ? -static_cast<int32_t>(largest) : 1;
    // e^-22.5 · 2^32 is below 1, and exps() knows arguments down to −708.
    constexpr double kCold = -700;
    count = 0;
    for (size_t from = 0; from < most; from += 8) {
      alignas(64) double e[8];
      for (size_t l = 0; l < 8; l++) {
        const double x = fabs(static_cast<double>(first) + static_cast<double>(from + l));
        const double at = x == 0 ? 0 : -2 * (beta * x);
        e[l] = at > kCold ? at : kCold;
      }
      Real8 powers = load8(e);
      exps<1>(&powers);
      store8(e, powers);
      for (size_t l = 0; l < 8 && from + l < most; l++) {
        const auto limit = static_cast<uint64_t>(chance(e[l], from + l) * 0x1p32);
        if (limit == 0) {
          limits[count] = 0;
          return;
        }
        limits[count++] = static_cast<uint32_t>(smaller(limit, UINT32_MAX));
      }
    }
    limits[count] = 0;
  }

  /// 1 where word w takes x, and 0 where not, without a jump.
  inline uint32_t taken(int32_t x, uint32_t w) const {
    const auto last = static_cast<uint32_t>(count);
    const uint32_t place = static_cast<uint32_t>(x) - static_cast<uint32_t>(first);
    const uint32_t limit = limits[place < last ? place : last];
    return static_cast<uint32_t>(x < first) | static_cast<uint32_t>(w < limit);
  }

  /// How many limits are above word w.
  inline size_t below(uint32_t w) const {
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
  inline bool takes(int32_t x, uint32_t w) const {
    if (x < first) return true;
    const auto place = static_cast<size_t>(x - first);
    return place < count && w < limits[place];
  }

 private:
  /// Of x = first + place, by e = exp(−2β|x|): that, or Glauber's 1/(1 + exp(2βx)).
  inline double chance(double e, size_t place) const {
    if (acceptance == Acceptance::kMetropolis) return e;
    return (static_cast<int64_t>(first) + static_cast<int64_t>(place) > 0 ? e : 1) / (1 + e);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_ACCEPTANCE_LIMITS_H_
