// What the checks of the playground do on its pages.
import { expectThat } from '../recipes.mjs'

/** kB of all that a scene loads, as sent. */
export const SIZE_LIMIT = 500

/** Waits for the first model of a page. */
export async function ready(page) {
  await page.waitForFunction(() =>
    /^Computing in/.test(document.querySelector('#backend')?.textContent ?? ''),
  )
}

/** Waits until the scene rests. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector('#run')?.textContent === 'Run again')
}

/** The scenes, by the words that addresses have for them. */
export async function names(page) {
  await page.waitForSelector('#nav a')
  return page.evaluate(() => [...document.querySelectorAll('#nav a')].map(({ hash }) => hash.slice(1)))
}

/** Goes to a scene by its link. */
export async function open(page, name) {
  await page.evaluate((name) => document.querySelector(`#nav-${name}`).click(), name)
  await page.waitForFunction((name) => location.hash.startsWith(`#${name}?`), name)
  await page.waitForFunction(() => document.querySelector('#stage canvas') !== null)
}

/** The sentences of all notices. */
export function notices(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('.notice')].map((notice) => notice.dataset.text).join(' '),
  )
}

/** Waits for a notice that says this. */
export async function noticed(page, pattern) {
  const until = performance.now() + 20_000
  for (;;) {
    const said = await notices(page)
    if (pattern.test(said)) return said
    expectThat(performance.now() < until, `the page says: ${said || 'nothing'}`)
    await page.waitForTimeout(50)
  }
}

/** Waits until what the canvases show is something else than it was. */
export async function moving(page, name) {
  const pictures = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('#stage canvas')].map((canvas) => canvas.toDataURL()).join(),
    )
  const before = await pictures()
  const since = performance.now()
  for (;;) {
    await page.waitForTimeout(100)
    if ((await pictures()) !== before) return
    // A scene that came to rest before one looked moves when it starts again.
    if ((await page.textContent('#run')) === 'Run again') await page.click('#restart')
    expectThat(performance.now() - since < 10_000, `nothing moves in ${name}`)
  }
}
