import bars from 'cli-progress'

/** Milliseconds; shorter work shows no bar. */
const PATIENCE = 500

export interface Progress {
  /** Starts a stage of `total` items, which are called cues if nothing else is said; the count restarts at zero. */
  stage(name: string, total: number, unit?: string): void
  /** @param name what is being done now; the stage's name by default. */
  update(done: number, name?: string): void
  /** Removes the bar from the terminal. May be called twice. */
  stop(): void
}

/** Milliseconds; what will take no longer is not announced. */
const LONG = 10_000

/**
 * What takes a while is announced on stderr: on a terminal by a bar with the time to go, elsewhere by one line with what is computed and
 * about how long it will take, as the first part of the work suggests.
 */
export function progress(): Progress {
  return process.stderr.isTTY ? bar() : lines()
}

const USUAL = 'cues'

function lines(): Progress {
  let [stage, total, unit, since, said] = ['', 0, '', 0, false]
  return {
    stage(name, count, of = USUAL) {
      ;[stage, total, unit, since, said] = [name, count, of, performance.now(), false]
    },
    update(done) {
      const elapsed = performance.now() - since
      if (said || done === 0 || elapsed < PATIENCE) return
      const togo = (elapsed / done) * (total - done)
      if (togo < LONG) return
      said = true
      console.error(`hopfield: ${stage} ${total} ${unit}: about ${inWords(togo / 1000)} to go`)
    },
    stop() {},
  }
}

/** Rounded as an estimate deserves. */
export function inWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Number((seconds / 3600).toPrecision(2))} h`
}

function bar(): Progress {
  const bar = new bars.SingleBar(
    {
      format: '{stage} {bar} {percentage} %  {value} of {total} {unit}, {eta_formatted} to go',
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
  let [stage, total, unit, done] = ['', 0, '', 0]
  const show = (): void => bar.start(total, done, { stage, unit })
  const patience = setTimeout(() => {
    shown = true
    show()
  }, PATIENCE)
  return {
    stage(name, count, of = USUAL) {
      ;[stage, total, unit, done] = [name, count, of, 0]
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
