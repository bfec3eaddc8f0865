// Fuzz cases of keys and graded neurons: one function per kernel, under its name.
#ifndef HOPFIELD_FUZZ_REAL_CASES_H_
#define HOPFIELD_FUZZ_REAL_CASES_H_

#include <algorithm>

#include "fuzz/input.h"
#include "core/tier.h"

namespace hopfield {
namespace fuzz {

/// Vectors of which each rule breaks another assumption that a short cut could make.
inline Array<float> vectors_of(Input& input, Stream& stream, size_t rule, size_t count, size_t dimension) {
  Array<float> out(count * dimension, input.flag());
  for (size_t row = 0; row < count; row++) {
    const double scale = pow(10, 30 * stream.real());
    const size_t like = row < 3 ? row : stream.below(3);
    for (size_t c = 0; c < dimension; c++) {
      const double x = stream.real();
      float& to = out[row * dimension + c];
      switch (rule) {
        case 1:  // a few vectors over and over: equal logits
          to = row < 3 ? static_cast<float>(x) : out[like * dimension + c];
          break;
        case 2:  // on both sides of the cut, one step apart
          to = c > 0 ? 0 : static_cast<float>(like == 0 ? 1 : stream.whole(2) / 16777216);
          break;
        case 3:
          to = static_cast<float>(x * scale);
          break;
        case 4:
          to = static_cast<float>(x * 1e-39);
          break;
        case 5:
          to = static_cast<float>(stream.whole(2));
          break;
        default:
          to = static_cast<float>(x);
      }
    }
  }
  return out;
}

/// Keys with values of their own or without, and queries.
struct KeyCase {
  KeyMemory memory{};
  RetrievalPlan plan{};
  size_t count;
  Array<float> keys, values, queries;
  Array<double> norms, adjustments, logs;

