// What a browser may refuse to the playground, or take from it.
import { expectThat } from '../recipes.mjs'
import { noticed, ready, settled } from './pages.mjs'

const NO_WASM = { 'Content-Security-Policy': "script-src 'self'; style-src 'self' 'unsafe-inline'" }

export function deviceChecks(visited) {
  return {
    camera: async () =>
      visited({ hash: '#paint?side=64&pace=sweep' }, async (page, _, context) => {
        await settled(page)
        await context.grantPermissions(['camera'])
        await page.click('text=Camera')
        await page.click('text=Take it')
        await page.waitForFunction(() => document.querySelectorAll('.shelf li').length === 7)
        expectThat((await page.locator('video').count()) === 0, 'the camera stays on')
        return 'its picture is stored'
      }),

    'camera refused': async () =>
      visited({ hash: '#paint', prepare: refuseCamera('NotAllowedError') }, async (page) => {
        await ready(page)
        await page.click('text=Camera')
        return noticed(page, /The camera was refused/)
      }),

    'no camera': async () =>
      visited({ hash: '#paint', prepare: refuseCamera('NotFoundError') }, async (page) => {
        await ready(page)
        await page.click('text=Camera')
        return noticed(page, /There is no camera here/)
      }),

    'WebAssembly refused': async () =>
      visited({ hash: '#paint?side=64&pace=sweep', headers: NO_WASM, errors: true }, async (page) => {
        await ready(page)
        expectThat(
          (await page.textContent('#backend')) === 'Computing in TypeScript',
          'it does not compute in TypeScript',
        )
        await noticed(page, /WebAssembly does not run here, so TypeScript computes/)
        await settled(page)
        return 'TypeScript computes, and says so'
      }),

    'a worker that does not load': async () =>
      visited({ hash: '#paint', prepare: refuseWorker, errors: true }, async (page) => {
        await noticed(page, /The worker that computes has stopped/)
        await page.unrouteAll()
        await page.click('text=Start again')
        await ready(page)
        return 'a word, and a button that starts it again'
      }),

    'a worker that dies': async () =>
      visited({ hash: '#paint?pace=single', errors: true }, async (page) => {
        await ready(page)
        await page.workers()[0].evaluate(() => {
          setTimeout(() => {
            throw new Error('out of luck')
          })
        })
        await noticed(page, /The worker that computes has stopped: .*out of luck/)
        await page.click('text=Start again')
        await page.waitForFunction(() => document.querySelector('#run').textContent === 'Pause')
        return 'a word, and a button that starts it again'
      }),

    'a worker that falls silent': async () =>
      visited({ hash: '#paint?pace=single', prepare: quickSeconds }, async (page) => {
        await ready(page)
        await page.workers()[0].evaluate(() => {
          self.onmessage = null
        })
        await noticed(page, /it has given no answer for 20 seconds/)
        return 'a word after 20 seconds'
      }),
  }
}

function refuseCamera(name) {
  return (page) =>
    page.addInitScript((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name))
    }, name)
}

function refuseWorker(page) {
  return page.route('**/worker-*.js', (route) => route.abort())
}

/** Seconds that are counted one by one pass ten times as fast. */
function quickSeconds(page) {
  return page.addInitScript(() => {
    const { setInterval } = window
    window.setInterval = (what, time) => setInterval(what, time / 10)
  })
}
