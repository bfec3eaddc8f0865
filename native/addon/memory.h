// memory(kind, numbers, ...arrays): reads and checks a memory, and returns its handle; memoryAsync looks
// through contents on another thread. The arguments of each kind are those of src/kernels/native/handles.ts.
#ifndef HOPFIELD_ADDON_MEMORY_H_
#define HOPFIELD_ADDON_MEMORY_H_

#include <functional>
#include <vector>

#include "addon/async.h"
#include "addon/contents.h"
#include "addon/handle.h"
#include "flag.h"

namespace hopfield {

/// Arguments from this one on are arrays.
constexpr size_t kFirstArray = 2;

/// What contents have to be, or what is made of them: a look at all of an array, for which there may be
/// another thread.
struct Look {
  size_t argument;
  const char* expected;
  std::function<bool()> fits;
};
using Looks = std::vector<Look>;

/// The first one that finds something else than it expects; null if there is none.
inline const Look* misfit(const Looks& looks) {
  for (const Look& look : looks) {
    heed_flag();
    if (!look.fits()) return &look;
  }
  return nullptr;
}

/// Reads types, sizes and bounds, and finds out what is to be looked at.
class MemoryReader {
 public:
  explicit MemoryReader(const Arguments& args)
      : args_(args), numbers_(args.array<double>(1, 5).data), handle_(new Handle{}) {
    handle_->tier = &args.tier();
  }

  std::unique_ptr<Handle> read(Looks* looks) {
    looks_ = looks;
    const auto kind = static_cast<Kind>(args_.size(0, kMostKind));
    switch (kind) {
      case Kind::kKeys:
        keys();
        break;
      case Kind::kGraded:
        graded();
        break;
      case Kind::kPairs:
        pairs();
        break;
      case Kind::kSynapses:
      case Kind::kCovariance:
        codes(kind == Kind::kSynapses ? CodeForm::kSynapses : CodeForm::kCovariance);
        break;
      default:
        pairwise(static_cast<Form>(kind));
    }
    return std::move(handle_);
  }

 private:
  size_t size(size_t k, double most) const { return args_.whole(numbers_[k], most, 1); }
  size_t units(size_t k, double most) const {
    const size_t count = size(k, most);
    if (count == 0) args_.fail(1, "at least one unit");
    return count;
  }
  template <class T>
  const T* array(size_t k, size_t least) const {
    return args_.array<T>(kFirstArray + k, least).data;
  }
  [[noreturn]] void fail(size_t k, const char* expected) const { args_.fail(kFirstArray + k, expected); }
  /// Asks for a look at array k. What it takes lives as long as the handle.
  template <class Fits>
  void look(size_t k, const char* expected, Fits fits) const {
    looks_->push_back({kFirstArray + k, expected, fits});
  }

  const uint32_t* rows(size_t k, size_t count, size_t neurons) const {
    const uint32_t* data = array<uint32_t>(k, count * row_words(neurons));
    look(k, "rows with zero padding", [=] { return clean_rows(data, count, neurons); });
    return data;
  }
  /// An array that is there in full, or empty: then null.
  template <class T>
  const T* array_or_empty(size_t k, size_t least) const {
    const auto view = args_.array<T>(kFirstArray + k, 0);
    if (view.length == 0 && least > 0) return nullptr;
    return array<T>(k, least);
  }

