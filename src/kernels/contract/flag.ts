/**
 * Two words that a kernel at work beside this thread shares with who asked for it; both read and write them at any time, with
 * Atomics. Where `stop` is not 0 the kernel ends within milliseconds: its promise resolves, and what it has written means nothing.
 * `done` counts the items (cues, pairs, queries) that it has come to the end of.
 */
export type Flag = Int32Array

/** The words of a {@link Flag}. */
export const FLAG = { stop: 0, done: 1, length: 2 } as const

export function stopped(flag: Flag | undefined): boolean {
  return flag !== undefined && Atomics.load(flag, FLAG.stop) !== 0
}

/** Another item is done. */
export function countDone(flag: Flag | undefined): void {
  if (flag !== undefined) Atomics.add(flag, FLAG.done, 1)
}
