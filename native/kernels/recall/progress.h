// What a recall counts on its way.
#ifndef HOPFIELD_KERNELS_RECALL_PROGRESS_H_
#define HOPFIELD_KERNELS_RECALL_PROGRESS_H_

#include "kernels/energy.h"
#include "kernels/recall/update.h"
#include "recorder.h"

namespace hopfield {
namespace {

/// What has happened so far, and the recorder of a traced recall, or null.
struct Progress {
  double sweeps = 0;
  double flips = 0;
  double cycle = 0;
  double quadratic = 0;  ///< running Q of a traced asynchronous recall
  Recorder* recorder = nullptr;
};

static inline double energy_with(const Update& update, double quadratic, const uint32_t* state,
                                 size_t neurons) {
  const double external =
      update.external_field == nullptr ? 0 : external_dot(update.external_field, neurons, state);
  return energy_of(quadratic, update.scale, external);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_PROGRESS_H_
