// A memory that was checked once: what `memory` returns and every kernel on memories takes. JavaScript sees
// an object without methods; its arrays hang on it, so that they live as long as it does.
#ifndef HOPFIELD_ADDON_HANDLE_H_
#define HOPFIELD_ADDON_HANDLE_H_

#include <napi.h>

#include <memory>

#include "addon/arguments.h"

namespace hopfield {

/// In the order of KINDS in src/kernels/native/handles.ts; pairwise ones as in Form.
enum class Kind {
  kImplicit = 0,
  kCoupled = 1,
  kMatrix = 2,
  kBits = 3,
  kSparse = 4,
  kInteraction = 5,
  kKeys = 6,
  kGraded = 7,
  kPairs = 8,
  kSynapses = 9,
  kCovariance = 10
};
constexpr double kMostKind = 10;

/// Who reads a Handle: a part of it has a meaning for its family alone.
enum class Family { kPairwise, kKeys, kGraded, kPairs, kCodes };

struct Handle {
  const Tier* tier;
  Family family;
  Memory memory{};         ///< kPairwise
  KeyMemory keys{};        ///< kKeys
  GradedNetwork graded{};  ///< kGraded
  PairMemory pairs{};      ///< kPairs
  CodeMemory codes{};      ///< kCodes
};

/// What tells our objects from those that another addon wrapped.
constexpr napi_type_tag kHandleTag = {0x8f1d3c5a97e24b60u, 0xb1c6f04d2e73a859u};

/// Argument `at`: a handle of this family, made for this tier.
inline const Handle& handle_of(const Arguments& args, size_t at, Family family) {
  bool ours = false;
  void* data = nullptr;
  if (napi_check_object_type_tag(args.env(), args.value(at), &kHandleTag, &ours) != napi_ok || !ours ||
      napi_unwrap(args.env(), args.value(at), &data) != napi_ok) {
    args.fail(at, "a memory of this addon");
  }
  const Handle& handle = *static_cast<const Handle*>(data);
  if (handle.family != family || handle.tier != &args.tier()) args.fail(at, "a memory for this kernel");
  return handle;
}

/// The object of a handle, with arguments from…to hung on it, where they cannot be removed.
inline napi_value to_object(const Arguments& args, std::unique_ptr<Handle> handle, size_t from) {
  const napi_env env = args.env();
  napi_value object;
  check(env, napi_create_object(env, &object));
  static constexpr const char* kNames[Arguments::kMost] = {"0", "1", "2", "3", "4",  "5",
                                                           "6", "7", "8", "9", "10", "11"};
  napi_property_descriptor arrays[Arguments::kMost] = {};
  const size_t count = args.count() > from ? args.count() - from : 0;
  for (size_t k = 0; k < count; k++) {
    arrays[k].utf8name = kNames[k];
    arrays[k].value = args.value(from + k);
    arrays[k].attributes = napi_default;
  }
  check(env, napi_define_properties(env, object, count, arrays));
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<Handle*>(data); };
  check(env, napi_wrap(env, object, handle.get(), finalize, nullptr, nullptr));
  handle.release();
  check(env, napi_type_tag_object(env, object, &kHandleTag));
  return object;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_HANDLE_H_
