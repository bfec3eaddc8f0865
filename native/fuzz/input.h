// What a fuzz target makes of its bytes: numbers, arrays that end where the address sanitizer looks, and the
// results of a call, to be compared.
#ifndef HOPFIELD_FUZZ_INPUT_H_
#define HOPFIELD_FUZZ_INPUT_H_

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/layout.h"

namespace hopfield {
namespace fuzz {

/// Sizes around every width a kernel works in: bytes, words, registers, blocks.
constexpr size_t kEdges[] = {0,  1,  2,  3,   7,   8,   9,   15,  16,  17,  31,  32, 33,
                             63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513};
constexpr size_t kAllEdges = sizeof(kEdges) / sizeof(kEdges[0]), kSmallEdges = 16;

/// The bytes of an input, one after the other, and zeros after them.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  uint8_t byte() { return at_ < size_ ? data_[at_++] : 0; }
  bool flag() { return (byte() & 1) != 0; }
  uint32_t word() {
    uint32_t word = 0;
    for (int k = 0; k < 4; k++) word = word << 8 | byte();
    return word;
  }
  size_t below(size_t end) { return byte() % end; }
  size_t left() const { return size_ - at_; }

  /// A number from `least` to `most`: an edge, or any; small ones more often, since they take less time.
  size_t size(size_t least, size_t most) {
    const uint8_t how = byte();
    size_t size = how < 128   ? kEdges[how % kSmallEdges]
                  : how < 208 ? byte() % 80
                  : how < 240 ? kEdges[how % kAllEdges]
                              : 256 + byte();
    if (size > most) size %= most + 1;
    return size < least ? least : size;
  }

  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[below(values.size())];
  }

 private:
  const uint8_t* data_;
  size_t size_, at_ = 0;
};

/// Many more bits than an input has: SplitMix64 of some of its bytes.
class Stream {
 public:
  explicit Stream(Input& input) : state_(input.word()) {}

  uint64_t bits() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  size_t below(size_t end) { return bits() % end; }
  /// From −1 to 1.
  double real() { return static_cast<double>(static_cast<int64_t>(bits()) >> 11) / 4503599627370496.0; }
  /// A whole number within ±span.
  double whole(double span) { return floor((real() + 1) * 0.5 * (2 * span + 1)) - span; }

 private:
  uint64_t state_;
};

/// An array of its own, on which no alignment beyond its elements' can be relied, and whose end is the end of
/// its memory. Zeros to begin with.
template <class T>
class Array {
 public:
  Array() = default;
  Array(size_t length, bool aligned) : length_(length) {
    const size_t shift = aligned ? 0 : 1;
    base_ = static_cast<T*>(calloc(length + shift + (length + shift == 0), sizeof(T)));
    data_ = base_ + shift;
  }
  ~Array() { free(base_); }
  Array(Array&& other) noexcept { *this = std::move(other); }
  Array& operator=(Array&& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(data_, other.data_);
    std::swap(length_, other.length_);
    return *this;
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return length_; }
  T& operator[](size_t k) { return data_[k]; }
  const T& operator[](size_t k) const { return data_[k]; }
  T* begin() { return data_; }
  T* end() { return data_ + length_; }

 private:
  T* base_ = nullptr;
  T* data_ = nullptr;
  size_t length_ = 0;
};

/// What a call made, byte by byte, with the name of each part.
class Output {
 public:
  template <class T>
  void add(const char* name, const Array<T>& array) {
    add(name, array.data(), array.size() * sizeof(T));
  }
  template <class T>
  void add(const char* name, const std::vector<T>& values) {
    add(name, values.data(), values.size() * sizeof(T));
  }
  template <class T>
  std::enable_if_t<std::is_arithmetic<T>::value> add(const char* name, T value) {
    add(name, &value, sizeof(value));
  }
  void add(const char* name, const void* data, size_t bytes) {
    const auto* from = static_cast<const uint8_t*>(data);
    parts_.push_back({name, bytes_.size()});
    if (bytes > 0) bytes_.insert(bytes_.end(), from, from + bytes);
  }

  /// The name of the first part in which they differ; null where they are the same.
  const char* differs(const Output& other) const {
    const size_t most = bytes_.size() < other.bytes_.size() ? bytes_.size() : other.bytes_.size();
    size_t at = 0;
    while (at < most && bytes_[at] == other.bytes_[at]) at++;
    if (at == most && bytes_.size() == other.bytes_.size()) return nullptr;
    const char* name = "";
    for (const Part& part : parts_) {
      if (part.from <= at) name = part.name;
    }
    return name;
  }

 private:
  struct Part {
    const char* name;
    size_t from;
  };
  std::vector<uint8_t> bytes_;
  std::vector<Part> parts_;
};

/// Ends the process as a finding does.
[[noreturn]] inline void fail(const char* kernel, const char* tier, const char* what) {
  std::fprintf(stderr, "%s on tier %s: %s\n", kernel, tier, what);
  abort();
}

}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_INPUT_H_