  /// Numbers 0, 1: neurons, count. Array 0: rows.
  void pairwise(Form form) {
    handle_->family = Family::kPairwise;
    Memory& memory = handle_->memory;
    memory.form = form;
    memory.neurons = units(0, form == Form::kMatrix ? kMostSide : kMostNeurons);
    memory.count = size(1, kMostPatterns);
    memory.rows = array<uint32_t>(0, memory.count * row_words(memory.neurons));
    // Memory that other threads share may change under a recall whatever it is now, so the forms that can be
    // shared bear any padding; see AcceptanceTable::place.
    const bool sharable = form == Form::kImplicit || form == Form::kMatrix;
    if (!sharable) rows(0, memory.count, memory.neurons);
    switch (form) {
      case Form::kImplicit:
        memory.columns = array_or_empty<uint32_t>(1, memory.neurons * column_words(memory.count));
        break;
      case Form::kCoupled:
        coupled(memory);
        break;
      case Form::kMatrix:
        give_shelf(memory);
        weights(1, memory.neurons * padded_stride(memory.neurons), memory);
        memory.symmetric = size(2, 1) == 1;
        if (memory.symmetric && memory.number == Number::kInt32) measure(1, memory);
        break;
      case Form::kBits:
        memory.weights = rows(1, memory.neurons, memory.neurons);
        break;
      case Form::kSparse:
        give_shelf(memory);
        sparse(memory);
        break;
      case Form::kInteraction:
        give_shelf(memory);
        interaction(memory);
        break;
    }
  }

  void measure(size_t k, Memory& memory) const {
    look(k, "weights", [&memory] {
      memory.largest = largest_row(memory);
      return true;
    });
  }

  void weights(size_t k, size_t count, Memory& memory) const {
    const AnyArray array = args_.any_array(kFirstArray + k);
    if (array.is<int32_t>()) {
      memory.number = Number::kInt32;
    } else if (array.is<float>() && memory.form == Form::kMatrix) {
      memory.number = Number::kFloat32;
    } else if (array.is<double>()) {
      memory.number = Number::kFloat64;
    } else {
      fail(k, "an array of weights");
    }
    if (array.length < count) fail(k, "a longer array");
    memory.weights = array.data;
  }

  void give_shelf(Memory& memory) const {
    handle_->shelf.reset(make_shelf());
    memory.shelf = handle_->shelf.get();
  }

  void coupled(Memory& memory) const {
    CoupledWeights& coupled = memory.coupled;
    const size_t n = memory.neurons, p = memory.count, side = padded_stride(p);
    coupled.coupling = static_cast<Coupling>(size(2, 3));
    coupled.lag = size(3, static_cast<double>(p));
    coupled.cyclic = size(4, 1) == 1;
    const bool matrix = coupled.coupling == Coupling::kMatrix,
               diagonal = coupled.coupling == Coupling::kDiagonal;
    if (matrix && p > static_cast<size_t>(kMostSide)) fail(2, "fewer patterns");
    memory.columns = array_or_empty<uint32_t>(1, n * column_words(p));
    coupled.couplings = array<double>(2, matrix ? p * side : diagonal ? p : 0);
    coupled.self_weights = array<double>(3, n);
    if (matrix) coupled.responses = array_or_empty<double>(4, n * side);
    constant(5, memory);
  }

  /// k and, after it, u; or neither.
  void constant(size_t k, Memory& memory) const {
    memory.constants = args_.optional_array<double>(kFirstArray + k, memory.neurons).data;
    if (memory.constants == nullptr) return;
    memory.unit = args_.number(kFirstArray + k + 1);
    if (!(memory.unit >= 1 && memory.unit <= kMostInteger)) fail(k + 1, "a unit");
  }

  void sparse(Memory& memory) const {
    SparseConnections& sparse = memory.sparse;
    const size_t n = memory.neurons;
    sparse.starts = starts(1, n);
    const size_t connections = sparse.starts[n];
    sparse.sources = indices(2, connections, n);
    sparse.length = connections;
    weights(3, connections, memory);
    constant(7, memory);
    if (memory.number != Number::kInt32) return;
    measure(3, memory);
    if (args_.array<uint32_t>(kFirstArray + 4, 0).length == 0) return;
    sparse.target_starts = starts(4, n);
    sparse.target_length = sparse.target_starts[n];
    sparse.targets = indices(5, sparse.target_length, n);
    sparse.target_weights = array<int32_t>(6, sparse.target_length);
    look(3, "weights", [this_handle = handle_.get()] {
      shorten_connections(*this_handle);
      return true;
    });
  }

