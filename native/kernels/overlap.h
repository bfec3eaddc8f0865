// Included inside a tier's own namespace and target region; see tiers/*.cc. No includes here.

static void overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* states,
                     size_t state_count, int32_t* out) {
  const size_t blocks = row_blocks(neurons);
  for (size_t b = 0; b < state_count; b++) {
    row_overlaps(rows, count, blocks, neurons, states + b * blocks * kBlockWords, out + b * count);
  }
}
