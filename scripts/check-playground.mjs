// Builds apps/playground and looks at it in Chromium: every scene moves, comes back by its address, fits a phone, obeys the keyboard, and
// copies a program that runs; and whatever visitors bring gets a word.
//   node scripts/check-playground.mjs [NAME...]
// HOPFIELD_CHROMIUM names the browser, where it is not Debian's.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transformWithOxc } from 'vite'
import { launched, runChecks, serve, watched } from './chromium.mjs'
import { playgroundChecks } from './playground/checks.mjs'
import { root, shell } from './recipes.mjs'

const work = join(root, 'build-playground')

/** Runs programs under Node, as strict TypeScript and as what they print. */
function programs() {
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  return {
    /** What it prints. */
    async run(name, text) {
      writeFileSync(join(work, `${name}.ts`), text)
      const { code } = await transformWithOxc(text, `${name}.ts`)
      writeFileSync(join(work, `${name}.mjs`), code)
      return shell(`node ${name}.mjs`, work).stdout
    },
    check() {
      const options = {
        extends: '../tsconfig.json',
        compilerOptions: { noEmit: true, rootDir: '.' },
        include: ['*.ts'],
      }
      writeFileSync(join(work, 'tsconfig.json'), JSON.stringify(options))
      shell('node ../node_modules/typescript/bin/tsc -p .', work)
    },
  }
}

await build({ root: join(root, 'apps/playground'), logLevel: 'error' })
const dist = join(root, 'apps/playground/dist')
const browser = await launched([
  '--use-fake-device-for-media-stream',
  // Without a screen there is nothing to wait for, and headless tabs count as seen.
  '--disable-backgrounding-occluded-windows',
])

/** Gives a page with its own storage to `use`; what it reports as an error fails, unless the check says that there will be some. */
async function visited({ hash = '', context: options = {}, headers, prepare, errors = false }, use) {
  const server = await serve(dist, { headers, compressed: true })
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    await prepare?.(page, context)
    const visit = async (page) => {
      await page.goto(server.url + hash)
      return use(page, server, context)
    }
    return errors ? await visit(page) : await watched(page, visit)
  } finally {
    await context.close()
    await server.close()
  }
}

const running = programs()
try {
  await runChecks(playgroundChecks(visited, running))
} finally {
  await browser.close()
}