  /// Where there are so many that reading them takes longer than anything else.
  static void shorten_connections(Handle& handle) {
    constexpr size_t kMany = 1 << 16;
    SparseConnections& sparse = handle.memory.sparse;
    if (sparse.length < kMany) return;
    std::unique_ptr<uint16_t[]> sources(new uint16_t[sparse.length]);
    std::unique_ptr<int8_t[]> weights(new int8_t[sparse.length]);
    if (!shorten(handle.memory, sources.get(), weights.get())) return;
    handle.short_sources = std::move(sources);
    handle.short_weights = std::move(weights);
    sparse.short_sources = handle.short_sources.get();
    sparse.short_weights = handle.short_weights.get();
  }

  void interaction(Memory& memory) const {
    memory.columns = array<uint32_t>(1, memory.neurons * column_words(memory.count));
    look(1, "the columns of these rows", [tier = handle_->tier, &memory] {
      return agree(*tier, memory.rows, memory.columns, memory.count, memory.neurons);
    });
    memory.interaction.fields = array<double>(2, memory.neurons + 2);
    memory.interaction.energies = array<double>(3, memory.neurons + 1);
    memory.interaction.beta = numbers_[2];
    if (!(memory.interaction.beta >= 0)) args_.fail(1, "an inverse temperature");
  }

  const uint32_t* starts(size_t k, size_t n) const {
    const uint32_t* data = array<uint32_t>(k, n + 1);
    if (!ascending(data, n)) fail(k, "ascending numbers from 0");
    return data;
  }
  const uint32_t* indices(size_t k, size_t count, size_t end) const {
    const uint32_t* data = array<uint32_t>(k, count);
    look(k, "indices within bounds", [=] { return all_below(data, count, end); });
    return data;
  }

  /// Numbers: count, dimension, width, largest norm, the least and the most logarithm of a salience. Arrays:
  /// keys, values, scales, offsets, coarse copies, logarithms of saliences.
  void keys() {
    handle_->family = Family::kKeys;
    KeyMemory& keys = handle_->keys;
    keys.count = units(0, kMostPatterns);
    keys.dimension = units(1, kMostSide);
    keys.width = size(2, kMostSide);
    keys.largest_norm = numbers_[3];
    const double* logs = args_.array<double>(1, 6).data + 4;
    keys.least_log_salience = logs[0];
    keys.most_log_salience = logs[1];
    keys.keys = array<float>(0, keys.count * keys.dimension);
    keys.values = array<float>(1, keys.count * keys.width);
    keys.scales = args_.optional_array<double>(kFirstArray + 2, keys.count).data;
    keys.offsets = args_.optional_array<double>(kFirstArray + 3, keys.count).data;
    keys.log_saliences = args_.optional_array<double>(kFirstArray + 5, keys.count).data;
    const auto quantized = args_.array<uint8_t>(kFirstArray + 4, 0);
    const size_t bytes = keys.count / 64 * handle_->tier->quantized_bytes(keys.dimension);
    if (quantized.length > 0 && quantized.length < bytes) fail(4, "a longer array");
    // Part of a tile are floats.
    if (quantized.length > 0 && bytes > 0 && reinterpret_cast<uintptr_t>(quantized.data) % 4 == 0)
      keys.quantized_keys = quantized.data;
  }

  /// Numbers: neurons, activation, gain, rate. Arrays: weights, external field; and starts and sources, where
  /// a weight belongs to a connection.
  void graded() {
    handle_->family = Family::kGraded;
    GradedNetwork& graded = handle_->graded;
    graded.neurons = units(0, kMostSide);
    graded.activation = static_cast<Activation>(size(1, 1));
    graded.gain = numbers_[2];
    graded.rate = numbers_[3];
    graded.external_field = args_.optional_array<double>(kFirstArray + 1, graded.neurons).data;
    if (args_.optional_array<uint32_t>(kFirstArray + 2, 0).data == nullptr) {
      graded.weights = array<double>(0, graded.neurons * padded_stride(graded.neurons));
      return;
    }
    graded.starts = starts(2, graded.neurons);
    const size_t connections = graded.starts[graded.neurons];
    graded.weights = array<double>(0, connections);
    graded.sources = indices(3, connections, graded.neurons);
  }

