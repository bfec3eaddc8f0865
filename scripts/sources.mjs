// Fails unless binding.gyp and CMakeLists.txt both build all sources of native/.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const SOURCE = /native\/(?!test\/)[\w/]+\.cc/g
const listed = (file) => [...new Set(readFileSync(`${root}/${file}`, 'utf8').match(SOURCE))].sort()
const present = readdirSync(`${root}/native`, { recursive: true })
  .map((name) => `native/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.cc') && !name.startsWith('native/test/'))
  .sort()

let failed = false
for (const file of ['binding.gyp', 'CMakeLists.txt']) {
  const sources = listed(file)
  for (const name of present) {
    if (!sources.includes(name)) {
      console.error(`${file}: ${name} is missing`)
      failed = true
    }
  }
  for (const name of sources) {
    if (!present.includes(name)) {
      console.error(`${file}: ${name} does not exist`)
      failed = true
    }
  }
}
if (failed) process.exit(1)
console.log(`binding.gyp and CMakeLists.txt both build the ${present.length} sources of native/`)
