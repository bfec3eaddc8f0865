import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** A server in a process of its own. */
export interface Program {
  readonly process: ChildProcess
  readonly url: string
  /** Words before a command that keep it off the core of this one. */
  readonly beside: readonly string[]
}

/** Starts a program on a core that whoever asks it does not use, if there is one, and waits until it says where it listens. */
export function started(args: readonly string[], core = 0): Promise<Program> {
  const cores = availableParallelism()
  const pinnable =
    process.platform === 'linux' && cores > 1 && spawnSync('taskset', ['--version']).status === 0
  const on = (which: number) => (pinnable ? ['taskset', '-c', String(which % cores)] : [])
  const [command, ...words] = [...on(core + 1), process.execPath, ...args]
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = () => void child.kill()
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (some) => {
      text += some
      const url = /listening at (http:\/\/[\d.:]+)/i.exec(text)?.[1]
      if (url !== undefined) resolve({ process: child, url, beside: on(core) })
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${text}`)))
  })
}

/** Seconds of processor time that a process has taken, all its threads; NaN where the system does not tell. */
export function processorTime({ process: { pid } }: Program): number {
  if (process.platform !== 'linux') return Number.NaN
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
