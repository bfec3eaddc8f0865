import { defineConfig } from 'vite'

export default defineConfig({
  // The page works in whatever folder a server puts it.
  base: './',
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
