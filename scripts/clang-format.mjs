// Formats the C++ with clang-format 14 or later. Without --write it fails if formatting would change a file.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = ['native', 'bench']
  .flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true }).map((name) => `${folder}/${name}`),
  )
  .filter((name) => /\.(cc|h|def)$/.test(name) && !name.includes('node_modules'))
const mode = process.argv.includes('--write') ? ['-i'] : ['--dry-run', '--Werror']
const { status, error } = spawnSync('clang-format', [...mode, ...files], { cwd: root, stdio: 'inherit' })
if (error) {
  console.error('clang-format is not installed; the C++ was not checked')
  process.exit(process.env.CI ? 1 : 0)
}
if (status !== 0) process.exit(1)
console.log(`clang-format: ${files.length} files`)
