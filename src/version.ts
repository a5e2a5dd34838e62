import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** The version of Emberlink, from package.json. For the operator only: clients never see it. */
export const VERSION: string = manifest.version
