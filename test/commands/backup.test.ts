import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setImmediate as endOfTurn, setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { chooseTarget } from '../../src/commands/backup-target.ts'
import { CommandError } from '../../src/commands/errors.ts'
import { publishFile } from '../../src/durable-file.ts'
import { fillFolder } from '../../src/store/lmdb/folder.ts'
import { ANA, api, basic, unknownSecret } from '../api/client.ts'
import { createStore, run, serve, temporaryFolder } from './emberlink.ts'

const ACCOUNTS = `${ANA.email}:${ANA.token}`
const ROOT_KEY = '7ad53206124b90e2e3005da311aa598db489bc050375d9d997ec2a3ba75448de'

describe('emberlink backup', () => {
  it('copies what was acknowledged while a server writes, and the copy works as DATA_DIR', async () => {
    const DATA_DIR = await temporaryFolder()
    const target = join(await temporaryFolder(), 'copy')
    const server = await serve({ DATA_DIR, ACCOUNTS, RATE_LIMIT: 'off' })
    const { post } = api(server)
    const share = async (secret: string) => (await post('/share', { secret })).body

    const before = await Promise.all(Array.from({ length: 200 }, (_, i) => share(`before ${i}`)))
    const remembered = await api(server, basic()).post('/share', { secret: 'of Ana' })
    const claimed = before.splice(0, 20)
    for (const { secret_key } of claimed) await post(`/secret/${secret_key}`)
    let writing = true
    const during: string[] = []
    const writers = Array.from({ length: 4 }, async () => {
      while (writing) during.push((await share('during')).secret_key)
    })
    await sleep(50)
    expect(await run(['backup', target], { DATA_DIR })).toEqual({
      code: 0,
      signal: null,
      stdout: `copied to ${target}, with the root keys\n`,
      stderr: '',
    })
    writing = false
    await Promise.all(writers)
    expect(during.length).toBeGreaterThan(10)
    // What is claimed after the copy is available again in the copy: it was unread at that moment.
    const late = before[0] as (typeof before)[0]
    expect((await post(`/secret/${late.secret_key}`)).body.value).toBe('before 20')
    await server.stop()

    const restored = await serve({ DATA_DIR: target, ACCOUNTS, RATE_LIMIT: 'off' })
    const again = api(restored)
    const values = await Promise.all(
      before.map(async ({ secret_key }) => (await again.post(`/secret/${secret_key}`)).body.value),
    )
    expect(values).toEqual(before.map((_, i) => `before ${i + 20}`))
    for (const { secret_key, metadata_key } of claimed) {
      expect(await again.post(`/secret/${secret_key}`)).toEqual(unknownSecret(secret_key))
      expect((await again.get(`/private/${metadata_key}`)).body['state']).toBe('received')
    }
    const recent = (await api(restored, basic()).get('/private/recent')).body as unknown as object[]
    expect(recent).toMatchObject([{ metadata_key: remembered.body.metadata_key }])
    await restored.stop()
  })

  it('F14: copies nothing of a revealed secret, for the owner of the copy alone', async () => {
    const [DATA_DIR, parent] = [await temporaryFolder(), await temporaryFolder()]
    const target = join(parent, 'copy')
    const server = await serve({ DATA_DIR })
    // Writes to the table in which a backup leaves its time, so that it has a page in both copies.
    await fetch(`${server.url}/health/ready`)
    const { body } = await api(server).post('/share', { secret: 'x'.repeat(8000) })
    const pages = () => statSync(join(target, 'secrets.mdb')).size
    expect((await run(['backup', target], { DATA_DIR })).code).toBe(0)
    const full = pages()
    await api(server).post(`/secret/${body.secret_key}`)
    rmSync(target, { recursive: true })
    expect((await run(['backup', target], { DATA_DIR })).code).toBe(0)
    expect(full - pages()).toBeGreaterThanOrEqual(8000)
    await server.stop()
    expect(readdirSync(target).sort()).toEqual(['backup.sha256', 'root.key', 'secrets.mdb'])
    expect(statSync(target).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(target)) expect(statSync(join(target, name)).mode & 0o777).toBe(0o600)
  })

  it('says so when the root keys are in ROOT_KEY and therefore not in the copy', async () => {
    const [DATA_DIR, target] = [await temporaryFolder(), await temporaryFolder()]
    const settings = { DATA_DIR, ROOT_KEY }
    await createStore(settings)
    expect((await run(['backup', target], settings)).stdout).toBe(
      `copied to ${target}, without the root keys\n`,
    )
    expect(readdirSync(target).sort()).toEqual(['backup.sha256', 'secrets.mdb'])
  })

  it('rejects a folder that is not empty, and leaves it unchanged', async () => {
    const [DATA_DIR, target] = [await temporaryFolder(), await temporaryFolder()]
    await createStore({ DATA_DIR })
    writeFileSync(join(target, 'other'), 'kept')
    const { code, stderr } = await run(['backup', target], { DATA_DIR })
    expect({ code, stderr }).toEqual({ code: 1, stderr: `emberlink: the folder ${target} is not empty\n` })
    expect(readFileSync(join(target, 'other'), 'utf8')).toBe('kept')
    expect(readdirSync(target)).toEqual(['other'])
  })

  it('rejects a DATA_DIR without data, and creates nothing there', async () => {
    const [parent, target] = [await temporaryFolder(), await temporaryFolder()]
    const DATA_DIR = join(parent, 'misspelt')
    expect(await run(['backup', target], { DATA_DIR })).toMatchObject({
      code: 1,
      stderr: `emberlink: DATA_DIR: no data in ${DATA_DIR}\n`,
    })
    expect(readdirSync(parent)).toEqual([])
  })

  it('rejects a configuration with REDIS_URL', async () => {
    const settings = { REDIS_URL: 'redis://127.0.0.1:1', ROOT_KEY }
    expect(await run(['backup', '/nowhere'], settings)).toMatchObject({
      code: 1,
      stderr:
        'emberlink: backup copies the embedded store, but REDIS_URL is set: back Redis up by its own means, as in docs/backup.md, "Redis"\n',
    })
  })

  it('rejects a target without a folder above it, in the data folder, that leads nowhere, or is named like another archive', async () => {
    const [DATA_DIR, parent] = [await temporaryFolder(), await temporaryFolder()]
    await createStore({ DATA_DIR })
    const before = readdirSync(DATA_DIR).sort()
    const link = join(parent, 'link')
    symlinkSync(DATA_DIR, link)
    const gone = join(parent, 'gone')
    for (const path of [gone, `${gone}.tar`]) symlinkSync('nowhere', path)
    const unmounted = join(parent, 'disk')
    const archive = (end: string) =>
      `would not be a .${end}: name a file that ends in .tar, or compress standard output, as in \`emberlink backup - | gzip > backup.tar.gz\``
    const outside = `the data folder: name a place outside ${DATA_DIR}, better on another disk`
    const targets: readonly (readonly [string, string])[] = [
      [
        join(unmounted, 'copy'),
        `cannot be created, because there is no folder ${unmounted}: mount its disk, or create it with \`mkdir -p ${unmounted}\``,
      ],
      [
        join(unmounted, 'copy.tar'),
        `cannot be created, because there is no folder ${unmounted}: mount its disk, or create it with \`mkdir -p ${unmounted}\``,
      ],
      ...[gone, `${gone}.tar`].map(
        (target) =>
          [
            target,
            'is a link to nowhere, which does not exist: mount the disk that it leads to, or name another target',
          ] as const,
      ),
      [
        '/dev/null',
        'is a file: name an empty or new folder, a new file that ends in .tar, or - for standard output',
      ],
      [DATA_DIR, `is ${outside}`],
      [link, `is ${outside}`],
      [join(DATA_DIR, 'copy'), `is inside ${outside}`],
      [join(link, 'copy.tar'), `is inside ${outside}`],
      ...['tar.gz', 'tgz', 'zip'].map((end) => [join(parent, `copy.${end}`), archive(end)] as const),
    ]
    for (const [target, reason] of targets)
      expect(() => chooseTarget(target, DATA_DIR)).toThrow(new CommandError(`${target} ${reason}`))
    const [[target, reason] = []] = targets
    expect(await run(['backup', `${target}`], { DATA_DIR })).toMatchObject({
      code: 1,
      stderr: `emberlink: ${target} ${reason}\n`,
    })
    expect(readdirSync(parent).sort()).toEqual(['gone', 'gone.tar', 'link'])
    expect(readdirSync(DATA_DIR).sort()).toEqual(before)
  })

  it('lets one of several backups to the same target win, with a whole copy', async () => {
    const [DATA_DIR, parent] = [await temporaryFolder(), await temporaryFolder()]
    await createStore({ DATA_DIR })
    const file = join(parent, 'copy.tar')
    const ended = await Promise.all([1, 2].map(() => run(['backup', file], { DATA_DIR })))
    expect(ended.map(({ code, stderr }) => [code, stderr]).sort()).toEqual([
      [0, ''],
      [1, `emberlink: ${file} exists already: name a new file\n`],
    ])
    expect(readdirSync(parent)).toEqual(['copy.tar'])
    // One that has not found the file at its start.
    const draft = join(parent, 'draft')
    writeFileSync(draft, 'late')
    const first = readFileSync(file)
    expect(publishFile(draft, file)).toBe(false)
    expect(readFileSync(file)).toEqual(first)
    // And one that cannot be written to disk gets no name.
    expect(() => publishFile(join(parent, 'missing'), join(parent, 'new.tar'))).toThrow('ENOENT')
    rmSync(draft)
    expect(readdirSync(parent)).toEqual(['copy.tar'])

    const folder = join(parent, 'copy')
    const fill = (data: string) =>
      fillFolder(
        folder,
        async (path) => {
          await endOfTurn()
          writeFileSync(path, data, { flag: 'wx' })
        },
        async () => undefined,
      )
    const copies = await Promise.allSettled([fill('first'), fill('second')])
    expect(copies).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected' }])
    expect(readFileSync(join(folder, 'secrets.mdb'), 'utf8')).toBe('first')
    expect(readdirSync(folder)).toEqual(['secrets.mdb'])
  })

  it.each([
    [[], 'missing argument TARGET'],
    [[''], 'TARGET is empty'],
    [['a', 'b'], 'too many arguments'],
    [['--folder'], "unknown option '--folder'"],
  ])('rejects the arguments %j', async (args, reason) => {
    expect(await run(['backup', ...args], {})).toMatchObject({
      code: 2,
      stderr: `emberlink: ${reason}\nUsage: emberlink backup [OPTIONS] TARGET\n`,
    })
  })
})

