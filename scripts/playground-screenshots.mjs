// The pictures of docs/playground.md: the playground in Chromium, as it is built by
//   npm run build -w apps/playground && node scripts/playground-screenshots.mjs
import { join } from 'node:path'
import sharp from 'sharp'
import { launched, serve } from './chromium.mjs'
import { ready } from './playground/pages.mjs'
import { root } from './recipes.mjs'

const DESKTOP = { width: 1180, height: 800 }
const PHONE = { width: 390, height: 800 }

/** File, address, colours, size, and how many seconds of it have passed. */
const PICTURES = [
  ['paint', '#paint?side=128&pace=slow', 'light', DESKTOP, 3],
  ['landscape', '#landscape?memory=quartic&turn=60&first=0.3&second=0.25', 'dark', DESKTOP, 5],
  ['cycle', '#cycle', 'light', DESKTOP, 6],
  ['phone', '#paint', 'dark', PHONE, 2.5],
]

const browser = await launched()
const server = await serve(join(root, 'apps/playground/dist'))
for (const [name, hash, colorScheme, viewport, seconds] of PICTURES) {
  const context = await browser.newContext({ viewport, colorScheme })
  const page = await context.newPage()
  await page.goto(server.url + hash)
  await ready(page)
  await page.waitForTimeout(1000 * seconds)
  const file = join(root, 'docs', `playground-${name}.png`)
  await sharp(await page.screenshot())
    .png({ palette: true, colours: 64, effort: 10 })
    .toFile(file)
  await context.close()
}
await browser.close()
await server.close()
