// What an addon says of itself: the package, its version, and a stamp of the native sources that it was made of. The loader looks
// for these words in a file before it loads it; packing looks whether all binaries are of these sources.
//   node scripts/identity.mjs FILE    writes the C++ that defines them
//   node scripts/identity.mjs         prints them
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files below native/ that an addon is made of, by names that are the same on every system. */
export function sources() {
  return readdirSync(join(root, 'native'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(root.length)
        .replaceAll('\\', '/'),
    )
    .filter((name) => !/^native\/(test|fuzz)\//.test(name))
    .sort()
}

export function identity() {
  const hash = createHash('sha256')
  for (const name of sources()) {
    // Git may have written the lines of a clone with other ends.
    hash.update(`${name}\0${readFileSync(join(root, name), 'utf8').replaceAll('\r\n', '\n')}\0`)
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return `hopfield-native addon ${version} ${hash.digest('hex').slice(0, 16)}`
}

/** Writes the C++ that defines them. */
export function writeIdentity(path) {
  const text = `// Made by scripts/identity.mjs.
#include "addon/identity.h"

namespace hopfield {
const char kIdentity[] = "${identity()}";
}  // namespace hopfield
`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === undefined) console.log(identity())
  else if (process.argv[2] === '--sources') console.log(sources().join('\n'))
  else writeIdentity(process.argv[2])
}
