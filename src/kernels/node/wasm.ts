// The WebAssembly backend, as select.ts asks for it.
export { fetchWasm, loadWasm, wasmBytes } from '../wasm/wasm.js'
