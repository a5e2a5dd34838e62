import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { urNameOf } from '../../../src/accounts/ur-name.ts'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { ANA } from '../client.ts'
import { ana, type Client, client, NOBODY, type Version } from './client.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: 'off', SHARE_DOMAINS: 'links.example.com' },
  })
})
afterAll(() => server.close())

const KEY = /^[a-z0-9]{31}$/
const now = () => Math.floor(server.clock.now() / 1000)

/** Returns the whole record of a new secret. */
function secretRecord(secretKey: string, changes: object = {}): object {
  return {
    identifier: secretKey,
    key: secretKey,
    shortid: secretKey.slice(0, 8),
    state: 'new',
    lifespan: 3600,
    secret_ttl: 3600,
    has_passphrase: false,
    verification: false,
    created: now(),
    updated: now(),
    is_previewed: false,
    is_revealed: false,
    is_viewed: false,
    is_received: false,
    ...changes,
  }
}

/** Returns the whole record of the receipt of a new secret. */
function receiptRecord(
  version: Version,
  receiptKey: string,
  secretKey: string,
  changes: object = {},
): object {
  return {
    identifier: receiptKey,
    key: receiptKey,
    shortid: receiptKey.slice(0, 8),
    ...(version === 'v2' && { custid: null }),
    owner_id: null,
    state: 'new',
    secret_shortid: secretKey.slice(0, 8),
    secret_identifier: secretKey,
    secret_ttl: 3600,
    metadata_ttl: 3600,
    receipt_ttl: 3600,
    lifespan: 3600,
    share_domain: null,
    created: now(),
    updated: now(),
    shared: null,
    previewed: null,
    revealed: null,
    viewed: null,
    received: null,
    burned: null,
    recipients: version === 'v2' ? '' : null,
    recipient_name: null,
    memo: null,
    show_recipients: false,
    is_previewed: false,
    is_viewed: false,
    is_received: false,
    is_revealed: false,
    is_burned: false,
    is_expired: false,
    is_orphaned: false,
    is_destroyed: false,
    has_passphrase: false,
    kind: 'conceal',
    source: 'standard',
    ...changes,
  }
}

