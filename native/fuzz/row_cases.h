// Fuzz cases of kernels on packed rows, pairs of them and sparse codes: one function per kernel, under its
// name.
#ifndef HOPFIELD_FUZZ_ROW_CASES_H_
#define HOPFIELD_FUZZ_ROW_CASES_H_

#include <cmath>

#include "fuzz/patterns.h"

namespace hopfield {
namespace fuzz {

/// Lists of units, and where each starts.
class CodeLists {
 public:
  /// `count` ascending lists of units below `units`, each with at most `most`.
  CodeLists(Stream& stream, size_t count, size_t units, size_t most) : starts_(count + 1, true) {
    std::vector<uint32_t> all;
    for (size_t mu = 0; mu < count; mu++) {
      const size_t length = stream.below(most + 1);
      for (size_t unit = stream.below(2), k = 0; unit < units && k < length; k++) {
        all.push_back(static_cast<uint32_t>(unit));
        unit += 1 + stream.below(2 * units / (most + 1) + 1);
      }
      starts_[mu + 1] = static_cast<uint32_t>(all.size());
    }
    keep(all);
  }

  /// The same lists by unit: which of them have it.
  CodeLists(const CodeLists& of, size_t units) : starts_(units + 1, true) {
    std::vector<uint32_t> all;
    for (size_t unit = 0; unit < units; unit++) {
      for (size_t mu = 0; mu + 1 < of.starts_.size(); mu++) {
        for (size_t k = of.starts_[mu]; k < of.starts_[mu + 1]; k++) {
          if (of.items_[k] == unit) all.push_back(static_cast<uint32_t>(mu));
        }
      }
      starts_[unit + 1] = static_cast<uint32_t>(all.size());
    }
    keep(all);
  }

  Lists lists() const { return {starts_.data(), items_.data(), items_.size()}; }
  const uint32_t* starts() const { return starts_.data(); }
  const Array<uint32_t>& items() const { return items_; }

 private:
  void keep(const std::vector<uint32_t>& all) {
    items_ = Array<uint32_t>(all.size(), true);
    for (size_t k = 0; k < all.size(); k++) items_[k] = all[k];
  }

