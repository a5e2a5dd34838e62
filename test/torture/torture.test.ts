import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { readHistory } from '../proof/histories/history.ts'
import { judgeFile } from './judge-file.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** In minutes. A round that has begun is finished. */
const SHORT = '0.05'

/** Starts what `npm run torture` starts after the build, with a folder of its own for all that it writes. */
function start(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-smoke-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const child = spawn(process.execPath, [join(ROOT, '.cache/torture/test/torture/main.js'), ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGINT'))
  return { child, folder, ended: ending(child) }
}

async function ending(child: ChildProcess) {
  const written = Promise.all(
    [child.stdout, child.stderr].map((stream) => (stream === null ? '' : text(stream))),
  )
  const [code] = (await once(child, 'close')) as [number | null]
  const [output = '', errors = ''] = await written
  return { code, output, errors }
}

/** Returns the processes that run in a folder, as far as the system tells. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
    } catch {
      return false
    }
  })
}

beforeAll(() => {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  spawnSync(process.execPath, [compiler, '-p', join(ROOT, 'test/torture')], { stdio: 'inherit' })
})

describe('npm run torture', () => {
  it('finds nothing wrong on LMDB and on Redis in a short run, and keeps a history that both checkers accept', async () => {
    const out = mkdtempSync(join(tmpdir(), 'emberlink-histories-'))
    onTestFinished(() => rmSync(out, { recursive: true }))
    const kept = ['--out', out, '--density', '2', '--seed', '1']
    const runs = ['lmdb', 'redis'].map((store) => ({
      store,
      ...start('--minutes', SHORT, '--store', store, ...kept),
    }))
    for (const { store, folder, ended } of runs) {
      const { code, output, errors } = await ended
      const said = expect.stringContaining('seed 1, ')
      expect({ code, output, errors }).toEqual({ code: 0, output: said, errors: '' })
      const row = new RegExp(`^${store} .*`, 'm').exec(output)?.[0] ?? ''
      const [rounds = 0, requests = 0, , acknowledged = 0] = row.split(/ +/).slice(1).map(Number)
      expect(rounds).toBeGreaterThan(0)
      expect(acknowledged).toBeGreaterThan(5)
      expect(requests).toBeGreaterThan(acknowledged)
      expect(readdirSync(folder)).toEqual([])
      const file = join(out, `${store}-1.jsonl`)
      const judged = new RegExp(
        `${requests} operations, .*\njudged by ours: ok\njudged by Porcupine: ok\nverdict: ok\n$`,
      )
      expect(output).toMatch(judged)
      const { head, lines } = readHistory(file)
      expect(head).toMatchObject({ store, seed: 1 })
      expect(lines).toHaveLength(requests)
      const text = readFileSync(file, 'utf8')
      expect(text).not.toMatch(/passphrase \d|of round|\b[a-z0-9]{31}\b/)
      appendFileSync(
        file,
        `${JSON.stringify({ ...lines.find(({ answer }) => answer === 'value'), from: 1e9, to: 1e9 })}\n`,
      )
      const again = await start('--judge', file).ended
      expect(again.code).toBe(1)
      expect(again.output).toMatch(
        /judged by ours: illegal, 1 secrets\njudged by Porcupine: illegal, secrets \d+\nverdict: broken: our checker rejects 1 .*, Porcupine rejects 1 .*\n$/,
      )
    }
  })

  it('ends its servers and removes what it wrote when it is interrupted', async () => {
    const run = start('--minutes', '5', '--store', 'redis', '--seed', '1')
    await expect.poll(() => processesIn(run.folder).length).toBeGreaterThan(3)
    run.child.kill('SIGINT')
    const { code, output } = await run.ended
    expect({ code, output }).toEqual({ code: 130, output: expect.stringMatching(/verdict: none, .*\n$/) })
    expect(processesIn(run.folder)).toEqual([])
    expect(readdirSync(run.folder)).toEqual([])
  })

  it.each([
    ['--store', 'postgres', 'must be one of'],
    ['--minutes', '0', 'must be a number of at least'],
    ['--seed', 'x', 'must be a whole number'],
    ['--density', '0.5', 'must be a whole number of at least 1'],
    ['--judge', 'no-such-file', 'cannot be read: ENOENT'],
  ])('rejects %s %s in one line, with exit code 2', async (option, value, reason) => {
    const { code, output, errors } = await start(option, value).ended
    expect({ code, output }).toEqual({ code: 2, output: '' })
    expect(errors).toMatch(new RegExp(`^(${option} )?${value}:? ${reason}.*\n$`))
  })
})

describe('a kept history', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-kept-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const HEAD = '{"format":1,"store":"redis","seed":1,"replicas":2}\n'

  async function judged(history: string) {
    const file = join(folder, 'history.jsonl')
    writeFileSync(file, history)
    const said: string[] = []
    const faults = await judgeFile(file, (line) => said.push(line))
    return { faults, said: said.slice(1) }
  }

  it('is wrong when it has no operations', async () => {
    expect(await judged(HEAD)).toEqual({ faults: [expect.stringMatching(/ has no operations$/)], said: [] })
  })

  it('is judged by our checker alone where there is no Go, which it says', async () => {
    vi.stubEnv('PATH', folder)
    onTestFinished(() => void vi.unstubAllEnvs())
    const created =
      '{"secret":1,"call":"create","answer":"created","from":0,"to":1,"ttl":60000,"server":0,"fault":"none"}\n'
    expect(await judged(HEAD + created)).toEqual({
      faults: [],
      said: ['judged by ours: ok', 'not checked by Porcupine: not run, there is no Go'],
    })
  })
})
