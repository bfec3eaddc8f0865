/** The tier of the module, as native/tiers/wasm.cc has it. */
export const WASM_TIER = 'wasm-simd128'
