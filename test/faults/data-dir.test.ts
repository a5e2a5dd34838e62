import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { rootKeysOf } from '../../src/server/backend.ts'
import { explainFolderError } from '../../src/server/data-folder-error.ts'
import { inspectNewDataFolder } from '../../src/server/new-data-folder.ts'
import { createStore, temporaryFolder } from '../commands/emberlink.ts'
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

/** Returns what mends access to a path: root owns it, or the owner has closed it to himself. */
const mends = (path: string) =>
  IS_ROOT
    ? `and this process is ${US}: run \`chown -R ${US} ${path}\` as root; for a folder of the host that is mounted into a container, run it on the host, with the path that the folder has there; in Kubernetes, set \`fsGroup: ${process.getegid?.()}\` for the pod instead`
    : `which is this process, but the mode denies access: run \`chmod -R u+rwX ${path}\``

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
      stderr: `emberlink: DATA_DIR: ${DATA_DIR} belongs to user and group ${ownerOf(DATA_DIR)}, ${mends(DATA_DIR)}\n`,
    })
  })

  it.each(['root.key', 'secrets.mdb', 'secrets.mdb-lock'])('names a file in it: %s', async (name) => {
    const DATA_DIR = await temporaryFolder()
    await createStore({ DATA_DIR })
    const path = join(DATA_DIR, name)
    take(path)
    const { code, stderr } = await runBound(command, { DATA_DIR })
    expect(code).toBe(1)
    expect(stderr).toContain(
      `DATA_DIR: ${path} belongs to user and group ${ownerOf(path)}, ${mends(IS_ROOT ? DATA_DIR : path)}\n`,
    )
  })

  it('names the folder in which it cannot be created', async () => {
    const parent = await temporaryFolder()
    const DATA_DIR = join(parent, 'some', 'data')
    take(parent)
    const { code, stderr } = await runBound(command, { DATA_DIR })
    expect(code).toBe(1)
    expect(stderr).toContain(
      `DATA_DIR: ${parent} belongs to user and group ${ownerOf(parent)}, ${mends(IS_ROOT ? DATA_DIR : parent).replace('chown', `mkdir -p ${DATA_DIR} && chown`)}\n`,
    )
    chmodSync(parent, 0o700)
  })
})

/** Returns why a start, and `check`, cannot use a folder without a store. */
async function refusals(DATA_DIR: string): Promise<readonly unknown[]> {
  const config = loadConfig({ DATA_DIR }, () => '')
  const started = Promise.resolve().then(() => rootKeysOf(config))
  const all = await Promise.allSettled([started, inspectNewDataFolder(DATA_DIR)])
  return all.map((each) => each.status === 'rejected' && String(each.reason))
}

it('names the file that DATA_DIR is, or is below', async () => {
  const file = join(await temporaryFolder(), 'data')
  writeFileSync(file, '')
  for (const [DATA_DIR, reason] of [
    [file, `${file} is a file; it has to be a folder: name another one, or move the file away`],
    [join(file, 'data'), `${file} is a file, and ${file}/data cannot be below it: name another folder`],
  ] as const)
    expect(await refusals(DATA_DIR)).toEqual(Array(2).fill(`Error: DATA_DIR: ${reason}`))
})

it('names a link to nothing that is above DATA_DIR', async () => {
  const link = join(await temporaryFolder(), 'disk')
  symlinkSync('/mnt/missing', link)
  const reason = `Error: DATA_DIR: ${link} is a link to /mnt/missing, which does not exist: mount the volume that it leads to, or create that folder`
  expect(await refusals(join(link, 'some', 'data'))).toEqual([reason, reason])
})

it('names the mode of a folder that is our own', async () => {
  const folder = await temporaryFolder()
  chmodSync(folder, 0o500)
  const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' })
  expect(String(explainFolderError(denied, folder))).toBe(
    `Error: DATA_DIR: ${folder} belongs to user and group ${US} with mode 500, which is this process, but the mode denies access: run \`chmod -R u+rwX ${folder}\``,
  )
})

it('says where the file system takes no folders', async () => {
  const reason =
    'Error: DATA_DIR: /sys/emberlink/data cannot be created: the file system of /sys takes no folders; name a folder on a disk'
  expect(await refusals('/sys/emberlink/data')).toEqual([reason, reason])
  // As in a container, where it is mounted for reading only.
  const readOnly = Object.assign(new Error('EROFS'), { code: 'EROFS' })
  expect(String(explainFolderError(readOnly, '/sys/emberlink/data'))).toBe(reason)
})
