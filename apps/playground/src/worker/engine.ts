import type { AnyValues } from '../state/parameters.js'
import type { Answer, Question } from './protocol.js'

/** What the engine tells the shell. */
export interface Listener {
  /** A frame to draw. */
  frame(frame: object, more: boolean): void
  ready(backend: string, reason: string | undefined): void
  /** Something went wrong; if `ended`, there will be no more frames until the scene is opened again. */
  failed(message: string, ended: boolean): void
}

/** A worker that gives no answer for so many seconds is taken for dead. */
const PATIENCE = 20
/** Frames per second for those who ask for less motion; the model goes on as often as it would on a screen of 60. */
const CALM = 4
const SCREEN = 60

/** The worker as the page sees it: asks for a frame with every refresh of the screen, and never for two. */
export class Engine {
  readonly #listener: Listener
  readonly #calm: () => boolean
  #worker: Worker | undefined
  #run = 0
  /** Seconds since the question was asked that has no answer yet. They are counted: a machine that slept is no dead worker. */
  #waited: number | undefined
  #opened = false
  #playing = false
  /** How many times a second the model goes on. */
  #rate = SCREEN
  #steps = 0
  #values: AnyValues | undefined
  #commands: unknown[] = []
  #last = 0
  #latest: { frame: object; more: boolean } | undefined

  constructor(listener: Listener, calm: () => boolean) {
    this.#listener = listener
    this.#calm = calm
    const turn = (now: number) => {
      requestAnimationFrame(turn)
      this.#turn(now)
    }
    requestAnimationFrame(turn)
    // Animation frames stop in a tab that nobody sees, and this does not: it looks for dead workers alone.
    setInterval(() => this.#lookForDeath(), 1000)
  }

  get playing(): boolean {
    return this.#playing
  }

  set playing(playing: boolean) {
    this.#playing = playing
  }

  /** Makes a new model; the one before is forgotten. */
  open(scene: string, values: AnyValues, rate = SCREEN): void {
    this.#run++
    this.#rate = rate
    this.#opened = false
    this.#values = undefined
    this.#commands = []
    this.#latest = undefined
    this.#steps = 0
    this.#worker ??= this.#start()
    this.#ask({ kind: 'open', run: this.#run, scene, values })
  }

  /** New values for the model, with the next turn. */
  change(values: AnyValues, rate = SCREEN): void {
    this.#values = values
    this.#rate = rate
  }

  send(command: unknown): void {
    this.#commands.push(command)
  }

  /** Goes on once, though stopped. */
  step(): void {
    this.#steps++
  }

  /** Ends the worker; the next scene that is opened gets a new one. */
  end(): void {
    this.#worker?.terminate()
    this.#worker = undefined
    this.#waited = undefined
    this.#opened = false
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#hear(data)
    worker.onerror = (event) => {
      event.preventDefault()
      this.#die(event.message || 'its program did not load')
    }
    worker.onmessageerror = () => this.#die('its answer could not be read')
    return worker
  }

  #hear(answer: Answer): void {
    if (answer.run !== this.#run) return
    this.#waited = undefined
    if (answer.kind === 'ready') {
      this.#opened = true
      // The first frame comes without being asked for.
      this.#ask({ kind: 'turn', run: this.#run, commands: [], advances: 0 })
      this.#listener.ready(answer.backend, answer.reason)
    } else if (answer.kind === 'frame') this.#latest = { frame: answer.frame, more: answer.more }
    else {
      if (answer.ended) this.#opened = false
      this.#listener.failed(answer.message, answer.ended)
    }
  }

  #turn(now: number): void {
    const latest = this.#latest
    this.#latest = undefined
    const frames = this.#calm() ? Math.min(CALM, this.#rate) : this.#rate
    // Half a refresh of the screen early is nearer to the mark than half a refresh late.
    // Who is at rest is not asked to go on.
    const going = this.#playing && latest?.more !== false
    const due = going && (frames >= SCREEN || now - this.#last >= 1000 / frames - 500 / SCREEN)
    // The worker computes the next frame while this one is drawn.
    if (
      this.#opened &&
      this.#waited === undefined &&
      (due || this.#steps > 0 || this.#values || this.#commands.length > 0)
    ) {
      this.#ask({
        kind: 'turn',
        run: this.#run,
        commands: this.#commands,
        advances: this.#steps + (due ? Math.max(1, Math.round(this.#rate / frames)) : 0),
        ...(this.#values && { values: this.#values }),
      })
      this.#values = undefined
      this.#commands = []
      this.#steps = 0
      if (due) this.#last = now
    }
    if (latest !== undefined) this.#listener.frame(latest.frame, latest.more)
  }

  #ask(question: Question): void {
    this.#waited = 0
    this.#worker?.postMessage(question)
  }

  #lookForDeath(): void {
    if (this.#waited !== undefined && ++this.#waited > PATIENCE)
      this.#die(`it has given no answer for ${PATIENCE} seconds`)
  }

  #die(why: string): void {
    this.end()
    this.#listener.failed(`The worker that computes has stopped: ${why}.`, true)
  }
}
