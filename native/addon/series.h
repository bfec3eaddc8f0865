// Numbers that are written down one after the other and become a typed array. Not std::vector: what of it is
// not inlined would be exported by the addon, since the standard library gives its templates default
// visibility.
#ifndef HOPFIELD_ADDON_SERIES_H_
#define HOPFIELD_ADDON_SERIES_H_

#include <napi.h>
#include <string.h>

#include <memory>
#include <utility>

namespace hopfield {

template <class T, class Array>
class Series {
 public:
  void add(const T* values, size_t count) {
    if (count == 0) return;
    if (count > room_ - size_) grow(count);
    memcpy(values_.get() + size_, values, count * sizeof(T));
    size_ += count;
  }
  void add(T value) { add(&value, 1); }

  Array to_js(Napi::Env env) const {
    Array to = Array::New(env, size_);
    if (size_ > 0) memcpy(to.Data(), values_.get(), size_ * sizeof(T));
    return to;
  }

 private:
  void grow(size_t count) {
    const size_t room = 2 * size_ + count + 16;
    std::unique_ptr<T[]> values(new T[room]);
    if (size_ > 0) memcpy(values.get(), values_.get(), size_ * sizeof(T));
    values_ = std::move(values);
    room_ = room;
  }

  std::unique_ptr<T[]> values_;
  size_t size_ = 0, room_ = 0;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_SERIES_H_
