// A plain annealer to compare with: one Metropolis chain, kept integer fields, acceptance from a table,
// variables in turn. Reads "n m", then "i j w" from 1, minimises −Σ −w s s; argument: β of the last sweep,
// sweeps. Writes JSON.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <vector>

static uint64_t state = 88172645463325252ull;
static uint32_t next_word() {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return static_cast<uint32_t>(state >> 32);
}

static double seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

int main(int count, char** arguments) {
  const double last = count > 1 ? atof(arguments[1]) : 3;
  const int sweeps = count > 2 ? atoi(arguments[2]) : 1000;
  size_t n = 0, m = 0;
  if (scanf("%zu %zu", &n, &m) != 2) return 1;
  struct Bond {
    uint32_t other;
    int32_t weight;
  };
  std::vector<std::vector<Bond>> near(n);
  int largest = 0;
  for (size_t k = 0; k < m; k++) {
    unsigned i = 0, j = 0;
    int w = 0;
    if (scanf("%u %u %d", &i, &j, &w) != 3 || i == 0 || j == 0 || i > n || j > n) return 1;
    near[i - 1].push_back({j - 1, -w});
    near[j - 1].push_back({i - 1, -w});
  }
  std::vector<size_t> starts(n + 1);
  std::vector<Bond> bonds;
  for (size_t i = 0; i < n; i++) {
    starts[i] = bonds.size();
    int total = 0;
    for (const Bond& bond : near[i]) {
      bonds.push_back(bond);
      total += abs(bond.weight);
    }
    if (total > largest) largest = total;
  }
  starts[n] = bonds.size();
  std::vector<int32_t> spins(n), fields(n);
  std::vector<uint32_t> chances(static_cast<size_t>(largest) + 1);
  double best = INFINITY, took = 0;
  for (int run = 0; run < 5; run++) {
    for (int32_t& spin : spins) spin = (next_word() & 1) != 0 ? 1 : -1;
    for (size_t i = 0; i < n; i++) {
      fields[i] = 0;
      for (size_t k = starts[i]; k < starts[i + 1]; k++) fields[i] += bonds[k].weight * spins[bonds[k].other];
    }
    const double began = seconds();
    for (int sweep = 0; sweep < sweeps; sweep++) {
      const double beta = last * (sweep + 1) / sweeps;
      for (size_t x = 0; x < chances.size(); x++)
        chances[x] = static_cast<uint32_t>(4294967295.0 * exp(-2 * beta * static_cast<double>(x)));
      for (size_t i = 0; i < n; i++) {
        const int32_t x = spins[i] * fields[i];
        if (x > 0 && next_word() >= chances[static_cast<size_t>(x)]) continue;
        const int32_t twice = -2 * spins[i];
        spins[i] = -spins[i];
        for (size_t k = starts[i]; k < starts[i + 1]; k++) fields[bonds[k].other] += twice * bonds[k].weight;
      }
    }
    const double one = seconds() - began;
    if (run == 0 || one < took) took = one;
    double energy = 0;
    for (size_t i = 0; i < n; i++) energy -= 0.5 * spins[i] * fields[i];
    if (energy < best) best = energy;
  }
  printf("{\"seconds\":%.9g,\"attempts\":%.0f,\"energy\":%.0f}\n", took, static_cast<double>(n) * sweeps,
         best);
  return 0;
}
