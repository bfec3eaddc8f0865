/** As much of WebAssembly as is used here; TypeScript has it for pages alone. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Record<string, unknown>
  }
  class RuntimeError extends Error {}
  function compile(bytes: Uint8Array): Promise<Module>
  interface Memory {
    readonly buffer: ArrayBuffer
  }
  interface Table {
    get(index: number): unknown
  }
  interface Global {
    value: unknown
  }
}
