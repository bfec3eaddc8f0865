// What is built on a tier's Together (tiers/*.cc): many states at once. And the table of it all.
#include "kernels/choice.h"
#include "kernels/slots.h"
#include "kernels/overlap.h"
#include "kernels/many_forms.h"
#include "kernels/batch.h"

static Tier table() {
  Tier tier{};
  tier.pack = pack;
  tier.unpack = unpack;
  tier.transpose = transpose;
  tier.overlaps = overlaps;
  tier.interleave = interleave;
  tier.nearest = nearest;
  tier.willshaw_store = willshaw_store;
  tier.recall_codes = recall_codes;
  tier.hebbian = hebbian;
  tier.implicit_fields = implicit_fields;
  tier.dense_fields = dense_fields;
  tier.local_fields = local_fields;
  tier.implicit_quadratic = implicit_quadratic;
  tier.dense_quadratic = dense_quadratic;
  tier.external_dot = external_dot;
  tier.philox = philox;
  tier.recall = recall;
  tier.recall_many = recall_many;
  tier.quadratics = quadratics;
  tier.bidirectional = bidirectional;
  tier.key_norms = key_norms;
  tier.screen_bytes = screen_bytes;
  tier.screen = make_screen;
  tier.logits = logits;
  tier.retrieve = retrieve;
  tier.graded_slopes = graded_slopes;
  tier.graded_energies = graded_energies;
  tier.integrate = integrate;
  tier.storkey = storkey;
  tier.rank_one = rank_one;
  tier.border = border;
  tier.retire = retire;
  tier.responses = responses;
  tier.perceptron = perceptron;
  tier.bounded = bounded;
  tier.clipped = clipped;
  return tier;
}
