// Compiles src to dist and copies the files read at run time next to the code that reads them.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleAssets } from './assets.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = `${root}dist`
const drafts = `${root}dist.new`
// Builds may run at the same time, such as those of `npm start` and of the tests, so each has a draft of its own.
const draft = `${drafts}/${process.pid}`
const replaced = `${draft}.replaced`
const compiled = new Set(['.ts', '.md'])
const bundled = new Set([`${root}src/web/browser`, `${root}src/web/assets/style`])

await bundleAssets()
rmSync(draft, { recursive: true, force: true })
cpSync(`${root}src`, draft, {
  recursive: true,
  filter: (source) =>
    statSync(source).isDirectory() ? !bundled.has(source) : !compiled.has(extname(source)),
})
const compiler = `${root}node_modules/typescript/bin/tsc`
const options = ['-p', `${root}tsconfig.build.json`, '--outDir', draft]
const { status } = spawnSync(process.execPath, [compiler, ...options], { stdio: 'inherit' })
// npm makes it executable only once, when it links the command.
if (status === 0) chmodSync(`${draft}/main.js`, 0o755)

// Replaces dist in one step: files deleted from src must disappear, and a server that runs from dist must not miss any.
do {
  move(dist, replaced, ['ENOENT'])
  rmSync(replaced, { recursive: true, force: true })
} while (!move(draft, dist, ['ENOTEMPTY', 'EEXIST']))
try {
  rmdirSync(drafts)
} catch {
  // Another build has its draft there.
}
process.exitCode = status ?? 1

/** Renames a folder, unless that fails as expected where another build was quicker. Returns whether it did. */
function move(from, to, expected) {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (!expected.includes(error.code)) throw error
    return false
  }
}
