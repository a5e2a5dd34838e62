// Compiles src to dist and copies the files read at run time next to the code that reads them.
import { spawnSync } from 'node:child_process'
import { cpSync, renameSync, rmSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const draft = `${root}dist.new`
const compiled = new Set(['.ts', '.md'])

rmSync(draft, { recursive: true, force: true })
cpSync(`${root}src`, draft, {
  recursive: true,
  filter: (source) => statSync(source).isDirectory() || !compiled.has(extname(source)),
})
const compiler = `${root}node_modules/typescript/bin/tsc`
const options = ['-p', `${root}tsconfig.build.json`, '--outDir', draft]
const { status } = spawnSync(process.execPath, [compiler, ...options], { stdio: 'inherit' })

// Replaces dist in one step: files deleted from src must disappear, and a server that runs from dist must not miss any.
rmSync(`${root}dist`, { recursive: true, force: true })
renameSync(draft, `${root}dist`)
process.exitCode = status ?? 1
