// The WebAssembly backend, as select.ts asks for it.
export { fetchWasm, loadWasm } from '../wasm/wasm.js'
