// Compares every tier with the vectors that the TypeScript reference wrote. The inputs follow the rules of
// test/vectors/cases.ts.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "check.h"

using namespace hopfield;

namespace {

std::string bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof(bits));
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(bits));
  return text;
}

std::vector<uint32_t> row(const Tier& tier, size_t neurons, uint32_t seed, uint32_t sweep, uint32_t query) {
  const uint32_t key[2] = {seed, 0};
  std::vector<uint32_t> words(row_words(neurons));
  tier.philox(key, sweep, query, 0, words.data(), words.size(), 1);
  clear_padding(words.data(), neurons);
  return words;
}

std::vector<uint32_t> patterns(const Tier& tier, size_t neurons, size_t count, bool pairs, uint32_t seed) {
  std::vector<uint32_t> rows;
  for (size_t mu = 0; mu < count; mu++) {
    std::vector<uint32_t> pattern = row(tier, neurons, seed, 1, static_cast<uint32_t>(pairs ? mu / 2 : mu));
    if (pairs && mu % 2 == 1) {
      for (uint32_t& word : pattern) word = ~word;
      clear_padding(pattern.data(), neurons);
    }
    rows.insert(rows.end(), pattern.begin(), pattern.end());
  }
  return rows;
}

Tie tie_of(const std::string& name) {
  return name == "positive" ? Tie::kPositive : name == "negative" ? Tie::kNegative : Tie::kKeep;
}

Order order_of(const std::string& name) {
  return name == "random"        ? Order::kRandom
         : name == "cyclic"      ? Order::kCyclic
         : name == "random-site" ? Order::kRandomSite
                                 : Order::kExplicit;
}

/// The numbers of N × N padded rows without what is after them, as the vectors have them.
std::vector<int32_t> packed_matrix(const std::vector<int32_t>& rows, size_t neurons) {
  std::vector<int32_t> out;
  for (size_t i = 0; i < neurons; i++) {
    const auto from = rows.begin() + static_cast<std::ptrdiff_t>(i * padded_stride(neurons));
    out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(neurons));
  }
  return out;
}

void check_graded(const Tier& tier, size_t neurons, const std::vector<int32_t>& integers,
                  const std::vector<uint32_t>& draws, const nlohmann::json& expected) {
  const size_t stride = padded_stride(neurons);
  std::vector<double> weights(neurons * stride), external(neurons);
  for (size_t i = 0; i < neurons; i++) {
    external[i] = (static_cast<double>(draws[i] % 17) - 8) / 16;
    for (size_t j = 0; j < neurons; j++) {
      weights[i * stride + j] = integers[i * stride + j] / static_cast<double>(neurons);
    }
  }
  std::vector<uint32_t> starts(1), sources;
  std::vector<double> heard;
  for (size_t i = 0; i < neurons; i++) {
    for (size_t j = i % 2; j < neurons; j += 2) {
      sources.push_back(static_cast<uint32_t>(j));
      heard.push_back(weights[i * stride + j]);
    }
    starts.push_back(static_cast<uint32_t>(sources.size()));
  }
  for (size_t variant = 0; variant < 3; variant++) {
    CAPTURE(variant);
    GradedNetwork network{};
    network.neurons = neurons;
    network.weights = weights.data();
    if (variant == 2) {
      network.weights = heard.data();
      network.starts = starts.data();
      network.sources = sources.data();
    }
    network.external_field = variant == 1 ? nullptr : external.data();
    network.activation = variant == 1 ? Activation::kLogistic : Activation::kTanh;
    network.gain = 3;
    network.rate = 0.75;
    const IntegrationPlan plan{
        variant == 1 ? Method::kEuler : Method::kRk4, variant == 1, 0.125, 0.001, 0.001, 6};
    std::vector<double> potentials(neurons), outputs(neurons), outcome(4);
    for (size_t i = 0; i < neurons; i++) {
      potentials[i] = (static_cast<double>(draws[i] % 2001) - 1000) / 500;
    }
    tier.integrate(network, plan, potentials.data(), 1, outputs.data(),
                   reinterpret_cast<Integrated*>(outcome.data()), nullptr);
    CHECK(digest(potentials) == expected[3 * variant]);
    CHECK(digest(outputs) == expected[3 * variant + 1]);
    CHECK(digest(outcome) == expected[3 * variant + 2]);
  }
}

