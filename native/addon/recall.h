// The recalls of src/kernels/native/recall.ts, and what else is asked of a pairwise memory.
#ifndef HOPFIELD_ADDON_RECALL_H_
#define HOPFIELD_ADDON_RECALL_H_

#include "addon/contents.h"
#include "addon/handle.h"
#include "addon/trace.h"
#include "core/batch.h"

namespace hopfield {

/// Positions in the control block, which src/kernels/native/recall.ts writes.
enum Control : size_t {
  kSynchronous,
  kOrder,
  kTie,
  kMaxSweeps,
  kSeedLow,
  kSeedHigh,
  kStream,
  kScale,
  kFirstSweep,
  kCount,
  kGiven,
  kVisitCount,  ///< where kBlockVisits is given
  kSamples,     ///< of samples alone
  kControlLength
};

/// Bits of kGiven: the arguments after the handle that are there.
enum Given : uint32_t {
  kArrays = 1,  ///< cues, states and outcomes; without them one cue, its state and outcome are in the block
  kVisits = 2,
  kExternalField = 4,
  kClamp = 8,
  kStreams = 16,
  kTemperatures = 32,
  kBlockVisits = 64,  ///< in place of kVisits, few neurons to visit that are in the block
  kAllGiven = 127
};

/// Everything one call computes on.
struct RecallWork {
  static constexpr size_t kHandle = 0, kCues = 2, kStates = 3, kOutcomes = 4, kVisitsAt = 5, kFieldAt = 6,
                          kClampAt = 7, kStreamsAt = 8, kTemperaturesAt = 9;

  const Tier* tier;
  const Handle* handle;
  const Memory* memory;
  Plan plan{};
  Batch batch{};
  bool packed_cues = false, packed_states = false;
  const KeptVisits* few = nullptr;  ///< visits that were in the block; they may not fit
  size_t each;                      ///< states and outcomes of every cue

  explicit RecallWork(const Arguments& args, size_t samples = 1)
      : tier(&args.tier()),
        handle(&handle_of(args, kHandle, Family::kPairwise)),
        memory(&handle->memory),
        each(samples) {
    static_assert(sizeof(Outcome) == 5 * sizeof(double), "outcomes are rows of five numbers");
    handle->indices.tell(args.env());
    handle->byte_couplings.tell(args.env());
    const auto control = args.control<kControlLength>();
    read_plan(args, control.numbers);
    if (!plan.synchronous) check_asynchronous(args);
    const auto given = static_cast<uint32_t>(control[kGiven]);
    if (given & kArrays) {
      read_arrays(args);
    } else {
      // Here and now alone: whoever computes elsewhere has arrays.
      use_block(args, control.block);
    }
    if (given & kBlockVisits) {
      if (given & kVisits) args.fail_control("visits once");
      use_visits(args, control.block, control[kVisitCount]);
    }
    if (given & ~(kArrays | kBlockVisits)) read_extras(args, given);
    const bool visits = !plan.synchronous && plan.order == Order::kExplicit;
    if (visits && plan.visit_count == 0) args.fail(kVisitsAt, "neurons to visit");
  }

  /// As RecallKernels.recall returns.
  int64_t run() const {
    if (few != nullptr && few->misfit() < few->count()) return -2 - static_cast<int64_t>(few->misfit());
    return batch.count == 0 ? -1 : recall_batch(*tier, aided(), plan, batch);
  }

  /// Of calls that return nothing that could say so.
  void refuse_few(const Arguments& args) const {
    if (few != nullptr) args.fail_control("visits in an array");
  }

  /// The memory with what the handle keeps for recalls like this one.
  Memory aided() const {
    Memory aided = *memory;
    if (memory->form != Form::kImplicit) return aided;
    if (!plan.synchronous) {
      const uint8_t* bytes = handle->byte_couplings.of(
          true, [this] { return tier->coupling_bytes(*memory); },
          [this](uint8_t* to) { tier->couple(*memory, reinterpret_cast<int8_t*>(to)); });
      aided.byte_couplings = reinterpret_cast<const int8_t*>(bytes);
    }
    // Asynchronous recalls ask all neurons at once whether they rest.
    aided.indices = handle->indices.of(
        aided.byte_couplings == nullptr, [this] { return tier->index_bytes(*memory); },
        [this](uint8_t* to) { tier->index_patterns(*memory, to); });
    return aided;
  }

