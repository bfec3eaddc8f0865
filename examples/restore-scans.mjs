// Restores damaged scans: pictograms are stored, and stained, torn and speckled copies of them come back whole.
//   node restore-scans.mjs [FOLDER [OUT]]
// FOLDER has scans of your own, in any format and size that sharp reads, and into OUT go those that came back, as PNGs. Without them, the
// program draws eight pictograms, damages each in three ways, and restores those. It prints of each scan which pictogram it is and how
// many of its 1024 pixels were wrong.
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DenseAssociativeMemory } from 'hopfield-native'
import sharp from 'sharp'

const SIDE = 32

/** What is inside <svg>, 32 by 32. */
const PICTOGRAMS = {
  house: '<path d="M2 15 16 3l14 12v3h-4v12H6V18H2z"/>',
  tree: '<circle cx="16" cy="11" r="9"/><path d="M14 18h4v12h-4z"/>',
  moon: '<path d="M20 3a13 13 0 1 0 9 20A13 13 0 0 1 20 3z"/>',
  bolt: '<path d="M18 2 7 18h7l-4 12 14-17h-8l6-11z"/>',
  boat: '<path d="M2 21h28l-5 8H7zM15 3v16H5zM17 6v13h10z"/>',
  key: '<path fill-rule="evenodd" d="M9 8a7 7 0 1 1 0 14 7 7 0 0 1 0-14zm0 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM15 13h15v8h-3v-4h-3v5h-3v-5h-6z"/>',
  cup: '<path fill-rule="evenodd" d="M4 8h20v2h2a5 5 0 0 1 0 10h-3l-2 6H7zM24 13v4h2a2 2 0 0 0 0-4z"/>',
  fish: '<path d="M2 16C8 6 18 7 23 14l7-6v16l-7-6C18 25 8 26 2 16z"/>',
}

/** How a sheet of paper suffers: what is drawn over it, 32 by 32. */
const DAMAGES = {
  stained: '<circle cx="21" cy="12" r="7" fill="#000"/><circle cx="21" cy="12" r="3" fill="#fff"/>',
  torn: '<path d="M0 32V22l6 2 5-3 6 4 5-3 10 3v9z" fill="#fff"/>',
  speckled: Array.from({ length: 90 }, (_, k) => {
    const [x, y] = [(k * 7919) % 32, (k * 104729) % 31]
    return `<path d="M${x} ${y}h1v1h-1z" fill="#${k % 2 ? 'fff' : '000'}"/>`
  }).join(''),
}

/** A picture of black shapes on white paper. @param {string} shapes */
function drawn(shapes) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="${SIDE}" height="${SIDE}">${shapes}</svg>`
  return sharp(Buffer.from(svg)).flatten({ background: '#fff' })
}

/** Its pixels as ±1, +1 where it is dark. @param {import('sharp').Sharp} picture */
async function spins(picture) {
  const fitted = picture
    .flatten({ background: '#fff' })
    .resize(SIDE, SIDE, { fit: 'contain', background: '#fff' })
  const pixels = await fitted.greyscale().raw().toBuffer()
  return Int8Array.from(pixels, (grey) => (grey < 128 ? 1 : -1))
}

/** @param {Int8Array} a @param {Int8Array} b */
const different = (a, b) => a.reduce((count, s, i) => count + Number(s !== b[i]), 0)

/** The scans in a folder. @param {string} folder */
async function scansOf(folder) {
  const names = (await readdir(folder)).sort()
  if (names.length === 0) throw new Error(`${folder} is empty`)
  const read = async (/** @type {string} */ name) => {
    try {
      return { name, truth: undefined, cue: await spins(sharp(join(folder, name))) }
    } catch (cause) {
      throw new Error(`${join(folder, name)} is no picture that sharp reads: ${cause}`)
    }
  }
  return Promise.all(names.map(read))
}

/** A scan of each pictogram with each damage. */
function damagedScans() {
  const pairs = Object.entries(PICTOGRAMS).flatMap(([truth, shapes]) =>
    Object.entries(DAMAGES).map(([how, over]) => ({ name: `${how} ${truth}`, truth, shapes: shapes + over })),
  )
  return Promise.all(pairs.map(async ({ shapes, ...scan }) => ({ ...scan, cue: await spins(drawn(shapes)) })))
}

/** @param {string[]} args */
async function main([folder, out]) {
  // Pictures share white margins and black middles: Hebb's rule mixes such patterns up, a dense memory does not.
  const interaction = /** @type {const} */ ({ kind: 'exponential', beta: 0.1 })
  const net = new DenseAssociativeMemory({ neurons: SIDE * SIDE, interaction })
  const originals = await Promise.all(Object.values(PICTOGRAMS).map((shapes) => spins(drawn(shapes))))
  net.store(originals, { ids: Object.keys(PICTOGRAMS) })

  const scans = await (folder === undefined ? damagedScans() : scansOf(folder))
  if (out !== undefined) await mkdir(out, { recursive: true })
  const restored = net.recallBatch(scans.map(({ cue }) => cue))
  let whole = 0
  for (const [k, { name, truth, cue }] of scans.entries()) {
    const { state } = restored.at(k)
    const { kind, id, pattern } = net.classify(state)
    if (kind === 'stored' && (truth ?? id) === id) whole++
    const what = kind === 'stored' ? `the ${id}` : `nothing stored; the ${id} is nearest`
    const [before, after] = [cue, state].map((scan) => different(scan, originals[pattern]))
    console.log(
      `${name.padEnd(16)} ${what.padEnd(10)} ${String(before).padStart(4)} wrong pixels, then ${after}`,
    )
    if (out === undefined) continue
    const grey = Buffer.from(state.map((s) => (s > 0 ? 0 : -1)).buffer)
    await sharp(grey, { raw: { width: SIDE, height: SIDE, channels: 1 } })
      .png()
      .toFile(join(out, `${name}.png`))
  }
  const verdict = folder === undefined ? 'are what they were' : 'became a pictogram'
  console.log(`${whole} of ${scans.length} scans ${verdict}`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