void check_case(const Tier& tier, const nlohmann::json& expected) {
  const size_t neurons = expected["neurons"], count = expected["count"];
  const uint32_t seed = expected["seed"];
  CAPTURE(neurons);
  CAPTURE(count);
  const auto rows = patterns(tier, neurons, count, expected["kind"] == "pairs", seed);
  REQUIRE(digest(rows) == expected["rows"]);
  std::vector<uint32_t> columns(neurons * column_words(count));
  tier.transpose(rows.data(), count, neurons, columns.data());
  REQUIRE(digest(columns) == expected["columns"]);

  auto cue = row(tier, neurons, seed, 1, 0);
  const auto a = row(tier, neurons, seed, 2, 0), b = row(tier, neurons, seed, 2, 1);
  for (size_t k = 0; k < cue.size(); k++) cue[k] ^= a[k] & b[k];
  std::vector<int8_t> bytes(neurons);
  tier.unpack(cue.data(), 1, neurons, bytes.data());
  std::vector<uint32_t> packed(cue.size());
  CHECK(tier.pack(bytes.data(), 1, neurons, packed.data()) == -1);
  CHECK(packed == cue);

  std::vector<int32_t> overlaps(count);
  tier.overlaps(rows.data(), count, neurons, cue.data(), 1, overlaps.data());
  CHECK(digest(overlaps) == expected["overlaps"]);
  std::vector<uint32_t> planes(plane_words(count, neurons));
  tier.interleave(rows.data(), count, neurons, planes.data());
  CHECK(digest(planes) == expected["planes"]);
  if (count > 0) {
    uint32_t index;
    int32_t overlap;
    tier.nearest(planes.data(), count, neurons, cue.data(), 1, 0, 1, &index, &overlap);
    CHECK(index == expected["nearest"]["index"]);
    CHECK(overlap == expected["nearest"]["overlap"]);
  }
  std::vector<double> fields(neurons);
  Memory implicit{};
  implicit.neurons = neurons;
  implicit.count = count;
  implicit.rows = rows.data();
  tier.local_fields(implicit, cue.data(), fields.data());
  CHECK(digest(fields) == expected["fields"]);
  double quadratic;
  tier.quadratics(implicit, cue.data(), 1, &quadratic);
  CHECK(bits_of(quadratic) == expected["quadratic"]);
  std::vector<int32_t> weights;
  if (expected.contains("weights")) {
    weights.resize(neurons * padded_stride(neurons));
    tier.hebbian(columns.data(), count, neurons, 1, false, weights.data());
    CHECK(digest(packed_matrix(weights, neurons)) == expected["weights"]);
    Memory matrix{};
    matrix.form = Form::kMatrix;
    matrix.symmetric = true;
    matrix.neurons = neurons;
    matrix.weights = weights.data();
    tier.local_fields(matrix, cue.data(), fields.data());
    CHECK(digest(fields) == expected["denseFields"]);
  }

  const auto draws = row(tier, neurons * 32, seed, 3, 0);
  if (expected.contains("graded")) check_graded(tier, neurons, weights, draws, expected["graded"]);
  auto clamp = row(tier, neurons, seed, 4, 0);
  const auto other = row(tier, neurons, seed, 4, 1);
  for (size_t k = 0; k < clamp.size(); k++) clamp[k] &= other[k];
  std::vector<double> external(neurons);
  std::vector<uint32_t> visits(neurons);
  for (size_t i = 0; i < neurons; i++) {
    external[i] = (static_cast<double>(draws[i] % 17) - 8) / 16;
    visits[i] = draws[i] % static_cast<uint32_t>(neurons);
  }

  uint32_t variant = 0;
  for (const auto& recall : expected["recalls"]) {
    if (briefly() && neurons > 1000 && variant % 4 != seed % 4) {
      variant++;
      continue;
    }
    CAPTURE(variant);
    Memory memory{};
    memory.form = recall["dense"].get<bool>() ? Form::kMatrix : Form::kImplicit;
    memory.symmetric = true;
    memory.largest = static_cast<double>(neurons * count);
    memory.neurons = neurons;
    memory.count = count;
    memory.rows = rows.data();
    memory.columns = columns.data();
    memory.weights = weights.data();
    Plan plan{};
    plan.synchronous = recall["dynamics"] == "synchronous";
    plan.order = order_of(recall["order"]);
    plan.tie = tie_of(recall["tie"]);
    plan.max_sweeps = recall["maxSweeps"];
    plan.seed[0] = seed;
    plan.seed[1] = variant++;
    plan.scale = static_cast<double>(neurons);
    plan.visits = visits.data();
    plan.visit_count = neurons;
    plan.external_field = recall["external"].get<bool>() ? external.data() : nullptr;
    plan.clamp = recall["clamp"].get<bool>() ? clamp.data() : nullptr;
    const uint64_t stream = recall["stream"];
    std::vector<uint32_t> state(cue.size());
    Outcome outcome{};
    Trace trace;
    recall_traced(tier, memory, plan, stream, cue.data(), state.data(), &outcome, &trace);
    CHECK(digest(state) == recall["state"]);
    CHECK(outcome.sweeps == recall["sweeps"]);
    CHECK(outcome.flips == recall["flips"]);
    CHECK(outcome.cycle == recall["cycle"]);
    CHECK(bits_of(outcome.energy) == recall["energy"]);
    CHECK(digest(trace.energies) == recall["traceEnergies"]);
    CHECK(digest(trace.overlaps) == recall["traceOverlaps"]);
    CHECK(digest(trace.flips) == recall["traceFlips"]);

    std::vector<int8_t> from_bytes(neurons), as_bytes(neurons);
    Outcome again{};
    Batch batch{};
    batch.cue_bytes = bytes.data();
    batch.state_bytes = from_bytes.data();
    batch.outcomes = &again;
    batch.count = 1;
    batch.stream = stream;
    CHECK(recall_batch(tier, memory, plan, batch) == -1);
    tier.unpack(state.data(), 1, neurons, as_bytes.data());
    CHECK(from_bytes == as_bytes);
    CHECK(bits_of(again.energy) == recall["energy"]);
  }
}

