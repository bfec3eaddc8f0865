// Fuzz cases of searches for states of least energy: one function per kernel, under its name.
#ifndef HOPFIELD_FUZZ_SEARCH_CASES_H_
#define HOPFIELD_FUZZ_SEARCH_CASES_H_

#include "fuzz/memories.h"

namespace hopfield {
namespace fuzz {

/// Couplings, a field or none, and states.
struct SearchCase {
  PairwiseMemory of;
  size_t count;
  Array<double> external;
  Array<uint32_t> rows;

  SearchCase(Input& input, const Tier& tier, size_t most)
      : of(input, tier, input.flag() ? Form::kMatrix : Form::kSparse),
        count(input.size(most == 1 ? 1 : 0, most)) {
    const size_t neurons = of.memory.neurons;
    rows = states_of(input, of.rows, of.memory.count, count, neurons);
    if (!input.flag()) return;
    Stream stream(input);
    const bool whole = input.flag();
    external = Array<double>(neurons, input.flag());
    for (double& b : external) b = whole ? stream.whole(4) : stream.real();
  }
  const double* fields() const { return external.size() == 0 ? nullptr : external.data(); }
};

namespace cases {

/// A group of replicas: random words, whichever bits are asked for.
inline Array<uint32_t> group_of(Input& input, size_t count, size_t neurons) {
  Array<uint32_t> replicas(2 * neurons * ((count + 63) / 64), input.flag());
  Stream stream(input);
  for (uint32_t& word : replicas) word = static_cast<uint32_t>(stream.bits());
  return replicas;
}

inline void anneal(Input& input, const Tier& tier, Output& out) {
  SearchCase given(input, tier, 1);
  const size_t count = input.size(1, 512);
  Array<uint32_t> replicas = group_of(input, count, given.of.memory.neurons);
  Array<double> betas(input.below(6), input.flag());
  for (double& beta : betas) beta = input.one_of({0.0, 1e-3, 0.05, 0.3, 1.0, 20.0, HUGE_VAL});
  AnnealingPlan plan{};
  plan.betas = betas.data();
  plan.sweeps = betas.size();
  plan.first_sweep = input.byte();
  plan.seed[0] = input.byte();
  plan.group = input.byte();
  plan.acceptance = input.one_of({Acceptance::kMetropolis, Acceptance::kGlauber, Acceptance::kMixed});
  plan.external_field = given.fields();
  tier.anneal(given.of.memory, plan, replicas.data(), count);
  out.add("replicas", replicas);
}

inline void replica_quadratics(Input& input, const Tier& tier, Output& out) {
  SearchCase given(input, tier, 1);
  const size_t count = input.size(1, 512);
  const Array<uint32_t> replicas = group_of(input, count, given.of.memory.neurons);
  Array<double> quadratics(count, input.flag());
  tier.replica_quadratics(given.of.memory, given.fields(), replicas.data(), count, quadratics.data());
  out.add("quadratics", quadratics);
}

inline void exchange_clusters(Input& input, const Tier& tier, Output& out) {
  SearchCase given(input, tier, 1);
  const size_t count = input.size(1, 512), neurons = given.of.memory.neurons;
  Array<uint32_t> replicas = group_of(input, count, neurons), starts(count / 2, input.flag());
  Stream stream(input);
  for (uint32_t& start : starts) start = static_cast<uint32_t>(stream.below(neurons));
  tier.exchange_clusters(given.of.memory, starts.data(), replicas.data(), count);
  out.add("replicas", replicas);
}

inline void bifurcate(Input& input, const Tier& tier, Output& out) {
  SearchCase given(input, tier, 1);
  const size_t count = input.size(0, 20), size = count * given.of.memory.neurons;
  Array<double> positions(size, input.flag()), momenta(size, input.flag()), pumps(size, input.flag());
  Stream stream(input);
  for (size_t k = 0; k < size; k++) {
    positions[k] = static_cast<double>(stream.whole(1000)) / 1000;
    momenta[k] = static_cast<double>(stream.whole(1000)) / 1000;
    pumps[k] = static_cast<double>(stream.whole(1000)) / 1000;
  }
  BifurcationPlan plan{};
  plan.variant = static_cast<Variant>(input.below(3));
  plan.strength = input.one_of({1e-3, 0.05, 0.3, 1.0});
  plan.step = input.one_of({0.0, 0.5, 1.0, 4.0});
  plan.left = input.size(0, 8);
  plan.steps = input.below(plan.left + 1);
  plan.external_field = given.fields();
  tier.bifurcate(given.of.memory, plan, positions.data(), momenta.data(), pumps.data(), count);
  out.add("positions", positions);
  out.add("momenta", momenta);
  out.add("pumps", pumps);
}

inline void descend(Input& input, const Tier& tier, Output& out) {
  SearchCase given(input, tier, 9);
  Array<uint32_t> flips(given.count, input.flag());
  tier.descend(given.of.memory, given.fields(), given.rows.data(), given.count,
               input.one_of({0u, 1u, 7u, 300u}), flips.data());
  out.add("states", given.rows);
  out.add("flips", flips);
}

inline void lowest_states(Input& input, const Tier& tier, Output& out) {
  const size_t neurons = 1 + input.below(14), fixed = neurons <= 6 ? 0 : input.below(neurons - 5);
  const size_t prefix = input.word() & ((size_t{1} << fixed) - 1);
  Stream stream(input);
  const size_t rule = input.below(3);
  const auto number = [&] {
    return rule == 0 ? stream.real() : stream.whole(rule == 1 ? 3 : 1099511627776.0);
  };
  Array<double> couplings(neurons * neurons, input.flag()), fields(neurons, input.flag()),
      found(3, input.flag());
  for (size_t i = 0; i < neurons; i++) {
    for (size_t j = 0; j < i; j++) couplings[i * neurons + j] = couplings[j * neurons + i] = number();
    fields[i] = number();
  }
  tier.lowest_states(couplings.data(), fields.data(), neurons, fixed, prefix, found.data());
  out.add("found", found);
}

inline void tabu(Input& input, const Tier& tier, Output& out) {
  SearchCase given(input, tier, 1);
  Stream stream(input);
  const size_t neurons = given.of.memory.neurons, steps = input.size(0, 60);
  Array<uint32_t> best(row_words(neurons), true), until(neurons, input.flag()), tenures(steps, input.flag());
  const uint32_t first = input.byte();
  for (uint32_t& step : until) step = static_cast<uint32_t>(stream.below(40));
  for (uint32_t& tenure : tenures) tenure = static_cast<uint32_t>(stream.below(30));
  Array<double> numbers(3, input.flag());
  numbers[1] = input.one_of({1e300, 0.0, -5.0});
  tier.tabu(given.of.memory, given.fields(), given.rows.data(), best.data(), until.data(), first,
            tenures.data(), steps, numbers.data());
  out.add("state", given.rows);
  out.add("best", best);
  out.add("until", until);
  out.add("numbers", numbers);
}

}  // namespace cases
}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_SEARCH_CASES_H_
