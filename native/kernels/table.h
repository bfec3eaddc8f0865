// What is built on a tier's Together (tiers/*.cc): many states at once. And the table of it all.
#include "kernels/choice.h"
#include "kernels/slots.h"
#include "kernels/overlap.h"
#include "kernels/many_forms.h"
#include "kernels/batch.h"

static Tier table() {
  Tier tier{};
#define HOPFIELD_KERNEL(result, name, parameters) tier.name = name;
#include "kernels.def"
  return tier;
}