/// A memory with interaction tables: test/vectors/interaction-cases.ts.
void check_interaction(const Tier& tier, const nlohmann::json& expected, size_t variant) {
  const size_t neurons = expected["neurons"], count = expected["count"];
  const uint32_t seed = expected["seed"];
  CAPTURE(neurons);
  CAPTURE(count);
  CAPTURE(variant);
  const auto rows = patterns(tier, neurons, count, expected["kind"] == "pairs", seed);
  std::vector<uint32_t> columns(neurons * column_words(count));
  tier.transpose(rows.data(), count, neurons, columns.data());
  const bool halving = expected["table"] == "halving", ball = expected["table"] == "ball";
  const double outside = static_cast<double>(neurons) - static_cast<double>(std::max<size_t>(1, neurons / 8));
  std::vector<double> table(neurons + 2), energies(neurons + 1);
  for (size_t j = 0; j <= neurons; j++) {
    const double v = 2 * static_cast<double>(j) - static_cast<double>(neurons);
    energies[j] = ball ? std::max(0.0, static_cast<double>(j) - outside) : v * v * v;
    if (!halving && j > 0) table[j] = energies[j] - energies[j - 1];
  }
  double power = 2;
  for (size_t k = 0; halving && k <= neurons + 1 && k <= 65; k++, power /= 2) table[neurons + 1 - k] = power;

  auto cue = row(tier, neurons, seed, 1, 0);
  const auto a = row(tier, neurons, seed, 2, 0), b = row(tier, neurons, seed, 2, 1);
  for (size_t k = 0; k < cue.size(); k++) cue[k] ^= a[k] & b[k];
  if (ball && count > 0) {
    std::copy_n(rows.begin(), cue.size(), cue.begin());
    for (size_t i = 3; i < neurons; i += 16) cue[i / 32] ^= 1u << (i % 32);
  }
  Memory memory{};
  memory.neurons = neurons;
  memory.count = count;
  memory.rows = rows.data();
  memory.columns = columns.data();
  memory.form = Form::kInteraction;
  memory.interaction = {table.data(), halving ? table.data() : energies.data(), halving ? 0.5 : 0};
  std::vector<double> fields(neurons);
  tier.local_fields(memory, cue.data(), fields.data());
  CHECK(digest(fields) == expected["fields"]);
  double quadratic;
  tier.quadratics(memory, cue.data(), 1, &quadratic);
  CHECK(bits_of(quadratic) == expected["quadratic"]);

  Plan plan{};
  plan.synchronous = expected["dynamics"] == "synchronous";
  plan.order = order_of(expected["order"]);
  plan.tie = tie_of(expected["tie"]);
  plan.max_sweeps = 20;
  plan.seed[0] = seed;
  plan.seed[1] = static_cast<uint32_t>(variant);
  plan.scale = 1;
  std::vector<uint32_t> state(cue.size());
  Outcome outcome{};
  Trace trace;
  recall_traced(tier, memory, plan, variant, cue.data(), state.data(), &outcome, &trace);
  CHECK(digest(state) == expected["state"]);
  CHECK(outcome.sweeps == expected["sweeps"]);
  CHECK(outcome.flips == expected["flips"]);
  CHECK(outcome.cycle == expected["cycle"]);
  CHECK(outcome.active == expected["active"]);
  CHECK(bits_of(outcome.energy) == expected["energy"]);
  CHECK(digest(trace.energies) == expected["traceEnergies"]);
  CHECK(digest(trace.overlaps) == expected["traceOverlaps"]);
  CHECK(digest(trace.flips) == expected["traceFlips"]);

  // The same cue several times in a batch, without a trace.
  std::vector<uint32_t> cues, states(5 * cue.size());
  for (size_t k = 0; k < 5; k++) cues.insert(cues.end(), cue.begin(), cue.end());
  std::vector<Outcome> outcomes(5);
  const std::vector<double> streams(5, static_cast<double>(variant));
  Batch batch{};
  batch.cue_rows = cues.data();
  batch.state_rows = states.data();
  batch.outcomes = outcomes.data();
  batch.count = 5;
  batch.streams = streams.data();
  CHECK(recall_batch(tier, memory, plan, batch) == -1);
  for (size_t k = 0; k < 5; k++) {
    CHECK(memcmp(states.data() + k * cue.size(), state.data(), cue.size() * sizeof(uint32_t)) == 0);
    CHECK(bits_of(outcomes[k].energy) == expected["energy"]);
  }
}

