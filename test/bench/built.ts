import { fileURLToPath } from 'node:url'

/** The folder of the build that is measured. */
export const BUILD = fileURLToPath(new URL('../../../../dist/', import.meta.url))

/** Imports a module of the build that is measured, which has the scripts of Redis beside it. */
export function built<Module>(path: string): Promise<Module> {
  return import(BUILD + path) as Promise<Module>
}
