// The models, by the names that pages.ts gives to their scenes. The worker loads them.
import type { AnyModelModule } from './scene.js'

export const MODELS: Readonly<Record<string, () => Promise<{ readonly default: AnyModelModule }>>> = {
  paint: () => import('./paint/model.js'),
  cycle: () => import('./cycle/model.js'),
  landscape: () => import('./landscape/model.js'),
  load: () => import('./load/model.js'),
  heat: () => import('./heat/model.js'),
  glyphs: () => import('./glyphs/model.js'),
  sequence: () => import('./sequence/model.js'),
  attention: () => import('./attention/model.js'),
  cut: () => import('./cut/model.js'),
  tour: () => import('./tour/model.js'),
}
