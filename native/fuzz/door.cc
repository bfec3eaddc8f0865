// The addon's door with arrays whose contents, lengths and numbers are wrong somewhere: memories as the
// package makes them, then spoilt, and calls on what the addon accepts. Whatever it accepts, kernels stay
// within their arrays, which end where the address sanitizer looks.
#include <stdio.h>

#include "addon/binding.h"
#include "addon/identity.h"
#include "fuzz/fake_node.h"
#include "fuzz/pairwise_cases.h"
#include "fuzz/real_cases.h"
#include "fuzz/row_cases.h"

extern "C" napi_value napi_register_module_v1(napi_env env, napi_value exports);

/// In place of the one that the build makes.
const char hopfield::kIdentity[] = "fuzzed";

using namespace hopfield;
using fuzz::FakeNode;
using fuzz::Input;
using fuzz::Value;

namespace {

using Values = std::vector<Value*>;

template <class T>
struct Element;
template <>
struct Element<int8_t> {
  static constexpr napi_typedarray_type value = napi_int8_array;
};
template <>
struct Element<uint8_t> {
  static constexpr napi_typedarray_type value = napi_uint8_array;
};
template <>
struct Element<int32_t> {
  static constexpr napi_typedarray_type value = napi_int32_array;
};
template <>
struct Element<uint32_t> {
  static constexpr napi_typedarray_type value = napi_uint32_array;
};
template <>
struct Element<float> {
  static constexpr napi_typedarray_type value = napi_float32_array;
};
template <>
struct Element<double> {
  static constexpr napi_typedarray_type value = napi_float64_array;
};

Value* number(double x) {
  Value* value = FakeNode::get().make(napi_number);
  value->number = x;
  return value;
}
Value* undefined() { return FakeNode::get().make(napi_undefined); }

/// A copy that ends where its memory does, and goes with the value.
template <class T>
Value* array(const T* from, size_t length) {
  Value* value = FakeNode::get().make(napi_object);
  value->typed = true;
  value->element = Element<T>::value;
  value->length = length;
  value->data = malloc(length * sizeof(T) + (length == 0));
  if (from != nullptr && length > 0) memcpy(value->data, from, length * sizeof(T));
  if (from == nullptr) memset(value->data, 0, length * sizeof(T));
  value->wrapped = value->data;
  value->finalize = [](napi_env, void* data, void*) { free(data); };
  return value;
}
template <class T>
Value* zeros(size_t length) {
  return array<T>(nullptr, length);
}
template <class T>
Value* array(const fuzz::Array<T>& from) {
  return array(from.data(), from.size());
}

/// The addon, loaded once: the functions of each tier and the block that their calls begin with.
struct Tables {
  struct One {
    const Tier* tier;
    Value* functions;
    double* block;
  };
  std::vector<One> all;

