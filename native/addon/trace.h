// A recorder that becomes a KernelTrace of src/kernels/kernels.ts.
#ifndef HOPFIELD_ADDON_TRACE_H_
#define HOPFIELD_ADDON_TRACE_H_

#include <napi.h>

#include <vector>

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
    trace.Set("energies", copy<Napi::Float64Array>(env, energies_));
    trace.Set("overlaps", copy<Napi::Int32Array>(env, overlaps_));
    trace.Set("flips", copy<Napi::Uint32Array>(env, flips_));
    return trace;
  }

 private:
  template <class Array, class T>
  static Array copy(Napi::Env env, const std::vector<T>& from) {
    Array to = Array::New(env, from.size());
    for (size_t i = 0; i < from.size(); i++) to.Data()[i] = from[i];
    return to;
  }

  std::vector<double> energies_;
  std::vector<int32_t> overlaps_;
  std::vector<uint32_t> flips_;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_TRACE_H_
