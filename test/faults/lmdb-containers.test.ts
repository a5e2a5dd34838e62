import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { createStore, serve, temporaryFolder } from '../commands/emberlink.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const READER = fileURLToPath(new URL('lmdb-lasting-reader.mjs', import.meta.url))

/** Starts Node as process 1, as in a container of its own. */
function startContained(args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const namespaces = ['--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc']
  const child = spawn('unshare', [...namespaces, process.execPath, ...args], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (written.stdout += text))
  child.stderr.on('data', (text) => (written.stderr += text))
  const ended = once(child, 'close').then(([code]) => ({ code, ...written }))
  return { child, ended }
}

it('lets commands in several containers of one volume wait for each other', async () => {
  const DATA_DIR = await temporaryFolder()
  const server = await serve({ DATA_DIR })
  const targets = await Promise.all(Array.from({ length: 6 }, temporaryFolder))
  const commands = targets.flatMap((target) => [
    startContained([MAIN, 'account', 'list'], { DATA_DIR }).ended,
    startContained([MAIN, 'backup', target], { DATA_DIR }).ended,
  ])
  for (const ended of await Promise.all(commands)) expect(ended).toMatchObject({ code: 0, stderr: '' })
  await server.stop()
})

it('says plainly that a command has the process id of another container, and ends', async () => {
  const DATA_DIR = await temporaryFolder()
  await createStore({ DATA_DIR })
  const reader = startContained([READER, DATA_DIR])
  await once(createInterface(reader.child.stdout), 'line')
  const ended = await Promise.all([
    startContained([MAIN, 'backup', join(await temporaryFolder(), 'copy')], { DATA_DIR }).ended,
    startContained([MAIN, 'account', 'list'], { DATA_DIR }).ended,
  ])
  for (const { code, stdout, stderr } of ended) {
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^emberlink: store_unavailable: [^\n]*another container with the same process id, 1;[^\n]*\n$/,
    )
  }
  reader.child.stdin.end()
  expect((await reader.ended).code).toBe(0)
  expect(await startContained([MAIN, 'account', 'list'], { DATA_DIR }).ended).toMatchObject({ code: 0 })
})
