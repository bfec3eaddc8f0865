// Many states together on the matrix unit: as kernels/recall/lookup_fields.h, which does it for few.
#ifndef HOPFIELD_SIMD_AMX_BATCH_H_
#define HOPFIELD_SIMD_AMX_BATCH_H_

#if !defined(HOPFIELD_SIMD)
#define HOPFIELD_SIMD "simd/amx.h"
#endif

#include "kernels/recall/lookup_fields.h"
#include "simd/amx_overlaps.h"
#include "simd/amx_votes.h"

namespace hopfield {
namespace {

/// Fewer states are looked up: a square that is nearly empty costs as much as a full one. Where indices
/// outgrow the second-level cache, look-ups wait for memory and a half-empty square is as fast; where they
/// are not even at hand, it is faster than making them.
constexpr size_t kLeastSquare = 24, kLeastLarge = 8, kLeastNeurons = 128;
constexpr size_t kSmallIndices = size_t{1} << 20;

struct TileFields {
  const Memory& memory;
  const Update& update;
  LookupFields<Lookup> few;
  TileOverlaps tiles;
  TileVotes votes;

  TileFields(const Memory& of, const Update& by, Workspace& scratch)
      : memory(of), update(by), few(of, by, scratch), tiles(of, scratch), votes(of, by, scratch) {}

  bool tiled(size_t count) const {
    if (count == 0 || memory.neurons < kLeastNeurons || memory.count == 0) return false;
    if (LookupFields<Lookup>::index_bytes(memory) <= kSmallIndices) return count >= kLeastSquare;
    return memory.indices == nullptr || count >= kLeastLarge;
  }

  void overlaps(size_t count, const uint32_t* const* states, int32_t* const* out) {
    if (tiled(count)) return tiles.overlaps(count, states, out);
    few.overlaps(count, states, out);
  }

  template <class Alone>
  void signs(size_t count, int32_t* const* overlaps, const uint32_t* const* states, uint32_t* const* next,
             uint32_t* const* near, int64_t reach, Alone alone) {
    if (tiled(count) && update.external_field == nullptr &&
        votes.signs(count, overlaps, states, next, near, reach, alone))
      return;
    few.signs(count, overlaps, states, next, near, reach, alone);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AMX_BATCH_H_
