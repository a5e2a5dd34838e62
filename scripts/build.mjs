// Compiles src to dist, and copies the files that are read at run time next to the code that reads them.
import { execFileSync } from 'node:child_process'
import { cpSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const compiled = new Set(['.ts', '.md'])

cpSync(`${root}src`, `${root}dist`, {
  recursive: true,
  filter: (source) => statSync(source).isDirectory() || !compiled.has(extname(source)),
})
execFileSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`],
  {
    stdio: 'inherit',
  },
)