/// The weights in the forms of test/vectors/form-cases.ts.
struct FormInputs {
  Memory memory{};
  std::vector<uint32_t> rows, columns, bits, starts, sources;
  std::vector<double> couplings, self_weights, responses, real, constants;
  std::vector<float> single;
  std::vector<int32_t> whole;

  static int whole_at(size_t i, size_t j) { return static_cast<int>((7 * i + 3 * j + i * j) % 11) - 5; }
  static double real_at(size_t i, size_t j) {
    return whole_at(i, j) / (1 + static_cast<double>((i + 2 * j) % 13));
  }

  FormInputs(const Tier& tier, const std::string& form, size_t neurons, size_t count, uint32_t seed)
      : rows(patterns(tier, neurons, count, false, seed)), columns(neurons * column_words(count)) {
    tier.transpose(rows.data(), count, neurons, columns.data());
    memory.neurons = neurons;
    memory.count = count;
    memory.rows = rows.data();
    memory.columns = columns.data();
    if (form == "int32" || form == "float32" || form == "float64") {
      matrix(form);
    } else if (form == "bits") {
      memory.form = Form::kBits;
      for (size_t i = 0; i < neurons; i++) {
        const auto one = row(tier, neurons, seed, 9, static_cast<uint32_t>(i));
        bits.insert(bits.end(), one.begin(), one.end());
      }
      memory.weights = bits.data();
    } else if (form == "sparse32" || form == "sparse64") {
      sparse(form == "sparse32");
    } else if (form == "constant" || form == "sparse-constant") {
      if (form == "constant") {
        votes("centred");
      } else {
        sparse(true);
      }
      for (size_t i = 0; i < neurons; i++) constants.push_back(whole_at(i, 3));
      memory.constants = constants.data();
      memory.unit = 3;
    } else if (form != "implicit") {
      votes(form);
    }
  }

