import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Compiles the server before the first test, because tests with several processes run it as users do. A type error
 * does not stop the tests here: the compiler does not look for any, and `npm run check` rejects it.
 */
export async function buildOnce(): Promise<void> {
  if (existsSync(`${root}dist`) && newestChange(`${root}dist`) > newestChange(`${root}src`)) return
  await once(
    spawn(process.execPath, [`${root}scripts/build.mjs`, '--no-check'], { stdio: 'inherit' }),
    'exit',
  )
}

function newestChange(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(0, ...names.map((name) => statSync(`${folder}/${name}`).mtimeMs))
}
