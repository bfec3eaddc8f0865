// Weights with exact zeros, the mirror of src/kernels/reference/separators.ts.
#ifndef HOPFIELD_KERNELS_SEPARATORS_H_
#define HOPFIELD_KERNELS_SEPARATORS_H_

#include "core/keys.h"
#include "flag.h"
#include "simd/small.h"

namespace hopfield {
namespace {

static int larger_first(const void* a, const void* b) {
  const double x = *static_cast<const double*>(a), y = *static_cast<const double*>(b);
  return x > y ? -1 : x < y ? 1 : 0;
}

/// The larger first, into `values` or `scratch`: whichever it returns. Runs are sorted and then merged, since
/// one sort of a million numbers would heed no flag for a tenth of a second.
static double* sort_down(double* values, double* scratch, size_t count) {
  constexpr size_t kRun = size_t{1} << 14;
  for (size_t from = 0; from < count; from += kRun) {
    heed_flag();
    qsort(values + from, smaller(count - from, kRun), sizeof(double), larger_first);
  }
  for (size_t width = kRun; width < count; width *= 2) {
    for (size_t from = 0; from < count; from += 2 * width) {
      const size_t middle = smaller(from + width, count), end = smaller(from + 2 * width, count);
      size_t left = from, right = middle;
      for (size_t k = from; k < end; k++) {
        heed_flag(k, kRun);
        const bool take_left = left < middle && (right == end || !(values[right] > values[left]));
        scratch[k] = take_left ? values[left++] : values[right++];
      }
    }
    exchange(values, scratch);
  }
  return values;
}

static double sparsemax(const double* sorted, size_t count, double* threshold) {
  double sum = 0;
  size_t size = 0;
  for (size_t k = 0; k < count; k++) {
    sum += sorted[k];
    const double candidate = (sum - 1) / static_cast<double>(k + 1);
    if (sorted[k] <= candidate) break;
    *threshold = candidate;
    size = k + 1;
  }
  double conjugate = 0;
  for (size_t k = 0; k < size; k++) {
    const double p = sorted[k] - *threshold;
    conjugate += p * sorted[k] - p * p * 0.5;
  }
  return conjugate + 0.5;
}

/// τ at which Σ max(factor·z − τ, 0)² is 1, of sorted z; returns how many terms there are.
static size_t root_threshold(const double* sorted, size_t count, double factor, double* threshold) {
  double sum = 0, squares = 0;
  size_t size = 0;
  for (size_t k = 0; k < count; k++) {
    const double z = sorted[k] * factor;
    sum += z;
    squares += z * z;
    const double n = static_cast<double>(k + 1);
    const double mean = sum / n;
    const double spread = squares - sum * mean;
    const double inside = (1 - spread) / n;
    const double candidate = inside > 0 ? mean - sqrt(inside) : mean;
    if (z <= candidate) break;
    *threshold = candidate;
    size = k + 1;
  }
  return size;
}

static double entmax15(const double* sorted, size_t count, double* threshold) {
  const size_t size = root_threshold(sorted, count, 0.5, threshold);
  double conjugate = 0;
  for (size_t k = 0; k < size; k++) {
    const double t = sorted[k] * 0.5 - *threshold;
    const double p = t * t;
    conjugate += p * sorted[k] - (p * t * 4) / 3;
  }
  return conjugate + 4.0 / 3.0;
}

static double normmax(const double* sorted, size_t count, double* threshold) {
  root_threshold(sorted, count, 1, threshold);
  return *threshold + 1;
}

/// 1 within the ball. Returns Σ t.
static double epanechnikov(const double* logits, size_t count, double most, float* weights) {
  double sum = 0;
  for (size_t k = 0; k < count; k++) {
    const double t = logits[k] - most + 1;
    weights[k] = t > 0 ? 1 : 0;
    if (t > 0) sum += t;
  }
  return sum;
}

/// Weights of the logits within reach of `most`, which is the largest, or where the ball ends their bound.
/// Returns the conjugate function, or Σ t. `sorted` has room for twice as many.
static double separate(Separator separator, const double* logits, size_t count, double most, double* sorted,
                       float* weights) {
  if (separator == Separator::kEpanechnikov) return epanechnikov(logits, count, most, weights);
  for (size_t k = 0; k < count; k++) sorted[k] = logits[k] - most;
  sorted = sort_down(sorted, sorted + count, count);
  double threshold = 0;
  const bool linear = separator != Separator::kEntmax15;
  const double conjugate = separator == Separator::kSparsemax  ? sparsemax(sorted, count, &threshold)
                           : separator == Separator::kEntmax15 ? entmax15(sorted, count, &threshold)
                                                               : normmax(sorted, count, &threshold);
  for (size_t k = 0; k < count; k++) {
    const double below = logits[k] - most;
    const double t = linear ? below - threshold : below * 0.5 - threshold;
    weights[k] = t > 0 ? static_cast<float>(linear ? t : t * t) : 0;
  }
  return most + conjugate;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_SEPARATORS_H_
