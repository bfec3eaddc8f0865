// The portable primitives that serve the NEON tier too.
#ifndef HOPFIELD_SIMD_NEON_NAMES_H_
#define HOPFIELD_SIMD_NEON_NAMES_H_

#include "simd/portable_interaction.h"
#include "simd/portable_rows.h"

namespace hopfield {
namespace {

using portable::common_block;
using portable::finish_writes;
using portable::follow;
using portable::look_up;
using portable::look_up_near;
using portable::pack_word;
using portable::reached;
using portable::unpack_word;
using portable::write_past_cache;

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_NEON_NAMES_H_
