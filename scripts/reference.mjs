// Makes the reference of every public name, from the docstrings, in build-reference/. typedoc wants a TypeScript before 7, so both are
// fetched apart from the clone's own. A warning is a failure: a name that is cited and not public, a page that is not there.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tool } from './tools.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const typedoc = join(tool('typedoc'), 'node_modules', 'typedoc', 'bin', 'typedoc')
const { status } = spawnSync(
  process.execPath,
  [typedoc, '--options', 'typedoc.json', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
process.exit(status ?? 1)
