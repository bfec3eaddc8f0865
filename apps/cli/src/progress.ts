import { Presets, SingleBar } from 'cli-progress'

/** Short work needs no bar. */
const PATIENCE = 400

export interface Progress {
  update(done: number): void
  stop(): void
}

/** A bar on stderr once the work has taken a while, and only where somebody watches. */
export function progress(total: number, unit: string): Progress {
  if (!process.stderr.isTTY) return { update() {}, stop() {} }
  const bar = new SingleBar(
    {
      format: `{bar} {percentage} %  {value} of {total} ${unit}, {eta_formatted} to go`,
      stream: process.stderr,
      clearOnComplete: true,
      // What is switched off in the terminal would stay off after Ctrl-C.
      hideCursor: false,
      linewrap: true,
    },
    Presets.shades_classic,
  )
  const begin = performance.now()
  let shown = false
  return {
    update(done) {
      if (shown) return bar.update(done)
      if (performance.now() - begin < PATIENCE) return
      shown = true
      bar.start(total, done)
    },
    stop() {
      if (shown) bar.stop()
    },
  }
}
