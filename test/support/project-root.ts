import { fileURLToPath } from 'node:url'

/**
 * The folder of the project, with a slash at its end: as seen from the sources, or from what `tsc -p` makes of them in
 * `.cache/NAME`.
 */
export const PROJECT_ROOT = fileURLToPath(
  new URL(import.meta.url.includes('/.cache/') ? '../../../../' : '../../', import.meta.url),
)
