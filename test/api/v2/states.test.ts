import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { ANA, api } from '../client.ts'
import { ana, type Client, client, type Keys, type Version } from './client.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token }, settings: { RATE_LIMIT: 'off' } })
})
afterAll(() => server.close())

const FLAGS = [
  'is_previewed',
  'is_viewed',
  'is_received',
  'is_revealed',
  'is_burned',
  'is_expired',
  'is_orphaned',
  'is_destroyed',
]
const now = () => Math.floor(server.clock.now() / 1000)

/** What happens to a secret, the state that v2 and v3 report then, the flags that are true, and v1's state. */
const STATES: readonly (readonly [
  string,
  (by: Client, keys: Keys) => Promise<unknown>,
  string,
  string[],
  string,
])[] = [
  ['was created', async () => undefined, 'new', [], 'new'],
  [
    'was viewed by its sender in v1',
    async (_by, { receiptKey }) => {
      server.clock.advance(5)
      await api(server).get(`/private/${receiptKey}`)
    },
    'new',
    [],
    'viewed',
  ],
  [
    'was revealed',
    (by, { secretKey }) => by.post(`/secret/${secretKey}/reveal`, { continue: true }),
    'revealed',
    ['is_received', 'is_revealed', 'is_destroyed'],
    'received',
  ],
  [
    'was burned',
    (by, { receiptKey }) => by.post(`/receipt/${receiptKey}/burn`, { continue: true }),
    'burned',
    ['is_burned', 'is_destroyed'],
    'burned',
  ],
  [
    'has expired',
    async () => server.clock.advance(3600),
    'expired',
    ['is_expired', 'is_destroyed'],
    'expired',
  ],
]

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 4: the states of %s', (version) => {
  it.each(STATES)('a secret that %s is reported', async (_what, happen, state, flags, v1) => {
    const by = ana(server, version)
    const created = now()
    const keys = await by.conceal({ ttl: 3600 })
    await happen(by, keys)
    const { record, details } = (await by.get(`/receipt/${keys.receiptKey}`)).body
    const isLive = state === 'new'
    expect(record).toMatchObject({
      state,
      created,
      updated: isLive ? created : now(),
      revealed: state === 'revealed' ? now() : null,
      received: state === 'revealed' ? now() : null,
      burned: state === 'burned' ? now() : null,
      secret_state: isLive ? 'new' : null,
      secret_identifier: isLive ? keys.secretKey : '',
      secret_shortid: keys.secretKey.slice(0, 8),
      share_path: isLive ? `secret/${keys.secretKey}` : null,
      share_url: isLive ? `${server.url}/secret/${keys.secretKey}` : null,
      secret_ttl: 3600,
      metadata_ttl: 3600,
    })
    expect(FLAGS.filter((flag) => record[flag])).toEqual(flags)
    expect(details).toMatchObject({
      secret_realttl: isLive ? created + 3600 - now() : null,
      can_decrypt: isLive,
      show_secret: isLive,
      show_secret_link: isLive,
      show_receipt_link: isLive,
      show_receipt: true,
    })
    if (!isLive) expect(JSON.stringify(record)).not.toContain(keys.secretKey)
    const listed = (await by.get('/receipt/recent')).body
    expect(listed.records[0]).toMatchObject({ identifier: keys.receiptKey, state, updated: record.updated })
    const group = isLive ? 'pending_receipts' : 'revealed_receipts'
    expect(listed.details[group][0]).toEqual(listed.records[0])
    expect((await api(server).get(`/private/${keys.receiptKey}`)).body['state']).toBe(v1)
  })

  it('keeps details of a passphrase to itself once the secret is gone', async () => {
    const by = client(server, version)
    const { receiptKey } = await by.conceal({ passphrase: 'b' })
    expect((await by.get(`/receipt/${receiptKey}`)).body.details).toMatchObject({
      has_passphrase: true,
      can_decrypt: true,
      show_secret: false,
    })
    await by.post(`/receipt/${receiptKey}/burn`, { continue: true, passphrase: 'b' })
    expect((await by.get(`/receipt/${receiptKey}`)).body.details).toMatchObject({
      has_passphrase: false,
      can_decrypt: false,
    })
  })
})

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 4: the recent list of %s', (version) => {
  it('F27: has the last 30 days, what changed last first, and no secret key', async () => {
    const list = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
    const owner = ana(list, version)
    const at = () => Math.floor(list.clock.now() / 1000)
    const old = await owner.conceal({ ttl: 30 * 86_400 })
    list.clock.advance(86_400)
    const month = { ttl: 30 * 86_400 }
    const keys = [await owner.conceal(month), await owner.conceal({ ...month, passphrase: 'b' })]
    list.clock.advance(60)
    await owner.post(`/secret/${old.secretKey}/reveal`, { continue: true })
    const { body } = await owner.get('/receipt/recent?scope=org')
    expect(body).toMatchObject({
      success: true,
      custid: ANA.email,
      count: 3,
      details: {
        type: 'list',
        scope: null,
        scope_label: null,
        since: at() - 30 * 86_400,
        now: at(),
        has_items: true,
      },
    })
    expect(Object.keys(body).sort()).toEqual(['count', 'custid', 'details', 'records', 'success'])
    const newestFirst = [old, ...keys.toReversed()].map(({ receiptKey }) => receiptKey)
    expect(body.records.map((record: { identifier: string }) => record.identifier)).toEqual(newestFirst)
    for (const record of body.records) expect(record.secret_identifier).toBeNull()
    for (const { secretKey } of [old, ...keys]) expect(JSON.stringify(body)).not.toContain(secretKey)
    list.clock.advance(29 * 86_400)
    expect((await owner.get('/receipt/recent')).body.count).toBe(2)
    await list.close()
  })

  it('is empty for an account without secrets', async () => {
    const list = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
    const { body } = await ana(list, version).get('/receipt/recent')
    expect(body).toMatchObject({ count: 0, records: [] })
    expect(body.details).toMatchObject({ has_items: false, revealed_receipts: [], pending_receipts: [] })
    await list.close()
  })
})

describe('docs/api/v2.md section 3: /private', () => {
  it('is an alias of /receipt in v2, and unknown in v3', async () => {
    const [v2, v3] = [ana(server, 'v2'), ana(server, 'v3')]
    const { receiptKey } = await v2.conceal()
    expect((await v2.get(`/private/${receiptKey}`)).body).toEqual(
      (await v2.get(`/receipt/${receiptKey}`)).body,
    )
    expect((await v2.get('/private/recent')).body).toEqual((await v2.get('/receipt/recent')).body)
    for (const path of [`/private/${receiptKey}`, '/private/recent']) {
      expect((await v3.get(path)).body).toEqual({ error: 'Not Found', error_type: 'NotFound' })
    }
    expect((await v3.post(`/private/${receiptKey}/burn`, { continue: true })).status).toBe(404)
    expect((await v2.post(`/private/${receiptKey}/burn`, { continue: true })).body.success).toBe(true)
  })
})
