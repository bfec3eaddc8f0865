// The algorithms, written once on the primitives of the tier that includes them, and their table.
#ifndef HOPFIELD_KERNELS_ALL_H_
#define HOPFIELD_KERNELS_ALL_H_

#include "kernels/annealing/annealing.h"
#include "kernels/annealing/bifurcation.h"
#include "kernels/retrieval/association.h"
#include "kernels/retrieval/most_similar.h"
#include "kernels/bidirectional.h"
#include "kernels/boltzmann/contrast.h"
#include "kernels/boltzmann/free_energies.h"
#include "kernels/boltzmann/gibbs.h"
#include "kernels/boltzmann/log_partitions.h"
#include "kernels/bounded.h"
#include "kernels/codes.h"
#include "kernels/connecting.h"
#include "kernels/descent.h"
#include "kernels/energy.h"
#include "kernels/features.h"
#include "kernels/field.h"
#include "kernels/form_weights.h"
#include "kernels/forms.h"
#include "kernels/graded/graded.h"
#include "kernels/hebbian.h"
#include "kernels/inverse.h"
#include "kernels/lowest_states.h"
#include "kernels/minimal_overlap.h"
#include "kernels/nearest.h"
#include "kernels/overlap.h"
#include "kernels/pack.h"
#include "kernels/perceptron.h"
#include "kernels/random.h"
#include "kernels/recall/choose.h"
#include "kernels/retrieval/retrieval.h"
#include "kernels/signed_sums.h"
#include "kernels/storkey.h"
#include "kernels/tabu.h"
#include "kernels/willshaw.h"
#include "simd/primitives.h"

namespace hopfield {
namespace {

static Tier table() {
  Tier tier{};
#define HOPFIELD_KERNEL(result, name, parameters) tier.name = name;
#include "kernels.def"
  return tier;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ALL_H_