describe('a restored folder without its root key', () => {
  it('stops the start, instead of being sealed under a new key', async () => {
    const DATA_DIR = await temporaryFolder()
    await createStore({ DATA_DIR })
    rmSync(join(DATA_DIR, 'root.key'))
    const { code, stderr } = await run(['serve'], { DATA_DIR, PORT: '0' })
    expect(code).toBe(1)
    expect(stderr).toContain(`${join(DATA_DIR, 'root.key')} is missing: restore it or set ROOT_KEY`)
    expect(readdirSync(DATA_DIR)).not.toContain('root.key')
  })
})

describe('a folder with a part of a store', () => {
  it('stops the start while it holds an interrupted copy, whoever has the root key', async () => {
    const [DATA_DIR, target] = [await temporaryFolder(), await temporaryFolder()]
    await createStore({ DATA_DIR })
    renameSync(join(DATA_DIR, 'secrets.mdb'), join(target, 'secrets.mdb.part'))
    for (const settings of [{}, { ROOT_KEY }]) {
      const { code, stderr } = await run(['serve'], { DATA_DIR: target, PORT: '0', ...settings })
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining(`${target} holds an interrupted copy of a store (secrets.mdb.part)`),
      })
    }
    expect(readdirSync(target)).toEqual(['secrets.mdb.part'])
  })

  it('is no backup for verify either, although its data is whole', async () => {
    const [DATA_DIR, parent] = [await temporaryFolder(), await temporaryFolder()]
    await createStore({ DATA_DIR })
    const copy = join(parent, 'copy')
    await run(['backup', copy], { DATA_DIR })
    writeFileSync(join(copy, 'secrets.mdb.part'), '')
    rmSync(join(copy, 'backup.sha256'))
    expect(await run(['backup', 'verify', copy], {})).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `emberlink: ${copy} holds an interrupted copy of a store (secrets.mdb.part): empty it and copy again\n`,
    })
  })

  it('stops the start, check and account commands while the data is missing or empty beside its root key', async () => {
    const DATA_DIR = await temporaryFolder()
    const copy = join(await temporaryFolder(), 'copy')
    await createStore({ DATA_DIR })
    const data = join(DATA_DIR, 'secrets.mdb')
    const right = readFileSync(data)
    for (const [spoil, reason] of [
      [() => rmSync(data), `${DATA_DIR} has root keys (root.key) but no secrets.mdb: restore it`],
      [() => writeFileSync(data, ''), `${data} is damaged: it is empty; restore it`],
    ] as const) {
      spoil()
      const commands = [['serve'], ['check'], ['account', 'list'], ['backup', copy]]
      const ended = await Promise.all(commands.map((args) => run(args, { DATA_DIR, PORT: '0' })))
      for (const [index, { code, stderr }] of ended.entries()) {
        expect({ code, args: commands[index] }).toEqual({ code: 1, args: commands[index] })
        expect(stderr).toContain(reason)
      }
    }
    writeFileSync(data, right)
    chmodSync(data, 0o600)
    expect(await run(['check'], { DATA_DIR })).toMatchObject({ code: 0 })
  })

  it('goes on with a first start that ended between the root key and the data', async () => {
    const DATA_DIR = await temporaryFolder()
    writeFileSync(join(DATA_DIR, 'secrets.mdb.new'), '')
    writeFileSync(join(DATA_DIR, 'root.key'), `${ROOT_KEY}\n`, { mode: 0o600 })
    expect(await run(['account', 'create', ANA.email], { DATA_DIR })).toMatchObject({ code: 0 })
    expect(readdirSync(DATA_DIR)).not.toContain('secrets.mdb.new')
  })

  it('lets two commands create the store at the same time', async () => {
    const DATA_DIR = await temporaryFolder()
    const ended = await Promise.all(
      [1, 2, 3].map((number) => run(['account', 'create', `${number}@example.com`], { DATA_DIR })),
    )
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
  })
})
