/** The WebAssembly module as LZMA packs it (lzma.ts), in base 64: the one copy of it in the package, which Node reads too. scripts/web.mjs puts it here; without a compiler for it there is none. */
export const BYTES: string = ''
