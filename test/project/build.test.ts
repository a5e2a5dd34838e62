import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-build-'))
  for (const path of [
    'scripts/build.mjs',
    'scripts/assets.mjs',
    'scripts/bundle.mjs',
    'tsconfig.json',
    'tsconfig.build.json',
    'package.json',
  ])
    cpSync(join(ROOT, path), join(folder, path))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  mkdirSync(join(folder, 'src/web/browser'), { recursive: true })
  mkdirSync(join(folder, 'src/web/assets/style'), { recursive: true })
  writeFileSync(join(folder, 'src/web/browser/main.ts'), 'console.log(1)\n')
  writeFileSync(join(folder, 'src/web/assets/style/main.css'), 'a { color: red }\n')
  writeFileSync(join(folder, 'src/main.ts'), 'console.log(1)\n')
  writeFileSync(join(folder, 'src/testing.ts'), "export type { One } from './one.ts'\n")
  writeFileSync(join(folder, 'src/one.ts'), 'export type One = 1\n')
  writeFileSync(join(folder, 'src/data.json'), '{}')
})
afterAll(() => rmSync(folder, { recursive: true }))

it('builds that run at the same time leave a whole dist, and nothing else', async () => {
  const build = () => run(process.execPath, [join(folder, 'scripts/build.mjs')])
  await Promise.all([build(), build()])
  expect(readdirSync(join(folder, 'dist')).sort()).toEqual([
    'data.json',
    'main.js',
    'one.d.ts',
    'package.json',
    'testing.d.ts',
    'testing.js',
    'web',
  ])
  expect(readdirSync(join(folder, 'dist/web'), { recursive: true }).sort()).toEqual([
    'assets',
    'assets/bundled',
    'assets/bundled/script.js',
    'assets/bundled/style.css',
  ])
  expect(readdirSync(join(folder, 'compiled')).sort()).toEqual([
    'data.json',
    'main.d.ts',
    'main.js',
    'one.d.ts',
    'one.js',
    'testing.d.ts',
    'testing.js',
    'web',
  ])
  expect(readdirSync(folder).filter((name) => name.startsWith('dist'))).toEqual(['dist'])
})

it('leaves out no call that a try block is there for', () => {
  const dist = join(ROOT, 'dist')
  const bundles = readdirSync(dist).filter((file) => file.endsWith('.js'))
  const texts = bundles.map((file) => readFileSync(join(dist, file), 'utf8'))
  expect(bundles.length).toBeGreaterThan(1)
  expect(texts.flatMap((text) => text.match(/try \{\s*(return (true|false);\s*)?\} catch/g) ?? [])).toEqual(
    [],
  )
})

it('leaves the command executable, so that npx runs it after every build', async () => {
  await run(process.execPath, [join(folder, 'scripts/build.mjs')])
  expect(statSync(join(folder, 'dist/main.js')).mode & 0o111).toBe(0o111)
})
