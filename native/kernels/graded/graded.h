#ifndef HOPFIELD_KERNELS_GRADED_GRADED_H_
#define HOPFIELD_KERNELS_GRADED_GRADED_H_

#include "kernels/graded/integrations.h"

namespace hopfield {
namespace {

static void integrate(const GradedNetwork& network, const IntegrationPlan& plan, double* potentials,
                      size_t count, double* outputs, Integrated* outcomes, IntegrationRecorder* recorder) {
  Workspace workspace;
  Integrations(network, plan, potentials, count, outputs, outcomes, recorder, workspace).run();
}

static void graded_slopes(const GradedNetwork& network, const double* potentials, size_t count,
                          double* outputs, double* slopes) {
  Workspace workspace;
  const Graded graded(network, workspace);
  const GradedPoint point = graded.point(workspace);
  const GradedPoint* points[1] = {&point};
  const size_t neurons = network.neurons;
  for (size_t b = 0; b < count; b++) {
    memcpy(point.u, potentials + b * neurons, neurons * sizeof(double));
    graded.evaluate(points, 1);
    memcpy(outputs + b * neurons, point.v, neurons * sizeof(double));
    memcpy(slopes + b * neurons, point.slope, neurons * sizeof(double));
  }
}

static void graded_energies(const GradedNetwork& network, const double* outputs, size_t count, double* out) {
  Workspace workspace;
  const Graded graded(network, workspace);
  const GradedPoint point = graded.point(workspace);
  const GradedPoint* points[1] = {&point};
  for (size_t b = 0; b < count; b++) {
    memcpy(point.v, outputs + b * network.neurons, network.neurons * sizeof(double));
    graded.fields(points, 1);
    out[b] = graded.energy(point.v, point.field);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_GRADED_GRADED_H_
