// How a tier computes on many states at once: on the matrix unit where it has one, by look-up and by products
// of 16-bit numbers where it has none.
#ifndef HOPFIELD_KERNELS_RECALL_BATCHED_FIELDS_H_
#define HOPFIELD_KERNELS_RECALL_BATCHED_FIELDS_H_

#include "simd/simd.h"
#if defined(HOPFIELD_MATRIX_UNIT)
#include "simd/amx_batch.h"
#include "simd/amx_matrix.h"
#else
#include "kernels/recall/lookup_fields.h"
#include "kernels/recall/matrix_fields.h"
#endif

namespace hopfield {
namespace {

#if defined(HOPFIELD_MATRIX_UNIT)
using BatchedFields = TileFields;
using BatchedProducts = TileMatrixFields;
#else
using BatchedFields = LookupFields<Lookup>;
using BatchedProducts = MatrixFields;
#endif

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_BATCHED_FIELDS_H_