  void matrix(const std::string& form) {
    const size_t n = memory.neurons, stride = padded_stride(n);
    memory.form = Form::kMatrix;
    whole.resize(n * stride);
    single.resize(n * stride);
    real.resize(n * stride);
    for (size_t i = 0; i < n; i++) {
      for (size_t j = 0; j < n; j++) {
        whole[i * stride + j] = whole_at(i, j);
        real[i * stride + j] = real_at(i, j);
        single[i * stride + j] = static_cast<float>(real_at(i, j));
      }
    }
    memory.number = form == "int32"     ? Number::kInt32
                    : form == "float32" ? Number::kFloat32
                                        : Number::kFloat64;
    if (form == "int32") memory.weights = whole.data();
    if (form == "float32") memory.weights = single.data();
    if (form == "float64") memory.weights = real.data();
  }

  void sparse(bool integers) {
    const size_t n = memory.neurons, degree = n < 5 ? n : 5;
    memory.form = Form::kSparse;
    for (size_t i = 0; i <= n; i++) starts.push_back(static_cast<uint32_t>(i * degree));
    for (size_t i = 0; i < n; i++) {
      for (size_t k = 0; k < degree; k++) {
        sources.push_back(static_cast<uint32_t>((i + 1 + 2 * k) % n));
        whole.push_back(whole_at(i, k));
        real.push_back(real_at(i, k));
      }
    }
    memory.sparse.starts = starts.data();
    memory.sparse.sources = sources.data();
    memory.sparse.length = sources.size();
    memory.number = integers ? Number::kInt32 : Number::kFloat64;
    if (integers) {
      memory.weights = whole.data();
      memory.largest = largest_row(memory);
    } else {
      memory.weights = real.data();
    }
  }

  void votes(const std::string& form) {
    const size_t n = memory.neurons, p = memory.count, width = padded_stride(p);
    memory.form = Form::kCoupled;
    memory.coupled.coupling = form == "diagonal"  ? Coupling::kDiagonal
                              : form == "matrix"  ? Coupling::kMatrix
                              : form == "centred" ? Coupling::kCentred
                                                  : Coupling::kShift;
    memory.coupled.lag = 1;
    memory.coupled.cyclic = true;
    for (size_t i = 0; i < n; i++) self_weights.push_back(whole_at(i, 2));
    couplings.resize(p * width);
    responses.resize(n * width);
    for (size_t mu = 0; mu < p; mu++) {
      if (form == "diagonal") couplings[mu] = whole_at(mu, 1);
      for (size_t nu = 0; nu < p && form == "matrix"; nu++) {
        const int a = whole_at(mu < nu ? mu : nu, mu < nu ? nu : mu);
        couplings[mu * width + nu] = a;
        for (size_t i = 0; i < n; i++) {
          const uint32_t* column = columns.data() + i * column_words(p);
          responses[i * width + mu] += (column[nu / 32] >> (nu % 32)) & 1 ? a : -a;
        }
      }
    }
    memory.coupled.couplings = couplings.data();
    memory.coupled.self_weights = self_weights.data();
    memory.coupled.responses = responses.data();
  }
};

void check_form(const Tier& tier, size_t neurons, size_t count, uint32_t seed,
                const nlohmann::json& expected) {
  constexpr size_t kCues = 7;
  const std::string form = expected["form"];
  CAPTURE(form);
  const FormInputs inputs(tier, form, neurons, count, seed);
  const Memory& memory = inputs.memory;
  std::vector<uint32_t> cues;
  for (uint32_t b = 0; b < kCues; b++) {
    const auto cue = row(tier, neurons, seed, 8, b);
    cues.insert(cues.end(), cue.begin(), cue.end());
  }
  std::vector<double> fields(neurons), quadratics(kCues);
  tier.local_fields(memory, cues.data(), fields.data());
  CHECK(digest(fields) == expected["fields"]);
  tier.quadratics(memory, cues.data(), kCues, quadratics.data());
  CHECK(digest(quadratics) == expected["quadratics"]);
  const double temperatures[6] = {2, 0.5, 4, 1, 0, 1.5};
  for (size_t k = 0; k < 4; k++) {
    Plan plan{};
    plan.synchronous = k == 1;
    plan.order = k < 2 ? Order::kRandom : Order::kCyclic;
    plan.tie = Tie::kKeep;
    plan.max_sweeps = 6;
    plan.seed[0] = seed;
    plan.seed[1] = 1;
    plan.scale = 3;
    plan.first_sweep = 3;
    plan.temperatures = k == 0 ? nullptr : temperatures + (k == 1 ? 0 : k == 2 ? 2 : 5);
    plan.temperature_count = k == 0 ? 0 : k == 1 ? 2 : k == 2 ? 3 : 1;
    std::vector<uint32_t> states(cues.size());
    std::vector<Outcome> outcomes(kCues);
    Batch batch{};
    batch.cue_rows = cues.data();
    batch.state_rows = states.data();
    batch.outcomes = outcomes.data();
    batch.count = kCues;
    batch.stream = 5;
    CHECK(recall_batch(tier, memory, plan, batch) == -1);
    CHECK(digest(states) + digest(outcomes) == expected["ends"][k]);

    plan.max_sweeps = 2;
    std::vector<uint32_t> samples(3 * cues.size()), ends = cues;
    std::vector<Outcome> of_samples(3 * kCues);
    batch.state_rows = samples.data();
    batch.outcomes = of_samples.data();
    std::vector<int32_t> sums(kCues * neurons, 1);
    sample_batch(tier, memory, plan, batch, ends.data(), 3, sums.data());
    CHECK(digest(ends) + digest(samples) + digest(of_samples) + digest(sums) == expected["samples"][k]);
  }
}

