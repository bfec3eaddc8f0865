// A memory that was checked once. `memory` returns an object without methods, whose arrays hang on it, so
// that they live as long as it does. Every kernel on memories takes its number, since a number is looked up
// ten times faster than an object is unwrapped, and behind it the object, which must live until the call
// ends.
#ifndef HOPFIELD_ADDON_HANDLE_H_
#define HOPFIELD_ADDON_HANDLE_H_

#include <napi.h>

#include <memory>

#include "addon/arguments.h"
#include "addon/kept_indices.h"
#include "core/shelf.h"

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

struct FreeShelf {
  void operator()(Shelf* shelf) const { free_shelf(shelf); }
};

struct Handle {
  const Tier* tier;
  Family family;
  Memory memory{};                              ///< kPairwise
  KeyMemory keys{};                             ///< kKeys
  GradedNetwork graded{};                       ///< kGraded
  PairMemory pairs{};                           ///< kPairs
  CodeMemory codes{};                           ///< kCodes
  std::unique_ptr<uint16_t[]> short_sources{};  ///< SparseConnections::short_sources
  std::unique_ptr<int8_t[]> short_weights{};
  mutable KeptIndices indices{};              ///< kPairwise
  mutable KeptIndices byte_couplings{};       ///< the same
  std::unique_ptr<Shelf, FreeShelf> shelf{};  ///< Memory::shelf
};

/// Argument `at`: the number of a handle of this family, made for this tier.
inline const Handle& handle_of(const Arguments& args, size_t at, Family family) {
  const Handle* handle = args.handle(at);
  if (handle == nullptr) args.fail(at, "a memory of this addon");
  if (handle->family != family || handle->tier != &args.tier()) args.fail(at, "a memory for this kernel");
  return *handle;
}

/// Goes with the object of a handle.
struct HandleOwner {
  std::unique_ptr<Handle> handle;
  HandleTable* table;
  double number;

  static void finalize(napi_env env, void* data, void*) {
    const std::unique_ptr<HandleOwner> own(static_cast<HandleOwner*>(data));
    own->table->remove(env, own->number);
    own->handle->indices.forget(env);
    own->handle->byte_couplings.forget(env);
  }
};

/// The object of a handle: its number as `id`, and arguments from…to, which cannot be taken off.
inline napi_value to_object(const Arguments& args, std::unique_ptr<Handle> handle, size_t from) {
  const napi_env env = args.env();
  napi_value object;
  check(env, napi_create_object(env, &object));
  HandleTable* table = args.binding().handles;
  // First all that may fail: what is in the table has an owner.
  std::unique_ptr<HandleOwner> owner(new HandleOwner{std::move(handle), table, 0});
  const double number = owner->number = table->add(env, object, owner->handle.get());
  if (napi_wrap(env, object, owner.get(), HandleOwner::finalize, nullptr, nullptr) != napi_ok) {
    table->remove(env, number);
    throw Napi::Error::New(env);
  }
  owner.release();
  static constexpr const char* kNames[Arguments::kMost] = {"0", "1", "2", "3", "4",  "5",
                                                           "6", "7", "8", "9", "10", "11"};
  napi_property_descriptor properties[Arguments::kMost + 1] = {};
  const size_t count = args.count() > from ? args.count() - from : 0;
  for (size_t k = 0; k < count; k++) {
    properties[k].utf8name = kNames[k];
    properties[k].value = args.value(from + k);
    properties[k].attributes = napi_default;
  }
  properties[count].utf8name = "id";
  properties[count].value = to_number(env, number);
  properties[count].attributes = napi_default;
  check(env, napi_define_properties(env, object, count + 1, properties));
  return object;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_HANDLE_H_