  Tables() {
    FakeNode& node = FakeNode::get();
    Value* exports = node.make(napi_object);
    napi_register_module_v1(node.env(), exports->as_napi());
    size_t count;
    const Tier* const* tiers = hopfield::tiers(&count);
    for (size_t t = 0; t < count; t++) {
      if (!tiers[t]->usable()) continue;
      Value* name = node.make(napi_string);
      name->text = tiers[t]->name;
      Value* block = zeros<double>(ControlBlock::kLength);
      Value* functions = node.call(*exports->members["kernels"], {name, block});
      if (functions == nullptr) abort();
      all.push_back({tiers[t], functions, static_cast<double*>(block->data)});
    }
    node.keep();
  }
};

/// One wrong thing, or several: a byte, a length, a type, a number.
void spoil(Input& input, Values& given) {
  for (size_t times = input.below(4); times > 0; times--) {
    Value*& value = given[input.below(given.size())];
    const uint8_t how = input.byte();
    if (value->typed && value->length > 0) {
      const size_t bytes = value->element == napi_float64_array                                      ? 8
                           : value->element == napi_int8_array || value->element == napi_uint8_array ? 1
                                                                                                     : 4;
      if (how % 8 == 0) {
        // The view ends earlier: kernels may not read what lies behind it, and the sanitizer must see that.
        const size_t length = input.word() % value->length;
        Value* shorter = array(static_cast<uint8_t*>(value->data), length * bytes);
        shorter->element = value->element;
        shorter->length = length;
        value = shorter;
      } else if (how % 8 == 1) {
        value->element = input.one_of({napi_uint32_array, napi_int32_array, napi_float32_array});
        value->length = value->length * bytes / 4;
      } else {
        auto* data = static_cast<uint8_t*>(value->data);
        const size_t at = input.word() % (value->length * bytes), run = how % 8 == 2 ? 64 : 1;
        for (size_t k = at; k < at + run && k < value->length * bytes; k++) data[k] = input.byte();
      }
    } else {
      value = number(input.one_of({0.0, 1.0, 2.0, 3.0, 511.0, -1.0, 0.5, 1073741824.0, 4294967295.0, 1e300}));
    }
  }
}

Values memory_arguments(double kind, std::initializer_list<double> numbers, Values arrays) {
  double block[6] = {};
  size_t k = 0;
  for (const double x : numbers) block[k++] = x;
  Values all = {number(kind), array(block, 6)};
  all.insert(all.end(), arrays.begin(), arrays.end());
  return all;
}

Values pairwise_arguments(const Memory& m) {
  const size_t n = m.neurons, p = m.count, side = padded_stride(p);
  Value* rows = array(m.rows, p * row_words(n));
  Value* columns = m.columns == nullptr ? nullptr : array(m.columns, n * column_words(p));
  const double N = static_cast<double>(n), P = static_cast<double>(p), form = static_cast<double>(m.form);
  Value* constants = m.constants == nullptr ? undefined() : array(m.constants, n);
  Value* unit = m.constants == nullptr ? undefined() : number(m.unit);
  switch (m.form) {
    case Form::kImplicit:
      return memory_arguments(form, {N, P}, {rows, columns});
    case Form::kCoupled: {
      const CoupledWeights& c = m.coupled;
      const bool matrix = c.coupling == Coupling::kMatrix;
      const size_t couplings = matrix ? p * side : c.coupling == Coupling::kDiagonal ? p : 0;
      return memory_arguments(
          form, {N, P, static_cast<double>(c.coupling), static_cast<double>(c.lag), c.cyclic ? 1.0 : 0.0},
          {rows, columns, array(c.couplings, couplings), array(c.self_weights, n),
           array(c.responses, matrix ? n * side : 0), constants, unit});
    }
    case Form::kMatrix: {
      const size_t length = n * padded_stride(n);
      Value* weights = m.number == Number::kInt32     ? array(m.weights_as<int32_t>(), length)
                       : m.number == Number::kFloat32 ? array(m.weights_as<float>(), length)
                                                      : array(m.weights_as<double>(), length);
      return memory_arguments(form, {N, P, m.symmetric ? 1.0 : 0.0}, {rows, weights});
    }
    case Form::kBits:
      return memory_arguments(form, {N, P}, {rows, array(m.weights_as<uint32_t>(), n * row_words(n))});
    case Form::kSparse: {
      const SparseConnections& s = m.sparse;
      const bool whole = m.number == Number::kInt32, carried = s.target_starts != nullptr;
      Value* weights =
          whole ? array(m.weights_as<int32_t>(), s.length) : array(m.weights_as<double>(), s.length);
      return memory_arguments(
          form, {N, P},
          {rows, array(s.starts, n + 1), array(s.sources, s.length), weights,
           array(s.target_starts, carried ? n + 1 : 0), array(s.targets, carried ? s.target_length : 0),
           array(s.target_weights, carried ? s.target_length : 0), constants, unit});
    }
    case Form::kInteraction:
      return memory_arguments(
          form, {N, P, m.interaction.beta},
          {rows, columns, array(m.interaction.fields, n + 2), array(m.interaction.energies, n + 1)});
  }
  abort();
}

/// Calls on one tier.
class Door {
 public:
  Door(Input& input, const Tables::One& table) : input_(input), table_(table) {}

  void run() {
    switch (input_.below(5)) {
      case 0:
        return keys();
      case 1:
        return pairs();
      case 2:
        return codes();
      default:
        return pairwise();
    }
  }

