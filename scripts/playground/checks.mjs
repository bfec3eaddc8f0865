// What must hold in the playground: a name, and a function that says what it saw.
import { expectThat } from '../recipes.mjs'
import { deviceChecks } from './devices.mjs'
import { inputChecks } from './inputs.mjs'
import { moving, names, notices, open, ready, SIZE_LIMIT, settled } from './pages.mjs'
import { sceneChecks } from './scenes.mjs'

/**
 * @param visited gives an opened page to a function.
 * @param programs runs and checks what pages copy.
 */
export function playgroundChecks(visited, programs) {
  return {
    'first paint': async () => {
      const times = []
      for (let k = 0; k < 3; k++) {
        times.push(
          await visited({}, async (page) => {
            await ready(page)
            return page.evaluate(
              () =>
                performance.getEntriesByName('first-contentful-paint')[0]?.startTime ??
                Number.POSITIVE_INFINITY,
            )
          }),
        )
      }
      const best = Math.min(...times)
      expectThat(best < 1000, `the first paint takes ${times.map(Math.round).join(', ')} ms`)
      return `${Math.round(best)} ms, the best of three`
    },

    /** Each scene on a page of its own, so that its bytes are counted alone. */
    scenes: async () => {
      const waiting = await visited({}, names)
      const said = []
      // Two at a time: half of a check is waiting.
      const next = async () => {
        for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
          const hash = `#${name}`
          said.push(await visited({ hash }, (page, server) => wholeScene(page, server, name, programs)))
        }
      }
      await Promise.all([next(), next()])
      programs.check()
      return said.join('; ')
    },

    phone: async () => {
      const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
      return visited({ context: phone }, async (page) => {
        for (const name of await names(page)) {
          await open(page, name)
          const wide = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          )
          expectThat(wide <= 0, `${name} is ${wide} pixels wider than a phone`)
        }
        return 'no scene scrolls sideways at 360 pixels'
      })
    },

    'energy falls': async () =>
      visited({ hash: '#paint?pace=fast&side=64' }, async (page) => {
        await ready(page)
        const seen = []
        await page.waitForFunction(() => document.querySelector('.reading')?.textContent.includes('Energy'))
        for (;;) {
          const text = await page.textContent('.reading')
          const [, number] = /Energy (−?[\d.]+) after/.exec(text)
          seen.push(Number(number.replace('−', '-')))
          if (text.includes('at rest')) break
          await page.waitForTimeout(100)
        }
        const rises = seen.filter((energy, k) => energy > seen[k - 1])
        expectThat(rises.length === 0 && seen[0] > seen.at(-1), `the energy goes ${seen.join(', ')}`)
        const [, here] = /energy \S+ → (\S+) in/.exec(await programs.run('energy', await programOf(page)))
        expectThat(
          Number(here) === seen.at(-1),
          `the page ends at ${seen.at(-1)}, and its program at ${here}`,
        )
        return `${seen[0]} to ${seen.at(-1)}, as in its program`
      }),

    'the demon goes from neuron to neuron': async () =>
      visited({ hash: '#paint?side=16&pace=single' }, async (page) => {
        const ring = page.locator('.panel .cursor:visible')
        await ring.waitFor()
        const seen = new Set()
        for (const until = performance.now() + 10_000; seen.size < 3 && performance.now() < until; ) {
          const { x, y } = await ring.boundingBox()
          seen.add(`${Math.round(x)} ${Math.round(y)}`)
          await page.waitForTimeout(60)
        }
        expectThat(seen.size === 3, `it was seen at ${seen.size} places`)
        return 'its ring is seen at three places'
      }),

    'address restores': async () => {
      const asked =
        '#paint?target=3&damage=hidden&amount=0.42&dynamics=asynchronous&pace=sweep&side=32&rule=hebbian&seed=77'
      const ends = []
      for (let k = 0; k < 2; k++)
        ends.push(
          await visited({ hash: asked }, async (page) => {
            await settled(page)
            expectThat((await page.evaluate('location.hash')) === asked, `the address is ${page.url()}`)
            return page.evaluate(() => document.querySelector('canvas').toDataURL())
          }),
        )
      expectThat(ends[0] === ends[1], 'the same address ends in two pictures')
      return 'the same end twice'
    },

    'a painted picture is in the address': async () => {
      const painted = await visited({ hash: '#paint?side=32' }, async (page) => {
        await settled(page)
        await page.click('text=Blank')
        const box = await page.locator('.paintable').boundingBox()
        await page.mouse.move(box.x + 40, box.y + 40)
        await page.mouse.down()
        await page.mouse.move(box.x + 200, box.y + 150, { steps: 5 })
        await page.mouse.up()
        await page.click('text=Store it')
        await page.waitForFunction(() => document.querySelectorAll('.shelf li').length === 7)
        await page.waitForFunction(() => location.hash.includes('pictures=32.'))
        await settled(page)
        await page.waitForTimeout(400)
        return { hash: new URL(page.url()).hash, picture: await picture(page, 7) }
      })
      const restored = await visited({ hash: painted.hash }, async (page) => {
        await page.waitForFunction(() => document.querySelectorAll('.shelf li').length === 7)
        return picture(page, 7)
      })
      expectThat(restored === painted.picture, 'another picture comes back')
      return `${painted.hash.length} letters bring back seven pictures`
    },

    keyboard: async () =>
      visited({ hash: '#paint?side=16&pace=slow' }, async (page) => {
        await ready(page)
        const { keyboard } = page
        const label = () => page.textContent('#run')
        await keyboard.press('Tab')
        expectThat(
          (await page.evaluate('document.activeElement.id')) === 'skip',
          'the first stop is not the way to the scene',
        )
        await keyboard.press('Enter')
        expectThat(
          (await page.evaluate('document.activeElement.id')) === 'stage',
          'the way to the scene leads elsewhere',
        )
        await page.waitForFunction(() => document.querySelector('#run').textContent !== 'Run')
        if ((await label()) === 'Pause') await keyboard.press('Space')
        expectThat((await label()) === 'Run', `Space leaves ${await label()}`)
        await keyboard.press('Space')
        expectThat((await label()) === 'Pause', 'Space does not run it again')
        await keyboard.press('s')
        await page.waitForFunction(() => location.hash.includes('side=32'))
        await keyboard.press('Shift+S')
        await page.waitForFunction(() => location.hash.includes('side=16'))
        // The canvas, by Tab; arrows and Space paint on it.
        for (let k = 0; k < 40; k++) {
          if (await page.evaluate(() => document.activeElement.classList.contains('paintable'))) break
          await keyboard.press('Tab')
        }
        await keyboard.press('ArrowRight')
        await keyboard.press('Space')
        await page.waitForFunction(() => location.hash.includes('cue=16.'))
        // A start that is chosen takes the place of the painted one.
        await keyboard.press('Tab')
        await keyboard.press('a')
        await page.waitForFunction(
          () => location.hash.includes('amount=0.35') && !location.hash.includes('cue='),
        )
        // To another scene and nowhere by the mouse.
        await page.focus('#nav-cycle')
        await keyboard.press('Enter')
        await page.waitForFunction(() => document.querySelector('h2')?.textContent === 'Two-cycle')
        await page.click('#keys')
        await page.waitForSelector('dialog[open]')
        await keyboard.press('Escape')
        await page.waitForFunction(() => document.querySelector('dialog') === null)
        return 'skips, runs, pauses, moves parameters, paints and goes to another scene'
      }),

    'less motion': async () =>
      visited({ hash: '#paint', context: { reducedMotion: 'reduce' } }, async (page) => {
        await ready(page)
        await page.waitForTimeout(500)
        expectThat((await page.textContent('#run')) === 'Run', 'it starts by itself')
        await page.click('#run')
        await page.waitForFunction(() => document.querySelector('#run').textContent === 'Run again')
        return 'nothing moves before it is asked to'
      }),

    'frames per second': async () =>
      visited({ hash: '#paint?side=256&pace=slow' }, async (page) => {
        await ready(page)
        const rates = []
        for (let k = 0; k < 4; k++) {
          await page.waitForTimeout(1000)
          rates.push(Number(await page.getAttribute('.transport', 'data-rate')))
        }
        const most = Math.max(...rates)
        expectThat(most > 5, `${rates.join(', ')} frames per second`)
        return `${Math.round(most)} of 256 × 256 neurons, the best second of four`
      }),

    'one question at a time': async () =>
      visited({ hash: '#paint?side=128&pace=slow', prepare: watchWorker }, async (page) => {
        await ready(page)
        await page.waitForTimeout(1000)
        const before = await page.evaluate(() => {
          window.stopped = true
          return { ...window.asked }
        })
        await page.waitForTimeout(1000)
        const after = await page.evaluate(() => window.asked)
        expectThat(before.most <= 1, `${before.most} questions are under way at once`)
        expectThat(before.count > 5, `${before.count} questions in a second`)
        expectThat(
          after.count - before.count <= 1,
          `${after.count - before.count} questions while nothing is drawn`,
        )
        return `${before.count} in a second, none while the tab is hidden`
      }),

    ...sceneChecks(visited),
    ...inputChecks(visited),
    ...deviceChecks(visited),
  }
}

