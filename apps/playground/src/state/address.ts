// A scene and its parameters as the part of an address behind #, and back:  #cycle?neurons=400&seed=1
import {
  type AnyValue,
  type AnyValues,
  defaultOf,
  expectation,
  LARGEST_SEED,
  nearestValue,
  type Parameter,
  type Parameters,
} from './parameters.js'
import { LARGEST_SIDE, type Picture, pictureOf, pictureText } from './picture.js'

/** The most letters that an address has here: what mail programs and messengers still take as one link. */
export const LONGEST_ADDRESS = 16_000

export interface Encoded {
  readonly hash: string
  /** The pictures that did not fit, and how many letters they have; undefined if all is in the address. */
  readonly missing?: { readonly parameter: string; readonly letters: number }
}

/** Every value goes into the address, so that it means the same when a default becomes another one. */
export async function encode(scene: string, parameters: Parameters, values: AnyValues): Promise<Encoded> {
  const words: string[] = []
  let missing: Encoded['missing']
  let length = scene.length + 2
  for (const [name, parameter] of Object.entries(parameters)) {
    const text = await written(parameter, values[name])
    if (text === undefined) continue
    const word = `${name}=${text}`
    if (parameter.kind === 'pictures' && length + word.length > LONGEST_ADDRESS) {
      missing = { parameter: name, letters: word.length }
      continue
    }
    words.push(word)
    length += word.length + 1
  }
  return { hash: `#${scene}?${words.join('&')}`, ...(missing && { missing }) }
}

async function written(parameter: Parameter, value: AnyValue): Promise<string | undefined> {
  switch (parameter.kind) {
    case 'switch':
      return value ? 'yes' : 'no'
    case 'choice':
      return encodeURIComponent(value as string)
    case 'pictures': {
      const pictures = value as readonly Picture[]
      if (pictures.length === 0) return undefined
      const texts = await Promise.all(
        pictures.map(async ({ side, pixels }) => `${side}.${await pictureText(pixels)}`),
      )
      return texts.join(',')
    }
    default:
      return String(value)
  }
}

/** The scene that an address names, and what it says of parameters; the scene is '' where it names none. */
export function divided(hash: string): { readonly scene: string; readonly query: string } {
  const [, scene = '', query = ''] = /^#?([^?]*)\??(.*)$/s.exec(hash) ?? []
  return { scene: plain(scene), query }
}

export interface Decoded {
  readonly values: AnyValues
  /** A sentence for each part of the address that was not understood; its parameter has the default. */
  readonly problems: readonly string[]
}

export async function decode(query: string, parameters: Parameters): Promise<Decoded> {
  const problems: string[] = []
  const values: Record<string, AnyValue> = {}
  for (const [name, parameter] of Object.entries(parameters)) values[name] = defaultOf(parameter)
  for (const word of query.split('&').filter((word) => word !== '')) {
    const [name, ...rest] = word.split('=')
    const text = plain(rest.join('='))
    if (!Object.hasOwn(parameters, name)) {
      problems.push(`The address names “${shortened(plain(name))}”, which this scene does not have.`)
      continue
    }
    const value = await read(parameters[name], text)
    if (value === undefined) {
      problems.push(
        `The address says ${name} = “${shortened(text)}”; expected ${expectation(parameters[name])}. It starts with its usual value.`,
      )
    } else values[name] = value
  }
  return { values, problems }
}

async function read(parameter: Parameter, text: string): Promise<AnyValue | undefined> {
  switch (parameter.kind) {
    case 'switch':
      return text === 'yes' ? true : text === 'no' ? false : undefined
    case 'choice':
      return Object.hasOwn(parameter.choices, text) ? text : undefined
    case 'seed':
      return /^\d{1,6}$/.test(text) && Number(text) <= LARGEST_SEED ? Number(text) : undefined
    case 'number': {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      return value >= parameter.min && value <= parameter.max ? nearestValue(parameter, value) : undefined
    }
    case 'pictures': {
      const texts = text.split(',')
      if (texts.length > parameter.most || text.length > LONGEST_ADDRESS) return undefined
      const pictures = await Promise.all(texts.map(pictureIn))
      return pictures.every((picture) => picture !== undefined) ? (pictures as Picture[]) : undefined
    }
  }
}

async function pictureIn(text: string): Promise<Picture | undefined> {
  const [, digits, coded] = /^(\d{1,3})\.([\w-]+)$/.exec(text) ?? []
  const side = Number(digits)
  return side >= 1 && side <= LARGEST_SIDE ? pictureOf(coded, side) : undefined
}

/** Without %20 and the like; a text that cannot be read so stays what it is. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