 private:
  Value* call(const char* name, Values given) {
    spoil(input_, given);
    return FakeNode::get().call(*table_.functions->members[name], given);
  }
  /// Its number and the handle, or nothing where it was refused.
  Values accept(const Values& arguments) {
    Value* handle = call("memory", arguments);
    if (handle == nullptr) return {};
    return {handle->members["id"], handle};
  }
  void control(std::initializer_list<double> numbers) {
    size_t k = 0;
    for (const double x : numbers) table_.block[k++] = x;
    if (input_.below(8) == 0) table_.block[input_.below(12)] = input_.one_of({-1.0, 2.0, 7.0, 1e18, 0.5});
  }
  Values with(const Values& taken, Values others) {
    Values all = taken;
    all.insert(all.end(), others.begin(), others.end());
    return all;
  }

  void pairwise() {
    fuzz::PairwiseMemory of(input_, *table_.tier, fuzz::any_form(input_));
    const Memory& m = of.memory;
    const size_t n = m.neurons, words = row_words(n), cues = 1 + input_.below(9);
    const Values taken = accept(pairwise_arguments(m));
    if (taken.empty()) return;
    fuzz::RecallPlan by(input_, m);
    const auto states = fuzz::states_of(input_, of.rows, m.count, cues, n);
    fuzz::Array<int8_t> spins(cues * n, true);
    table_.tier->unpack(states.data(), cues, n, spins.data());
    const bool bytes = input_.flag();
    const Plan& plan = by.plan;
    const double given = 1.0 + (plan.visits ? 2 : 0) + (plan.external_field ? 4 : 0) + (plan.clamp ? 8 : 0) +
                         (plan.temperatures ? 32 : 0);
    control({plan.synchronous ? 1.0 : 0.0, static_cast<double>(plan.order), static_cast<double>(plan.tie), 3,
             1, 2, 5, plan.scale, 0, static_cast<double>(cues), given});
    call(
        "recall",
        with(taken, {bytes ? array(spins) : array(states),
                     bytes ? zeros<int8_t>(cues * n) : zeros<uint32_t>(cues * words), zeros<double>(4 * cues),
                     plan.visits ? array(plan.visits, plan.visit_count) : undefined(),
                     plan.external_field ? array(plan.external_field, n) : undefined(),
                     plan.clamp ? array(plan.clamp, words) : undefined(), undefined(),
                     plan.temperatures ? array(plan.temperatures, plan.temperature_count) : undefined()}));
    control({plan.synchronous ? 1.0 : 0.0, static_cast<double>(plan.order), static_cast<double>(plan.tie), 2,
             1, 2, 5, plan.scale, 0, static_cast<double>(cues), given, 0, 3});
    call("sample",
         with(taken, {array(states), zeros<uint32_t>(3 * cues * words), zeros<double>(12 * cues),
                      plan.visits ? array(plan.visits, plan.visit_count) : undefined(),
                      plan.external_field ? array(plan.external_field, n) : undefined(),
                      plan.clamp ? array(plan.clamp, words) : undefined(), undefined(),
                      plan.temperatures ? array(plan.temperatures, plan.temperature_count) : undefined(),
                      zeros<int32_t>(cues * n)}));
    call("localFields", with(taken, {array(states), zeros<double>(n)}));
    call("quadratics", with(taken, {array(states), number(static_cast<double>(cues)), zeros<double>(cues)}));
    if (m.form != Form::kCoupled) return;
    const size_t from = input_.byte() % (n + 1), to = from + (n - from < 9 ? n - from : 9);
    const double first = static_cast<double>(from), end = static_cast<double>(to);
    call("formWeights", with(taken, {number(first), number(end), number(3), zeros<double>((to - from) * n)}));
    call("selfWeights", with(taken, {number(first), number(end), zeros<double>(to - from)}));
    const uint32_t starts[3] = {1, 3, 6}, sources[5] = {0, 0, 0, 0, 0};
    call("connectionWeights", with(taken, {number(0), array(starts, n > 1 ? 3 : 1),
                                           array(sources, n > 1 ? 5 : 0), zeros<int32_t>(n > 1 ? 5 : 0)}));
  }