/** A scene moves, weighs little, comes back by its address, and its program runs. */
async function wholeScene(page, server, name, programs) {
  await ready(page)
  const kilobytes = server.sent() / 1000
  expectThat(kilobytes < SIZE_LIMIT, `${name} loads ${kilobytes} kB`)
  await moving(page, name)
  await page.waitForFunction(() => location.hash.includes('?'))
  const address = await page.evaluate('location.hash')
  const printed = await programs.run(name, await programOf(page))
  expectThat(printed.trim() !== '', `the program of ${name} prints nothing`)
  const given = await values(page)
  await page.reload()
  await ready(page)
  expectThat((await page.evaluate('location.hash')) === address, `${name} comes back as ${page.url()}`)
  expectThat((await values(page)) === given, `${name} comes back with other values`)
  expectThat((await notices(page)) === '', `${name} complains: ${await notices(page)}`)
  const unnamed = await page.evaluate(() =>
    [...document.querySelectorAll('canvas:not([aria-hidden]), input, select')]
      .filter(
        (e) => !e.getAttribute('aria-label') && !(e.labels?.length > 0) && e.closest('[role="img"]') === null,
      )
      .map((e) => e.outerHTML.slice(0, 80)),
  )
  expectThat(unnamed.length === 0, `${name} has no name for ${unnamed.join(', ')}`)
  return `${name} ${Math.ceil(kilobytes)} kB`
}

