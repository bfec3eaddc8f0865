// Finds the addon, looks at the file before it is loaded, and says why where there is none.
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { dirname, join, resolve, toNamespacedPath } from 'node:path'
import { VERSION } from '../version.js'
import { type Host, inspect } from './addon-file.js'
import { besideBundle, installedRoot, packageRoot } from './here.js'
import { environment } from './system.js'

/** A file that was there and was not taken, or the lack of one. */
export interface Refusal {
  readonly problem: string
  readonly cause?: unknown
  /** What helps, where that is more than another file. */
  readonly advice?: string
}

/** No addon comes near this; whoever names a film by mistake need not wait for it to be read. */
const MOST_BYTES = 2 ** 28

/** Where this process runs, as names of binaries say it. */
export function host(): Host {
  const { platform, arch } = process
  return { platform, arch, libc: platform === 'linux' ? libc() : undefined }
}

/** The C library of this very process: what its own binary is loaded by, or what LIBC or Alpine's file say. */
function libc(): string {
  const asked = environment('LIBC')
  if (asked === 'musl' || asked === 'glibc') return asked
  try {
    const file = openSync(process.execPath, 'r')
    try {
      const head = Buffer.alloc(4096)
      readSync(file, head, 0, head.length, 0)
      if (head.includes('/ld-musl-')) return 'musl'
      if (head.includes('/ld-linux')) return 'glibc'
    } finally {
      closeSync(file)
    }
  } catch {
    // Not to be read, so it says nothing.
  }
  return existsSync('/etc/alpine-release') ? 'musl' : 'glibc'
}

/** The name of the binary for a machine, under a package's folder. */
export function prebuildFor({ platform, arch, libc }: Host): string {
  return join(
    'prebuilds',
    `${platform}-${arch}`,
    `hopfield-native${libc === undefined ? '' : `.${libc}`}.node`,
  )
}

/** Files that may be the addon, the first ones first. */
function candidates(root: string, { built }: { built: boolean }): string[] {
  const builds = built ? ['build/Release/hopfield.node', 'build/Debug/hopfield.node'] : []
  return [...builds, prebuildFor(host())].map((name) => join(root, name))
}

/**
 * Loads the addon: the one at `asked`, a file or a folder with `build/` or `prebuilds/` in it, and no other; without `asked` the one of
 * this package, or the one in `prebuilds/` beside the bundle or the program that runs. A file is loaded only if its size and the identity within are
 * those of a whole addon of this version for this machine.
 */
export function loadNativeModule(asked: string | undefined): { readonly module: unknown } | Refusal {
  try {
    return firstToLoad(asked === undefined ? own() : named(resolve(asked)))
  } catch (cause) {
    // What must not even be looked at.
    return { problem: firstLine(cause), cause, ...adviceFor(cause) }
  }
}

function firstToLoad(found: string[] | Refusal): { readonly module: unknown } | Refusal {
  if (!Array.isArray(found)) return found
  const refusals: Refusal[] = []
  for (const path of found) {
    const outcome = load(path)
    if ('module' in outcome) return outcome
    refusals.push({ ...outcome, problem: `${path}: ${outcome.problem}` })
  }
  return {
    problem: refusals.map(({ problem }) => problem).join('; '),
    cause: refusals.find(({ cause }) => cause !== undefined)?.cause,
    ...adviceFor(...refusals.map(({ cause }) => cause)),
  }
}

/** In the package, what was built there comes first; in a bundle, what was put beside it, and then a package that it finds. */
function own(): string[] | Refusal {
  const root = packageRoot()
  const within = (folder: string | undefined): string[] =>
    folder === undefined ? [] : candidates(folder, { built: true })
  const beside = (folders: readonly string[]): string[] =>
    folders.flatMap((folder) => candidates(folder, { built: false }))
  const files =
    root === undefined
      ? [...beside(besideBundle()), ...within(installedRoot())]
      : [...within(root), ...beside([dirname(process.execPath)])]
  const there = files.filter(isThere)
  if (there.length > 0) return there
  if (root !== undefined) {
    return { problem: `${join(root, prebuildFor(host()))}: no such file, and none was built here` }
  }
  return {
    problem: `it is not in this bundle: ${files[0]}: no such file`,
    advice:
      'Leave hopfield-native out of the bundle (external), or put its folder prebuilds beside the bundle, as docs/bundling.md says.',
  }
}

function named(path: string): string[] | Refusal {
  if (!isThere(path)) return { problem: `${path}: no such file or folder` }
  if (!isFolder(path)) return [path]
  const files = candidates(path, { built: true }).filter(isThere)
  if (files.length > 0) return files
  return { problem: `${path}: has neither build/Release/hopfield.node nor ${prebuildFor(host())}` }
}

/** Also where it is there and must not be looked at: then opening it says so. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return true
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function load(path: string): { readonly module: unknown } | Refusal {
  let identity: string
  try {
    const facts = statSync(path)
    if (!facts.isFile() || facts.size > MOST_BYTES) return { problem: 'it is no file, or far too large' }
    const seen = inspect(readFileSync(path), host(), VERSION)
    if ('problem' in seen) return seen
    identity = seen.identity
  } catch (cause) {
    return { problem: firstLine(cause), cause }
  }
  // Not `require`, which a bundle may have replaced.
  const module = { exports: {} as { identity?: unknown } }
  try {
    process.dlopen(module, toNamespacedPath(path))
  } catch (cause) {
    return { problem: firstLine(cause), cause }
  }
  if (module.exports.identity === identity) return { module: module.exports }
  return { problem: `what was loaded calls itself ${String(module.exports.identity)}, not ${identity}` }
}

function adviceFor(...causes: readonly unknown[]): { readonly advice?: string } {
  const denied = causes.some((cause) => cause instanceof Error && cause.name === 'NotCapable')
  return denied ? { advice: 'Deno loads it for programs with --allow-read and --allow-ffi.' } : {}
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]
}