  void keys() {
    fuzz::KeyCase of(input_, *table_.tier);
    const KeyMemory& m = of.memory;
    const size_t tiles = m.count / 64, bytes = table_.tier->quantized_bytes(m.dimension) * tiles;
    fuzz::Array<float> coarse(bytes / sizeof(float), true);
    if (bytes > 0) table_.tier->quantize_keys(m, reinterpret_cast<uint8_t*>(coarse.data()), 0, tiles);
    const Values taken = accept(memory_arguments(
        6,
        {static_cast<double>(m.count), static_cast<double>(m.dimension), static_cast<double>(m.width),
         m.largest_norm, m.least_log_salience, m.most_log_salience},
        {array(m.keys, m.count * m.dimension), array(m.values, m.count * m.width),
         m.scales ? array(m.scales, m.count) : undefined(),
         m.offsets ? array(m.offsets, m.count) : undefined(),
         array(reinterpret_cast<const uint8_t*>(coarse.data()), bytes),
         m.log_saliences ? array(m.log_saliences, m.count) : undefined()}));
    if (taken.empty()) return;
    const double count = static_cast<double>(of.count);
    const auto ask = [&] {
      control({count, of.plan.beta, static_cast<double>(of.plan.similarity),
               static_cast<double>(of.plan.separator), static_cast<double>(of.plan.precision)});
    };
    ask();
    call("retrieve", with(taken, {array(of.queries), undefined(), zeros<float>(of.count * m.width),
                                  zeros<double>(2 * of.count)}));
    ask();
    call("associate", with(taken, {array(of.queries), zeros<double>(of.count * m.count)}));
    const size_t k = input_.size(1, m.count);
    ask();
    call("mostSimilar", with(taken, {array(of.queries), number(static_cast<double>(k)), undefined(),
                                     zeros<double>(of.count), zeros<uint32_t>(of.count * k),
                                     zeros<double>(of.count * k), zeros<double>(of.count * k)}));
  }

  void pairs() {
    const size_t count = input_.size(0, 100), inputs = input_.size(1, 300), outputs = input_.size(1, 300),
                 states = input_.below(20);
    const auto xs = fuzz::rows_of(input_, count, inputs), ys = fuzz::rows_of(input_, count, outputs);
    const Values taken = accept(memory_arguments(
        8, {static_cast<double>(count), static_cast<double>(inputs), static_cast<double>(outputs)},
        {array(xs), array(ys)}));
    if (taken.empty()) return;
    const auto x = fuzz::rows_of(input_, states, inputs), y = fuzz::rows_of(input_, states, outputs);
    call("bidirectional", with(taken, {array(x), array(y), number(static_cast<double>(states)),
                                       zeros<uint8_t>(states), number(9), zeros<double>(3 * states)}));
  }

  void codes() {
    fuzz::Stream stream(input_);
    const size_t units = input_.size(1, 300), count = input_.size(0, 40), cues = input_.below(9);
    const fuzz::CodeLists codes(stream, count, units, 1 + input_.below(20));
    const fuzz::CodeLists patterns(codes, units);
    const double U = static_cast<double>(units);
    const bool synapses = input_.flag();
    const Values taken =
        synapses ? accept(memory_arguments(9, {U, U, 1}, {array(fuzz::rows_of(input_, units, units))}))
                 : accept(memory_arguments(
                       10, {U, U, 1, static_cast<double>(count), 0.1},
                       {array(patterns.starts(), units + 1), array(patterns.items()),
                        array(codes.starts(), count + 1), array(codes.items()), zeros<double>(units)}));
    if (taken.empty()) return;
    const fuzz::CodeLists asked(stream, cues, units, 1 + input_.below(20));
    control({static_cast<double>(cues), synapses ? 2.0 : 0.1, input_.flag() ? -1.0 : 5.0, 3});
    call("recallCodes", with(taken, {array(asked.starts(), cues + 1), array(asked.items()),
                                     zeros<uint32_t>(cues * row_words(units)), zeros<uint32_t>(2 * cues)}));
  }

  Input& input_;
  const Tables::One& table_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Tables tables;
  Input input(data, size);
  Door(input, tables.all[input.below(tables.all.size())]).run();
  FakeNode::get().collect();
  return 0;
}
