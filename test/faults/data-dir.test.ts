import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { run, temporaryFolder } from '../commands/emberlink.ts'
import { failureAtTerminal } from '../support/json-log.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const IS_ROOT = process.geteuid?.() === 0
const US = `${process.geteuid?.()}:${process.getegid?.()}`
const NOBODY = 65_534

/** Runs a command as a user whom permissions bind, as they do not bind root. */
async function runBound(command: string, env: Readonly<Record<string, string>>) {
  const words = [process.execPath, MAIN, command]
  const bound = IS_ROOT ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search', ...words] : words
  const [program = '', ...args] = bound
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr), text(child.stdout)])
  return { code: code as number | null, stderr: failureAtTerminal(command, stderr) }
}

/** Takes a path away from us, as root does who creates the folder of a volume. */
function take(path: string): void {
  if (IS_ROOT) chownSync(path, NOBODY, NOBODY)
  chmodSync(path, IS_ROOT ? 0o700 : 0o000)
}

const ownerOf = (path: string) => {
  const { uid, gid, mode } = statSync(path)
  return `${uid}:${gid} with mode ${(mode & 0o7777).toString(8)}`
}

describe.each(['serve', 'check'])('`emberlink %s` without access to DATA_DIR', (command) => {
  it.each([
    ['the folder is another user’s', '1'],
    ['the folder is another user’s, with two workers', '2'],
  ])('names DATA_DIR, its owner, this user, and the command that mends it, when %s', async (_, WORKERS) => {
    const DATA_DIR = join(await temporaryFolder(), 'data')
    mkdirSync(DATA_DIR)
    take(DATA_DIR)
    const { code, stderr } = await runBound(command, { DATA_DIR, WORKERS })
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `emberlink: DATA_DIR: ${DATA_DIR} belongs to user and group ${ownerOf(DATA_DIR)}, and this process is ${US}: run \`chown -R ${US} ${DATA_DIR}\` as root; for a folder of the host that is mounted into a container, run it on the host, with the path that the folder has there; in Kubernetes, set \`fsGroup: ${process.getegid?.()}\` for the pod instead\n`,
    })
  })

  it.each(['root.key', 'secrets.mdb', 'secrets.mdb-lock'])('names a file in it: %s', async (name) => {
    const DATA_DIR = await temporaryFolder()
    expect((await run(['check'], { DATA_DIR })).code).toBe(0)
    const path = join(DATA_DIR, name)
    take(path)
    const { code, stderr } = await runBound(command, { DATA_DIR })
    expect(code).toBe(1)
    expect(stderr).toContain(
      `DATA_DIR: ${path} belongs to user and group ${ownerOf(path)}, and this process is ${US}:`,
    )
  })

  it('names the folder in which it cannot be created', async () => {
    const parent = await temporaryFolder()
    const DATA_DIR = join(parent, 'some', 'data')
    take(parent)
    const { code, stderr } = await runBound(command, { DATA_DIR })
    expect(code).toBe(1)
    expect(stderr).toContain(
      `DATA_DIR: ${parent} belongs to user and group ${ownerOf(parent)}, and this process is ${US}: run \`mkdir -p ${DATA_DIR} && chown -R ${US} ${DATA_DIR}\` as root`,
    )
    chmodSync(parent, 0o700)
  })

  it('says so when it is a file', async () => {
    const DATA_DIR = join(await temporaryFolder(), 'data')
    writeFileSync(DATA_DIR, '')
    const { code, stderr } = await runBound(command, { DATA_DIR })
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`DATA_DIR: ${DATA_DIR} is a file, or below one`),
    })
  })
})