void check_learning(const Tier& tier, const nlohmann::json& expected) {
  const size_t neurons = expected["neurons"], count = expected["count"];
  CAPTURE(neurons);
  CAPTURE(count);
  const auto rows = patterns(tier, neurons, count, expected["kind"] == "pairs", expected["seed"]);
  std::vector<uint32_t> columns(neurons * column_words(count));
  tier.transpose(rows.data(), count, neurons, columns.data());

  std::vector<double> weights(neurons * padded_stride(neurons));
  tier.storkey(rows.data(), count, neurons, weights.data());
  CHECK(digest(weights) == expected["storkey"]);
  tier.rank_one(rows.data(), neurons, -0.1, weights.data());
  CHECK(digest(weights) == expected["unlearned"]);

  const size_t stride = padded_stride(count);
  std::vector<double> inverse(count * stride), coefficients(count), matrix(count * stride);
  const size_t added =
      tier.border(rows.data(), 0, count, neurons, 1e-6, inverse.data(), stride, coefficients.data());
  CHECK(added == expected["added"]);
  CHECK(digest(inverse) == expected["inverse"]);
  CHECK(digest(coefficients) == expected["coefficients"]);
  tier.retire(inverse.data(), stride, added, added / 2);
  CHECK(digest(inverse) == expected["retired"]);

  for (size_t k = 0; k < matrix.size(); k++) {
    matrix[k] = static_cast<double>((7 * (k / stride) + 3 * (k % stride)) % 11) - 5;
  }
  std::vector<double> out(neurons * stride), diagonal(neurons);
  tier.responses(matrix.data(), stride, columns.data(), count, neurons, out.data(), diagonal.data());
  CHECK(digest(out) == expected["responses"]);
  CHECK(digest(diagonal) == expected["diagonal"]);

  std::vector<int32_t> learned(neurons * padded_stride(neurons)), held(learned.size());
  std::vector<uint32_t> epochs(neurons), signs(neurons * row_words(neurons));
  tier.perceptron(rows.data(), count, neurons, 0.25, 5, learned.data(), epochs.data());
  CHECK(digest(packed_matrix(learned, neurons)) == expected["perceptron"]);
  CHECK(digest(epochs) == expected["epochs"]);
  tier.bounded(rows.data(), count, neurons, 2, held.data());
  CHECK(digest(packed_matrix(held, neurons)) == expected["bounded"]);
  tier.clipped(columns.data(), count, neurons, signs.data());
  CHECK(digest(signs) == expected["clipped"]);
}

