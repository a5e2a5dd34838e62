import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { api, basic, rejection } from '../api/client.ts'
import { ringOf } from '../vectors/vectors.ts'
import { createStore, run, serve, temporaryFolder } from './emberlink.ts'

const ROOT_KEY = '7ad53206124b90e2e3005da311aa598db489bc050375d9d997ec2a3ba75448de'

describe('emberlink rootkey rotate', () => {
  it('seals with a new key, opens what the old one sealed, and lets the old one be removed in the end', async () => {
    const DATA_DIR = await temporaryFolder()
    const path = join(DATA_DIR, 'root.key')
    const token = (await run(['account', 'create', 'ana@example.com'], { DATA_DIR })).stdout.trim()
    const ana = basic('ana@example.com', token)
    const first = await serve({ DATA_DIR })
    const [old, oldLocked] = [
      (await api(first, ana).post('/share', { secret: 'old' })).body,
      (await api(first).post('/share', { secret: 'old and locked', passphrase: 'p' })).body,
    ]
    const [oldKey = ''] = readFileSync(path, 'utf8').split('\n')

    expect(await run(['rootkey', 'rotate'], { DATA_DIR })).toMatchObject({
      code: 0,
      stdout: `${path} contains 2 root keys; restart the server to seal with the new one\n`,
    })
    const lines = readFileSync(path, 'utf8').split('\n')
    expect(lines).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), oldKey, ''])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    // The running server keeps the keys that it has read.
    const meanwhile = (await api(first).post('/share', { secret: 'meanwhile' })).body
    await first.stop()

    const second = await serve({ DATA_DIR })
    const young = (await api(second, ana).post('/share', { secret: 'young' })).body
    const { post } = api(second)
    expect((await post(`/secret/${old.secret_key}`)).body.value).toBe('old')
    expect((await post(`/secret/${oldLocked.secret_key}`, { passphrase: 'p' })).body.value).toBe(
      'old and locked',
    )
    expect((await post(`/secret/${meanwhile.secret_key}`)).body.value).toBe('meanwhile')
    const recent = (await api(second, ana).get('/private/recent')).body as unknown as {
      metadata_key: string
    }[]
    expect(recent.map(({ metadata_key }) => metadata_key)).toEqual([young.metadata_key, old.metadata_key])
    const rotated = (await run(['account', 'rotate', 'ana@example.com'], { DATA_DIR })).stdout.trim()
    await second.stop()

    writeFileSync(path, `${lines[0]}\n`)
    const third = await serve({ DATA_DIR })
    expect((await api(third).post(`/secret/${young.secret_key}`)).body.value).toBe('young')
    expect((await api(third, basic('ana@example.com', rotated)).get('/authcheck')).status).toBe(200)
    expect(await api(third, ana).get('/authcheck')).toEqual(rejection(401, 'Not authorized'))
    await third.stop()
  })

  it('writes the new and the previous root key to the audit log, by their short ids', async () => {
    const DATA_DIR = await temporaryFolder()
    await createStore({ DATA_DIR })
    const { stderr } = await run(['rootkey', 'rotate'], { DATA_DIR })
    const keys = readFileSync(join(DATA_DIR, 'root.key'), 'utf8').trim().split('\n')
    const [root, previous] = ringOf(...keys).ids
    expect(JSON.parse(stderr)).toEqual({
      level: 30,
      time: expect.any(Number),
      pid: expect.any(Number),
      audit: 'root_key_added',
      root,
      previous,
      msg: 'root key changed',
    })
  })

  it('is rejected while ROOT_KEY is set, and while there is no data yet', async () => {
    const DATA_DIR = await temporaryFolder()
    expect(await run(['rootkey', 'rotate'], { DATA_DIR, ROOT_KEY })).toMatchObject({
      code: 1,
      stderr: 'emberlink: ROOT_KEY is set: add the new key to it, before the others\n',
    })
    expect(await run(['rootkey', 'rotate'], { DATA_DIR })).toMatchObject({
      code: 1,
      stderr: `emberlink: DATA_DIR: no data in ${DATA_DIR}\n`,
    })
    expect(readdirSync(DATA_DIR)).toEqual([])
  })

  it('never loses a key to another rotation, or to an interrupted one', async () => {
    const DATA_DIR = await temporaryFolder()
    await createStore({ DATA_DIR })
    const path = join(DATA_DIR, 'root.key')
    const rotations = await Promise.all(
      Array.from({ length: 4 }, () => run(['rootkey', 'rotate'], { DATA_DIR })),
    )
    const done = rotations.filter(({ code }) => code === 0).length
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(1 + done)
    writeFileSync(`${path}.new`, '')
    const before = readFileSync(path, 'utf8')
    const { code, stderr } = await run(['rootkey', 'rotate'], { DATA_DIR })
    expect(code).toBe(1)
    expect(stderr).toContain(`${path}.new exists`)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  it.each([[[]], [['make']], [['rotate', 'twice']]])('rejects the arguments %j', async (args) => {
    const { code, stderr } = await run(['rootkey', ...args], {})
    expect(code).toBe(2)
    expect(stderr).toMatch(/^emberlink: .+\nUsage: emberlink rootkey rotate\n$/)
  })
})
