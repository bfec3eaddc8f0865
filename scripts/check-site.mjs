// Builds the site as GitHub Pages serves it, below a folder, and opens pages of every kind in Chromium: no error on a console, nothing that
// is not there, the search finds, and figures turn dark with the page. HOPFIELD_CHROMIUM names the browser, where it is not Debian's.
//   npm run site:check [-- --base /hopfield-native/] [--built] [--pictures FOLDER]
// --built takes the site that is there; --pictures keeps the pages as they look, wide and narrow, light and dark.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { launched } from './chromium.mjs'
import { expectThat } from './recipes.mjs'
import { serve } from './serve.mjs'
import { buildSite, out } from './site.mjs'

const PAGES = [
  '',
  'start.html',
  'hopfield-network.html',
  'modern-hopfield.html',
  'learning-rules.html',
  'solvers/anneal.html',
  'speed.html',
  'architecture.html',
  'cli/',
  'examples/',
  'examples/lecture.html',
  'reference/index.html',
  'playground/index.html',
]
const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 390, height: 844 }

const { values } = parseArgs({
  options: {
    pictures: { type: 'string' },
    built: { type: 'boolean' },
    base: { type: 'string', default: '/hopfield-native/' },
  },
})
if (!values.built) await buildSite(values.base)
const server = await serve(out, { base: values.base })
const browser = await launched()

/** Opens a page, and says what was wrong with it. */
async function opened(context, path, use) {
  const page = await context.newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on(
    'console',
    (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()),
  )
  page.on(
    'response',
    (response) => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`),
  )
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url))
      faults.push(`asks for ${request.url()}`)
  })
  await page.goto(`${server.url}${path}`, { waitUntil: 'networkidle' })
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  if (wide > 0 && !path.startsWith('reference')) faults.push(`is ${wide} pixels wider than the window`)
  await use?.(page)
  await page.close()
  expectThat(faults.length === 0, `/${path}: ${[...new Set(faults)].join('; ')}`)
}

/** The mean brightness of a figure on the page, 0 to 255. */
async function brightness(page, selector) {
  const { default: sharp } = await import('sharp')
  const { channels } = await sharp(await page.locator(selector).first().screenshot()).stats()
  return channels.slice(0, 3).reduce((sum, { mean }) => sum + mean / 3, 0)
}

try {
  const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light' })
  for (const path of PAGES) await opened(context, path)
  await opened(context, '', async (page) => {
    const light = await brightness(page, '.landing img')
    await page.locator('.VPSwitchAppearance').first().click()
    await page.waitForTimeout(500)
    const dark = await brightness(page, '.landing img')
    expectThat(
      light > 150 && dark < 100,
      `the figure's brightness is ${light} in the light and ${dark} in the dark`,
    )
    await page.keyboard.press('/')
    await page.locator('.VPLocalSearchBox input').fill('pseudo-inverse')
    await page.locator('.VPLocalSearchBox .result').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/pseudo-inverse|learning-rules/)
  })
  await context.close()
  const narrow = await browser.newContext({
    viewport: NARROW,
    colorScheme: 'dark',
    isMobile: true,
    hasTouch: true,
  })
  for (const path of ['', 'start.html', 'speed.html', 'examples/service.html']) await opened(narrow, path)
  await narrow.close()
  if (values.pictures !== undefined) await pictures(values.pictures)
  console.log(`site: ${PAGES.length} pages without fault`)
} finally {
  await browser.close()
  await server.close()
}

async function pictures(folder) {
  mkdirSync(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark'])
    for (const [name, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
      const context = await browser.newContext({ viewport, colorScheme })
      for (const path of PAGES)
        await opened(context, path, (page) =>
          page.screenshot({
            path: join(folder, `${path.replace(/\W+/g, '-') || 'landing'}-${name}-${colorScheme}.png`),
          }),
        )
      await context.close()
    }
}
