// Puts the addon that `npm ci` built for this machine where the package has it. The binaries of a release come from prebuild.mjs.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { host, prebuildFor } from '../dist/platform/node/addon.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const file = prebuildFor(host())
mkdirSync(dirname(join(root, file)), { recursive: true })
copyFileSync(join(root, 'build', 'Release', 'hopfield.node'), join(root, file))
// Half of it is names that nobody asks for. Where there is no such program it stays as it is.
if (process.platform !== 'win32')
  spawnSync('strip', [process.platform === 'darwin' ? '-x' : '--strip-all', join(root, file)])
console.log(file)
