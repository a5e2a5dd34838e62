import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ANA, api, basic, unknownSecret } from '../api/client.ts'
import { run, serve, temporaryFolder } from './emberlink.ts'

const ACCOUNTS = `${ANA.email}:${ANA.token}`
const ROOT_KEY = '7ad53206124b90e2e3005da311aa598db489bc050375d9d997ec2a3ba75448de'

describe('emberlink backup', () => {
  it('copies what was acknowledged while a server writes, and the copy works as DATA_DIR', async () => {
    const DATA_DIR = await temporaryFolder()
    const target = join(await temporaryFolder(), 'deep', 'copy')
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
    expect(readdirSync(target).sort()).toEqual(['root.key', 'secrets.mdb'])
    expect(statSync(target).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(target)) expect(statSync(join(target, name)).mode & 0o777).toBe(0o600)
  })

  it('says so when the root keys are in ROOT_KEY and therefore not in the copy', async () => {
    const [DATA_DIR, target] = [await temporaryFolder(), await temporaryFolder()]
    const settings = { DATA_DIR, ROOT_KEY }
    await run(['check'], settings)
    expect((await run(['backup', target], settings)).stdout).toBe(
      `copied to ${target}, without the root keys\n`,
    )
    expect(readdirSync(target)).toEqual(['secrets.mdb'])
  })

  it('rejects a folder that is not empty, and leaves it unchanged', async () => {
    const [DATA_DIR, target] = [await temporaryFolder(), await temporaryFolder()]
    await run(['check'], { DATA_DIR })
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
      stderr: 'emberlink: backup copies the embedded store, but REDIS_URL is set\n',
    })
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
    await run(['check'], { DATA_DIR })
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
    await run(['check'], { DATA_DIR })
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

  it('stops the start, check and account commands while the data is missing or empty beside its root key', async () => {
    const DATA_DIR = await temporaryFolder()
    await run(['check'], { DATA_DIR })
    const data = join(DATA_DIR, 'secrets.mdb')
    const right = readFileSync(data)
    for (const [spoil, reason] of [
      [() => rmSync(data), `${DATA_DIR} has root keys (root.key) but no secrets.mdb: restore it`],
      [() => writeFileSync(data, ''), `${data} is damaged: it is empty; restore it`],
    ] as const) {
      spoil()
      const commands = [['serve'], ['check'], ['account', 'list'], ['backup', join(DATA_DIR, 'copy')]]
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
    expect(await run(['check'], { DATA_DIR })).toMatchObject({ code: 0 })
    expect(readdirSync(DATA_DIR)).not.toContain('secrets.mdb.new')
  })

  it('lets two commands create the store at the same time', async () => {
    const DATA_DIR = await temporaryFolder()
    const ended = await Promise.all([1, 2, 3].map(() => run(['check'], { DATA_DIR })))
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
  })
})
