// Pages in Debian's Chromium, whose errors are errors here.
// HOPFIELD_CHROMIUM names the browser, where it is not Debian's.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { expectThat } from './recipes.mjs'
import { serve } from './serve.mjs'

export { serve }

export const BROWSER = process.env.HOPFIELD_CHROMIUM || '/usr/bin/chromium'
/** The browser; the process ends with a word where there is none. */
export function launched(args = []) {
  if (!existsSync(BROWSER)) {
    console.error(`${BROWSER}: no such browser; HOPFIELD_CHROMIUM names another`)
    process.exit(1)
  }
  // Debian's Chromium has no sandbox for root.
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', ...args] })
}

/** Opens what a folder has, and gives it to `use`. What the page reports as an error is one. */
export async function opened(browser, folder, use, headers) {
  const server = await serve(folder, { headers })
  const context = await browser.newContext()
  try {
    return await watched(await context.newPage(), async (page) => {
      await page.goto(server.url)
      return use(page)
    })
  } finally {
    await context.close()
    await server.close()
  }
}

/** Gives a page to `use`. An error of the page ends it; one that it reports on its console is an error when it is over. */
export async function watched(page, use) {
  const errors = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  const failed = new Promise((_, reject) => {
    page.on('pageerror', (error) => {
      errors.push(error.message)
      reject(new Error(`the page failed: ${error.message}`))
    })
  })
  const result = await Promise.race([use(page), failed])
  expectThat(errors.length === 0, `the page reports ${errors.join('; ')}`)
  return result
}

/** Runs the checks that the command line names, all without a name, and says how each ended. The exit code says whether all passed. */
export async function runChecks(checks) {
  const asked = process.argv.slice(2)
  for (const name of asked)
    expectThat(name in checks, `no check ${name}; there are ${Object.keys(checks).join(', ')}`)
  let failed = 0
  for (const [name, check] of Object.entries(checks)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    const since = performance.now()
    try {
      const result = await check()
      console.log(`${name}: ${result} (${((performance.now() - since) / 1000).toFixed(1)} s)`)
    } catch (error) {
      failed++
      console.error(`${name}: FAILED: ${error.message}`)
    }
  }
  process.exitCode = failed === 0 ? 0 : 1
}
