import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { explainFolderError } from '../../src/server/data-folder-error.ts'
import { createStore, temporaryFolder } from '../commands/emberlink.ts'
import { failureAtTerminal } from '../support/json-log.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const IS_ROOT = process.geteuid?.() === 0

/** Runs a command of Emberlink inside other programs, such as one that changes the user. */
async function runIn(wrapper: readonly string[], command: string, env: Readonly<Record<string, string>>) {
  const [program = '', ...args] = [...wrapper, process.execPath, MAIN, ...command.split(' ')]
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code: code as number | null, stdout, stderr: failureAtTerminal(command, stderr) }
}

/** Mounts a folder at another, or at itself, for one command. */
function mounted(from: string, at: string, ...options: string[]): string[] {
  const remount = options.map((option) => `mount -o remount,bind,${option} "$1"`)
  const script = ['mount --bind "$0" "$1"', ...remount, 'shift', 'exec "$@"'].join(' && ')
  return ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, from, at]
}

describe.each(['serve', 'check'])('`emberlink %s` names what mends a volume', (command) => {
  it('that is read-only, new or with data', async () => {
    const DATA_DIR = await temporaryFolder()
    const failed = {
      code: 1,
      stderr: expect.stringContaining(
        `DATA_DIR: ${DATA_DIR} is on a read-only file system: mount a volume at ${DATA_DIR}, and not as read-only; under systemd, name it in StateDirectory or ReadWritePaths\n`,
      ),
    }
    const wrapper = mounted(DATA_DIR, DATA_DIR, 'ro')
    expect(await runIn(wrapper, command, { DATA_DIR })).toMatchObject(failed)
    await createStore({ DATA_DIR })
    expect(await runIn(wrapper, command, { DATA_DIR })).toMatchObject(failed)
  })

  it('that is missing, so that the folder would be on the read-only root', async () => {
    const root = await temporaryFolder()
    const DATA_DIR = join(root, 'srv', 'data')
    const { code, stderr } = await runIn(mounted(root, root, 'ro'), command, { DATA_DIR })
    expect(code).toBe(1)
    expect(stderr).toContain(
      `DATA_DIR: ${root} is on a read-only file system: mount a volume at ${DATA_DIR},`,
    )
  })

  it('that is missing behind a link', async () => {
    const DATA_DIR = join(await temporaryFolder(), 'data')
    symlinkSync('/mnt/missing', DATA_DIR)
    const { code, stderr } = await runIn([], command, { DATA_DIR })
    expect(code).toBe(1)
    expect(stderr).toContain(
      `DATA_DIR: ${DATA_DIR} is a link to /mnt/missing, which does not exist: mount the volume that it leads to, or create that folder\n`,
    )
  })

  it('where the file system takes no folders, at once', async () => {
    const { code, stderr } = await runIn([], command, { DATA_DIR: '/proc/emberlink/data' })
    expect(code).toBe(1)
    expect(stderr).toContain(
      'DATA_DIR: /proc/emberlink/data cannot be created: the file system of /proc takes no folders; name a folder on a disk\n',
    )
  })
})

it('warns of a volume without a name, which the next container would not have', async () => {
  const DATA_DIR = await temporaryFolder()
  const warned = async (name: string) => {
    const volume = join(await temporaryFolder(), 'volumes', name, '_data')
    mkdirSync(volume, { recursive: true, mode: 0o700 })
    await createStore({ DATA_DIR: volume })
    const { stdout } = await runIn(mounted(volume, DATA_DIR), 'check', { DATA_DIR })
    expect(stdout).toContain('store: accepts writes')
    return stdout.includes(
      `warning: the data folder ${DATA_DIR} is on a volume without a name, and the next container will have another: name one, as in \`-v emberlink:${DATA_DIR}\`\n`,
    )
  }
  expect(await warned('4f'.repeat(32))).toBe(true)
  expect(await warned('emberlink')).toBe(false)
})

it('runs as any user on a volume of its group, as Kubernetes and OpenShift prepare it, without a warning', async () => {
  const DATA_DIR = await temporaryFolder()
  const GROUP = IS_ROOT ? 10_001 : (process.getegid?.() ?? 0)
  if (IS_ROOT) chownSync(DATA_DIR, 0, GROUP)
  chmodSync(DATA_DIR, 0o2770)
  // The capability only lets other users read the program, wherever it is.
  const read = ['--inh-caps', '+dac_read_search', '--ambient-caps', '+dac_read_search']
  const as = (user: number) =>
    IS_ROOT ? ['setpriv', '--reuid', `${user}`, '--regid', '0', '--groups', `${GROUP}`, ...read] : []
  const good = { code: 0, stderr: '', stdout: expect.not.stringContaining('accessible to other users') }
  const created = await runIn(as(1_000_690_000), 'account create ana@example.com', { DATA_DIR })
  expect(created).toMatchObject({ code: 0 })
  expect(await runIn(as(1_000_690_000), 'check', { DATA_DIR })).toMatchObject(good)
  // The next pod has another user, to whom the volume's files are handed over.
  for (const name of readdirSync(DATA_DIR)) chmodSync(join(DATA_DIR, name), 0o660)
  expect(await runIn(as(1_000_700_000), 'check', { DATA_DIR })).toMatchObject(good)
})

it('names SELinux where the folder is our own and access is denied all the same', async () => {
  const folder = await temporaryFolder()
  const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' })
  expect(String(explainFolderError(denied, folder))).toMatch(
    /belongs to user and group \d+:\d+ with mode 700, which is this process, and yet access is denied, as SELinux and AppArmor do: with SELinux, mount the folder with the option `Z`$/,
  )
})
