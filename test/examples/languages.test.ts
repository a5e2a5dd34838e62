import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { copyExamples, EXAMPLES_THAT_RUN, type Runner } from './toolchains.ts'

const EMBERLINK = [process.execPath, fileURLToPath(new URL('observed-emberlink.mjs', import.meta.url))]

let copies: string
beforeAll(async () => {
  copies = await copyExamples()
})
afterAll(() => rmSync(copies, { recursive: true, force: true }))

const examples = EXAMPLES_THAT_RUN.map((example) => [example.language, example] as const)

describe.concurrent.each(examples)('the example in %s', (language, { passed, prepare }) => {
  let runner: Runner
  beforeAll(async () => {
    runner = await prepare(join(copies, language))
  })

  /** Runs its tests against servers whose process ids are written down. */
  async function start(
    onTestFinished: (release: () => void) => void,
    env: Readonly<Record<string, string>> = {},
  ) {
    const PROCESS_IDS = join(await mkdtemp(join(copies, 'servers-')), 'ids')
    const { PATH, HOME, TMPDIR } = process.env
    const child = spawn(runner.command, runner.args, {
      cwd: join(copies, language),
      env: { PATH, HOME, TMPDIR, ...runner.env, EMBERLINK: EMBERLINK.join(' '), PROCESS_IDS, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const startedServers = () =>
      readFileSync(PROCESS_IDS, { encoding: 'utf8', flag: 'a+' }).match(/\d+/g) ?? []
    const runningServers = () => startedServers().filter(isRunning)
    onTestFinished(() => {
      child.kill('SIGKILL')
      for (const id of runningServers()) process.kill(Number(id), 'SIGKILL')
    })
    return { child, output: text(child.stdout), ended: once(child, 'exit'), startedServers, runningServers }
  }

  it('passes its tests on one server, which it stops', async ({ expect, onTestFinished }) => {
    const { output, ended, startedServers, runningServers } = await start(onTestFinished)
    expect(await output).toMatch(passed)
    expect(await ended).toEqual([0, null])
    expect(startedServers()).toHaveLength(1)
    expect(runningServers()).toEqual([])
  })

  it('leaves no server behind when it is killed', async ({ expect, onTestFinished }) => {
    const hole = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void hole.close())
    await once(hole, 'listening')
    const { port } = hole.address() as AddressInfo
    const { child, ended, runningServers } = await start(onTestFinished, {
      HOLE: `http://127.0.0.1:${port}`,
    })
    const [request] = await Promise.race([
      once(hole, 'connection'),
      ended.then(() => Promise.reject(new Error('the tests ended without a request'))),
    ])
    onTestFinished(() => request.destroy())
    expect(runningServers()).toHaveLength(1)
    child.kill('SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
    await expect.poll(runningServers).toEqual([])
  })
})

/** Says whether a process exists that has not ended, by proc_pid_stat(5). */
function isRunning(id: string): boolean {
  try {
    const status = readFileSync(`/proc/${id}/stat`, 'latin1')
    return !/^ [ZX]/.test(status.slice(status.lastIndexOf(')') + 1))
  } catch {
    return false
  }
}
