import bars from 'cli-progress'

/** Milliseconds; shorter work shows no bar. */
const PATIENCE = 500

export interface Progress {
  /** Starts a stage of `total` items; the count restarts at zero. */
  stage(name: string, total: number): void
  /** @param name what is being done now; the stage's name by default. */
  update(done: number, name?: string): void
  /** Removes the bar from the terminal. May be called twice. */
  stop(): void
}

/** A bar on stderr, shown once the work has taken a while and only if stderr is a terminal. */
export function progress(unit: string): Progress {
  if (!process.stderr.isTTY) return { stage() {}, update() {}, stop() {} }
  const bar = new bars.SingleBar(
    {
      format: `{stage} {bar} {percentage} %  {value} of {total} ${unit}, {eta_formatted} to go`,
      // The whole line fits into 80 columns.
      barsize: 24,
      // Before the first estimate `seconds` is a word.
      formatTime: (seconds, options, unit) =>
        typeof seconds === 'number' ? bars.Format.TimeFormat(seconds, options, unit) : '…',
      stream: process.stderr,
      clearOnComplete: true,
      // A hidden cursor would stay hidden after Ctrl-C.
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
    update(count, name = stage) {
      done = count
      if (shown) bar.update(done, { stage: name })
    },
    stop() {
      clearTimeout(patience)
      if (shown) bar.stop()
      shown = false
    },
  }
}
