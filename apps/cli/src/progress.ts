import bars from 'cli-progress'

/** Milliseconds; shorter work needs no bar. */
const PATIENCE = 500

export interface Progress {
  /** What is done now, and to how many; counting begins anew. */
  stage(name: string, total: number): void
  update(done: number): void
  /** Takes the bar off the terminal. May be called again. */
  stop(): void
}

/** A bar on stderr once the work has taken a while, and only where somebody watches. */
export function progress(unit: string): Progress {
  if (!process.stderr.isTTY) return { stage() {}, update() {}, stop() {} }
  const bar = new bars.SingleBar(
    {
      format: `{stage} {bar} {percentage} %  {value} of {total} ${unit}, {eta_formatted} to go`,
      // A line of 80 columns holds it all.
      barsize: 24,
      // Before anything is known the estimate is a word.
      formatTime: (seconds, options, unit) =>
        typeof seconds === 'number' ? bars.Format.TimeFormat(seconds, options, unit) : '…',
      stream: process.stderr,
      clearOnComplete: true,
      // What is switched off in the terminal would stay off after Ctrl-C.
      hideCursor: false,
      linewrap: true,
    },
    bars.Presets.shades_classic,
  )
  let shown = false
  let [stage, total, done] = ['', 0, 0]
  const show = (): void => bar.start(total, done, { stage })
  const patience = setTimeout(() => {
    shown = true
    show()
  }, PATIENCE)
  return {
    stage(name, count) {
      ;[stage, total, done] = [name, count, 0]
      if (shown) show()
    },
    update(count) {
      done = count
      if (shown) bar.update(done)
    },
    stop() {
      clearTimeout(patience)
      if (shown) bar.stop()
      shown = false
    },
  }
}
