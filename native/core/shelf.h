// What kernels have made of a memory, kept beside its handle from call to call: a memory never changes, so
// that it need be made only once. Compiled as baseline; threads may use one shelf at the same time.
#ifndef HOPFIELD_CORE_SHELF_H_
#define HOPFIELD_CORE_SHELF_H_

#include "workspace.h"

namespace hopfield {

struct Shelf;

/// Something in memory of its own, which needs no destructor.
struct Kept {
  Workspace workspace{Needed::kBeyondIt};
  const void* content = nullptr;
};

constexpr size_t kShelfPlaces = 8;

Shelf* make_shelf();
void free_shelf(Shelf* shelf);

/// New, and the caller's until it is given back.
Kept* make_kept();
/// What lies in this place, or null. Without a shelf nothing does.
Kept* borrow(Shelf* shelf, size_t place);
/// Puts what the caller has made in this place, instead of what lies there; it is still to be given back.
void put_on(Shelf* shelf, size_t place, Kept* kept);
/// The caller does not look at it any more. It may be null. Destructors in tiers call it: what they call must
/// not throw, or clang gives every tier a function that ends the program, of which the linker takes any.
void give_back(Shelf* shelf, Kept* kept) noexcept;

}  // namespace hopfield

#endif  // HOPFIELD_CORE_SHELF_H_
