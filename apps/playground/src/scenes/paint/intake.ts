import { Camera } from '../../pictures/camera.js'
import { pictureOfFile, pictureOfImage, Unreadable } from '../../pictures/reading.js'
import { element } from '../../shell/element.js'
import type { Picture } from '../../state/picture.js'
import type { Stage } from '../scene.js'
import type { P } from './parameters.js'

/** Pictures from outside: files that are chosen or dropped, and the camera. */
export class Intake {
  readonly buttons: readonly HTMLElement[]
  /** Where the camera's picture is while it is on. */
  readonly preview: HTMLElement = element('div', { class: 'preview' })
  readonly #stage: Stage<P, never>
  readonly #side: () => number
  readonly #store: (picture: Picture) => void
  readonly #file = element('input', {
    type: 'file',
    accept: 'image/*',
    hidden: true,
    'aria-label': 'Picture file',
  })
  readonly #dropping = new AbortController()
  #camera: Camera | undefined
  #closed = false

  constructor(
    stage: Stage<P, never>,
    to: { readonly side: () => number; readonly store: (picture: Picture) => void },
  ) {
    this.#stage = stage
    this.#side = to.side
    this.#store = to.store
    this.#file.addEventListener('change', () => {
      const [file] = this.#file.files ?? []
      if (file !== undefined) void this.#take(file)
      // The same file may be chosen again.
      this.#file.value = ''
    })
    this.buttons = [
      element('button', { type: 'button', click: () => this.#file.click() }, 'File…'),
      this.#file,
      element('button', { type: 'button', click: () => void this.#openCamera() }, 'Camera'),
    ]
    this.#takeDrops()
  }

  close(): void {
    this.#closed = true
    this.#dropping.abort()
    this.#closeCamera()
  }

  /** Files may be dropped anywhere: beside the scene, a browser would leave the page for them. */
  #takeDrops(): void {
    const { signal } = this.#dropping
    addEventListener('dragover', (event) => event.preventDefault(), { signal })
    addEventListener(
      'drop',
      (event) => {
        event.preventDefault()
        const files = [...(event.dataTransfer?.files ?? [])]
        if (files.length === 0)
          this.#stage.warn('What was dropped is no file. Save the picture first, then drop its file.')
        void this.#takeAll(files)
      },
      { signal },
    )
  }

  async #takeAll(files: readonly File[]): Promise<void> {
    for (const file of files) await this.#take(file)
  }

  async #take(file: File): Promise<void> {
    await this.#told(async () => {
      const picture = await pictureOfFile(file, this.#side())
      if (!this.#closed) this.#store(picture)
    })
  }

  async #openCamera(): Promise<void> {
    if (this.#camera !== undefined) return
    await this.#told(async () => {
      const camera = await Camera.open()
      if (this.#closed) return camera.close()
      this.#camera = camera
      const take = () =>
        this.#told(async () => {
          const { videoWidth, videoHeight } = camera.video
          this.#store(
            pictureOfImage(camera.video, videoWidth, videoHeight, this.#side(), 'The camera’s picture'),
          )
          this.#closeCamera()
        })
      const shoot = element('button', { type: 'button', class: 'main', click: () => void take() }, 'Take it')
      const stop = element('button', { type: 'button', click: () => this.#closeCamera() }, 'Stop')
      this.preview.replaceChildren(camera.video, element('div', { class: 'row' }, shoot, stop))
      shoot.focus()
    })
  }

  #closeCamera(): void {
    this.#camera?.close()
    this.#camera = undefined
    this.preview.replaceChildren()
  }

  /** Does something, and tells in words if it cannot be done. */
  async #told(what: () => Promise<void>): Promise<void> {
    try {
      await what()
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.#stage.warn(error.message)
    }
  }
}
