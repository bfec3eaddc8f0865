/** The bytes of the WebAssembly module, as gzip packs them, in base 64. scripts/web.mjs puts them here; without a compiler for it there are none. */
export const BYTES: string = ''