  KeyCase(Input& input, const Tier& tier) {
    Stream stream(input);
    memory.count = input.size(1, 600);
    memory.dimension = input.size(1, 140);
    const bool own = input.flag();
    memory.width = own ? input.size(0, 100) : memory.dimension;
    count = input.size(0, 70);
    const size_t rule = input.below(6);
    keys = vectors_of(input, stream, rule, memory.count, memory.dimension);
    if (own) values = vectors_of(input, stream, rule, memory.count, memory.width);
    queries = vectors_of(input, stream, rule, count, memory.dimension);
    // The cut of these keys: a logit that lies β lower is at it.
    int bits = 0;
    while (((memory.count - 1) >> bits) != 0) bits++;
    plan = {input.one_of({1e-3, 0.1, 1.0, 4.0, 10.0, (32 + bits) * 0.6931471805599453, 100.0, 1e4}),
            static_cast<Similarity>(input.below(3)), static_cast<Separator>(input.below(5)),
            static_cast<Precision>(input.below(2))};
    norms = Array<double>(memory.count, true);
    tier.key_norms(keys.data(), memory.count, memory.dimension, norms.data());
    adjustments = Array<double>(memory.count, input.flag());
    for (size_t mu = 0; mu < memory.count; mu++) {
      const double norm = norms[mu];
      adjustments[mu] = plan.similarity == Similarity::kEuclidean ? norm * norm * 0.5
                        : norm == 0                               ? 0
                                                                  : 1 / norm;
      if (norm > memory.largest_norm) memory.largest_norm = norm;
    }
    memory.keys = keys.data();
    memory.values = own ? values.data() : keys.data();
    memory.scales = plan.similarity == Similarity::kCosine ? adjustments.data() : nullptr;
    memory.offsets = plan.similarity == Similarity::kEuclidean ? adjustments.data() : nullptr;
    const double range = input.one_of({0.0, 0.0, 0.1, 3.0, 50.0});
    if (range == 0) return;
    logs = Array<double>(memory.count, input.flag());
    memory.least_log_salience = range;
    memory.most_log_salience = -range;
    for (double& log : logs) {
      log = range * stream.real();
      memory.least_log_salience = std::min(log, memory.least_log_salience);
      memory.most_log_salience = std::max(log, memory.most_log_salience);
    }
    memory.log_saliences = logs.data();
  }
};

namespace cases {

inline void key_norms(Input& input, const Tier& tier, Output& out) {
  const KeyCase given(input, tier);
  out.add("norms", given.norms);
}

inline void logits(Input& input, const Tier& tier, Output& out) {
  const KeyCase given(input, tier);
  Array<double> values(given.count * given.memory.count, input.flag());
  tier.logits(given.memory, given.plan, given.queries.data(), given.count, values.data());
  out.add("logits", values);
}

inline void associate(Input& input, const Tier& tier, Output& out) {
  const KeyCase given(input, tier);
  Array<double> values(given.count * given.memory.count, input.flag());
  tier.associate(given.memory, given.plan, given.queries.data(), given.count, values.data());
  out.add("weights", values);
}

/// With a tier's coarse copies of the keys and without, of all keys or of those that a mask shows.
inline void most_similar(Input& input, const Tier& tier, Output& out) {
  KeyCase given(input, tier);
  KeyMemory& memory = given.memory;
  const size_t tiles = memory.count / 64, bytes = tier.quantized_bytes(memory.dimension);
  const size_t k = input.size(1, memory.count);
  const bool masked = input.flag(), by_tiles = input.flag();
  Stream stream(input);
  Array<uint8_t> seen(memory.count, input.flag());
  for (size_t mu = 0; mu < memory.count; mu++)
    seen[mu] = static_cast<uint8_t>(mu < k || ((by_tiles ? mu / 64 : stream.bits()) & 1) != 0);
  Array<double> shifts(given.count, input.flag());
  for (double& shift : shifts) shift = memory.offsets == nullptr ? 0 : stream.real();
  Array<uint32_t> indices(given.count * k, input.flag());
  Array<double> similarities(given.count * k, input.flag()), weights(given.count * k, input.flag());
  const auto answer = [&](Output& to) {
    tier.most_similar(memory, given.plan, given.queries.data(), given.count, k,
                      masked ? seen.data() : nullptr, shifts.data(), indices.data(), similarities.data(),
                      weights.data());
    to.add("indices", indices);
    to.add("similarities", similarities);
    to.add("weights", weights);
  };
  answer(out);
  Array<float> coarse(tiles * bytes / sizeof(float), input.flag());
  if (coarse.size() == 0) return;
  auto* quantized = reinterpret_cast<uint8_t*>(coarse.data());
  tier.quantize_keys(memory, quantized, 0, tiles);
  memory.quantized_keys = quantized;
  Output again;
  answer(again);
  if (out.differs(again) != nullptr) fail("most_similar", tier.name, "another result with coarse keys");
}

/// With a tier's coarse copies of the keys too, made in one piece or in two, and without: they change no bit.
inline void retrieve(Input& input, const Tier& tier, Output& out) {
  KeyCase given(input, tier);
  const size_t tiles = given.memory.count / 64, bytes = tier.quantized_bytes(given.memory.dimension);
  Array<float> coarse(tiles * bytes / sizeof(float), input.flag());
  const size_t cut = tiles == 0 ? 0 : input.byte() % (tiles + 1);
  Array<uint8_t> mask(given.count * given.memory.count, true);
  const size_t masked = input.below(4), states_wanted = input.below(4);
  const size_t apart = masked == 1 ? 0 : given.memory.count;
  Stream stream(input);
  for (size_t b = 0; b < given.count && masked < 2; b++) {
    uint8_t* seen = mask.data() + b * given.memory.count;
    for (size_t mu = 0; mu < given.memory.count; mu++) seen[mu] = static_cast<uint8_t>(stream.bits() & 1);
    seen[stream.below(given.memory.count)] = 1;
  }
  Array<float> states(given.count * given.memory.width, input.flag());
  Array<double> potentials(2 * given.count, input.flag());
  const auto answer = [&](Output& to) {
    const KeyMask own{masked < 2 ? mask.data() : nullptr, apart};
    tier.retrieve(given.memory, given.plan, given.queries.data(), given.count, own,
                  states_wanted != 0 ? states.data() : nullptr, potentials.data());
    to.add("states", states);
    to.add("potentials", potentials);
  };
  answer(out);
  if (coarse.size() == 0) return;
  auto* quantized = reinterpret_cast<uint8_t*>(coarse.data());
  tier.quantize_keys(given.memory, quantized, 0, cut);
  tier.quantize_keys(given.memory, quantized, cut, tiles);
  given.memory.quantized_keys = quantized;
  Output again;
  answer(again);
  if (out.differs(again) != nullptr) fail("retrieve", tier.name, "another result with coarse keys");
}

/// What they are is a tier's own matter; `retrieve` compares what they lead to.
inline void quantized_bytes(Input& input, const Tier& tier, Output& out) { retrieve(input, tier, out); }
inline void quantize_keys(Input& input, const Tier& tier, Output& out) { retrieve(input, tier, out); }

}  // namespace cases

/// A network of graded neurons, ordinary or such that steps diverge.
struct GradedCase {
  GradedNetwork network{};
  size_t count;
  Array<double> weights, external, potentials;
  Array<uint32_t> starts, sources;

  explicit GradedCase(Input& input) {
    Stream stream(input);
    const size_t n = input.size(1, 70), stride = padded_stride(n), kind = input.below(4);
    count = input.size(0, 20);
    network.neurons = n;
    network.activation = static_cast<Activation>(input.below(2));
    network.gain = input.one_of({1e-3, 1.0, 3.0, 10.0, 1e3, 1e100});
    network.rate = input.one_of({1.0, 0.5, 1.0 / 3, 100.0});
    weights = Array<double>(n * stride, input.flag());
    for (size_t i = 0; i < n; i++) {
      for (size_t j = 0; j <= i; j++) {
        const double scale = kind == 0 ? 1 : kind == 1 ? pow(10, 30 * stream.real()) : kind == 2 ? 0 : 1e100;
        weights[i * stride + j] = weights[j * stride + i] = stream.real() * scale;
      }
    }
    network.weights = weights.data();
    if (input.flag()) connect(input, stream, n);
    if (input.flag()) {
      external = Array<double>(n, input.flag());
      for (double& b : external) b = stream.real();
      network.external_field = external.data();
    }
    potentials = Array<double>(count * n, input.flag());
    for (double& u : potentials) u = stream.real() * (network.gain > 10 ? 1 : 3);
  }