 private:
  void read_arrays(const Arguments& args) {
    const size_t neurons = memory->neurons;
    const size_t bytes = batch.count * neurons, words = batch.count * row_words(neurons);
    if (each > static_cast<size_t>(kMostPatterns) / (batch.count + 1)) args.fail_control("fewer samples");
    batch.outcomes = reinterpret_cast<Outcome*>(args.array<double>(kOutcomes, batch.count * each * 5).data);
    const AnyArray cues = args.any_array(kCues), states = args.any_array(kStates);
    packed_cues = !cues.is<int8_t>();
    packed_states = !states.is<int8_t>();
    if (packed_cues) {
      batch.cue_rows = args.viewed<uint32_t>(cues, kCues, words).data;
    } else {
      batch.cue_bytes = args.viewed<int8_t>(cues, kCues, bytes).data;
    }
    if (packed_states) {
      batch.state_rows = args.viewed<uint32_t>(states, kStates, each * words).data;
    } else {
      batch.state_bytes = args.viewed<int8_t>(states, kStates, each * bytes).data;
    }
  }

  /// The bytes of one cue and its state lie in the block.
  void use_block(const Arguments& args, double* block) {
    constexpr size_t kMostBytes = (ControlBlock::kState - ControlBlock::kCue) * sizeof(double);
    if (batch.count != 1 || memory->neurons > kMostBytes) args.fail(kCues, "cues");
    batch.cue_bytes = reinterpret_cast<const int8_t*>(block + ControlBlock::kCue);
    batch.state_bytes = reinterpret_cast<int8_t*>(block + ControlBlock::kState);
    batch.outcomes = reinterpret_cast<Outcome*>(block + ControlBlock::kOutcome);
  }

  void use_visits(const Arguments& args, double* block, double count) {
    if (!(count >= 0 && count <= KeptVisits::kMost)) args.fail_control("few neurons to visit");
    KeptVisits& kept = args.binding().visits;
    kept.take(reinterpret_cast<const uint32_t*>(block + ControlBlock::kVisits), static_cast<size_t>(count),
              memory->neurons);
    few = &kept;
    plan.visits = kept.data();
    plan.visit_count = kept.count();
    plan.permutation = kept.permutation();
  }

  void read_plan(const Arguments& args, const double* control) {
    static constexpr double kMostOf[kVisitCount] = {
        1,        3, 2, kMostSweeps, kMostWord, kMostWord, kMostInteger, HUGE_VAL, kMostSweeps, kMostPatterns,
        kAllGiven};
    for (size_t k = 0; k < kVisitCount; k++) {
      if (!(control[k] >= 0 && control[k] <= kMostOf[k])) args.fail_control("a number within bounds");
    }
    plan.synchronous = control[kSynchronous] != 0;
    plan.order = static_cast<Order>(static_cast<int>(control[kOrder]));
    plan.tie = static_cast<Tie>(static_cast<int>(control[kTie]));
    plan.max_sweeps = static_cast<uint32_t>(control[kMaxSweeps]);
    plan.seed[0] = static_cast<uint32_t>(control[kSeedLow]);
    plan.seed[1] = static_cast<uint32_t>(control[kSeedHigh]);
    plan.scale = control[kScale];
    plan.first_sweep = static_cast<uint32_t>(control[kFirstSweep]);
    batch.stream = static_cast<uint64_t>(control[kStream]);
    batch.count = static_cast<size_t>(control[kCount]);
  }

  /// Updates neuron by neuron read what synchronous ones do not.
  void check_asynchronous(const Arguments& args) const {
    const bool coupled = memory->form == Form::kCoupled;
    const bool columns = (coupled || memory->form == Form::kImplicit) && memory->count > 0;
    if (columns && memory->columns == nullptr) args.fail(kHandle, "a memory with columns");
    if (coupled && memory->coupled.coupling == Coupling::kMatrix && memory->count > 0 &&
        memory->coupled.responses == nullptr) {
      args.fail(kHandle, "a memory with responses");
    }
  }

