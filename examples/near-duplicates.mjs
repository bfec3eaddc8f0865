// Finds near-duplicate images: each gets 256 bits that say where it grows brighter, and copies differ in few of them.
//   node near-duplicates.mjs [FOLDER]
// FOLDER has pictures of any format and size; the program prints which are nearly the same. Without one it draws twenty pictures and
// prints how many of their copies (smaller, strongly compressed, brightened, cropped, blurred, mirrored) come back to their original,
// and how near different pictures are to each other.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PackedPatterns } from 'hopfield-native'
import sharp from 'sharp'

const SIDE = 16
const BITS = SIDE * SIDE
/** Pictures that differ in at most so many bits count as the same. */
const NEAR = 40

/** Whether each of 16 by 16 places is darker than the one to its right: a difference hash, as ±1. @param {import('sharp').Sharp} picture */
async function hash(picture) {
  const small = picture
    .flatten({ background: '#fff' })
    .greyscale()
    .resize(SIDE + 1, SIDE, { fit: 'fill' })
  const grey = await small.raw().toBuffer()
  return Int8Array.from({ length: BITS }, (_, k) => {
    const at = Math.floor(k / SIDE) * (SIDE + 1) + (k % SIDE)
    return grey[at] < grey[at + 1] ? 1 : -1
  })
}

/** A landscape of its own for each number. @param {number} number */
async function drawn(number) {
  let state = number + 1
  const random = (/** @type {number} */ below) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
    return ((state ^ (state >>> 13)) >>> 0) % below
  }
  const shapes = Array.from({ length: 9 }, () => {
    const fill = `hsl(${random(360)},60%,${15 + random(70)}%)`
    return random(2)
      ? `<circle cx="${random(320)}" cy="${random(240)}" r="${20 + random(70)}" fill="${fill}"/>`
      : `<rect x="${random(300)}" y="${random(220)}" width="${40 + random(160)}" height="${30 + random(120)}" fill="${fill}"/>`
  })
  const [top, bottom] = [random(360), random(360)]
  const sky = `<linearGradient id="s" y2="1" x2="${random(2)}"><stop stop-color="hsl(${top},50%,80%)"/><stop offset="1" stop-color="hsl(${bottom},50%,30%)"/></linearGradient>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">${sky}<path fill="url(#s)" d="M0 0h320v240H0z"/>${shapes.join('')}</svg>`
  return sharp(await sharp(Buffer.from(svg)).png().toBuffer())
}

/** What becomes of pictures on their way through the world. @type {Record<string, (picture: import('sharp').Sharp) => import('sharp').Sharp>} */
const COPIES = {
  smaller: (picture) => picture.resize(80),
  compressed: (picture) => picture.jpeg({ quality: 10 }),
  brightened: (picture) => picture.modulate({ brightness: 1.3 }),
  cropped: (picture) => picture.extract({ left: 6, top: 5, width: 308, height: 230 }),
  blurred: (picture) => picture.blur(4),
  mirrored: (picture) => picture.flop(),
}

/** @param {number} overlap of two hashes, BITS minus twice the bits in which they differ */
const distanceOf = (overlap) => (BITS - overlap) / 2

/** @param {Int8Array[]} hashes */
const packed = (hashes) => PackedPatterns.from(hashes, { neurons: BITS })

async function tryCopies() {
  const originals = await Promise.all(Array.from({ length: 20 }, (_, number) => drawn(number)))
  const known = packed(await Promise.all(originals.map((picture) => hash(picture.clone()))))
  for (const [how, copy] of Object.entries(COPIES)) {
    const copies = await Promise.all(
      originals.map(async (picture) => hash(sharp(await copy(picture.clone()).toBuffer()))),
    )
    const { indices, overlaps } = known.nearest(copies)
    const distances = [...overlaps].map(distanceOf)
    const found = distances.filter((distance, k) => indices[k] === k && distance <= NEAR).length
    const wrong = distances.filter((distance, k) => indices[k] !== k && distance <= NEAR).length
    console.log(
      `${how.padEnd(11)} ${String(found).padStart(2)} of 20 found, ${wrong} taken for another; they differ in ${Math.min(...distances)} to ${Math.max(...distances)} of ${BITS} bits`,
    )
  }
  // The second nearest of each: the nearest is the picture itself.
  const apart = [...known.nearest(known, { k: 2 }).overlaps].filter((_, k) => k % 2 === 1).map(distanceOf)
  console.log(
    `\ndifferent pictures differ in ${Math.min(...apart)} bits or more; up to ${NEAR} count as the same`,
  )
}

/** @param {string} folder */
async function search(folder) {
  const names = (await readdir(folder)).sort()
  if (names.length < 2)
    throw new Error(`${folder} has ${names.length} files; two at least can be near-duplicates`)
  const hashes = await Promise.all(
    names.map((name) =>
      hash(sharp(join(folder, name))).catch((error) => {
        throw new Error(`${join(folder, name)} is no picture that sharp reads: ${error.message}`)
      }),
    ),
  )
  const { indices, overlaps } = packed(hashes).nearest(hashes, { k: Math.min(8, names.length) })
  const wide = indices.length / names.length
  const pairs = [...indices].flatMap((other, k) => {
    const [one, distance] = [Math.floor(k / wide), distanceOf(overlaps[k])]
    return one < other && distance <= NEAR
      ? [`${names[one]} and ${names[other]} differ in ${distance} of ${BITS} bits`]
      : []
  })
  console.log(pairs.length > 0 ? pairs.join('\n') : `no two of ${names.length} pictures are nearly the same`)
}

try {
  const [folder, ...more] = process.argv.slice(2)
  if (more.length > 0) throw new Error(`expected one folder of pictures, got ${more.length + 1} arguments`)
  await (folder === undefined ? tryCopies() : search(folder))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