/** What all controls say. */
function values(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('.controls input, .controls select')]
      .map((control) => (control.type === 'checkbox' ? control.checked : control.value))
      .join(),
  )
}

/** What the page copies; the clipboard itself is one for all pages. */
async function programOf(page) {
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      window.copied = text
    }
  })
  await page.click('#program')
  await page.waitForFunction(() => window.copied !== undefined)
  return page.evaluate('window.copied')
}

function picture(page, place) {
  return page.evaluate(
    (place) => document.querySelector(`.shelf li:nth-child(${place}) canvas`).toDataURL(),
    place,
  )
}

/** Counts the questions to the worker that have no answer; `stopped` stops animation frames, as a hidden tab does. */
async function watchWorker(page) {
  await page.addInitScript(() => {
    window.asked = { count: 0, open: 0, most: 0 }
    const { requestAnimationFrame } = window
    window.requestAnimationFrame = (callback) =>
      requestAnimationFrame((now) =>
        window.stopped ? window.requestAnimationFrame(callback) : callback(now),
      )
    window.Worker = class extends Worker {
      constructor(...given) {
        super(...given)
        this.addEventListener('message', () => window.asked.open--)
      }
      postMessage(...given) {
        window.asked.count++
        window.asked.most = Math.max(window.asked.most, ++window.asked.open)
        super.postMessage(...given)
      }
    }
  })
}
