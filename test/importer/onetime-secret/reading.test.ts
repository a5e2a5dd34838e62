import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Destination, moveAll } from '../../../src/importer/onetime-secret/move-all.ts'
import type { OldCustomer, OldReceipt, OldSecret } from '../../../src/importer/onetime-secret/old-records.ts'
import { createOldRedis, type OldRedis } from '../../../src/importer/onetime-secret/old-redis.ts'
import type { Outcome } from '../../../src/importer/onetime-secret/outcome.ts'
import { readCustomers } from '../../../src/importer/onetime-secret/read-customers.ts'
import { readReceipts } from '../../../src/importer/onetime-secret/read-receipts.ts'
import { readSecrets } from '../../../src/importer/onetime-secret/read-secrets.ts'
import { type Layout, survey } from '../../../src/importer/onetime-secret/survey.ts'
import type { UnusableRecord } from '../../../src/importer/onetime-secret/unusable.ts'
import { parseRedisUrl } from '../../../src/redis-url.ts'
import { milliseconds, seconds } from '../../../src/time.ts'
import type { RedisServer } from '../../support/redis.ts'
import { knownRecords, type OldVersion, startOldRedis } from '../old-server.ts'

const NOW = milliseconds(1_800_000_000_000)
const TIMES = { now: () => NOW, ttlWithout: seconds(600) }

async function contents<Content>(
  batches: AsyncIterable<readonly { readonly content: Content | UnusableRecord }[]>,
): Promise<Map<string, Content | UnusableRecord>> {
  const found = new Map()
  for await (const batch of batches) {
    for (const record of batch as readonly { id: string; content: Content }[])
      found.set(record.id, record.content)
  }
  return found
}

describe.each([
  ['0.20', { secret: { 8: 6 }, receipt: { 7: 8 }, customer: { 6: 1 } }],
  ['0.26', { secret: { 0: 4 }, receipt: { 0: 6 }, customer: { 0: 1 } }],
] as const)('the Redis of Onetime Secret %s', (version: OldVersion, expected) => {
  let server: RedisServer
  let old: OldRedis
  let layout: Layout
  beforeAll(async () => {
    server = await startOldRedis(version)
    old = createOldRedis(parseRedisUrl(server.url))
    layout = await survey(old, undefined)
  })
  afterAll(async () => {
    old.close()
    await server.stop()
  })

  it('is found in its databases', () => {
    const plain = Object.entries(layout).map(([kind, counts]) => [kind, Object.fromEntries(counts)])
    expect(Object.fromEntries(plain)).toEqual(expected)
  })

  it('has the records that its file says, each receipt once: with its secret or alone', async () => {
    const { records } = await knownRecords(version)
    const secrets = await contents<OldSecret>(readSecrets(old, layout, TIMES))
    const receipts = await contents<OldReceipt>(readReceipts(old, layout, TIMES))
    const together = new Set<string>()
    for (const record of records) {
      const key = record.secret_key ?? record.secret_identifier ?? ''
      const receiptKey = record.metadata_key ?? record.receipt_identifier ?? ''
      const secret = secrets.get(key)
      if (record.note.startsWith('a verification mail')) {
        expect([secret, receipts.get(receiptKey)]).toMatchObject([
          { reason: 'verification' },
          { reason: 'verification' },
        ])
      } else if (record.plaintext === null) {
        const state = record.note.includes('burned') ? 'burned' : 'revealed'
        expect([secret, receipts.get(receiptKey)]).toMatchObject([undefined, { key: receiptKey, state }])
      } else {
        const ttl = record.note.includes('no TTL') ? 600_000 : expect.any(Number)
        expect(secret).toMatchObject({ key, receiptKey, receipt: { key: receiptKey, secretKey: key } })
        expect((secret as OldSecret).expires - NOW).toEqual(ttl)
        expect((secret as OldSecret).passphraseDigest !== undefined).toBe(
          (record.passphrase ?? null) !== null,
        )
        expect((secret as OldSecret).truncated).toBe(record.note.includes('truncated'))
        together.add(receiptKey)
      }
    }
    expect([...receipts.keys()].filter((key) => together.has(key))).toEqual([])
    expect(secrets.size + receipts.size).toBe(version === '0.20' ? 6 + 3 : 4 + 2)
    const owned = [...secrets.values()].find(
      (secret) => (secret as OldSecret).shareDomain === 'links.example.com',
    )
    expect(owned).toMatchObject({ receipt: { custid: 'ana@example.com', hasPassphrase: true } })
  })

  it('has the account with its recent list', async () => {
    const { tokens, accounts } = await knownRecords(version)
    const [customer] = (await contents<OldCustomer>(readCustomers(old, layout))).values()
    const [account] = accounts ?? []
    expect(customer).toMatchObject({
      email: 'ana@example.com',
      token: account?.api_token ?? tokens?.['ana@example.com'],
      ...(account && { extid: account.extid }),
    })
    expect((customer as OldCustomer).receipts).toHaveLength(4)
  })
})

