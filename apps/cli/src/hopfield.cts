#!/usr/bin/env node

// libuv reads the size of its pool once, when the pool is first used, and loading the first ES module uses it. So this
// one is CommonJS.
const { availableParallelism } = process.getBuiltinModule('node:os')
const LIBUV_DEFAULT = 4
process.env['UV_THREADPOOL_SIZE'] ??= String(Math.max(availableParallelism(), LIBUV_DEFAULT))
void import('./main.js')