void check_pairs(const Tier& tier, const nlohmann::json& expected) {
  const size_t inputs = expected["inputs"], outputs = expected["outputs"], count = expected["count"];
  const uint32_t seed = expected["seed"];
  CAPTURE(inputs);
  CAPTURE(outputs);
  const auto xs = patterns(tier, inputs, count, expected["kind"] == "pairs", seed);
  const auto ys = patterns(tier, outputs, count, expected["kind"] == "pairs", seed + 100);
  std::vector<uint32_t> x, y;
  for (uint32_t b = 0; b < 3; b++) {
    const auto left = row(tier, inputs, seed, 2, b), right = row(tier, outputs, seed, 2, b);
    x.insert(x.end(), left.begin(), left.end());
    y.insert(y.end(), right.begin(), right.end());
  }
  const uint8_t from_y[3] = {0, 1, 0};
  std::vector<Settled> outcomes(3);
  tier.bidirectional({count, inputs, outputs, xs.data(), ys.data()}, x.data(), y.data(), 3, from_y, 20,
                     outcomes.data());
  CHECK(digest(x) + digest(y) + digest(outcomes) == expected["settled"]);
}

void check_searches(const Tier& tier, const nlohmann::json& expected) {
  const size_t neurons = expected["neurons"], count = expected["count"], stride = padded_stride(neurons);
  const uint32_t seed = expected["seed"];
  CAPTURE(neurons);
  const auto rows = patterns(tier, neurons, count, false, seed);
  std::vector<uint32_t> columns(neurons * column_words(count));
  tier.transpose(rows.data(), count, neurons, columns.data());
  std::vector<int32_t> whole(neurons * stride);
  tier.hebbian(columns.data(), count, neurons, 1, true, whole.data());
  std::vector<double> reals(whole.begin(), whole.end());
  for (double& x : reals) x /= 7;
  const auto draws = row(tier, neurons * 32, seed, 3, 0);
  std::vector<double> fields(neurons);
  for (size_t i = 0; i < neurons; i++) fields[i] = (static_cast<double>(draws[i] % 17) - 8) / 16;
  for (size_t real = 0; real < 2; real++) {
    Memory memory{};
    memory.form = Form::kMatrix;
    memory.symmetric = true;
    memory.neurons = neurons;
    memory.number = real == 1 ? Number::kFloat64 : Number::kInt32;
    memory.weights = real == 1 ? static_cast<const void*>(reals.data()) : whole.data();
    memory.largest = real == 1 ? 0 : largest_row(memory);
    const double* b = real == 1 ? fields.data() : nullptr;
    auto low = row(tier, neurons, seed, 2, 0), now = row(tier, neurons, seed, 2, 1), best = now;
    std::vector<uint32_t> flips(1), until(neurons), tenures(40);
    tier.descend(memory, b, low.data(), 1, 500, flips.data());
    for (uint32_t k = 0; k < 40; k++) tenures[k] = k % 7;
    std::vector<double> numbers(3, HUGE_VAL), least(3);
    tier.tabu(memory, b, now.data(), best.data(), until.data(), 5, tenures.data(), 40, numbers.data());
    const size_t n = std::min<size_t>(neurons, 10), fixed = n > 6 ? 2 : 0;
    std::vector<double> couplings(n * n), none(n);
    for (size_t i = 0; i < n; i++) {
      for (size_t j = 0; j < n; j++) {
        couplings[i * n + j] = real == 1 ? reals[i * stride + j] : whole[i * stride + j];
      }
    }
    tier.lowest_states(couplings.data(), real == 1 ? b : none.data(), n, fixed, fixed / 2, least.data());
    CHECK(digest(low) + digest(flips) + digest(now) + digest(best) + digest(until) + digest(numbers) +
              digest(least) ==
          expected["found"][real]);
  }
}

/// The indices of many lists in one array, and where each list starts.
struct Joined {
  std::vector<uint32_t> starts{0}, items;
  void add(const std::vector<uint32_t>& list) {
    items.insert(items.end(), list.begin(), list.end());
    starts.push_back(static_cast<uint32_t>(items.size()));
  }
  Lists lists() const { return {starts.data(), items.data(), items.size()}; }
};

std::vector<uint32_t> code(uint32_t units, uint32_t mu) {
  std::set<uint32_t> active;
  for (uint32_t k = 0; k < 6; k++) active.insert((7 * mu + k * k * (3 + mu % 5)) % units);
  return {active.begin(), active.end()};
}

