/** What a thread of the WebAssembly backend runs (kernels/wasm/hand-program.ts), bundled, in base 64: for pages, and Node reads it too. scripts/web.mjs puts it here. */
export const PROGRAM: string = ''