  /// Neurons hear some others, none, or one of them twice.
  void connect(Input& input, Stream& stream, size_t n) {
    starts = Array<uint32_t>(n + 1, input.flag());
    starts[0] = 0;
    for (size_t i = 0; i < n; i++) starts[i + 1] = starts[i] + static_cast<uint32_t>(stream.below(20));
    sources = Array<uint32_t>(starts[n], input.flag());
    for (uint32_t& j : sources) j = static_cast<uint32_t>(stream.below(n));
    Array<double> heard(starts[n], input.flag());
    for (size_t k = 0; k < heard.size(); k++) heard[k] = weights[k % weights.size()];
    weights = std::move(heard);
    network.weights = weights.data();
    network.starts = starts.data();
    network.sources = sources.data();
  }
};

struct Points : IntegrationRecorder {
  Output& out;
  size_t neurons;
  Points(Output& to, size_t n) : out(to), neurons(n) {}
  void point(double time, double energy, const double* outputs) override {
    out.add("time", time);
    out.add("energy on the way", energy);
    out.add("outputs on the way", outputs, neurons * sizeof(double));
  }
};

namespace cases {

inline void graded_slopes(Input& input, const Tier& tier, Output& out) {
  const GradedCase given(input);
  Array<double> outputs(given.potentials.size(), input.flag()), slopes(given.potentials.size(), input.flag());
  tier.graded_slopes(given.network, given.potentials.data(), given.count, outputs.data(), slopes.data());
  out.add("outputs", outputs);
  out.add("slopes", slopes);
}

inline void graded_energies(Input& input, const Tier& tier, Output& out) {
  const GradedCase given(input);
  Array<double> outputs(given.potentials.size(), input.flag()), slopes(given.potentials.size(), true),
      e(given.count, true);
  tier.graded_slopes(given.network, given.potentials.data(), given.count, outputs.data(), slopes.data());
  tier.graded_energies(given.network, outputs.data(), given.count, e.data());
  out.add("energies", e);
}

inline void integrate(Input& input, const Tier& tier, Output& out) {
  GradedCase given(input);
  const IntegrationPlan plan{
      static_cast<Method>(input.below(2)),        input.flag(),
      input.one_of({0.01, 0.1, 1.0, 5.0, 1e100}), input.one_of({1e-3, 1e-8, 1e-300}),
      input.one_of({0.0, 1e-9, 1e-2, 1e3}),       input.one_of({0u, 1u, 2u, 10u, 40u})};
  Array<double> outputs(given.potentials.size(), input.flag()), outcomes(4 * given.count, true);
  Points points(out, given.network.neurons);
  tier.integrate(given.network, plan, given.potentials.data(), given.count, outputs.data(),
                 reinterpret_cast<Integrated*>(outcomes.data()), given.count == 1 ? &points : nullptr);
  out.add("potentials", given.potentials);
  out.add("outputs", outputs);
  out.add("outcomes", outcomes);
}

/// Frequencies of features, and vectors.
struct FeatureCase {
  FeaturePlan plan;
  Stream stream;
  Array<uint32_t> signs;
  Array<double> sums;
  size_t count;
  Array<float> vectors;

  explicit FeatureCase(Input& input)
      : plan{input.size(1, 300), input.size(1, 700), input.one_of({0.01, 0.37, 5.0}),
             input.one_of({1.0, 1e-9}), input.one_of({0.5, 1e-7})},
        stream(input),
        signs(feature_sign_words(plan), input.flag()),
        sums(feature_sum_length(plan), input.flag()),
        count(input.size(0, 9)),
        vectors(count * plan.dimension, input.flag()) {
    for (uint32_t& word : signs) word = static_cast<uint32_t>(stream.bits());
    const size_t side = feature_side(plan.dimension);
    for (size_t k = 0; k < sums.size(); k++) {
      if (k / (2 * side) * side + k % side < plan.frequencies) sums[k] = stream.whole(1e12);
    }
    const bool spins = input.flag();
    for (float& x : vectors)
      x = spins ? (stream.bits() & 1 ? 1.0f : -1.0f) : static_cast<float>(stream.real());
  }
};

inline void add_features(Input& input, const Tier& tier, Output& out) {
  FeatureCase of(input);
  tier.add_features(of.plan, of.signs.data(), of.vectors.data(), of.count, input.one_of({1.0, -1.0, 3.0}),
                    of.sums.data());
  out.add("sums", of.sums);
}

inline void ask_features(Input& input, const Tier& tier, Output& out) {
  FeatureCase of(input);
  Array<double> densities(of.count, input.flag()), pulls(of.count * of.plan.dimension, input.flag());
  tier.ask_features(of.plan, of.signs.data(), of.sums.data(), of.vectors.data(), of.count, densities.data(),
                    pulls.data());
  out.add("densities", densities);
  out.add("pulls", pulls);
}

}  // namespace cases
}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_REAL_CASES_H_
