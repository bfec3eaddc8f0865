// What the thread of hand.ts runs: an instance of the module that answers one call after the other.
import { FLAG } from '../contract/flag.js'
import { ControlBlock } from '../native/control.js'
import type { Answer, Message } from './hand.js'
import { Host, type Kernel } from './host.js'
import { SIGNATURES } from './signatures.js'
import { WASM_TIER } from './tier.js'

/** What platform/node/threads.ts has put before this program. */
declare const port: {
  listen(heard: (message: Message) => void): void
  post(answer: Answer, transfer: readonly ArrayBuffer[]): void
}

/** What a kernel throws that nobody waits for. */
const STOPPED = new Error('stopped')

const control = new ControlBlock()
const memories = new Map<number, { readonly id: number }>()
let host: Host | undefined
let kernels: Record<string, Kernel> = {}
/** Of the running call. */
let flag: Int32Array | undefined

const watcher = {
  heed() {
    if (flag !== undefined && Atomics.load(flag, FLAG.stop) !== 0) throw STOPPED
  },
  countDone(count: number) {
    if (flag !== undefined) Atomics.add(flag, FLAG.done, count)
  },
}

port.listen((message) => {
  if ('module' in message) {
    host = new Host(message.module, watcher)
    kernels = host.addon.kernels(WASM_TIER, control.numbers)
  } else if ('gone' in message) {
    const memory = memories.get(message.gone)
    memories.delete(message.gone)
    if (memory !== undefined) host?.release(memory)
  } else {
    const { number, name, given, memory } = message
    flag = message.flag
    try {
      watcher.heed()
      control.numbers.set(message.numbers)
      if (memory !== undefined && name !== 'memory') {
        const handle = memories.get(memory)
        given.splice(0, 2, handle?.id, handle)
      }
      const answer = kernels[name](...given)
      if (name === 'memory') {
        memories.set(memory as number, answer as { id: number })
        return port.post({ number }, [])
      }
      const written = SIGNATURES[name].writes.map((at) => given[at])
      const buffers = written.filter(ArrayBuffer.isView).map(({ buffer }) => buffer as ArrayBuffer)
      port.post({ number, answer, written }, [...new Set(buffers)])
    } catch (error) {
      if (error === STOPPED) return
      const { name, message, code } = error as Error & { code?: unknown }
      port.post({ number, error: { name, message, code } }, [])
    }
  }
})
