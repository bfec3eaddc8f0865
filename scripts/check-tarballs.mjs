// The last look before publishing: both tarballs are there, and every binary of a release is in the first one, made of the sources of
// this commit.
//   node scripts/check-tarballs.mjs FOLDER
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { identity } from './identity.mjs'
import { fileOf, TARGETS } from './prebuild-targets.mjs'

const folder = resolve(process.argv[2] ?? 'artifacts')
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const faults = []

const command = join(folder, `hopfield-native-cli-${version}.tgz`)
if (!existsSync(command)) faults.push(`${command} is missing`)
const tarball = join(folder, `hopfield-native-${version}.tgz`)
if (!existsSync(tarball)) faults.push(`${tarball} is missing`)
else {
  const work = mkdtempSync(join(tmpdir(), 'hopfield-tarballs-'))
  try {
    execFileSync('tar', ['-xzf', tarball], { cwd: work })
    for (const target of TARGETS) {
      const path = join(work, 'package', fileOf(target))
      if (!existsSync(path)) faults.push(`${fileOf(target)} is missing`)
      else if (!readFileSync(path).includes(`${identity()}\0`))
        faults.push(`${fileOf(target)} was made of other sources`)
    }
  } finally {
    rmSync(work, { recursive: true })
  }
}
for (const fault of faults) console.error(`tarballs: ${fault}`)
if (faults.length > 0) process.exit(1)
console.log(`tarballs: ${TARGETS.length} binaries of ${identity()}`)
