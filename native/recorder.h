// What a traced recall writes down. Virtual and out of line: tiers call it rarely and must not instantiate
// containers under their own instruction set.
#ifndef HOPFIELD_RECORDER_H_
#define HOPFIELD_RECORDER_H_

#include <stddef.h>
#include <stdint.h>

namespace hopfield {

class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void energy(double value) = 0;
  virtual void flip(uint32_t neuron) = 0;
  virtual void sweep(const int32_t* overlaps, size_t count) = 0;
};

/// The same for an integration.
class IntegrationRecorder {
 public:
  virtual ~IntegrationRecorder() = default;
  virtual void point(double time, double energy, const double* outputs) = 0;
};

}  // namespace hopfield

#endif  // HOPFIELD_RECORDER_H_