describe('the records of an old Redis that are not as they should be', () => {
  const KEY = 'a'.repeat(31)
  const SECRET = {
    state: 'new',
    value: 'x',
    value_encryption: '0',
    created: '1700000000',
    metadata_key: `${KEY}r`,
  }
  let server: RedisServer
  let old: OldRedis
  const moved: (OldSecret | OldReceipt | OldCustomer)[] = []
  let whenAsked: () => Promise<unknown> = async () => undefined
  const destination: Destination = { secret: accept, receipt: accept, customer: accept }

  async function accept(record: OldSecret | OldReceipt | OldCustomer) {
    moved.push(record)
    await whenAsked()
    return { kind: 'moved' } as const
  }

  async function move(afterwards: 'keep' | 'delete' = 'keep'): Promise<Record<string, string>> {
    moved.length = 0
    const outcomes: Record<string, string> = {}
    const onOutcomes = (batch: readonly (Outcome & { id: string })[]) => {
      for (const { kind, id, result, detail } of batch) outcomes[`${kind} ${id}`] = `${result}: ${detail}`
    }
    const common = { stateOf: () => 'new', notesOf: () => [] }
    const options = { afterwards, onOutcomes }
    const layout = await survey(old, undefined)
    const { secret, receipt, customer } = destination
    await moveAll(old, readSecrets(old, layout, TIMES), { kind: 'secret', move: secret, ...common }, options)
    await moveAll(
      old,
      readReceipts(old, layout, TIMES),
      { kind: 'receipt', move: receipt, ...common },
      options,
    )
    await moveAll(old, readCustomers(old, layout), { kind: 'customer', move: customer, ...common }, options)
    return outcomes
  }

  beforeAll(async () => {
    server = await startOldRedis()
    old = createOldRedis(parseRedisUrl(server.url))
  })
  afterAll(async () => {
    old.close()
    await server.stop()
  })

  it('are named one by one, and the others are moved', async () => {
    const { client } = server
    await client.hset(`secret:${KEY}:object`, SECRET)
    await client.hset('secret:1:object', { ...SECRET, metadata_key: 'NO KEY' })
    await client.hset('secret:UPPER:object', SECRET)
    await client.hset(`secret:${'b'.repeat(63)}:object`, SECRET)
    await client.hset('secret:consumed:object', { ...SECRET, state: 'received' })
    await client.hset('secret:nostate:object', { value: 'x' })
    await client.hset('secret:badjson:object', { ...SECRET, ciphertext: '{"nonce":' })
    await client.hset('secret:large:object', { ...SECRET, value: Buffer.alloc(10 * 1024 * 1024, 7) })
    await client.hset('secret:toolarge:object', { ...SECRET, value: Buffer.alloc(64 * 1024 * 1024 + 1) })
    await client.set('secret:text:object', 'x')
    await client.zadd('secret:set:object', 1, 'x')
    await client.hset('metadata:lone:object', { state: 'viewed', secret_key: 'gone', created: '1700000000' })
    await client.hset('metadata:other:object', { state: 'new', secret_key: KEY, created: '1700000000' })
    await client.hset('metadata:damaged:object', { state: 'new' })
    await client.set('metadata:text:object', 'x')
    await client.hset('customer:bo@example.com:object', { custid: 'bo@example.com', apitoken: 'x' })
    await client.set('customer:bo@example.com:metadata', 'x')
    await client.hset('customer:GLOBAL:object', { custid: 'GLOBAL' })
    await client.hset('customer:0199-uuid:object', { custid: '"0199-uuid"' })
    expect(await move()).toEqual({
      [`secret ${KEY}`]: 'moved: new',
      'secret 1': 'moved: new',
      'secret UPPER': 'left: damaged: malformed key',
      [`secret ${'b'.repeat(63)}`]: 'left: damaged: malformed key',
      'secret consumed': 'skipped: revealed or burned',
      'secret nostate': 'left: damaged: unknown state',
      'secret badjson': 'left: damaged: malformed ciphertext',
      'secret large': 'moved: new',
      'secret toolarge': 'left: damaged: larger than 64 MB',
      'secret text': 'left: damaged: no hash',
      'secret set': 'left: damaged: no hash',
      'receipt lone': 'moved: new',
      'receipt other': 'moved: new',
      'receipt damaged': 'left: damaged: no time of creation',
      'receipt text': 'left: damaged: no hash',
      'customer bo@example.com': 'moved: new',
      'customer 0199-uuid': 'left: damaged: no email address',
    })
    expect(moved.find(({ ...record }) => 'key' in record && record.key === '1')).not.toHaveProperty(
      'receiptKey',
    )
  })

  it('have no lifespan without a TTL, so that an import never forgets them', async () => {
    const fields = { ...SECRET, created: String(NOW / 1000), lifespan: '600', metadata_key: '' }
    for (const name of ['secret:kept:object', 'secret:ending:object']) await server.client.hset(name, fields)
    await server.client.expire('secret:ending:object', 600)
    const found = await contents(readSecrets(old, await survey(old, undefined), TIMES))
    expect(found.get('ending')).toHaveProperty('lifespan', 600)
    expect(found.get('kept')).not.toHaveProperty('lifespan')
    await server.client.del('secret:kept:object', 'secret:ending:object')
  })

  it('are deleted only once they were moved', async () => {
    const { client } = server
    await client.flushall()
    await client.hset(`secret:${KEY}:object`, SECRET)
    await client.hset(`metadata:${KEY}r:object`, { state: 'new', secret_key: KEY, created: '1700000000' })
    await client.hset('secret:damaged:object', { value: 'x' })
    await client.hset('customer:bo@example.com:object', { apitoken: 'x' })
    await client.zadd('customer:bo@example.com:metadata', 1700000000, `${KEY}r`)
    await client.set('onetime:customer', 'x')
    whenAsked = async () => expect(await client.dbsize()).toBeGreaterThan(2)
    await move('delete')
    whenAsked = async () => undefined
    expect((await client.keys('*')).sort()).toEqual(['onetime:customer', 'secret:damaged:object'])
    expect(moved).toMatchObject([
      { key: KEY, receipt: { key: `${KEY}r` } },
      { receipts: [{ key: `${KEY}r` }] },
    ])
  })

  it('are not moved when they were revealed after they were read', async () => {
    const { client } = server
    await client.flushall()
    for (let i = 0; i < 300; i += 1) await client.hset(`secret:k${i}:object`, SECRET)
    let asked = 0
    whenAsked = async () => {
      asked += 1
      if (asked === 1) await client.flushall()
    }
    const outcomes = Object.values(await move())
    whenAsked = async () => undefined
    expect(outcomes.length).toBeGreaterThanOrEqual(100)
    expect(new Set(outcomes)).toEqual(new Set(['moved: new', 'skipped: expired or revealed meanwhile']))
    expect(outcomes.filter((outcome) => outcome.startsWith('moved')).length).toBe(moved.length)
  })

  it('are not moved when they were revealed between reading and moving', async () => {
    const place = { db: 0, name: 'secret:revealed:object' }
    const batches = (async function* () {
      yield [{ id: 'revealed', places: [place], content: 'read before', withoutTtl: false } as const]
    })()
    const outcomes: Outcome[] = []
    const move = () => Promise.reject(new Error('moved'))
    const moving = { kind: 'secret', move, stateOf: String, notesOf: () => [] } as const
    await moveAll(old, batches, moving, {
      afterwards: 'keep',
      onOutcomes: (batch) => outcomes.push(...batch),
    })
    expect(outcomes).toMatchObject([{ result: 'skipped', detail: 'expired or revealed meanwhile' }])
  })

  it('are only looked for in the databases that were chosen', async () => {
    const { client } = server
    await client.flushall()
    await client.hset('secret:k:object', SECRET)
    await client.hset('metadata:r:object', { state: 'new', created: '1' })
    const layout = await survey(old, { secret: 0, receipt: 7, customer: 6 })
    expect([layout.secret.size, layout.receipt.size]).toEqual([1, 0])
    await expect(survey(old, { secret: 99, receipt: 99, customer: 99 })).rejects.toThrow(
      'DB index is out of range',
    )
  })

  it('cannot be read with a wrong password, or where there is no Redis', async () => {
    for (const [url, reason] of [
      [`redis://:wrong@127.0.0.1:${server.port}`, /WRONGPASS/],
      ['redis://127.0.0.1:1', /ECONNREFUSED/],
    ] as const) {
      const wrong = createOldRedis(parseRedisUrl(url))
      await expect(survey(wrong, undefined)).rejects.toThrow(reason)
      wrong.close()
    }
  })
})
