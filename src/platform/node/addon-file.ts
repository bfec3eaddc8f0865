// What a binary says of itself, read without running it: dlopen of a file that is cut off ends in a bus error, and dlopen of another
// program's addon runs that program's code.

/** The words that native/addon/identity.h puts into every addon of this package, before its version and the stamp of its sources. */
const MARK = 'hopfield-native addon '

/** Formats of binaries, by the systems that load them; every other system of Node has ELF. */
const FORMATS: Readonly<Record<string, Format>> = { darwin: 'Mach-O', win32: 'PE' }
type Format = 'ELF' | 'Mach-O' | 'PE'

/** The processors as each format numbers them. */
const PROCESSORS: Readonly<Record<Format, Readonly<Record<number, string>>>> = {
  ELF: { 62: 'x64', 183: 'arm64' },
  'Mach-O': { 16777223: 'x64', 16777228: 'arm64' },
  PE: { 34404: 'x64', 43620: 'arm64' },
}

/** Where a binary is to run. */
export interface Host {
  readonly platform: string
  readonly arch: string
  /** Of Linux alone. */
  readonly libc: string | undefined
}

/** @returns the identity of an addon of `version` that `host` can load, or what is wrong with the file. */
export function inspect(
  file: Uint8Array,
  host: Host,
  version: string,
): { readonly identity: string } | { readonly problem: string } {
  const header = readHeader(file)
  if (header === undefined) return { problem: 'it is no binary, or its header is damaged' }
  const { format, bytes } = header
  const wanted = FORMATS[host.platform] ?? 'ELF'
  if (format !== wanted)
    return { problem: `it is a ${format} file, and ${host.platform} loads ${wanted} files` }
  if (file.length < bytes) return { problem: `it is cut off: ${file.length} bytes of ${bytes}` }
  const arch = PROCESSORS[format][header.processor] ?? host.arch
  if (arch !== host.arch) return { problem: `it is for ${arch}, and this process is ${host.arch}` }
  if (host.libc !== undefined) {
    const libc = indexOf(file, 'libc.so.6') < 0 ? 'musl' : 'glibc'
    if (libc !== host.libc) return { problem: `it is for ${libc}, and this process runs on ${host.libc}` }
  }
  const identity = readIdentity(file)
  if (identity === undefined) return { problem: 'it is not an addon of hopfield-native' }
  const its = identity.slice(MARK.length).split(' ')[0]
  if (its !== version) return { problem: `it belongs to version ${its}, and this is version ${version}` }
  return { identity }
}

/** 'hopfield-native addon VERSION STAMP', the stamp being made of all native sources; undefined where a file has no such words. */
export function readIdentity(file: Uint8Array): string | undefined {
  const at = indexOf(file, MARK)
  if (at < 0) return undefined
  const text = new TextDecoder('latin1').decode(file.subarray(at, at + 200))
  return /^hopfield-native addon [\w.+-]+ [0-9a-f]{16}(?=\0)/.exec(text)?.[0]
}

interface Header {
  readonly format: Format
  readonly processor: number
  /** What a whole file has at least. */
  readonly bytes: number
}

/** The format, the processor and the size that the header of a binary tells; undefined where it is none. */
export function readHeader(file: Uint8Array): Header | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  try {
    if (view.getUint32(0) === 0x7f454c46) return elf(view)
    if (view.getUint32(0, true) === 0xfeedfacf) return machO(view)
    if (view.getUint16(0) === 0x4d5a) return pe(view)
  } catch (error) {
    // A number that leads out of the file.
    if (!(error instanceof RangeError)) throw error
  }
  return undefined
}

function elf(view: DataView): Header {
  const wide = view.getUint8(4) === 2
  const little = view.getUint8(5) === 1
  // The table of sections comes last.
  const table = wide ? Number(view.getBigUint64(40, little)) : view.getUint32(32, little)
  const size = view.getUint16(wide ? 58 : 46, little) * view.getUint16(wide ? 60 : 48, little)
  return { format: 'ELF', processor: view.getUint16(18, little), bytes: table + size }
}

function machO(view: DataView): Header | undefined {
  const SEGMENT = 0x19
  let bytes = 0
  for (let k = view.getUint32(16, true), at = 32; k > 0; k--) {
    if (view.getUint32(at, true) === SEGMENT) {
      bytes = Math.max(
        bytes,
        Number(view.getBigUint64(at + 40, true)) + Number(view.getBigUint64(at + 48, true)),
      )
    }
    const size = view.getUint32(at + 4, true)
    // Otherwise 2^32 commands of no length.
    if (size < 8) return undefined
    at += size
  }
  return { format: 'Mach-O', processor: view.getUint32(4, true), bytes }
}

function pe(view: DataView): Header | undefined {
  const at = view.getUint32(60, true)
  if (view.getUint32(at) !== 0x50450000) return undefined
  let bytes = 0
  let section = at + 24 + view.getUint16(at + 20, true)
  for (let k = view.getUint16(at + 6, true); k > 0; k--, section += 40) {
    bytes = Math.max(bytes, view.getUint32(section + 16, true) + view.getUint32(section + 20, true))
  }
  return { format: 'PE', processor: view.getUint16(at + 4, true), bytes }
}

function indexOf(file: Uint8Array, text: string): number {
  return Buffer.from(file.buffer, file.byteOffset, file.byteLength).indexOf(text, 'latin1')
}
