#include "core/shelf.h"

#include "core/lock.h"

namespace hopfield {
namespace {

struct Node : Kept {
  /// Calls that look at it, and one for a place on the shelf.
  size_t users = 1;
};

void leave(Node* node) {
  if (node != nullptr && --node->users == 0) delete node;
}

}  // namespace

struct Shelf {
  Mutex mutex;
  Node* places[kShelfPlaces] = {};

  ~Shelf() {
    for (Node* node : places) leave(node);
  }
};

Shelf* make_shelf() { return new Shelf(); }
void free_shelf(Shelf* shelf) { delete shelf; }

Kept* make_kept() { return new Node(); }

Kept* borrow(Shelf* shelf, size_t place) {
  if (shelf == nullptr) return nullptr;
  const Lock lock(shelf->mutex);
  Node* node = shelf->places[place];
  if (node != nullptr) node->users++;
  return node;
}

void put_on(Shelf* shelf, size_t place, Kept* kept) {
  if (shelf == nullptr) return;
  const Lock lock(shelf->mutex);
  leave(shelf->places[place]);
  shelf->places[place] = static_cast<Node*>(kept);
  shelf->places[place]->users++;
}

void give_back(Shelf* shelf, Kept* kept) noexcept {
  if (shelf == nullptr) return leave(static_cast<Node*>(kept));
  const Lock lock(shelf->mutex);
  leave(static_cast<Node*>(kept));
}

}  // namespace hopfield
