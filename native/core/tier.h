// One instruction-set tier: the kernels of src/kernels/contract/, each a plain function; and which tiers
// there are.
#ifndef HOPFIELD_CORE_TIER_H_
#define HOPFIELD_CORE_TIER_H_

#include "core/annealing.h"
#include "core/bifurcation.h"
#include "core/boltzmann.h"
#include "core/codes.h"
#include "core/features.h"
#include "core/graded.h"
#include "core/keys.h"
#include "core/memory.h"
#include "core/pairs.h"
#include "core/plan.h"
#include "recorder.h"
#include "workspace.h"

namespace hopfield {

struct Tier {
  const char* name;
  const char* description;
  bool (*usable)();
  bool refused;  ///< the processor has it, the operating system will not let this process use it
  // Null where not usable.
#define HOPFIELD_KERNEL(result, name, parameters) result(*name) parameters;
#include "kernels.def"
};

/// Every tier this build has, best first; the last is always "scalar".
const Tier* const* tiers(size_t* count);
/// By exact name; null if this build has none of that name.
const Tier* find_tier(const char* name);

}  // namespace hopfield

#endif  // HOPFIELD_CORE_TIER_H_
