/** Who wants to know that a signal was aborted. */
export interface AbortWatcher {
  aborted(): void
}

/** One listener per signal, however many calls it stops: Node warns of a leak from the eleventh on. */
class Watch {
  readonly watchers = new Set<AbortWatcher>()

  /** As an EventListener. */
  handleEvent(): void {
    for (const watcher of [...this.watchers]) watcher.aborted()
  }
}

const watches = new WeakMap<AbortSignal, Watch>()

/** Tells `watcher` once the signal is aborted, until `unwatch`. */
export function watch(signal: AbortSignal, watcher: AbortWatcher): void {
  let one = watches.get(signal)
  if (one === undefined) {
    one = new Watch()
    watches.set(signal, one)
    signal.addEventListener('abort', one)
  }
  one.watchers.add(watcher)
}

export function unwatch(signal: AbortSignal, watcher: AbortWatcher): void {
  const one = watches.get(signal)
  one?.watchers.delete(watcher)
  if (one?.watchers.size !== 0) return
  watches.delete(signal)
  signal.removeEventListener('abort', one)
}
