// Fuzz cases of kernels on the memories of ±1 networks: one function per kernel, under its name.
#ifndef HOPFIELD_FUZZ_PAIRWISE_CASES_H_
#define HOPFIELD_FUZZ_PAIRWISE_CASES_H_

#include "core/batch.h"
#include "fuzz/memories.h"

namespace hopfield {
namespace fuzz {

struct Trace : Recorder {
  std::vector<double> energies;
  std::vector<uint32_t> flips;
  std::vector<int32_t> overlaps;
  void energy(double value) override { energies.push_back(value); }
  void flip(uint32_t neuron) override { flips.push_back(neuron); }
  void sweep(const int32_t* values, size_t count) override {
    overlaps.insert(overlaps.end(), values, values + count);
  }
};

inline Form any_form(Input& input) { return static_cast<Form>(input.below(6)); }

namespace cases {

/// A lone recall, traced and not: the trace must not change it.
inline void recall(Input& input, const Tier& tier, Output& out) {
  PairwiseMemory of(input, tier, any_form(input));
  RecallPlan by(input, of.memory);
  const size_t words = row_words(of.memory.neurons);
  const auto cue = states_of(input, of.rows, of.memory.count, 1, of.memory.neurons);
  Array<uint32_t> state(words, true), again(words, true);
  Outcome outcome{}, once{};
  Trace trace;
  hopfield::recall_traced(tier, of.memory, by.plan, 7, cue.data(), state.data(), &outcome, &trace);
  hopfield::recall_traced(tier, of.memory, by.plan, 7, cue.data(), again.data(), &once, nullptr);
  out.add("state", state);
  out.add("outcome", &outcome, sizeof(outcome));
  out.add("energies", trace.energies);
  out.add("overlaps", trace.overlaps);
  out.add("flips", trace.flips);
  if (memcmp(state.data(), again.data(), words * sizeof(uint32_t)) != 0 ||
      memcmp(&outcome, &once, sizeof(once)) != 0) {
    fail("recall", tier.name, "another result without a trace");
  }
}

/// What is indexed is recalled from.
inline void index_bytes(Input& input, const Tier& tier, Output& out) { recall(input, tier, out); }
inline void index_patterns(Input& input, const Tier& tier, Output& out) { recall(input, tier, out); }
inline void coupling_bytes(Input& input, const Tier& tier, Output& out) { recall(input, tier, out); }
inline void couple(Input& input, const Tier& tier, Output& out) { recall(input, tier, out); }

/// A batch: bytes or rows in, bytes or rows out; and each of the first cues alone.
inline void recall_many(Input& input, const Tier& tier, Output& out) {
  PairwiseMemory of(input, tier, any_form(input));
  RecallPlan by(input, of.memory);
  const size_t neurons = of.memory.neurons, words = row_words(neurons);
  const size_t count = input.size(0, neurons > 200 ? 40 : 300);
  const auto cues = states_of(input, of.rows, of.memory.count, count, neurons);
  Array<int8_t> cue_bytes(count * neurons, true), state_bytes(count * neurons, true);
  Array<uint32_t> states(count * words, input.flag());
  Array<double> outcomes(5 * count, true), streams(count, true);
  for (size_t b = 0; b < count; b++) streams[b] = static_cast<double>(3 * b % 50);
  Batch batch{};
  batch.outcomes = reinterpret_cast<Outcome*>(outcomes.data());
  batch.count = count;
  batch.stream = 5;
  if (input.flag()) batch.streams = streams.data();
  const bool bytes_in = input.flag(), bytes_out = input.flag();
  if (bytes_in) tier.unpack(cues.data(), count, neurons, cue_bytes.data());
  batch.cue_bytes = bytes_in ? cue_bytes.data() : nullptr;
  batch.cue_rows = bytes_in ? nullptr : cues.data();
  batch.state_bytes = bytes_out ? state_bytes.data() : nullptr;
  batch.state_rows = bytes_out ? nullptr : states.data();
  if (count > 0) recall_batch(tier, of.memory, by.plan, batch);
  if (bytes_out) tier.pack(state_bytes.data(), count, neurons, states.data());
  out.add("states", states);
  out.add("outcomes", outcomes);
  for (size_t b = 0; b < count && b < 3; b++) {
    Array<uint32_t> alone(words, true);
    Outcome outcome{};
    const uint64_t query = batch.streams != nullptr ? static_cast<uint64_t>(streams[b]) : 5 + b;
    hopfield::recall_traced(tier, of.memory, by.plan, query, cues.data() + b * words, alone.data(), &outcome,
                            nullptr);
    if (memcmp(alone.data(), states.data() + b * words, words * sizeof(uint32_t)) != 0 ||
        memcmp(&outcome, batch.outcomes + b, sizeof(outcome)) != 0) {
      fail("recall_many", tier.name, "another result than alone");
    }
  }
}

/// Samples, and the same by recalls one after the other.
inline void sample(Input& input, const Tier& tier, Output& out) {
  PairwiseMemory of(input, tier, any_form(input));
  RecallPlan by(input, of.memory);
  if (by.plan.max_sweeps > 4) by.plan.max_sweeps = 4;
  const size_t neurons = of.memory.neurons, words = row_words(neurons);
  const size_t count = input.size(1, neurons > 200 ? 20 : 100), samples = input.below(4);
  const auto cues = states_of(input, of.rows, of.memory.count, count, neurons);
  Array<uint32_t> rows(count * words, true);
  memcpy(rows.data(), cues.data(), count * words * sizeof(uint32_t));
  Array<uint32_t> states(count * samples * words, input.flag());
  Array<double> outcomes(5 * count * samples, true);
  Batch batch{};
  batch.outcomes = reinterpret_cast<Outcome*>(outcomes.data());
  batch.count = count;
  batch.stream = 5;
  batch.state_rows = states.data();
  Array<int32_t> sums(count * neurons, input.flag());
  sample_batch(tier, of.memory, by.plan, batch, rows.data(), samples, sums.data());
  out.add("sums", sums);
  out.add("rows", rows);
  out.add("states", states);
  out.add("outcomes", outcomes);
  for (size_t b = 0; b < count && b < 2; b++) {
    Array<uint32_t> from(words, true), to(words, true);
    memcpy(from.data(), cues.data() + b * words, words * sizeof(uint32_t));
    Plan plan = by.plan;
    for (size_t k = 0; k < samples; k++, plan.first_sweep += plan.max_sweeps) {
      Outcome outcome{};
      hopfield::recall_traced(tier, of.memory, plan, 5 + b, from.data(), to.data(), &outcome, nullptr);
      const size_t at = b * samples + k;
      if (memcmp(to.data(), states.data() + at * words, words * sizeof(uint32_t)) != 0 ||
          memcmp(&outcome, batch.outcomes + at, sizeof(outcome)) != 0) {
        fail("sample", tier.name, "another result than recalls");
      }
      memcpy(from.data(), to.data(), words * sizeof(uint32_t));
    }
  }
}

inline void local_fields(Input& input, const Tier& tier, Output& out) {
  PairwiseMemory of(input, tier, any_form(input));
  const auto state = states_of(input, of.rows, of.memory.count, 1, of.memory.neurons);
  Array<double> fields(of.memory.neurons, input.flag());
  tier.local_fields(of.memory, state.data(), fields.data());
  out.add("fields", fields);
}

inline void quadratics(Input& input, const Tier& tier, Output& out) {
  PairwiseMemory of(input, tier, any_form(input));
  const size_t count = input.size(0, 70);
  const auto states = states_of(input, of.rows, of.memory.count, count, of.memory.neurons);
  Array<double> q(count, input.flag());
  tier.quadratics(of.memory, states.data(), count, q.data());
  out.add("quadratics", q);
}

inline void external_dot(Input& input, const Tier& tier, Output& out) {
  const size_t neurons = input.size(1, 700);
  const auto state = rows_of(input, 1, neurons);
  Stream stream(input);
  Array<double> field(neurons, input.flag());
  for (double& b : field) b = stream.real();
  out.add("dot", tier.external_dot(field.data(), neurons, state.data()));
}

inline void form_weights(Input& input, const Tier& tier, Output& out) {
  PairwiseMemory of(input, tier, Form::kCoupled);
  const size_t n = of.memory.neurons, from = input.byte() % (n + 1), most = n - from < 40 ? n - from : 40;
  const size_t to = from + input.byte() % (most + 1);
  // Couplings this small leave no weight that 32 bits cannot hold.
  const bool whole = of.memory.coupled.coupling > Coupling::kMatrix && input.flag();
  Array<int32_t> integers(whole ? (to - from) * n : 0, input.flag());
  Array<double> reals(whole ? 0 : (to - from) * n, input.flag());
  tier.form_weights(of.memory, from, to, whole ? 1 : 3, whole ? integers.data() : nullptr,
                    whole ? nullptr : reals.data());
  out.add("integers", integers);
  out.add("reals", reals);
}

inline void connection_weights(Input& input, const Tier& tier, Output& out) {
  PairwiseMemory of(input, tier, Form::kCoupled);
  Stream stream(input);
  const size_t n = of.memory.neurons, first = input.byte() % n, targets = input.byte() % (n - first + 1);
  Array<uint32_t> starts(targets + 1, true);
  starts[0] = input.byte();
  for (size_t r = 0; r < targets; r++) starts[r + 1] = starts[r] + static_cast<uint32_t>(stream.below(20));
  const size_t length = starts[targets] - starts[0];
  Array<uint32_t> sources(length, input.flag());
  for (uint32_t& source : sources) source = static_cast<uint32_t>(stream.below(n));
  const bool whole = input.flag();
  Array<int32_t> integers(whole ? length : 0, input.flag());
  Array<double> reals(whole ? 0 : length, input.flag());
  const double largest =
      tier.connection_weights(of.memory, first, starts.data(), sources.data(), targets,
                              whole ? integers.data() : nullptr, whole ? nullptr : reals.data());
  out.add("largest", largest);
  out.add("integers", integers);
  out.add("reals", reals);
}

inline void self_weights(Input& input, const Tier& tier, Output& out) {
  PairwiseMemory of(input, tier, Form::kCoupled);
  const size_t n = of.memory.neurons, from = input.byte() % (n + 1),
               to = from + input.word() % (n - from + 1);
  Array<double> d(to - from, input.flag());
  tier.self_weights(of.memory, from, to, d.data());
  out.add("self weights", d);
}

}  // namespace cases
}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_PAIRWISE_CASES_H_
