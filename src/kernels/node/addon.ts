// The native backend, as select.ts asks for it. Its twin in ../web takes its place in builds for browsers, which leave the addon out.
export { askForAddon, loadAddon, warnWithoutAddon } from '../native/load.js'
export { nativeKernels } from '../native/native.js'
