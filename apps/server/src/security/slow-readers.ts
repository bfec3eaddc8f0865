import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Milliseconds between two looks. */
const EVERY = 1000

/**
 * Cuts off clients that do not take their answers: connections that wait to write, and write nothing for `wait` milliseconds. Only such
 * a connection is given a timer. One for each would be set and cleared with every request.
 */
export function cutSlowReaders(app: FastifyInstance, wait: number): void {
  const open = new Set<Socket>()
  const blocked = new WeakSet<Socket>()
  app.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const timer = setInterval(() => {
    for (const socket of open) {
      if (socket.writableLength === 0) blocked.delete(socket)
      else if (!blocked.has(socket)) {
        blocked.add(socket)
        // Node begins anew as long as some of it is written, destroys the connection if nobody else does, and sets the time of idle
        // connections once the answer is out.
        socket.setTimeout(wait)
      }
    }
  }, EVERY).unref()
  app.addHook('onClose', async () => clearInterval(timer))
}
