// What the scenes of the playground must show: numbers as theory has them, the right memory, a cut that rises.
import { expectThat } from '../recipes.mjs'
import { ready, settled } from './pages.mjs'

/** @param visited gives an opened page to a function. */
export function sceneChecks(visited) {
  const seen = (hash, use) =>
    visited({ hash }, async (page) => {
      await ready(page)
      return use(page)
    })
  return {
    'the load curve': () =>
      seen('#load?load=0.1&neurons=529&seed=1', async (page) => {
        const [below, error] = await measured(page)
        expectThat(Math.abs(below - 0.9983) < 4 * error + 0.003, `m is ${below} ± ${error} at a load of 0.1`)
        await slide(page, 'load', 0.22)
        await page.waitForFunction(() =>
          document.querySelector('.reading').textContent.startsWith('116 patterns'),
        )
        const [beyond] = await measured(page)
        expectThat(beyond < 0.7, `m is ${beyond} at a load of 0.22`)
        return `m = ${below} ± ${error} at 0.1, and ${beyond} beyond α_c`
      }),

    'a memory boils': () =>
      seen('#heat?temperature=0.3&load=0.03&neurons=64&rate=60&seed=1', async (page) => {
        const overlap = () => numberIn(page, /m = (-?[\d.]+)/)
        await page.waitForFunction(() => /sweep [1-9]\d/.test(document.querySelector('.reading').textContent))
        const cold = await overlap()
        await slide(page, 'temperature', 1.8)
        await page.waitForFunction(() =>
          document.querySelector('.reading').textContent.startsWith('Paramagnet'),
        )
        await page.waitForTimeout(1500)
        const hot = await overlap()
        // A state of no memory has |m| of about 1/√4096 = 0.016.
        expectThat(cold > 0.97 && Math.abs(hot) < 0.15, `m goes from ${cold} to ${hot}`)
        const surface = page.locator('.u-over').first()
        const { width, height } = await surface.boundingBox()
        await surface.click({ position: { x: width / 2, y: height / 2 } })
        await page.waitForFunction(() => /temperature=(0\.9|1)\d*.*load=0\.(09|1)/.test(location.hash))
        return `m = ${cold} at T = 0.3, and ${hot} at 1.8`
      }),

    'the right memory': () =>
      seen('#glyphs?glyph=8&count=36&noise=0.1&seed=1', async (page) => {
        await settled(page)
        const words = await page.locator('.reading').allTextContents()
        expectThat(words[0] === 'H with noise', `the cue is ${words[0]}`)
        expectThat(!words[1].startsWith('right'), `Hebb’s rule: ${words[1]}`)
        for (const outcome of words.slice(2)) expectThat(outcome.startsWith('right;'), outcome)
        await page.click('.strip button:nth-child(24)')
        await page.waitForFunction(() => location.hash.includes('glyph=24'))
        await page.waitForFunction(() => document.querySelector('.reading').textContent === 'X with noise')
        return `H by three of four: ${words.slice(1).join(', ')}`
      }),

    'a film plays': () =>
      seen('#sequence?film=runner&rule=projection&noise=0.25&rate=6&seed=1', async (page) => {
        const text = () => page.textContent('.reading')
        await page.waitForFunction(() => /^Update [3-9]/.test(document.querySelector('.reading').textContent))
        expectThat(/as it was stored/.test(await text()), await text())
        await page.selectOption('#p-rule', 'sequence')
        await page.waitForFunction(() => /is due/.test(document.querySelector('.reading').textContent))
        return `projection plays it, and Hebb’s rule does not: ${await text()}`
      }),

    attention: () =>
      seen('#attention?beta=1&sweep=no&picture=9&hidden=0.3&noise=0.2&seed=1', async (page) => {
        const outcomes = () => page.locator('.reading').allTextContents()
        await settled(page)
        const sharp = await outcomes()
        expectThat(sharp[1] === 'face alone' && sharp[2] === 'face alone', `at β = 0.1: ${sharp.join(', ')}`)
        expectThat(sharp[3] === 'nothing within reach', `Epanechnikov: ${sharp[3]}`)
        await slide(page, 'beta', 0)
        await page.waitForFunction(() =>
          document.querySelectorAll('.reading')[1].textContent.startsWith('mixes 12'),
        )
        const shares = await page.evaluate(() =>
          [...document.querySelectorAll('.weights tbody tr')].map((row) =>
            Number.parseInt(row.children[1].textContent, 10),
          ),
        )
        const sum = shares.reduce((total, share) => total + share, 0)
        expectThat(Math.abs(sum - 100) <= 6, `the shares of softmax sum to ${sum} %`)
        return `sharp: ${sharp.slice(1).join(', ')}; vague: ${(await outcomes())[1]}`
      }),

    'the cut rises': () =>
      seen('#cut?nodes=64&neighbours=4&sweeps=100&rate=60&seed=1', async (page) => {
        const first = await numberIn(page, /(\d+) of \d+ edges/)
        await settled(page)
        const last = await numberIn(page, /(\d+) of \d+ edges/)
        const reference = await numberIn(page, /anneals found (\d+)/)
        expectThat(last >= first && last > 0.94 * reference, `the cut goes from ${first} to ${last}`)
        return `${first} to ${last}; 256 anneals find ${reference}`
      }),

    'round trips': () =>
      seen('#tour?cities=10&constants=talavan-yanez&rate=30&seed=3', async (page) => {
        await settled(page)
        const tank = await numberIn(page, /a tour: ([\d.]+)/)
        const [, moves, best] = /exchanges: ([\d.]+); tourSearch finds ([\d.]+)/.exec(
          await page.locator('.reading').nth(1).textContent(),
        )
        expectThat(tank >= Number(best) && Number(moves) >= Number(best), `${tank}, ${moves}, ${best}`)
        return `the network ${tank}, 2-opt ${moves}, tourSearch ${best}`
      }),
  }
}

/** What a pattern finds in the first reading, as soon as there is one. */
async function numberIn(page, pattern) {
  await page.waitForFunction(() => document.querySelector('.reading')?.textContent !== '')
  const text = await page.textContent('.reading')
  expectThat(pattern.test(text), `the page says: ${text}`)
  return Number(pattern.exec(text)[1])
}

/** m and its error, when ten networks are measured. */
async function measured(page) {
  await page.waitForFunction(() =>
    /on [1-9]\d+ networks/.test(document.querySelector('.reading').textContent),
  )
  const [, m, error] = /m = ([\d.]+) ± ([\d.]+)/.exec(await page.textContent('.reading'))
  return [Number(m), Number(error)]
}

/** Moves a slider as a pointer does. */
function slide(page, name, value) {
  return page.locator(`#p-${name}`).fill(String(value))
}
