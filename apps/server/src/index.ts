export { serve } from './command.js'
export { DEFAULTS, type ServerConfig } from './config.js'
export { ServerError, type ServerErrorCode } from './errors.js'
export { createServer, type ServerOptions } from './server.js'
