// Graded neurons: GradedNetwork, IntegrationPlan and INTEGRATION of src/kernels/contract/.
#ifndef HOPFIELD_CORE_GRADED_H_
#define HOPFIELD_CORE_GRADED_H_

#include "core/layout.h"

namespace hopfield {

enum class Activation { kTanh = 0, kLogistic = 1 };
enum class Method { kEuler = 0, kRk4 = 1 };

struct GradedNetwork {
  size_t neurons;
  const double* weights;         ///< neurons × padded_stride(neurons), or one a connection
  const double* external_field;  ///< neurons values, or null
  const uint32_t* starts;  ///< connections of each neuron, neurons + 1 values; null where all are connected
  const uint32_t* sources;
  Activation activation;
  double gain;
  double rate;
};

struct IntegrationPlan {
  Method method;
  bool adaptive;
  double step;
  double accuracy;
  double tolerance;
  uint32_t max_steps;
};

/// One row of INTEGRATION.
struct Integrated {
  double end;
  double steps;
  double time;
  double energy;
};

}  // namespace hopfield

#endif  // HOPFIELD_CORE_GRADED_H_
