// A page that damages a scanned digit and has a worker recall it. In a folder with this one's files:
//   npm install hopfield-native && npx http-server .
import { addNoise } from './node_modules/hopfield-native/dist/web/index.js'

const SIDE = 28
const DIGITS = [...'0123456789']
const element = (id) => document.getElementById(id)
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
let scan

/** What a canvas shows as ±1: +1 where it is dark. */
function read(context) {
  const { data } = context.getImageData(0, 0, SIDE, SIDE)
  return Int8Array.from({ length: SIDE * SIDE }, (_, pixel) => (data[4 * pixel] < 128 ? 1 : -1))
}

function show(state, canvas) {
  const image = new ImageData(SIDE, SIDE)
  for (const [pixel, spin] of state.entries())
    image.data.set(spin > 0 ? [0, 0, 0, 255] : [255, 255, 255, 255], 4 * pixel)
  canvas.getContext('2d').putImageData(image, 0, 0)
}

/** A digit as a scanner would see it. */
function drawn(digit) {
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })
  context.fillStyle = 'white'
  context.fillRect(0, 0, SIDE, SIDE)
  context.fillStyle = 'black'
  context.font = 'bold 30px sans-serif'
  context.textAlign = 'center'
  context.fillText(digit, SIDE / 2, SIDE - 3)
  return read(context)
}

const digits = DIGITS.map(drawn)

function damage() {
  const noise = element('noise').valueAsNumber
  scan = addNoise(digits[element('digit').selectedIndex], { noise, seed: 1 })
  ask()
}

function ask() {
  show(scan, element('scan'))
  worker.postMessage({ scan })
}

worker.onmessage = ({ data: { state, id, sweeps, backend } }) => {
  show(state, element('recalled'))
  element('result').textContent =
    `${id === undefined ? 'none of the digits' : `the digit ${id}`} after ${sweeps} sweeps, computed in ${backend}`
}
worker.onerror = ({ message }) => {
  element('result').textContent = `the worker failed: ${message}`
}
worker.postMessage({ digits, ids: DIGITS })

for (const digit of DIGITS) element('digit').append(new Option(digit))
element('digit').value = '5'
element('digit').onchange = damage
element('noise').oninput = damage
element('scan').onpointermove = ({ buttons, offsetX, offsetY, target }) => {
  if (buttons === 0) return
  const [x, y] = [offsetX, offsetY].map((at) =>
    Math.min(SIDE - 1, Math.floor((at * SIDE) / target.clientWidth)),
  )
  scan[y * SIDE + x] *= -1
  ask()
}
damage()
