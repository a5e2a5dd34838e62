import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Compiles the server before the first test, because tests with several processes run it as users do. A type error
 * does not stop the tests here: the compiler writes JavaScript all the same, and `npm run check` rejects it.
 */
export default function buildOnce(): void {
  if (existsSync(`${root}dist`) && newestChange(`${root}dist`) > newestChange(`${root}src`)) return
  spawnSync(process.execPath, [`${root}scripts/build.mjs`], { stdio: 'inherit' })
}

function newestChange(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(0, ...names.map((name) => statSync(`${folder}/${name}`).mtimeMs))
}
