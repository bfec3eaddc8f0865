// What a kernel borrows from the shelf of a memory, and makes where it is not there.
#ifndef HOPFIELD_KERNELS_LENT_H_
#define HOPFIELD_KERNELS_LENT_H_

#include <string.h>

#include "core/memory.h"
#include "core/shelf.h"

namespace hopfield {
namespace {

/// Places of a shelf.
enum class ShelfPlace : size_t {
  kMeasured = 0,
  kBonds = 1,
  kBondsOnce = 2,
  kNeighbours = 3,
  kRows = 4,
  kSigns = 5,
  kBytes = 6,
  kBeginnings = 7
};

/// Content: arrays and numbers that need no destructor.
template <class Content>
class Lent {
 public:
  /// @param fits whether what lies there is what is wanted
  /// @param make makes it, in this workspace
  template <class Fits, class Make>
  Lent(const Memory& memory, ShelfPlace place, Fits fits, Make make)
      : hold_(memory.shelf, borrow(memory.shelf, static_cast<size_t>(place))) {
    if (hold_.kept != nullptr && fits(**this)) return;
    give_back(hold_.shelf, hold_.kept);
    hold_.kept = nullptr;
    hold_.kept = make_kept();
    Content* content = hold_.kept->workspace.template take<Content>(1);
    const Content made = make(hold_.kept->workspace);
    memcpy(static_cast<void*>(content), &made, sizeof(Content));
    hold_.kept->content = content;
    put_on(hold_.shelf, static_cast<size_t>(place), hold_.kept);
  }

  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  const Content& operator*() const { return *static_cast<const Content*>(hold_.kept->content); }

 private:
  /// Gives back even where the making was stopped.
  struct Hold {
    Shelf* shelf;
    Kept* kept;
    Hold(Shelf* on, Kept* at) : shelf(on), kept(at) {}
    ~Hold() { give_back(shelf, kept); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
  };
  Hold hold_;
};

/// An external field as it was when something was made of it.
struct FieldThen {
  const double* values;  ///< or null

  FieldThen(const double* field, size_t neurons, Workspace& workspace) : values(nullptr) {
    if (field == nullptr) return;
    double* copy = workspace.take<double>(neurons);
    memcpy(copy, field, neurons * sizeof(double));
    values = copy;
  }
  bool is(const double* field, size_t neurons) const {
    if (field == nullptr || values == nullptr) return field == values;
    return memcmp(field, values, neurons * sizeof(double)) == 0;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_LENT_H_