  void read_extras(const Arguments& args, uint32_t given) {
    const size_t neurons = memory->neurons;
    if (given & kVisits) {
      const auto visits = args.array<uint32_t>(kVisitsAt, 1);
      if (!all_below(visits.data, visits.length, memory->neurons))
        args.fail(kVisitsAt, "neurons within bounds");
      plan.visits = visits.data;
      plan.visit_count = visits.length;
      plan.permutation =
          !plan.synchronous && visits.length == neurons && permutes(visits.data, visits.length);
    }
    if (given & kExternalField) plan.external_field = args.array<double>(kFieldAt, neurons).data;
    if (given & kClamp) plan.clamp = args.array<uint32_t>(kClampAt, row_words(neurons)).data;
    if (given & kStreams) {
      const auto streams = args.array<double>(kStreamsAt, batch.count);
      for (size_t b = 0; b < batch.count; b++) {
        if (!(streams.data[b] >= 0 && streams.data[b] <= kMostInteger))
          args.fail(kStreamsAt, "query indices");
      }
      batch.streams = streams.data;
    }
    if (given & kTemperatures) {
      const auto temperatures = args.array<double>(kTemperaturesAt, 1);
      plan.temperatures = temperatures.data;
      plan.temperature_count = temperatures.length;
    }
  }
};

inline napi_value recall(const Arguments& args) {
  return to_number(args.env(), static_cast<double>(RecallWork(args).run()));
}

/// Batches and indices come through recall: nothing of their own for JavaScript.
inline void recall_many(const Arguments&) {}
inline void index_bytes(const Arguments&) {}
inline void index_patterns(const Arguments&) {}
inline void coupling_bytes(const Arguments&) {}
inline void couple(const Arguments&) {}

inline napi_value recall_traced(const Arguments& args) {
  const RecallWork work(args);
  work.refuse_few(args);
  const Batch& batch = work.batch;
  if (!work.packed_cues) args.fail(RecallWork::kCues, "a Uint32Array");
  if (!work.packed_states) args.fail(RecallWork::kStates, "a Uint32Array");
  if (batch.count != 1) args.fail_control("one cue");
  TraceRecorder recorder;
  const uint64_t query = batch.streams != nullptr ? static_cast<uint64_t>(batch.streams[0]) : batch.stream;
  recall_traced(*work.tier, work.aided(), work.plan, query, batch.cue_rows, batch.state_rows, batch.outcomes,
                &recorder);
  return recorder.to_js(args.env());
}

/// As they are given to another thread: cues packed, so that nothing but copies of ours is read there.
struct AsyncRecallWork : RecallWork {
  static constexpr size_t kFlag = 10;

  explicit AsyncRecallWork(const Arguments& args, size_t samples = 1) : RecallWork(args, samples) {
    if (!packed_cues) args.fail(kCues, "a Uint32Array");
    refuse_few(args);
  }
};

/// Here and elsewhere: packed cues, which become the last states, and packed states.
struct SampleWork : AsyncRecallWork {
  static constexpr size_t kSums = 10, kFlag = 11;

  uint32_t* rows;
  int32_t* sums;

  explicit SampleWork(const Arguments& args) : AsyncRecallWork(args, samples_of(args)) {
    if (!packed_states) args.fail(kStates, "a Uint32Array");
    rows = args.array<uint32_t>(kCues, batch.count * row_words(memory->neurons)).data;
    sums = args.array<int32_t>(kSums, batch.count * memory->neurons).data;
  }

  void run() const {
    if (batch.count > 0) sample_batch(*tier, *memory, plan, batch, rows, each, sums);
  }

 private:
  static size_t samples_of(const Arguments& args) {
    const double samples = args.control<kControlLength>()[kSamples];
    if (!(samples >= 0 && samples <= kMostSweeps)) args.fail_control("a number within bounds");
    return static_cast<size_t>(samples);
  }
};

inline napi_value sample(const Arguments& args) {
  SampleWork(args).run();
  return nullptr;
}

/// Handle, state, out.
inline auto fields_to_do(const Arguments& args) {
  const Memory* memory = &handle_of(args, 0, Family::kPairwise).memory;
  const auto state = args.array<uint32_t>(2, row_words(memory->neurons));
  const auto out = args.array<double>(3, memory->neurons);
  return [=, tier = &args.tier()] {
    const CleanStates clean(state.data, 1, memory->neurons);
    tier->local_fields(*memory, clean.data(), out.data);
  };
}

inline napi_value local_fields(const Arguments& args) {
  fields_to_do(args)();
  return nullptr;
}

/// Handle, states, how many, out.
inline auto quadratics_to_do(const Arguments& args) {
  const Memory* memory = &handle_of(args, 0, Family::kPairwise).memory;
  const size_t count = args.size(3, kMostPatterns);
  const auto states = args.array<uint32_t>(2, count * row_words(memory->neurons));
  const auto out = args.array<double>(4, count);
  return [=, tier = &args.tier()] {
    const CleanStates clean(states.data, count, memory->neurons);
    tier->quadratics(*memory, clean.data(), count, out.data);
  };
}

inline napi_value quadratics(const Arguments& args) {
  quadratics_to_do(args)();
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_RECALL_H_