/** Returns the addresses of a receipt. */
function addresses(receiptKey: string, secretKey: string | undefined): object {
  const path = `receipt/${receiptKey}`
  return {
    natural_expiration: '60 minutes',
    expiration: now() + 3600,
    expiration_in_seconds: 3600,
    share_path: secretKey === undefined ? null : `secret/${secretKey}`,
    burn_path: `${path}/burn`,
    receipt_path: path,
    metadata_path: path,
    share_url: secretKey === undefined ? null : `${server.url}/secret/${secretKey}`,
    receipt_url: `${server.url}/${path}`,
    metadata_url: `${server.url}/${path}`,
    burn_url: `${server.url}/${path}/burn`,
  }
}

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 4: the responses of %s', (version) => {
  let anybody: Client
  beforeAll(() => {
    anybody = client(server, version)
  })

  it.each(['', '/guest'])(
    'conceal at %s/secret/conceal answers receipt, secret and details',
    async (base) => {
      const answer = await anybody.post(`${base}/secret/conceal`, {
        secret: { kind: 'conceal', secret: 'hunter2', ttl: 3600, passphrase: '', share_domain: '' },
      })
      const { receipt, secret } = answer.body.record
      expect(receipt.identifier).toMatch(KEY)
      expect(secret.identifier).toMatch(KEY)
      const record = receiptRecord(version, receipt.identifier, secret.identifier)
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.body).toEqual({
        success: true,
        record: {
          receipt: record,
          ...(version === 'v2' && { metadata: record }),
          secret: secretRecord(secret.identifier),
          share_domain: null,
        },
        details: { kind: 'conceal', recipient: [], recipient_safe: [] },
      })
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    },
  )

  it("names the sender's account, the recipients and the share domain of an account's secret", async () => {
    const { body } = await ana(server, version).post('/secret/conceal', {
      secret: {
        secret: 'a',
        recipient: ['foo@example.com', '', 'bar@example.com'],
        share_domain: 'links.example.com',
        passphrase: 'b',
      },
    })
    expect(body.record.receipt).toMatchObject({
      ...(version === 'v2' && { custid: ANA.email }),
      owner_id: urNameOf(ANA.email),
      recipients:
        version === 'v2'
          ? 'fo*****@e*****.com, ba*****@e*****.com'
          : ['fo*****@e*****.com', 'ba*****@e*****.com'],
      show_recipients: true,
      has_passphrase: true,
      share_domain: 'links.example.com',
    })
    expect('custid' in body.record.receipt).toBe(version === 'v2')
    expect(body.record.share_domain).toBe('links.example.com')
    expect(body.record.secret.has_passphrase).toBe(true)
    expect(body.details).toEqual({
      kind: 'conceal',
      recipient: ['foo@example.com', 'bar@example.com'],
      recipient_safe: ['fo*****@e*****.com', 'ba*****@e*****.com'],
    })
    const shown = await anybody.get(`/receipt/${body.record.receipt.identifier}`)
    expect(shown.body.record.share_url).toBe(
      `http://links.example.com/secret/${body.record.secret.identifier}`,
    )
    expect(shown.body.details).toMatchObject({
      has_passphrase: true,
      show_secret: false,
      show_secret_link: false,
      show_recipients: true,
    })
  })

  it('generate answers the value in the record of the secret, and no receipt has it', async () => {
    const { body } = await anybody.post('/secret/generate', { secret: { ttl: 3600 } })
    const { secret, receipt } = body.record
    expect(secret).toEqual(
      secretRecord(secret.identifier, { secret_value: expect.stringMatching(/^[a-zA-Z0-9*$!?()]{12}$/) }),
    )
    expect(body.details.kind).toBe('generate')
    const shown = await anybody.get(`/receipt/${receipt.identifier}`)
    expect([receipt.kind, shown.body.record.kind]).toEqual(['generate', 'generate'])
    expect(JSON.stringify(shown.body)).not.toContain(secret.secret_value)
    expect(shown.body.details.secret_value).toBeNull()
    const revealed = await anybody.post(`/secret/${secret.identifier}/reveal`, { continue: true })
    expect(revealed.body.record.secret_value).toBe(secret.secret_value)
  })

  it.each(['', '/guest'])('a look at %s/secret/:id answers the secret without its value', async (base) => {
    for (const passphrase of ['', 'b']) {
      const { secretKey } = await anybody.conceal({ ttl: 3600, passphrase })
      const answer = await anybody.get(`${base}/secret/${secretKey}`)
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.body).toEqual({
        record: secretRecord(secretKey, { has_passphrase: passphrase !== '' }),
        details: {
          continue: false,
          is_owner: false,
          show_secret: false,
          correct_passphrase: passphrase === '',
          display_lines: 4,
          one_liner: null,
        },
      })
    }
  })

  it.each(['', '/guest'])('%s/secret/:id/reveal answers the secret with its value, once', async (base) => {
    const created = now()
    for (const passphrase of ['', 'b']) {
      const { secretKey } = await anybody.conceal({ ttl: 3600, passphrase, secret: 'two\nlines' })
      const answer = await anybody.post(`${base}/secret/${secretKey}/reveal`, { continue: true, passphrase })
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.body).toEqual({
        record: secretRecord(secretKey, {
          created,
          state: 'revealed',
          has_passphrase: passphrase !== '',
          is_revealed: true,
          is_received: true,
          secret_value: 'two\nlines',
        }),
        details: {
          continue: true,
          is_owner: false,
          show_secret: true,
          correct_passphrase: true,
          display_lines: 5,
          one_liner: false,
        },
      })
    }
  })

  it.each([
    ['a', 4, true],
    ['a'.repeat(79), 4, true],
    ['a'.repeat(80), 5, true],
    ['a'.repeat(9000), 30, true],
    ['a\nb\n', 6, false],
  ])('counts the lines that the value takes on a page', async (secret, display_lines, one_liner) => {
    const { secretKey } = await anybody.conceal({ secret })
    const { body } = await anybody.post(`/secret/${secretKey}/reveal`, { continue: true })
    expect(body.details).toMatchObject({ display_lines, one_liner })
  })

  it('says when a secret was revealed', async () => {
    const { secretKey } = await anybody.conceal({ ttl: 3600 })
    server.clock.advance(10)
    const { body } = await anybody.post(`/secret/${secretKey}/reveal`, { continue: true })
    expect(body.record).toMatchObject({ created: now() - 10, updated: now() })
  })

  it('status answers the secret and the seconds left, and unknown for any other', async () => {
    const { secretKey } = await anybody.conceal({ ttl: 3600 })
    const created = now()
    server.clock.advance(59.5)
    const answer = await anybody.get(`/secret/${secretKey}/status`)
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.body).toEqual({
      record: secretRecord(secretKey, { created, updated: created }),
      details: { current_expiration: 3541 },
    })
    await anybody.post(`/secret/${secretKey}/reveal`, { continue: true })
    for (const key of [secretKey, NOBODY, 'no-key', '%25']) {
      const unknown = await anybody.get(`/secret/${key}/status`)
      expect(unknown).toMatchObject({ status: 200 })
      expect(unknown.body).toEqual({ record: { state: 'unknown' } })
    }
  })

  it('status of several secrets answers those that are available, named in a string or an array', async () => {
    const keys = [await anybody.conceal({ ttl: 3600 }), await anybody.conceal({ ttl: 3600 })]
    const [first = '', second = ''] = keys.map(({ secretKey }) => secretKey)
    for (const identifiers of [`${first}, ${NOBODY},${second},`, [first, 'no key', second]]) {
      const answer = await anybody.post('/secret/status', { identifiers })
      expect(answer.body).toEqual({ records: [secretRecord(first), secretRecord(second)], count: 2 })
    }
    expect((await anybody.form('/secret/status', { 'identifiers[]': first })).body.count).toBe(1)
    expect((await anybody.post('/secret/status')).body).toEqual({ records: [], count: 0 })
    await anybody.post(`/secret/${first}/reveal`, { continue: true })
    expect((await anybody.post('/secret/status', { identifiers: first })).body.count).toBe(0)
  })

  it.each(['', '/guest'])('a look at %s/receipt/:id answers the receipt with its addresses', async (base) => {
    const { secretKey, receiptKey } = await anybody.conceal({ ttl: 3600 })
    for (const _ of ['the first look', 'the second']) {
      const answer = await anybody.get(`${base}/receipt/${receiptKey}`)
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.body).toEqual({
        record: {
          ...receiptRecord(version, receiptKey, secretKey),
          ...addresses(receiptKey, secretKey),
          secret_state: 'new',
        },
        details: {
          type: 'record',
          display_lines: 4,
          no_cache: true,
          secret_realttl: 3600,
          view_count: 0,
          first_access: null,
          last_access: null,
          has_passphrase: false,
          can_decrypt: true,
          secret_value: null,
          show_secret: true,
          show_secret_link: true,
          show_receipt_link: true,
          show_receipt: true,
          show_recipients: false,
        },
      })
    }
  })

  it.each(['', '/guest'])('%s/receipt/:id/burn answers the receipt as it is then', async (base) => {
    const { secretKey, receiptKey } = await anybody.conceal({ ttl: 3600 })
    const answer = await anybody.post(`${base}/receipt/${receiptKey}/burn`, { continue: true })
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.body).toEqual({
      success: true,
      record: {
        ...receiptRecord(version, receiptKey, secretKey, {
          state: 'burned',
          secret_identifier: '',
          burned: now(),
          is_burned: true,
          is_destroyed: true,
        }),
        ...addresses(receiptKey, undefined),
      },
      details: {
        type: 'record',
        title: 'Secret burned',
        display_lines: 0,
        display_feedback: false,
        no_cache: true,
        view_count: 0,
        has_passphrase: false,
        can_decrypt: false,
        show_secret: false,
        show_secret_link: false,
        show_receipt_link: false,
        show_receipt: true,
        show_recipients: false,
        is_orphaned: false,
      },
    })
    const again = await anybody.post(`${base}/receipt/${receiptKey}/burn`, { continue: true })
    expect(again).toMatchObject({ status: 200, body: { success: false, record: { state: 'burned' } } })
  })

  it.each([
    [60, '60 seconds'],
    [61, '1 minutes'],
    [3600, '60 minutes'],
    [3661, '1 hours'],
    [86_400, '24 hours'],
    [86_401, '1 days'],
    [604_800, '7 days'],
  ])('says %d seconds in words', async (ttl, natural_expiration) => {
    const { receiptKey } = await anybody.conceal({ ttl })
    expect((await anybody.get(`/receipt/${receiptKey}`)).body.record).toMatchObject({ natural_expiration })
  })

  it('answers about the server itself', async () => {
    const success = version === 'v2' && { success: true }
    const german = { 'accept-language': 'de' }
    expect((await anybody.get('/status', german)).body).toEqual({
      ...success,
      status: 'nominal',
      locale: 'de',
    })
    expect((await anybody.get('/version')).body).toEqual({
      ...success,
      version: [expect.stringMatching(/^\d+$/)],
      locale: 'en',
    })
    expect((await ana(server, version).get('/version')).body.version).toHaveLength(3)
    expect((await anybody.get('/supported-locales')).body).toEqual({
      ...success,
      locales: expect.arrayContaining(['de', 'en']),
      default_locale: 'en',
      locale: 'en',
    })
  })
})

describe('docs/api/v2.md section 3: the receipts of several secrets', () => {
  it('are answered by v3 to anybody, named in a string or an array, also in capitals', async () => {
    const anybody = client(server, 'v3')
    const { secretKey, receiptKey } = await anybody.conceal({ ttl: 3600 })
    const record = receiptRecord('v3', receiptKey, secretKey)
    for (const identifiers of [receiptKey, [receiptKey.toUpperCase(), NOBODY, '']]) {
      const answer = await anybody.post('/guest/receipts', { identifiers })
      expect(answer.body).toEqual({ records: [record], count: 1 })
    }
  })
})
