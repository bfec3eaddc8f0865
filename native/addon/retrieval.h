// The retrievals of src/kernels/native/retrieval.ts.
#ifndef HOPFIELD_ADDON_RETRIEVAL_H_
#define HOPFIELD_ADDON_RETRIEVAL_H_

#include "addon/handle.h"

namespace hopfield {

/// Control block: count, β, similarity, separator, precision. Handle, queries.
struct Question {
  const Tier* tier;
  const KeyMemory* memory;
  RetrievalPlan plan{};
  size_t count;
  const float* queries;

  explicit Question(const Arguments& args)
      : tier(&args.tier()), memory(&handle_of(args, 0, Family::kKeys).keys) {
    const auto control = args.control<5>();
    count = args.control_size(control[0], kMostPatterns);
    plan.beta = control[1];
    plan.similarity = static_cast<Similarity>(args.control_size(control[2], 2));
    plan.separator = static_cast<Separator>(args.control_size(control[3], 4));
    plan.precision = static_cast<Precision>(args.control_size(control[4], 1));
    queries = args.array<float>(2, count * memory->dimension).data;
  }
};

/// And mask, out, potentials.
struct RetrievalWork : Question {
  static constexpr size_t kFlag = 6;

  KeyMask mask;
  float* out;
  double* potentials;

  explicit RetrievalWork(const Arguments& args)
      : Question(args),
        mask(mask_of(args, count, memory->count)),
        out(args.optional_array<float>(4, count * memory->width).data),
        potentials(args.array<double>(5, 2 * count).data) {}

  /// A flag a key for all queries, or for each of them.
  static KeyMask mask_of(const Arguments& args, size_t queries, size_t keys) {
    const auto flags = args.optional_array<uint8_t>(3, keys);
    if (flags.data == nullptr) return {};
    const bool own = flags.length >= queries * keys;
    if (!own && flags.length != keys) args.fail(3, "a flag for each key, or for each query and key");
    return {flags.data, own ? keys : 0};
  }

  void run() const { tier->retrieve(*memory, plan, queries, count, mask, out, potentials); }
};

inline napi_value retrieve(const Arguments& args) {
  RetrievalWork(args).run();
  return nullptr;
}

inline auto logits_to_do(const Arguments& args) {
  const Question question(args);
  const auto out = args.array<double>(3, question.count * question.memory->count);
  return [=] {
    question.tier->logits(*question.memory, question.plan, question.queries, question.count, out.data);
  };
}

inline napi_value logits(const Arguments& args) {
  logits_to_do(args)();
  return nullptr;
}

inline auto association_to_do(const Arguments& args) {
  const Question question(args);
  const auto out = args.array<double>(3, question.count * question.memory->count);
  return [=] {
    question.tier->associate(*question.memory, question.plan, question.queries, question.count, out.data);
  };
}

inline napi_value associate(const Arguments& args) {
  association_to_do(args)();
  return nullptr;
}

/// And k, flags of the keys or none, shifts, indices, similarities, weights.
inline auto similar_to_do(const Arguments& args) {
  const Question question(args);
  const size_t keys = question.memory->count, k = args.size(3, keys);
  if (k == 0) args.fail(3, "a number of keys, at least 1");
  const uint8_t* seen = args.optional_array<uint8_t>(4, keys).data;
  if (seen != nullptr) {
    size_t flags = 0;
    for (size_t mu = 0; mu < keys; mu++) flags += seen[mu] != 0;
    if (flags < k) args.fail(4, "at least k flags that are set");
  }
  const double* shifts = args.array<double>(5, question.count).data;
  const auto indices = args.array<uint32_t>(6, question.count * k);
  const auto similarities = args.array<double>(7, question.count * k),
             weights = args.array<double>(8, question.count * k);
  return [=] {
    question.tier->most_similar(*question.memory, question.plan, question.queries, question.count, k, seen,
                                shifts, indices.data, similarities.data, weights.data);
  };
}

inline napi_value most_similar(const Arguments& args) {
  similar_to_do(args)();
  return nullptr;
}

inline auto key_norms(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), dimension = args.size(2, kMostSide);
  const auto keys = args.array<float>(0, count * dimension);
  const auto norms = args.array<double>(3, count);
  return [=, tier = &args.tier()] { tier->key_norms(keys.data, count, dimension, norms.data); };
}

inline napi_value quantized_bytes(const Arguments& args) {
  return to_number(args.env(), static_cast<double>(args.tier().quantized_bytes(args.size(0, kMostSide))));
}

/// Handle, where the coarse copies go, from, to.
inline napi_value quantize_keys(const Arguments& args) {
  const KeyMemory& keys = handle_of(args, 0, Family::kKeys).keys;
  const size_t from = args.size(3, kMostPatterns), to = args.size(4, kMostPatterns);
  if (to > keys.count / 64 || from > to) args.fail(4, "whole tiles of keys");
  const size_t bytes = args.tier().quantized_bytes(keys.dimension);
  if (bytes == 0) args.fail(0, "fewer dimensions");
  const auto out = args.array<uint8_t>(2, to * bytes);
  if (reinterpret_cast<uintptr_t>(out.data) % 4 != 0) args.fail(2, "an array that starts on a word");
  args.tier().quantize_keys(keys, out.data, from, to);
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_RETRIEVAL_H_
