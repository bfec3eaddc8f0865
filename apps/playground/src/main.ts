import { Shell } from './shell/shell.js'

const shell = new Shell()

// Whatever goes wrong, the page says it.
addEventListener('error', ({ message }) => shell.warn(`Something went wrong: ${message}`))
addEventListener('unhandledrejection', ({ reason }) =>
  shell.warn(`Something went wrong: ${reason instanceof Error ? reason.message : reason}`),
)
