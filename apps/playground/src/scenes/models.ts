// The models, by the names that pages.ts gives to their scenes. The worker loads them.
import type { AnyModelModule } from './scene.js'

export const MODELS: Readonly<Record<string, () => Promise<{ readonly default: AnyModelModule }>>> = {
  paint: () => import('./paint/model.js'),
  cycle: () => import('./cycle/model.js'),
  landscape: () => import('./landscape/model.js'),
}
