// The models, by the names that pages.ts gives to their scenes. The worker loads them.
import type { AnyModelModule } from './scene.js'

export const MODELS: Readonly<Record<string, () => Promise<{ readonly default: AnyModelModule }>>> = {
  cycle: () => import('./cycle/model.js'),
}
