import fastify from 'fastify'

// Fastify alone, as a program: what comes in goes out.

const app = fastify()
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) =>
  done(null, body),
)
app.post('/', async (request, reply) => reply.type('application/octet-stream').send(request.body))
const url = await app.listen({ host: '127.0.0.1', port: 0 })
console.log(`listening at ${url}`)
