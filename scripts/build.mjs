// Builds two folders. `dist` is what is published: the bundle, its declarations, and the files that it reads. `compiled` has
// each module of src by itself, for the tests and scripts that run one of them in a process of its own. `--no-check` leaves it to
// `npm run check` to find type errors.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleAssets } from './assets.mjs'
import { bundleServer } from './bundle.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const drafts = `${root}dist.new`
// Builds may run at the same time, such as those of `npm start` and of the tests, so each has drafts of its own.
const draft = `${drafts}/${process.pid}`
const compiled = `${draft}/compiled`
const dist = `${draft}/dist`

await bundleAssets()
rmSync(draft, { recursive: true, force: true })
copyData(compiled)
const compiler = `${root}node_modules/typescript/bin/tsc`
const options = ['-p', `${root}tsconfig.build.json`, '--outDir', compiled]
if (process.argv.includes('--no-check')) options.push('--noCheck')
const { status } = spawnSync(process.execPath, [compiler, ...options], { stdio: 'inherit' })
copyData(dist)
await bundleServer(dist)
copyDeclarations('testing.d.ts')
setModes(dist)

publish(compiled, `${root}compiled`)
publish(dist, `${root}dist`)
rmSync(draft, { recursive: true })
try {
  rmdirSync(drafts)
} catch {
  // Another build has its drafts there.
}
process.exitCode = status ?? 1

/** Copies the files that are read at run time to where their readers look for them, but not the drafts of other builds. */
function copyData(folder) {
  const excluded = /\.(ts|md)$|^web\/(browser|assets\/style)\/|\/\.[^/]+$/
  for (const path of readdirSync(`${root}src`, { recursive: true })) {
    const source = `${root}src/${path}`
    if (!excluded.test(path) && statSync(source).isFile()) cpSync(source, `${folder}/${path}`)
  }
}

/** Sets the modes that a package has, whatever the umask, so that its tarball is the same byte for byte. */
function setModes(folder) {
  for (const path of readdirSync(folder, { recursive: true })) {
    const copied = `${folder}/${path}`
    chmodSync(copied, statSync(copied).isDirectory() ? 0o755 : 0o644)
  }
  // npm makes it executable only once, when it links the command.
  chmodSync(`${folder}/main.js`, 0o755)
}

/** Copies a declaration file from `compiled` to `dist`, and those that it imports. */
function copyDeclarations(path) {
  const text = readFileSync(join(compiled, path), 'utf8')
  cpSync(join(compiled, path), join(dist, path))
  for (const [, imported] of text.matchAll(/from '(\.[^']+)\.[jt]s'/g))
    copyDeclarations(join(dirname(path), `${imported}.d.ts`))
}

/** Replaces a folder in one step: files deleted from src must disappear, and a server that runs from it must not miss any. */
function publish(from, to) {
  const replaced = `${from}.replaced`
  do {
    move(to, replaced, ['ENOENT'])
    rmSync(replaced, { recursive: true, force: true })
  } while (!move(from, to, ['ENOTEMPTY', 'EEXIST']))
}

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