  Array<uint32_t> starts_, items_;
};

namespace cases {

inline void pack(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(0, 20), neurons = input.size(1, 700);
  const auto rows = rows_of(input, count, neurons);
  Array<int8_t> states(count * neurons, input.flag());
  tier.unpack(rows.data(), count, neurons, states.data());
  const size_t wrong = input.word();
  const int8_t value = static_cast<int8_t>(input.byte());
  if (wrong < states.size() && input.flag()) states[wrong] = value;
  Array<uint32_t> packed(rows.size(), input.flag());
  const int64_t offender = tier.pack(states.data(), count, neurons, packed.data());
  out.add("offender", offender);
  // Nothing is said of rows with a wrong value in them.
  if (offender < 0) out.add("rows", packed);
}

inline void unpack(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(0, 20), neurons = input.size(1, 700);
  const auto rows = rows_of(input, count, neurons);
  Array<int8_t> states(count * neurons, input.flag());
  tier.unpack(rows.data(), count, neurons, states.data());
  out.add("states", states);
}

inline void transpose(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(0, 300), neurons = input.size(1, 700);
  const auto rows = rows_of(input, count, neurons);
  out.add("columns", columns_of(tier, rows, count, neurons, input.flag()));
}

inline void overlaps(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(0, 300), neurons = input.size(1, 700), states = input.size(0, 20);
  const auto rows = rows_of(input, count, neurons);
  const auto asked = states_of(input, rows, count, states, neurons);
  Array<int32_t> values(states * count, input.flag());
  tier.overlaps(rows.data(), count, neurons, asked.data(), states, values.data());
  out.add("overlaps", values);
}

inline void interleave(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(0, 300), neurons = input.size(1, 700);
  const auto rows = rows_of(input, count, neurons);
  Array<uint32_t> planes(plane_words(count, neurons), input.flag());
  tier.interleave(rows.data(), count, neurons, planes.data());
  out.add("planes", planes);
}

/// In one piece and in two: the second one goes on from what the first one found.
inline void nearest(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(1, 600), neurons = input.size(1, 700), states = input.size(0, 40);
  const auto rows = rows_of(input, count, neurons);
  const auto asked = states_of(input, rows, count, states, neurons);
  const size_t words = row_words(neurons), cut = input.byte() % count;
  const size_t k = input.flag() ? 1 : input.size(1, count);
  Array<uint32_t> indices(states * k, input.flag()), again(states * k, true);
  Array<int32_t> values(states * k, input.flag()), same(states * k, true);
  const auto search = [&](size_t from, size_t end, uint32_t* to, int32_t* overlaps) {
    Array<uint32_t> planes(plane_words(end - from, neurons), true);
    tier.interleave(rows.data() + from * words, end - from, neurons, planes.data());
    tier.nearest(planes.data(), end - from, neurons, asked.data(), states, from, k, to, overlaps);
  };
  search(0, count, indices.data(), values.data());
  out.add("indices", indices);
  out.add("overlaps", values);
  if (cut > 0) search(0, cut, again.data(), same.data());
  search(cut, count, again.data(), same.data());
  for (size_t b = 0; b < states * k; b++) {
    if (indices[b] != again[b] || values[b] != same[b])
      fail("nearest", tier.name, "another result in two pieces");
  }
}

inline void philox(Input& input, const Tier& tier, Output& out) {
  const uint32_t seed[2] = {input.word(), input.word()};
  const uint32_t sweep = input.word(), low = input.word(), high = input.word();
  const size_t each = input.size(0, 400), queries = 1 + input.below(40);
  Array<uint32_t> words(each * queries, input.flag());
  tier.philox(seed, sweep, low, high, words.data(), each, queries);
  out.add("words", words);
}

inline void rewired(Input& input, const Tier& tier, Output& out) {
  const uint32_t seed[2] = {input.word(), input.word()};
  const uint32_t sweep = input.word();
  const uint64_t query = static_cast<uint64_t>(input.below(2)) << 40 | input.word();
  const uint32_t bound = 1 + (input.flag() ? input.byte() : input.word() % 4294967294u);
  const double chance = input.one_of({0.0, 0.1, 0.5, 1.0, -1.0, static_cast<double>(NAN)});
  Array<uint32_t> places(input.size(0, 100), input.flag());
  tier.rewired(seed, sweep, query, chance, bound, places.data(), places.size());
  for (const uint32_t place : places) {
    if (place > bound) fail("rewired", tier.name, "a place beyond the bound");
  }
  out.add("places", places);
}

/// Lists of few and of many numbers, close to each other or far apart.
inline void ascend(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(0, 40), most = input.one_of<size_t>({3, 30, 700});
  const uint64_t span = input.one_of<uint64_t>({2, 100, 1000000, 4294967295});
  Stream stream(input);
  Array<uint32_t> starts(count + 1, input.flag()), repeated((count + 31) / 32, true);
  for (size_t k = 0; k < count; k++)
    starts[k + 1] = starts[k] + static_cast<uint32_t>(stream.below(most + 1));
  Array<uint32_t> items(starts[count], input.flag());
  for (uint32_t& item : items) item = static_cast<uint32_t>(stream.bits() % span);
  tier.ascend(starts.data(), count, items.data(), items.size(), repeated.data());
  for (size_t k = 0; k < count; k++) {
    bool twice = false;
    for (size_t at = starts[k] + size_t{1}; at < starts[k + 1]; at++) {
      if (items[at] < items[at - 1]) fail("ascend", tier.name, "an order that falls");
      twice |= items[at] == items[at - 1];
    }
    if (twice != (((repeated[k / 32] >> (k % 32)) & 1) != 0)) fail("ascend", tier.name, "another repetition");
  }
  out.add("items", items);
  out.add("repeated", repeated);
}

inline void correlations(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(0, 300), n = input.size(1, 140), m = input.size(1, 140);
  const auto left = rows_of(input, count, n), right = rows_of(input, count, m);
  const auto one = columns_of(tier, left, count, n, input.flag()),
             other = columns_of(tier, right, count, m, input.flag());
  Array<int32_t> values(n * m, input.flag());
  tier.correlations(one.data(), other.data(), count, n, m, values.data());
  out.add("correlations", values);
}

inline void signed_sums(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(0, 600), rows = input.size(0, 100);
  const size_t stride = (count + 31) / 32 + input.below(3);
  Stream stream(input);
  Array<uint32_t> bits(rows * stride, input.flag());
  for (uint32_t& word : bits) word = static_cast<uint32_t>(stream.bits());
  const double span = input.flag() ? 3 : 1099511627776.0;
  Array<double> values(count, input.flag()), sums(rows, input.flag());
  for (double& value : values) value = stream.whole(span);
  tier.signed_sums(bits.data(), stride, count, values.data(), rows, sums.data());
  out.add("sums", sums);
}

inline void bidirectional(Input& input, const Tier& tier, Output& out) {
  const size_t count = input.size(0, 300), inputs = input.size(1, 600), outputs = input.size(1, 600);
  const size_t states = input.size(0, 40);
  const auto xs = rows_of(input, count, inputs), ys = rows_of(input, count, outputs);
  auto x = states_of(input, xs, count, states, inputs), y = states_of(input, ys, count, states, outputs);
  Stream stream(input);
  Array<uint8_t> from_y(states, true);
  for (uint8_t& side : from_y) side = static_cast<uint8_t>(stream.bits() & 1);
  Array<double> outcomes(3 * states, true);
  tier.bidirectional({count, inputs, outputs, xs.data(), ys.data()}, x.data(), y.data(), states,
                     from_y.data(), input.one_of({0u, 1u, 2u, 20u}),
                     reinterpret_cast<Settled*>(outcomes.data()));
  out.add("x", x);
  out.add("y", y);
  out.add("outcomes", outcomes);
}

inline void willshaw_store(Input& input, const Tier& tier, Output& out) {
  const size_t inputs = input.size(1, 200), outputs = input.size(1, 600);
  Stream stream(input);
  const CodeLists active(stream, 1, inputs, 20);
  auto weights = rows_of(input, inputs, outputs);
  const auto row = rows_of(input, 1, outputs);
  tier.willshaw_store(weights.data(), outputs, active.items().data(), active.items().size(), row.data());
  out.add("weights", weights);
}

inline void recall_codes(Input& input, const Tier& tier, Output& out) {
  Stream stream(input);
  const size_t inputs = input.size(1, 400), cues = input.size(0, 20), count = input.size(0, 70);
  CodeMemory memory{};
  memory.automatic = input.flag();
  memory.inputs = inputs;
  memory.outputs = memory.automatic ? inputs : input.size(1, 400);
  memory.form = static_cast<CodeForm>(input.below(2));
  const CodeLists codes(stream, count, inputs, 1 + input.below(30)),
      others(stream, count, memory.outputs, 1 + input.below(30));
  const CodeLists& units = memory.automatic ? codes : others;
  const CodeLists patterns(codes, inputs);
  const auto weights = rows_of(input, memory.form == CodeForm::kSynapses ? inputs : 0, memory.outputs);
  Array<double> shares(memory.outputs, true);
  for (size_t k = 0; k < units.items().size(); k++) shares[units.items()[k]] += 1;
  memory.weights = weights.data();
  memory.count = count;
  memory.activity = input.one_of({0.01, 0.05, 0.5, 0.3});
  memory.patterns = patterns.lists();
  memory.units = units.lists();
  memory.shares = shares.data();
  const CodeLists asked(stream, cues, inputs, 1 + input.below(40));
  const bool synapses = memory.form == CodeForm::kSynapses;
  const double threshold = input.flag() ? static_cast<double>(NAN)
                           : synapses   ? static_cast<double>(input.below(9))
                                        : stream.real();
  const CodePlan plan{threshold, input.flag() ? -1 : static_cast<double>(input.below(50)),
                      input.one_of({1u, 2u, 9u})};
  Array<uint32_t> rows(cues * row_words(memory.outputs), input.flag()), outcomes(2 * cues, true);
  tier.recall_codes(memory, asked.starts(), asked.items().data(), asked.items().size(), cues, plan,
                    rows.data(), outcomes.data());
  out.add("rows", rows);
  out.add("outcomes", outcomes);
}

}  // namespace cases
}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_ROW_CASES_H_
