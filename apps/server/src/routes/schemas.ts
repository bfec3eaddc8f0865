import type { ServerConfig } from '../config.js'
import { MSGPACK, PACKED } from '../wire/asked.js'

// JSON schemas: Fastify checks requests by them, and the OpenAPI page is made of them.

type Schema = Readonly<Record<string, unknown>>

export const object = (
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema => ({
  type: 'object',
  properties,
  required: [...required],
  additionalProperties: false,
})

/** A state or a vector. What is in it is looked at when it is read, with an error that names the place. */
export const ROW: Schema = {
  type: ['array', 'string', 'object'],
  description:
    'N values ±1 or 0/1, or d numbers; or bytes, as a string in base64 or as binary in MessagePack: ⌈N/8⌉ of packed bits (neuron i in bit i mod 8 of byte ⌊i/8⌋), or d f32 or f64 little-endian. Of a memory of pairs an object of its sides; of codes also { active }, the indices of active units.',
  items: {},
}
export const ROWS: Schema = { type: 'array', description: 'Several of them.', items: {}, minItems: 1 }
export const ID: Schema = {
  type: ['string', 'number'],
  description: 'The name of a pattern: a string or a number.',
  maxLength: 1024,
}
const INTEGER = (minimum: number, maximum: number, description: string): Schema => ({
  type: 'integer',
  minimum,
  maximum,
  description,
})

/** Options of recalls of all memories; each refuses what it does not have. */
export function recallOptions({ maxSweeps }: ServerConfig): Readonly<Record<string, Schema>> {
  const temperature = { type: 'number', minimum: 0 }
  return {
    seed: {
      type: ['integer', 'string'],
      pattern: '^\\d{1,20}$',
      description: '64-bit seed of every random choice; 0 by default. Beyond 2^53 as decimal digits.',
    },
    stream: INTEGER(0, 2 ** 52 - 2 ** 30, 'Number of the random stream of the first cue; 0 by default.'),
    dynamics: { type: 'string', enum: ['asynchronous', 'synchronous'] },
    order: { type: 'string', enum: ['random', 'cyclic', 'random-site'] },
    tie: { type: 'string', enum: ['positive', 'negative', 'keep'] },
    maxSweeps: INTEGER(1, maxSweeps, 'Most sweeps; 100 by default.'),
    temperature: {
      description: 'T, one number per sweep, or a schedule.',
      anyOf: [
        temperature,
        { type: 'array', items: temperature, minItems: 1, maxItems: maxSweeps },
        object(
          {
            from: temperature,
            to: temperature,
            sweeps: INTEGER(1, maxSweeps, 'Sweeps of the schedule.'),
            schedule: { type: 'string', enum: ['linear', 'geometric'] },
          },
          ['from', 'to'],
        ),
      ],
    },
    externalField: { type: 'array', items: { type: 'number' } },
    clamp: { type: 'array', items: { type: ['integer', 'boolean'] } },
    maxSteps: INTEGER(1, maxSweeps, 'Most steps of memories that have no sweeps.'),
    tolerance: { type: 'number', minimum: 0, description: 'It ends where nothing moves by more than this.' },
    energy: { type: 'boolean', description: 'false: no energies of vectors.' },
    threshold: { type: 'number', description: 'Of codes: what a unit needs to become 1.' },
    winners: INTEGER(0, 2 ** 30, 'Of codes, in place of a threshold: how many units become 1.'),
    from: {
      type: 'string',
      enum: ['outputs', 'potentials'],
      description: 'What cues of graded neurons are.',
    },
    method: { type: 'string', enum: ['euler', 'rk4'], description: 'Of graded neurons.' },
    step: {
      type: 'number',
      exclusiveMinimum: 0,
      description: 'Of graded neurons: length of a step in time.',
    },
    adaptive: { type: 'boolean', description: 'Of graded neurons: whether steps follow the accuracy.' },
    accuracy: { type: 'number', exclusiveMinimum: 0, description: 'Of graded neurons: error per step.' },
  }
}

/** What is not looked at by a schema. Validators are made for each object that is a schema, so equal ones are the same. */
export const ANYTHING: Schema = {}

/** A question in each of the three ways in which it may come. */
export function question(options: Readonly<Record<string, Schema>>): {
  body: Schema
  querystring: Schema
} {
  const schema = object({ cue: ROW, cues: ROWS, ...options })
  const simple = Object.entries(options).filter(
    ([, { type }]) => type !== undefined && type !== 'array' && type !== 'object',
  )
  return {
    body: {
      content: {
        'application/json': { schema },
        [MSGPACK]: { schema },
        [PACKED]: { schema: ANYTHING },
      },
    },
    querystring: {
      ...object(Object.fromEntries(simple)),
      description: `Options of ${PACKED}.`,
    },
  }
}

export const NAME: Schema = object({ name: { type: 'string', maxLength: 128 } }, ['name'])

const ERROR: Schema = {
  type: 'object',
  properties: {
    error: object(
      {
        code: { type: 'string', description: 'Stable: one of the package (docs/errors.md) or ERR_SERVER_….' },
        message: { type: 'string' },
      },
      ['code', 'message'],
    ),
  },
}

const STATUS = {
  400: 'The request is wrong.',
  401: 'No token, or an unknown one.',
  403: 'This token may not do that.',
  404: 'There is no such thing.',
  413: 'Too large.',
  415: 'A type of content that the server does not read.',
  429: 'Too many requests; Retry-After says when.',
  503: 'Not now; Retry-After says when.',
  504: 'The deadline came first.',
}

/** What any request may end in. */
export const ERRORS: Schema = Object.fromEntries(
  Object.entries(STATUS).map(([status, description]) => [status, { description, ...ERROR }]),
)

/** A 200 in words, whose shape is not checked again on its way out. */
export function answers(description: string): Schema {
  return {
    ...ERRORS,
    200: {
      description,
      content: {
        'application/json': { schema: ANYTHING },
        [MSGPACK]: { schema: ANYTHING },
        [PACKED]: { schema: ANYTHING },
      },
    },
  }
}
