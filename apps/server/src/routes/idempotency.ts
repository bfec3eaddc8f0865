import type { FastifyRequest } from 'fastify'

/** The header in which a client names what it wants done, so that it is done once however often it is sent. */
const KEY = 'idempotency-key'

export const HEADERS = {
  type: 'object',
  properties: {
    [KEY]: {
      type: 'string',
      minLength: 1,
      maxLength: 128,
      description:
        'A name of this request. One that is sent again under its name is acknowledged, and not done again.',
    },
  },
}

export function keyOf(request: FastifyRequest): string | undefined {
  return request.headers[KEY] as string | undefined
}
