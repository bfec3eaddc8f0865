import type { Entry } from '../scenes/pages.js'
import type { AnyPageModule, View } from '../scenes/scene.js'
import { encode, LONGEST_ADDRESS } from '../state/address.js'
import { type AnyValue, type AnyValues, moved, type Parameters } from '../state/parameters.js'
import type { Engine } from '../worker/engine.js'
import { Controls } from './controls.js'
import { showProgram } from './dialogs.js'
import { byId, element } from './element.js'
import { Transport } from './transport.js'

/** A scene on the page: its view, its controls, its address, and whether it runs. */
export class OpenScene {
  readonly root: HTMLElement
  readonly #entry: Entry
  readonly #page: AnyPageModule
  readonly #engine: Engine
  readonly #warn: (text: string) => void
  readonly #controls: Controls
  readonly #transport: Transport
  readonly #view: View<object>
  readonly #figure: HTMLElement
  #values: AnyValues
  /** Whether the visitor wants it to run, and whether the model has more to do. */
  #wanted = !lessMotion()
  #resting = false
  #closed = false
  #frame: object | undefined
  #writing: ReturnType<typeof setTimeout> | undefined

  constructor(
    entry: Entry,
    page: AnyPageModule,
    values: AnyValues,
    engine: Engine,
    warn: (text: string) => void,
  ) {
    this.#entry = entry
    this.#page = page
    this.#values = values
    this.#engine = engine
    this.#warn = warn
    this.#controls = new Controls(page.parameters, (name, value) => this.#set({ [name]: value }))
    this.#transport = new Transport({
      toggle: () => this.toggle(),
      step: () => this.step(),
      restart: () => this.restart(),
      link: () => void this.copyLink(),
      program: () => void this.copyProgram(),
    })
    this.#figure = element('div', { id: 'stage', tabindex: -1, role: 'group', 'aria-label': entry.title })
    this.root = element(
      'article',
      {},
      element('h2', {}, entry.title),
      element('p', { class: 'summary' }, entry.summary),
      this.#transport.root,
      element('div', { class: 'layout' }, this.#figure, this.#controls.root),
    )
    this.#view = page.view({
      root: this.#figure,
      values: () => this.#values as never,
      set: (values) => this.#set(values as AnyValues),
      send: (command) => {
        engine.send(command)
        this.#wake()
      },
      play: (on) => {
        this.#wanted = on && !lessMotion()
        this.#show()
      },
      say: (text) => this.#say(text),
      warn,
    })
    this.#controls.show(values)
  }

  get parameters(): Parameters {
    return this.#page.parameters
  }

  /** Makes the model; to be called when the scene is on the page. */
  start(): void {
    this.#engine.open(this.#entry.name, this.#values, this.#page.rate?.(this.#values))
    this.#wake()
    this.#writeAddress()
  }

  restart(): void {
    this.start()
    this.#say('From the start.')
  }

  toggle(): void {
    if (this.#resting) {
      this.#wanted = true
      this.restart()
      return
    }
    this.#wanted = !this.#wanted
    this.#show()
    if (!this.#wanted) this.#sayFrame()
  }

  step(): void {
    this.#wanted = false
    this.#resting = false
    this.#engine.step()
    this.#show()
  }

  /** Stops, because there is no worker any more. */
  halt(): void {
    this.#resting = true
    this.#show()
  }

  /** Moves the parameter that has this key; says whether there is one. */
  move(key: string, back: boolean): boolean {
    const found = Object.entries(this.#page.parameters).find(([, parameter]) => parameter.key === key)
    if (found === undefined) return false
    const [name, parameter] = found
    const value = moved(parameter, this.#values[name], back)
    if (value === undefined) return false
    this.#set({ [name]: value })
    const words = parameter.kind === 'choice' ? parameter.choices[value as string] : String(value)
    this.#say(`${parameter.label}: ${words}`)
    return true
  }

  draw(frame: object, more: boolean): void {
    this.#frame = frame
    this.#view.draw(frame)
    this.#transport.count()
    if (this.#engine.playing && !more) {
      this.#resting = true
      this.#show()
      this.#sayFrame()
    }
  }

  recolor(): void {
    this.#view.recolor?.()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#writing)
    this.#transport.close()
    this.#view.close?.()
  }

  async copyLink(): Promise<void> {
    const missing = await this.#writeAddress()
    const copied = await written(location.href)
    const held = missing ? ' It does not hold your pictures: they are too large for an address.' : ''
    this.#say(copied ? `The link is copied.${held}` : `The link is in the address bar.${held}`)
    this.#transport.tell(copied ? `Link copied${held && ', without pictures'}` : 'See the address bar')
  }

  async copyProgram(): Promise<void> {
    const text = await this.#page.program(this.#values)
    if (await written(text)) {
      this.#say('The program is copied.')
      this.#transport.tell('Program copied')
    } else showProgram(text)
  }

  #set(values: AnyValues): void {
    const before = this.#values
    this.#values = { ...before, ...values }
    this.#values = { ...this.#values, ...this.#page.also?.(this.#values, before) }
    this.#controls.show(this.#values)
    this.#engine.change(this.#values, this.#page.rate?.(this.#values))
    this.#wake()
    clearTimeout(this.#writing)
    this.#writing = setTimeout(() => void this.#writeAddress(), 250)
  }

  /** There may be more to do now. */
  #wake(): void {
    this.#resting = false
    this.#show()
  }

  #show(): void {
    this.#engine.playing = this.#wanted && !this.#resting
    this.#transport.show(this.#engine.playing, this.#resting)
  }

  /** Puts all values into the address. Says whether something did not fit. */
  async #writeAddress(): Promise<boolean> {
    const values: Readonly<Record<string, AnyValue>> = this.#values
    const { hash, missing } = await encode(this.#entry.name, this.#page.parameters, values)
    // Another scene may have come, or other values.
    if (this.#closed || values !== this.#values) return missing !== undefined
    history.replaceState(null, '', hash)
    if (missing !== undefined)
      this.#warn(
        `Your pictures take ${missing.letters} letters, and an address here holds ${LONGEST_ADDRESS}: the link of this page brings back all but them.`,
      )
    return missing !== undefined
  }

  #sayFrame(): void {
    if (this.#frame !== undefined) this.#say(this.#view.describe(this.#frame))
  }

  #say(text: string): void {
    byId('live').textContent = text
  }
}

function lessMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
