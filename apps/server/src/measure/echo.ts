import fastify from 'fastify'

// Fastify alone: what comes in goes out, of the same kinds as the packed questions of a server of memories. Bodies are read as Fastify reads
// buffers; there are no hooks, no schemas, no log and no limits but Fastify's own. Its port is printed.

const app = fastify()
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) =>
  done(null, body),
)
app.post('/', async (request, reply) => reply.type('application/octet-stream').send(request.body))
const url = await app.listen({ host: '127.0.0.1', port: 0 })
console.log(`listening at ${url}`)
