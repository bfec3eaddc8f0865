// Included inside a tier's own namespace and target region; see tiers/*.cc. No includes here.

static int64_t pack(const int8_t* states, size_t count, size_t neurons, uint32_t* rows) {
  const size_t stride = row_words(neurons);
  for (size_t b = 0; b < count; b++) {
    uint32_t* row = rows + b * stride;
    const int8_t* state = states + b * neurons;
    size_t k = 0;
    for (size_t i = 0; i < neurons; i += 64, k += 2) {
      uint64_t bits = 0;
      const int64_t offender = pack_word(state + i, neurons - i < 64 ? neurons - i : 64, &bits);
      if (offender >= 0) return static_cast<int64_t>(b * neurons + i) + offender;
      memcpy(row + k, &bits, sizeof(bits));
    }
    memset(row + k, 0, (stride - k) * sizeof(uint32_t));
  }
  return -1;
}

static void unpack(const uint32_t* rows, size_t count, size_t neurons, int8_t* states) {
  const size_t stride = row_words(neurons);
  for (size_t b = 0; b < count; b++) {
    for (size_t i = 0; i < neurons; i += 64) {
      unpack_word(load64(rows + b * stride + i / 32), neurons - i < 64 ? neurons - i : 64,
                  states + b * neurons + i);
    }
  }
}

/// Transposes a 64×64 bit matrix in place: halves are swapped across the diagonal, 32 bits at a time, then
/// 16, …, 1.
static inline void transpose64(uint64_t a[64]) {
  uint64_t mask = 0x00000000ffffffffu;
  for (size_t j = 32; j != 0; j >>= 1, mask ^= mask << j) {
    for (size_t k = 0; k < 64; k = (k + j + 1) & ~j) {
      const uint64_t t = ((a[k] >> j) ^ a[k + j]) & mask;
      a[k] ^= t << j;
      a[k + j] ^= t;
    }
  }
}

static void transpose(const uint32_t* rows, size_t count, size_t neurons, uint32_t* columns) {
  const size_t stride = row_words(neurons);
  const size_t height = column_words(count);
  uint64_t square[64];
  for (size_t mu = 0; mu < count; mu += 64) {
    const size_t present = count - mu < 64 ? count - mu : 64;
    for (size_t i = 0; i < neurons; i += 64) {
      for (size_t k = 0; k < present; k++) square[k] = load64(rows + (mu + k) * stride + i / 32);
      for (size_t k = present; k < 64; k++) square[k] = 0;
      transpose64(square);
      const size_t used = neurons - i < 64 ? neurons - i : 64;
      for (size_t k = 0; k < used; k++) {
        memcpy(columns + (i + k) * height + mu / 32, &square[k], sizeof(uint64_t));
      }
    }
  }
}
