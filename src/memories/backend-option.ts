import { choice } from '../input/options.js'
import type { BackendChoice } from '../kernels/select.js'

/** The option of every memory's constructor. */
export const BACKEND = {
  /** Which backend computes; 'auto' (default) is the one that `backend()` reports. */
  backend: choice<BackendChoice>(['auto', 'native', 'typescript'], 'auto'),
}
