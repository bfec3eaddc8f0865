#ifndef HOPFIELD_KERNELS_RECALL_SLOTS_H_
#define HOPFIELD_KERNELS_RECALL_SLOTS_H_

#include "kernels/recall/progress.h"
#include "simd/small.h"
#include "workspace.h"

namespace hopfield {
namespace {

/// How many states take part at once: no more than `most`, and no more than 16 MB of what is kept of them,
/// but a square of the matrix unit at least.
static inline size_t room_for(size_t count, size_t most, size_t width) {
  const size_t within = width == 0 ? most : (size_t{16} << 20) / (width * sizeof(int32_t));
  const size_t room = within < 32 ? 32 : smaller(within, most);
  return count < room ? count : room;
}

/// Recalls in progress. Rows are swapped by pointer, never copied.
struct Slots {
  size_t words;
  const size_t room;
  size_t filled = 0;
  size_t* cue;       ///< which of the batch
  uint32_t** state;  ///< in the caller's memory, or in ours for the moment
  uint32_t** next;
  uint32_t**
      previous;  ///< the state before, to which synchronous two-cycles come back; or neurons of small fields
  size_t* unstable;  ///< how many neurons would move, if asynchronous
  int32_t** kept;    ///< what the form of the weights knows of `state`: overlaps, or fields
  Progress* progress;
  bool* done;

  Slots(size_t most, size_t neurons, size_t width, Workspace& workspace)
      : words(row_words(neurons)),
        room(most),
        cue(workspace.take<size_t>(room)),
        state(workspace.take<uint32_t*>(room)),
        next(workspace.take<uint32_t*>(room)),
        previous(workspace.take<uint32_t*>(room)),
        unstable(workspace.take<size_t>(room)),
        kept(workspace.take<int32_t*>(room)),
        progress(workspace.take<Progress>(room)),
        done(workspace.take<bool>(room)) {
    uint32_t* rows = workspace.take<uint32_t>(3 * room * words);
    int32_t* values = workspace.take<int32_t>(room * width);
    for (size_t b = 0; b < room; b++) {
      state[b] = rows + (3 * b) * words;
      next[b] = rows + (3 * b + 1) * words;
      previous[b] = rows + (3 * b + 2) * words;
      kept[b] = values + b * width;
    }
  }

  void enter(size_t which, const uint32_t* row) {
    cue[filled] = which;
    memcpy(state[filled], row, words * sizeof(uint32_t));
    progress[filled] = Progress{};
    done[filled] = false;
    filled++;
  }

  /// The last one takes the place of this one.
  void leave(size_t slot) {
    const size_t last = --filled;
    swap(slot, last);
  }

  void swap(size_t a, size_t b) {
    exchange(cue[a], cue[b]);
    exchange(state[a], state[b]);
    exchange(next[a], next[b]);
    exchange(previous[a], previous[b]);
    exchange(unstable[a], unstable[b]);
    exchange(kept[a], kept[b]);
    exchange(progress[a], progress[b]);
    exchange(done[a], done[b]);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_SLOTS_H_
