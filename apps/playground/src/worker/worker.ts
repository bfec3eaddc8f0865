// Runs the models. Questions are answered one after another; an open that came later makes the ones before it void.
import { ready } from 'hopfield-native'
import { MODELS } from '../scenes/models.js'
import type { AnyModelModule, Model } from '../scenes/scene.js'
import type { AnyValues, Parameters } from '../state/parameters.js'
import type { Answer, Question } from './protocol.js'

interface WorkerScope {
  onmessage: ((event: MessageEvent<Question>) => void) | null
  postMessage(answer: Answer, transfer?: Transferable[]): void
}
const scope = self as unknown as WorkerScope

/** The model of one scene, and what makes it again. */
interface Running {
  readonly module: AnyModelModule
  values: AnyValues
  model: Model<Parameters, unknown, object>
}

let run = 0
let running: Running | undefined
let queue: Promise<void> = Promise.resolve()

scope.onmessage = ({ data }) => {
  if (data.kind === 'open') run = data.run
  queue = queue.then(() => answer(data)).catch((error) => fail(data, error))
}

async function answer(question: Question): Promise<void> {
  if (question.run !== run) return
  if (question.kind === 'open') await open(question)
  else await turn(question)
}

async function open({ run, scene, values }: Extract<Question, { kind: 'open' }>): Promise<void> {
  running = undefined
  const { name, reason } = await ready()
  const { default: module } = await MODELS[scene]()
  running = { module, values, model: await module.create(values) }
  scope.postMessage({ kind: 'ready', run, backend: name, ...(reason !== undefined && { reason }) })
}

async function turn({ run, values, commands, advances }: Extract<Question, { kind: 'turn' }>): Promise<void> {
  if (running === undefined) return
  const since = performance.now()
  if (values !== undefined) {
    if (running.model.change?.(values, running.values) !== true)
      running.model = await running.module.create(values)
    running.values = values
  }
  for (const command of commands) running.model.command?.(command)
  let more = true
  for (let k = 0; k < advances && more; k++) more = await running.model.advance()
  const frame = running.model.frame()
  scope.postMessage({ kind: 'frame', run, frame, more, spent: performance.now() - since }, buffersOf(frame))
}

/** The buffers of all arrays in a frame, each once. */
function buffersOf(frame: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>()
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer) buffers.add(value.buffer)
    } else if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  visit(frame)
  return [...buffers]
}

function fail({ run, kind }: Question, error: unknown): void {
  const ended = kind === 'open' || running === undefined
  scope.postMessage({
    kind: 'failed',
    run,
    message: error instanceof Error ? error.message : String(error),
    ended,
  })
}