void check_codes(const Tier& tier, const nlohmann::json& expected) {
  const uint32_t units = expected["units"], count = expected["count"];
  CAPTURE(units);
  const size_t stride = row_words(units);
  std::vector<uint32_t> weights(units * stride);
  std::vector<double> shares(units);
  Joined codes, cues, patterns;
  for (uint32_t mu = 0; mu < count; mu++) {
    const auto active = code(units, mu);
    std::vector<uint32_t> row(stride);
    for (const uint32_t unit : active) row[unit / 32] |= 1u << (unit % 32);
    for (const uint32_t unit : active) shares[unit] += 1;
    tier.willshaw_store(weights.data(), units, active.data(), active.size(), row.data());
    codes.add(active);
  }
  CHECK(digest(weights) == expected["weights"]);
  for (uint32_t unit = 0; unit < units; unit++) {
    std::vector<uint32_t> having;
    for (uint32_t mu = 0; mu < count; mu++) {
      const auto active = code(units, mu);
      if (std::find(active.begin(), active.end(), unit) != active.end()) having.push_back(mu);
    }
    patterns.add(having);
  }
  const auto third = code(units, 3);
  cues.add(code(units, 1));
  cues.add({third.begin() + 1, third.end()});
  cues.add({});
  for (size_t k = 0; k < 6; k++) {
    CAPTURE(k);
    CodeMemory memory{};
    memory.inputs = memory.outputs = units;
    memory.automatic = true;
    memory.form = k < 3 ? CodeForm::kSynapses : CodeForm::kCovariance;
    if (k < 3) {
      memory.weights = weights.data();
    } else {
      memory.count = count;
      memory.activity = 0.05;
      memory.patterns = patterns.lists();
      memory.units = codes.lists();
      memory.shares = shares.data();
    }
    const double threshold = k == 1 ? 2 : k == 4 ? 0 : static_cast<double>(NAN);
    const CodePlan plan{threshold, k % 3 == 2 ? 3.0 : -1.0, 4};
    std::vector<uint32_t> rows(3 * stride), outcomes(6);
    tier.recall_codes(memory, cues.starts.data(), cues.items.data(), cues.items.size(), 3, plan, rows.data(),
                      outcomes.data());
    CHECK(digest(rows) + digest(outcomes) == expected["ends"][k]);
  }

  const uint32_t seed[2] = {static_cast<uint32_t>(9000 + units), 1};
  std::vector<uint32_t> led(7 * units), starts(units + 1), repeated((units + 31) / 32);
  tier.rewired(seed, 2, 0xffffffffu - 49u, 0.75, static_cast<uint32_t>(units), led.data(), led.size());
  const std::string places = digest(led);
  for (size_t k = 0; k <= units; k++) starts[k] = static_cast<uint32_t>(7 * k);
  tier.ascend(starts.data(), units, led.data(), led.size(), repeated.data());
  CHECK(places + digest(led) + digest(repeated) == expected["led"]);
}

}  // namespace

TEST_CASE("every tier gives the bits the TypeScript reference wrote down") {
  std::ifstream file(kVectors);
  REQUIRE(file.good());
  const nlohmann::json vectors = nlohmann::json::parse(file);
  REQUIRE(vectors["cases"].size() > 40);
  for (const Tier* tier : usable_tiers()) {
    CAPTURE(tier->name);
    // Two kinds of patterns follow each other for each shape, and six variants of interactions.
    const auto one_kind = [](size_t k) { return !briefly() || k / 2 % 2 == k % 2; };
    for (size_t k = 0; k < vectors["cases"].size(); k++) {
      if (one_kind(k)) check_case(*tier, vectors["cases"][k]);
    }
    for (size_t k = 0; k < vectors["interactions"].size(); k++) {
      if (!briefly() || k % 5 == 0) check_interaction(*tier, vectors["interactions"][k], k % 9);
    }
    for (size_t k = 0; k < vectors["learning"].size(); k++) {
      if (one_kind(k)) check_learning(*tier, vectors["learning"][k]);
    }
    for (const auto& expected : vectors["pairs"]) check_pairs(*tier, expected);
    for (const auto& expected : vectors["codes"]) check_codes(*tier, expected);
    for (const auto& expected : vectors["searches"]) check_searches(*tier, expected);
    for (const auto& expected : vectors["forms"]) {
      for (const auto& recall : expected["recalls"]) {
        check_form(*tier, expected["neurons"], expected["count"], expected["seed"], recall);
      }
    }
  }
}
