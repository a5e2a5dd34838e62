import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { compareSums } from '../../src/commands/backup-sums.ts'
import { loadConfig } from '../../src/config/load.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { startServer } from '../../src/server/server.ts'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { api } from '../api/client.ts'
import { seededRandom } from '../support/random.ts'
import { freePort } from '../support/redis-process.ts'
import { run, serve } from './emberlink.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const OTHER_KEY = '7ad53206124b90e2e3005da311aa598db489bc050375d9d997ec2a3ba75448de'
const UNREAD = 40
/** Runs a program without the capabilities that let root read everything. */
const BOUND = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search']

const folder = mkdtempSync(join(tmpdir(), 'emberlink-archive-'))
const DATA_DIR = join(folder, 'data')
const at = (name: string) => join(folder, name)
const settings = { DATA_DIR, TMPDIR: folder }
const keys: string[] = []
let unread = { secret_key: '', metadata_key: '' }
let read = unread

/** Runs the command as a user whom the mode of files binds, as it does not bind root. */
function runBound(...words: readonly string[]) {
  const bound = process.geteuid?.() === 0 ? BOUND : []
  const [program = '', ...args] = [...bound, process.execPath, MAIN, ...words]
  const env = { PATH: process.env['PATH'], ...settings }
  const { status, stderr } = spawnSync(program, args, { env, encoding: 'utf8' })
  return { status, stderr }
}

/** Runs the command with standard output or input of its own. */
function runWith(args: readonly string[], stdio: { readonly stdin?: number; readonly stdout?: number }) {
  const { stdin, stdout } = stdio
  const env = { PATH: process.env['PATH'], ...settings }
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    env,
    encoding: 'utf8',
    stdio: [stdin ?? 'ignore', stdout ?? 'pipe', 'pipe'],
  })
  return { status, stderr }
}

function flip(path: string, bit: number): void {
  const file = openSync(path, 'r+')
  const byte = Buffer.alloc(1)
  readSync(file, byte, 0, 1, bit >> 3)
  writeSync(file, Buffer.of((byte[0] ?? 0) ^ (1 << (bit & 7))), 0, 1, bit >> 3)
  closeSync(file)
}

function extract(archive: string): string {
  const to = mkdtempSync(at('restored-'))
  execFileSync('tar', ['-xf', archive, '-C', to])
  return to
}

