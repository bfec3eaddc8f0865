// Files and addresses that visitors bring to the playground.
import { deflateSync } from 'node:zlib'
import { expectThat } from '../recipes.mjs'
import { noticed, notices, ready, settled } from './pages.mjs'

/** A PNG of one channel, whose rows are made by `row`. */
function png(width, height, row) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc32(body), body.length + 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.concat(
    Array.from({ length: height }, (_, y) => Buffer.concat([Buffer.from([0]), row(y)])),
  )
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc32(bytes) {
  let sum = -1
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

const wide = () => png(20_000, 40, () => Buffer.alloc(20_000, 255).fill(0, 9980, 10_000))
const svg = (attributes) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}><circle cx="5" cy="5" r="3"/></svg>`)

/** Files: a name, a type, bytes, and what the page says; undefined where it stores the picture. */
const FILES = [
  ['text.png', 'image/png', Buffer.from('This is no picture at all.'), /“text\.png” is no picture/],
  ['empty.png', 'image/png', Buffer.alloc(0), /“empty\.png” is empty/],
  ['cut.png', 'image/png', wide().subarray(0, 60), /“cut\.png” is no picture/],
  [
    'no-size.svg',
    'image/svg+xml',
    svg('width="0" height="0"'),
    /“no-size\.svg” (is no picture|has no pixels)/,
  ],
  ['white.png', 'image/png', png(30, 20, () => Buffer.alloc(30, 255)), /“white\.png” has one shade alone/],
  ['film.mp4', 'video/mp4', Buffer.alloc(4000, 7), /“film\.mp4” is no picture/],
  ['wide.png', 'image/png', wide(), undefined],
  ['tiny.png', 'image/png', png(2, 2, (y) => Buffer.from(y ? [0, 255] : [255, 0])), undefined],
  ['drawn.svg', 'image/svg+xml', svg('width="10" height="10" viewBox="0 0 10 10"'), undefined],
]

const ADDRESSES = [
  ['#paint?amount=lots', /amount = “lots”; expected a number from 0 to 1/],
  ['#paint?side=77&seed=%00', /side = “77”.*seed = /],
  ['#paint?pictures=64.zzzz', /pictures = “64\.zzzz”; expected at most 12 pictures/],
  ['#paint?colour=blue', /names “colour”/],
  ['#no-such-scene?x=1', /There is no scene “no-such-scene”/],
  ['#%E0%A4%A', /There is no scene/],
  ['#__proto__', /There is no scene/],
]

async function stores(page, count, name) {
  try {
    await page.waitForFunction((count) => document.querySelectorAll('.shelf li').length === count, count)
  } catch {
    expectThat(false, `${name} is not stored; the page says: ${await notices(page)}`)
  }
}

export function inputChecks(visited) {
  return {
    files: async () =>
      visited({ hash: '#paint?side=64&pace=sweep' }, async (page) => {
        await settled(page)
        let stored = 6
        for (const [name, mimeType, buffer, words] of FILES) {
          await page.setInputFiles('input[type=file]', { name, mimeType, buffer })
          if (words !== undefined) {
            await noticed(page, words)
            await page.click('.notice button[aria-label="Close this notice"]')
          } else {
            stored++
            await stores(page, stored, name)
          }
        }
        expectThat((await notices(page)) === '', `the page says: ${await notices(page)}`)
        return `${FILES.length}, of which ${stored - 6} are stored`
      }),

    'addresses that were edited': async () => {
      for (const [hash, words] of ADDRESSES) {
        await visited({ hash }, async (page) => {
          await noticed(page, words)
          await ready(page)
        })
      }
      return `${ADDRESSES.length} get a word, and a scene`
    },

    'pictures too large for an address': async () =>
      visited({ hash: '#paint?side=256&pace=sweep' }, async (page) => {
        await settled(page)
        let word = 1
        const noise = png(256, 256, () =>
          Buffer.from(
            Array.from({ length: 256 }, () => {
              word = (Math.imul(word, 1664525) + 1013904223) >>> 0
              return word >>> 31 ? 0 : 255
            }),
          ),
        )
        for (const name of ['a.png', 'b.png'])
          await page.setInputFiles('input[type=file]', { name, mimeType: 'image/png', buffer: noise })
        return noticed(page, /Your pictures take \d+ letters, and an address here holds 16000/)
      }),
  }
}
