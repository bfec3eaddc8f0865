// The algorithms, written once, on the primitives of the tier that includes them. No target-dependent code
// here.
#include "kernels/pack.h"
#include "kernels/overlap.h"
#include "kernels/hebbian.h"
#include "kernels/random.h"
#include "kernels/energy.h"
#include "kernels/field.h"
#include "kernels/recall.h"

static Tier table() {
  Tier tier{};
  tier.pack = pack;
  tier.unpack = unpack;
  tier.transpose = transpose;
  tier.overlaps = overlaps;
  tier.hebbian = hebbian;
  tier.implicit_fields = implicit_fields;
  tier.dense_fields = dense_fields;
  tier.implicit_quadratic = implicit_quadratic;
  tier.dense_quadratic = dense_quadratic;
  tier.external_dot = external_dot;
  tier.philox = philox;
  tier.recall = recall;
  return tier;
}
