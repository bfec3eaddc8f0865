// A recorder that becomes a KernelTrace of src/kernels/contract/recall.ts.
#ifndef HOPFIELD_ADDON_TRACE_H_
#define HOPFIELD_ADDON_TRACE_H_

#include "addon/arguments.h"
#include "recorder.h"

namespace hopfield {

class TraceRecorder : public Recorder {
 public:
  void energy(double value) override { energies_.push_back(value); }
  void flip(uint32_t neuron) override { flips_.push_back(neuron); }
  void sweep(const int32_t* overlaps, size_t count) override {
    overlaps_.insert(overlaps_.end(), overlaps, overlaps + count);
  }

  Napi::Object to_js(Napi::Env env) const {
    Napi::Object trace = Napi::Object::New(env);
    trace.Set("energies", to_array<Napi::Float64Array>(env, energies_));
    trace.Set("overlaps", to_array<Napi::Int32Array>(env, overlaps_));
    trace.Set("flips", to_array<Napi::Uint32Array>(env, flips_));
    return trace;
  }

 private:
  std::vector<double> energies_;
  std::vector<int32_t> overlaps_;
  std::vector<uint32_t> flips_;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_TRACE_H_
