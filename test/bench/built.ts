import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of the build that is measured. */
export const BUILD = fileURLToPath(new URL('../../../../dist/', import.meta.url))

/** Imports a module of that build, from where each is compiled by itself, with the scripts of Redis beside it. */
export function built<Module>(path: string): Promise<Module> {
  return import(new URL(`../compiled/${path}`, pathToFileURL(BUILD)).href) as Promise<Module>
}