beforeAll(async () => {
  const config = loadConfig({ DATA_DIR, PORT: '0', LOG_LEVEL: 'silent' }, () => '')
  const server = await startServer(config)
  const { post } = api(server)
  const share = async (secret: string) => (await post('/share', { secret })).body as unknown as typeof read
  // More than a pipe of Node.js holds, which is a socket.
  for (let index = 0; index < UNREAD; index += 1) {
    unread = await share(`${index}`.padEnd(9000, 'x'))
    keys.push(unread.secret_key)
  }
  read = await share('read before')
  await post(`/secret/${read.secret_key}`)
  await server.stop()
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('emberlink backup FILE.tar', () => {
  it('writes an archive whose files are a DATA_DIR, for the owner alone, and leaves nothing else', async () => {
    mkdirSync(at('deep'))
    const file = at('deep/first.tar')
    expect(await run(['backup', file], settings)).toEqual({
      code: 0,
      signal: null,
      stdout: `copied to ${file}, with the root keys\n`,
      stderr: '',
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(at('deep'))).toEqual(['first.tar'])
    const server = await serve({ DATA_DIR: extract(file) })
    const { body } = await api(server).post(`/secret/${keys[0]}`)
    expect(body.value).toBe('0'.padEnd(9000, 'x'))
    await server.stop()
  })

  it('rejects a file that exists, and leaves it as it is', async () => {
    for (const [name, advice] of [
      ['kept.tar', 'exists already: name a new file'],
      [
        'kept',
        'is a file: name an empty or new folder, a new file that ends in .tar, or - for standard output',
      ],
    ]) {
      const file = at(name as string)
      writeFileSync(file, 'kept')
      expect(await run(['backup', file], settings)).toMatchObject({
        code: 1,
        stderr: `emberlink: ${file} ${advice}\n`,
      })
      expect(readFileSync(file, 'utf8')).toBe('kept')
    }
  })

  it('says what was too large for the disk, and leaves nothing, so that it can be tried again', () => {
    // As long as a file may be: about 8 kB.
    const limited = (target: string) =>
      spawnSync('sh', ['-c', `ulimit -f 16; exec "$0" "$@"`, process.execPath, MAIN, 'backup', target], {
        env: { PATH: process.env['PATH'], ...settings },
        encoding: 'utf8',
      })
    mkdirSync(at('full'))
    const file = limited(at('full/a.tar'))
    expect(file.stderr).toBe(
      `emberlink: no space is left in ${at('full')}: File too large; the folder of the file needs room for two copies of the data\n`,
    )
    const copy = limited(at('full/copy'))
    expect(copy.stderr).toBe(`emberlink: the store cannot be copied to ${at('full/copy')}: File too large\n`)
    expect([file.status, copy.status]).toEqual([1, 1])
    expect(readdirSync(at('full'), { recursive: true })).toEqual(['copy'])
    expect(readdirSync(at('full/copy'))).toEqual([])
  })
})

describe('emberlink backup -', () => {
  it('writes the archive to standard output, which `backup verify -` reads', async () => {
    const file = at('output.tar')
    const stdout = openSync(file, 'w')
    expect(runWith(['backup', '-'], { stdout })).toEqual({
      status: 0,
      stderr: 'copied to standard output, with the root keys\n',
    })
    closeSync(stdout)
    const stdin = openSync(file, 'r')
    expect(runWith(['backup', 'verify', '-'], { stdin })).toEqual({ status: 0, stderr: '' })
    closeSync(stdin)
  })

  it('fails when what it writes to is full or ends', async () => {
    const full = openSync('/dev/full', 'w')
    expect(runWith(['backup', '-'], { stdout: full })).toEqual({
      status: 1,
      stderr:
        'emberlink: standard output ended before the backup was complete: ENOSPC: no space left on device, write\n',
    })
    closeSync(full)
    const line = `"$0" "$@" | head -c 1000 > ${at('head')}; exit \${PIPESTATUS[0]}`
    const args = ['--norc', '-c', line, process.execPath, MAIN, 'backup', '-']
    const ended = spawnSync('bash', args, {
      env: { PATH: process.env['PATH'], ...settings },
      encoding: 'utf8',
    })
    expect(ended).toMatchObject({
      status: 1,
      stderr: 'emberlink: standard output ended before the backup was complete: write EPIPE\n',
    })
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('removes its temporary copy when %s interrupts it', async (signal, status) => {
    const env = { PATH: process.env['PATH'], ...settings }
    const child = spawn(process.execPath, [MAIN, 'backup', '-'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    // The rest waits, because nobody reads it.
    await once(child.stdout, 'readable')
    expect(readdirSync(folder).filter((name) => name.startsWith('.emberlink-'))).toHaveLength(1)
    const errors = child.stderr.toArray()
    child.kill(signal)
    const [code] = await once(child, 'exit')
    expect(code).toBe(status)
    expect(Buffer.concat(await errors).toString()).toBe('emberlink: interrupted\n')
    expect(readdirSync(folder).filter((name) => name.startsWith('.emberlink-'))).toEqual([])
  })

  it('rejects a terminal, and a TMPDIR that takes nothing', async () => {
    const command = `"${process.execPath}" "${MAIN}" backup -`
    const env = { PATH: process.env['PATH'], ...settings }
    const terminal = spawnSync('script', ['-qec', command, '/dev/null'], { env, encoding: 'utf8' })
    expect(terminal.stdout.trim()).toBe(
      'emberlink: standard output is a terminal: redirect it to a file or a program',
    )
    expect(terminal.status).toBe(1)
    const TMPDIR = at('absent')
    expect((await run(['backup', '-'], { ...settings, TMPDIR })).stderr).toMatch(
      `emberlink: no temporary copy can be made in ${TMPDIR}: ENOENT`,
    )
  })
})

describe('emberlink backup --without-unread', () => {
  it('keeps accounts, receipts and root keys, and no secret that somebody could reveal again', async () => {
    const file = at('without.tar')
    await run(['backup', '--without-unread', file], settings)
    expect((await run(['backup', 'verify', file], settings)).stdout).toBe(
      `data: sound, with 0 unread secrets, ${UNREAD + 1} receipts and 0 accounts\nroot keys: in the backup, open what the store holds\n`,
    )
    const restored = extract(file)
    expect(readdirSync(restored).sort()).toEqual(['backup.sha256', 'root.key', 'secrets.mdb'])
    // Not even sealed.
    expect(statSync(join(restored, 'secrets.mdb')).size).toBeLessThan(UNREAD * 9000)
    const METRICS = `127.0.0.1:${await freePort()}`
    const server = await serve({ DATA_DIR: restored, METRICS })
    expect((await api(server).post(`/secret/${keys[0]}`)).body['message']).toBe('Unknown secret')
    expect((await api(server).get(`/private/${read.metadata_key}`)).body['state']).toBe('received')
    // One that was left out does not count as lost.
    expect((await api(server).get(`/private/${unread.metadata_key}`)).body['state']).toBe('orphaned')
    const metrics = await (await fetch(`http://${METRICS}/metrics`)).text()
    expect(metrics).toContain('\nemberlink_secrets_total{event="orphaned"} 0\n')
    await server.stop()
    expect(server.output()).not.toContain('"audit":"orphaned"')
  })
})

describe('emberlink backup verify', () => {
  const verify = async (source: string, more = {}) => {
    const { code, stdout, stderr } = await run(['backup', 'verify', source], { ...settings, ...more })
    return { code, stdout, stderr }
  }
  const sound = `data: sound, with ${UNREAD} unread secrets, ${UNREAD + 1} receipts and 0 accounts\n`
  const whole = () => at('whole')
  beforeAll(() => void runWith(['backup', whole()], {}))

  it('accepts a whole folder, and changes nothing in it', async () => {
    expect(await verify(whole())).toEqual({
      code: 0,
      stdout: `${sound}root keys: in the backup, open what the store holds\n`,
      stderr: '',
    })
    expect(readdirSync(whole()).sort()).toEqual(['backup.sha256', 'root.key', 'secrets.mdb'])
  })

  it('asks for the root keys that are not in the backup, and tells wrong ones', async () => {
    const bare = at('bare')
    mkdirSync(bare)
    for (const name of ['secrets.mdb', 'backup.sha256']) copyFileSync(join(whole(), name), join(bare, name))
    const ROOT_KEY = readFileSync(join(whole(), 'root.key'), 'utf8').trim()
    expect(await verify(bare, { ROOT_KEY })).toEqual({
      code: 0,
      stdout: `${sound}root keys: in ROOT_KEY, open what the store holds\n`,
      stderr: '',
    })
    expect(await verify(bare)).toEqual({
      code: 1,
      stdout: sound,
      stderr: `emberlink: ${bare} has no root keys: set ROOT_KEY to those of its server to check them\n`,
    })
    expect(await verify(bare, { ROOT_KEY: OTHER_KEY })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^emberlink: the root keys in ROOT_KEY do not open what the store holds: the root key [0-9a-f]{8}, which sealed last, is missing\n$/,
      ),
    })
  })

  it('says which root keys are missing that older secrets need, that a store of 0.1.0 names none, and a backup without sums', async () => {
    const [older, newer] = [
      createKeyRing([randomBytes(32)]).current,
      createKeyRing([Buffer.from(OTHER_KEY, 'hex')]).current,
    ]
    const store = await openLmdbStore(at('rotated'))
    await store.backUp(at('unnamed'))
    await store.roots.record(older, [older.id])
    await store.roots.record(newer, [newer.id, older.id])
    await store.backUp(at('newer'))
    await store.close()
    const nothing = 'data: sound, with 0 unread secrets, 0 receipts and 0 accounts'
    for (const [name, result] of [
      ['unnamed', 'none recorded in this store yet'],
      ['newer', `open what the newest one sealed, but not what older ones did: ${older.id}`],
    ] as const)
      expect(await verify(at(name), { ROOT_KEY: OTHER_KEY })).toEqual({
        code: 0,
        stdout: `${nothing}\nsums: none, as in backups of earlier versions: pages and records were checked, which does not find every changed bit\nroot keys: in ROOT_KEY, ${result}\n`,
        stderr: '',
      })
  })

  it('finds every changed bit of each file in a backup', async () => {
    const flipped = at('flipped')
    mkdirSync(flipped)
    const random = seededRandom('bits of a backup')
    const names = ['secrets.mdb', 'secrets.mdb', 'secrets.mdb', 'root.key', 'backup.sha256']
    for (const name of names) copyFileSync(join(whole(), name), join(flipped, name))
    await expect(compareSums(flipped)).resolves.toBe(true)
    for (let round = 0; round < 300; round += 1) {
      const path = join(flipped, names[round % names.length] ?? '')
      const bit = random.below(8 * statSync(path).size)
      flip(path, bit)
      await expect(compareSums(flipped), `${path}, bit ${bit}`).rejects.toThrow(/ is not what was /)
      if (round === 0)
        expect(await verify(flipped)).toEqual({
          code: 1,
          stdout: '',
          stderr: `emberlink: the data in ${flipped} is damaged: secrets.mdb is not what was copied: backup.sha256 has another SHA-256\n`,
        })
      flip(path, bit)
    }
    const { status } = spawnSync('sha256sum', ['--check', '--quiet', 'backup.sha256'], { cwd: flipped })
    expect(status).toBe(0)
  })

  it('says of a folder that it must not write to whom to let in, before it copies', () => {
    const closed = at('read-only')
    mkdirSync(closed, { mode: 0o500 })
    for (const target of [closed, join(closed, 'copy'), join(closed, 'copy.tar')])
      expect(runBound('backup', target)).toEqual({
        status: 1,
        stderr: `emberlink: ${target} cannot be written: EACCES: permission denied, access '${closed}': let user ${process.geteuid?.()} write there, by \`chown\` or a mount that is not read-only, or name another place\n`,
      })
    expect(readdirSync(closed)).toEqual([])
  })

  it('says of what it must not read that it cannot be read, and what mends it', () => {
    const [closed, file] = [at('closed'), at('closed.tar')] as const
    cpSync(whole(), closed, { recursive: true })
    copyFileSync(at('output.tar'), file)
    for (const source of [closed, file]) {
      chmodSync(source, 0)
      const { status, stderr } = runBound('backup', 'verify', source)
      expect(stderr).toMatch(
        /^emberlink: (\S+) cannot be read: EACCES: permission denied, \w+ '\1': run this as the user who owns the backup, or let this one read it with `chown` or `chmod`\n$/,
      )
      expect(status).toBe(1)
    }
    chmodSync(closed, 0o700)
  })

  it('does not call data damaged that cannot be read at all', async () => {
    mkdirSync(at('unreadable/secrets.mdb'), { recursive: true })
    expect(await verify(at('unreadable'))).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^emberlink: EISDIR: /),
    })
  })

  it('rejects damaged data: a page, the name of a table, a part of the file, or none of it', async () => {
    const damaged = at('damaged')
    mkdirSync(damaged)
    const data = readFileSync(join(whole(), 'secrets.mdb'))
    const flipped = Buffer.from(data)
    // In a record, before the field with its sum.
    const offset = flipped.indexOf('\xa3sum', 'latin1') - 50
    flipped.writeUInt8(flipped.readUInt8(offset) ^ 1, offset)
    const renamed = Buffer.from(data)
    // The last one, because a page that is free has it too.
    renamed.write('pbirs', renamed.lastIndexOf('pairs\0', undefined, 'latin1'))
    for (const bytes of [
      flipped,
      renamed,
      data.subarray(0, data.length / 2),
      data.subarray(0, 100),
      Buffer.alloc(0),
    ]) {
      writeFileSync(join(damaged, 'secrets.mdb'), bytes)
      const { code, stdout, stderr } = await verify(damaged)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(`emberlink: the data in ${damaged} is damaged: `)
    }
  })

  it('rejects what is no backup, and says why', async () => {
    const zipped = at('zipped.tar.gz')
    const [empty, text, other, cut] = [at('empty'), at('text.tar'), at('other.tar'), at('cut.tar')] as const
    mkdirSync(empty)
    writeFileSync(text, 'text')
    writeFileSync(zipped, gzipSync(randomBytes(1000)))
    execFileSync('tar', ['-cf', other, '-C', folder, 'text.tar'])
    writeFileSync(cut, readFileSync(at('output.tar')).subarray(0, 60_000))
    for (const [source, reason] of [
      [at('absent'), 'does not exist'],
      [empty, 'is no backup: it has no secrets.mdb'],
      [DATA_DIR, 'is the data folder of a server, not a backup: see "emberlink check"'],
      [text, 'is no whole backup: it is no tar archive'],
      [
        zipped,
        'is no whole backup: it is compressed: pipe it in, as in `gzip -dc FILE | emberlink backup verify -`',
      ],
      [other, 'is no backup: it has no secrets.mdb'],
      [cut, 'is no whole backup: it is cut off'],
    ] as const)
      expect(await verify(source)).toEqual({
        code: 1,
        stdout: '',
        stderr: `emberlink: ${source} ${reason}\n`,
      })
    expect(existsSync(join(empty, 'secrets.mdb-lock'))).toBe(false)
  })
})
