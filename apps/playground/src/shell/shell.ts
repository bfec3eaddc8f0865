import { type Entry, SCENES } from '../scenes/pages.js'
import { decode, divided } from '../state/address.js'
import { Engine } from '../worker/engine.js'
import { showKeys } from './dialogs.js'
import { byId, element } from './element.js'
import { Keys } from './keys.js'
import { Notices } from './notices.js'
import { OpenScene } from './open-scene.js'
import { themeButton } from './theme.js'

/** The page around the scenes: navigation, notices, and which scene is open. */
export class Shell {
  readonly #notices = new Notices()
  readonly #main = byId('main')
  readonly #backend = element('span', { id: 'backend' }, 'Computing: not yet')
  readonly #engine: Engine
  readonly #keys: Keys
  #open: OpenScene | undefined
  /** Which opening is the latest: loading takes a while, and visitors do not wait. */
  #opening = 0

  constructor() {
    const calm = matchMedia('(prefers-reduced-motion: reduce)')
    this.#engine = new Engine(
      {
        frame: (frame, more) => this.#open?.draw(frame, more),
        ready: (backend, reason) => this.#showBackend(backend, reason),
        failed: (message, ended) => this.#failed(message, ended),
      },
      () => calm.matches,
    )
    this.#main.before(this.#notices.root)
    this.#keys = new Keys(() => this.#open)
    byId('tools').append(
      themeButton(() => this.#open?.recolor()),
      element('button', { type: 'button', id: 'keys', click: () => this.#showKeys() }, 'Keys'),
    )
    byId('nav').append(
      ...SCENES.map(({ name, title }) => element('a', { href: `#${name}`, id: `nav-${name}` }, title)),
    )
    document.body.append(
      element(
        'footer',
        {},
        this.#backend,
        ' · everything here is computed in your browser, by ',
        element('a', { href: 'https://github.com/hopfield-native/hopfield-native' }, 'hopfield-native'),
      ),
    )
    byId('skip').addEventListener('click', (event) => {
      event.preventDefault()
      byId('stage').focus()
    })
    addEventListener('hashchange', () => this.#go(true))
    this.#go(false)
  }

  warn(text: string): void {
    this.#notices.add(text)
  }

  /** Opens what the address names. */
  async #go(navigated: boolean): Promise<void> {
    const opening = ++this.#opening
    const { scene, query } = divided(location.hash)
    const entry = SCENES.find(({ name }) => name === scene) ?? SCENES[0]
    this.#notices.clear()
    if (scene !== '' && entry.name !== scene)
      this.warn(`There is no scene “${scene.slice(0, 40)}” here. This is the first one.`)
    this.#open?.close()
    this.#open = undefined
    this.#engine.playing = false
    this.#showCurrent(entry, navigated)
    try {
      const { default: page } = await entry.load()
      const { values, problems } = await decode(query, page.parameters)
      if (opening !== this.#opening) return
      for (const problem of problems) this.warn(problem)
      this.#open = new OpenScene(entry, page, values, this.#engine, (text) => this.warn(text))
      this.#main.replaceChildren(this.#open.root)
      this.#open.start()
    } catch (error) {
      if (opening !== this.#opening) return
      this.#main.replaceChildren(element('h2', {}, entry.title))
      this.#notices.add(`This scene did not load: ${error instanceof Error ? error.message : error}`, {
        label: 'Try again',
        run: () => void this.#go(false),
      })
    }
  }

  #showCurrent({ name, title }: Entry, navigated: boolean): void {
    document.title = `${title} · Hopfield playground`
    for (const link of byId('nav').children) {
      if (link.id === `nav-${name}`) {
        link.setAttribute('aria-current', 'page')
        link.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      } else link.removeAttribute('aria-current')
    }
    if (navigated) byId('live').textContent = `${title}.`
  }

  #showBackend(backend: string, reason: string | undefined): void {
    const name = backend === 'wasm' ? 'WebAssembly' : 'TypeScript'
    this.#backend.textContent = `Computing in ${name}`
    this.#backend.title = reason ?? ''
    if (backend !== 'wasm')
      this.warn(
        `WebAssembly does not run here, so TypeScript computes: the same results, slower. ${reason ?? ''}`,
      )
  }

  #failed(message: string, ended: boolean): void {
    if (!ended) {
      this.warn(message)
      return
    }
    this.#open?.halt()
    this.#notices.add(message, { label: 'Start again', run: () => this.#open?.restart() })
  }

  #showKeys(): void {
    const keys = this.#keys
    showKeys(Keys.fixed, this.#open?.parameters ?? {}, {
      on: keys.letters,
      set: (on) => {
        keys.letters = on
      },
    })
  }
}
