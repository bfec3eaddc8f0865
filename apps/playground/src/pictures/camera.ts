import { element } from '../shell/element.js'
import { Unreadable } from './reading.js'

/** A camera that is on: its picture on the page, until it is closed. */
export class Camera {
  readonly video: HTMLVideoElement
  readonly #stream: MediaStream

  private constructor(video: HTMLVideoElement, stream: MediaStream) {
    this.video = video
    this.#stream = stream
  }

  /** Asks for the camera. Throws `Unreadable`, which says why there is none. */
  static async open(): Promise<Camera> {
    if (navigator.mediaDevices === undefined)
      throw new Unreadable('Browsers give the camera to pages that come by https alone. Use a picture file.')
    let stream: MediaStream
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 640 } })
    } catch (error) {
      throw new Unreadable(reasonOf(error))
    }
    const video = element('video', { muted: true, playsinline: true, 'aria-label': 'The camera' })
    video.srcObject = stream
    await video.play()
    return new Camera(video, stream)
  }

  close(): void {
    for (const track of this.#stream.getTracks()) track.stop()
    this.video.remove()
  }
}

function reasonOf(error: unknown): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError')
    return 'The camera was refused. Allow it in the address bar, or use a picture file.'
  if (name === 'NotFoundError' || name === 'OverconstrainedError')
    return 'There is no camera here. Use a picture file, or paint.'
  if (name === 'NotReadableError')
    return 'Another program is using the camera. Close it, or use a picture file.'
  return `The camera does not start: ${error instanceof Error ? error.message : error}`
}