  /// Numbers: count, inputs, outputs. Arrays: patterns of either side.
  void pairs() {
    handle_->family = Family::kPairs;
    PairMemory& pairs = handle_->pairs;
    pairs.count = size(0, kMostPatterns);
    pairs.inputs = units(1, kMostNeurons);
    pairs.outputs = units(2, kMostNeurons);
    pairs.xs = rows(0, pairs.count, pairs.inputs);
    pairs.ys = rows(1, pairs.count, pairs.outputs);
  }

  /// Numbers: inputs, outputs, whether these are the same units; covariance: count, activity. Arrays of
  /// synapses: weights. Of a covariance: starts, patterns, output starts, output units, shares.
  void codes(CodeForm form) {
    handle_->family = Family::kCodes;
    CodeMemory& codes = handle_->codes;
    codes.form = form;
    codes.inputs = size(0, kMostNeurons);
    codes.outputs = units(1, kMostNeurons);
    codes.automatic = size(2, 1) == 1;
    if (codes.automatic && codes.outputs != codes.inputs) args_.fail(1, "as many outputs as inputs");
    if (form == CodeForm::kSynapses) {
      codes.weights = array<uint32_t>(0, codes.inputs * row_words(codes.outputs));
      return;
    }
    codes.count = size(3, kMostPatterns);
    codes.activity = numbers_[4];
    codes.patterns = lists(0, codes.inputs, codes.count);
    codes.units = lists(2, codes.count, codes.outputs);
    codes.shares = array<double>(4, codes.outputs);
  }

  Lists lists(size_t k, size_t many, size_t end) const {
    const uint32_t* from = starts(k, many);
    return {from, indices(k + 1, from[many], end), from[many]};
  }

  const Arguments& args_;
  const double* numbers_;
  std::unique_ptr<Handle> handle_;
  Looks* looks_ = nullptr;
};

inline napi_value memory(const Arguments& args) {
  Looks looks;
  std::unique_ptr<Handle> handle = MemoryReader(args).read(&looks);
  const Look* wrong = misfit(looks);
  if (wrong != nullptr) args.fail(wrong->argument, wrong->expected);
  return to_object(args, std::move(handle), kFirstArray);
}

/// The same with contents looked through on another thread. Its promise is for the handle, or for the error.
struct MemoryWork {
  static constexpr size_t kFlag = Arguments::kMost - 1;

  Looks looks;
  /// The handle. JavaScript has it when it was found right, and until then nobody else keeps it.
  napi_ref object = nullptr;
  const Look* wrong = nullptr;

  explicit MemoryWork(const Arguments& args) {
    std::unique_ptr<Handle> handle = MemoryReader(args).read(&looks);
    check(args.env(),
          napi_create_reference(args.env(), to_object(args, std::move(handle), kFirstArray), 1, &object));
  }
  void run() { wrong = misfit(looks); }
};

inline napi_status answer_of(napi_env env, const MemoryWork& work, napi_value* value) {
  const napi_status found = napi_get_reference_value(env, work.object, value);
  napi_delete_reference(env, work.object);
  if (found != napi_ok || work.wrong == nullptr) return found;
  napi_value text;
  const std::string message = failure(work.wrong->argument, work.wrong->expected);
  const napi_status made = napi_create_string_utf8(env, message.c_str(), message.size(), &text);
  return made == napi_ok ? napi_create_type_error(env, nullptr, text, value) : made;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_MEMORY_H_
