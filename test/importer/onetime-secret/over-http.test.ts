import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Config, loadConfig } from '../../../src/config/load.ts'
import type { ImportContext } from '../../../src/importer/onetime-secret/context.ts'
import { importCustomer } from '../../../src/importer/onetime-secret/import-customer.ts'
import { importReceipt } from '../../../src/importer/onetime-secret/import-receipt.ts'
import { importSecret } from '../../../src/importer/onetime-secret/import-secret.ts'
import type { OldReceipt, OldSecret } from '../../../src/importer/onetime-secret/old-records.ts'
import { openBackend } from '../../../src/server/backend.ts'
import { type RunningServer, startServer } from '../../../src/server/server.ts'
import { type Api, api, basic, failure, unknownSecret } from '../../api/client.ts'
import { client } from '../../api/v2/client.ts'
import { START } from '../../secrets/stage.ts'
import { type RedisServer, startRedis } from '../../support/redis.ts'
import { ROOT_KEY } from '../../support/root-keys.ts'
import { exchange } from '../../support/wire.ts'
import { Visitor } from '../../web/visitor.ts'
import { cbc, envelopes, OLD_TTL, oldKey, oldProtected, oldReceipt, oldSecret, oldSecretOf } from './old.ts'

const EMAIL = 'ana@example.com'
const EXTID = 'urmrnpfr5yuvi0ecnmrb7432wc'
const TOKEN = '3751957c4112497e53c556955a8b050f8e8d7e37'
const GONE = 'There is no secret here'

const now = () => START
const overrides = { now, logger: pino({ level: 'silent' }) }
const settings = {
  ROOT_KEY,
  PORT: '0',
  LOG_LEVEL: 'silent',
  RATE_LIMIT: 'off',
  TRUST_PROXY: '1',
  IMPORTED_SITE_SECRET: cbc.siteSecret,
}
const siteSecrets = [cbc.siteSecret, envelopes.siteSecret, 'a site secret that the settings lack']

describe.each(['the embedded store', 'Redis'])('what was imported into %s', (kind) => {
  let redis: RedisServer | undefined
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-imported-'))
  let config: Config
  let server: RunningServer
  let v1: Api

  const real = [...cbc.texts, ...envelopes.texts]
  const open = real.filter(({ digest }) => digest === null)
  const locked = real.filter(({ digest }) => digest !== null)
  const secrets = {
    viewed: owned({ key: oldKey(31), receiptKey: oldKey(31), state: 'previewed' }),
    burnedByV1: owned({}),
    burnedByV2: owned({}),
    burnedOnPage: owned({}),
    // As long as a key of ours.
    raced: owned({ key: oldKey(31), receiptKey: oldKey(31) }),
    racedByBoth: owned({}),
    short: owned({ key: 'x7', receiptKey: 'y' }),
  }
  const past = oldReceipt({ key: oldKey(31), state: 'burned', burned: START / 1000 - 60, custid: EMAIL })
  const unreadable = oldProtected('tulip', 'never read', { siteSecret: siteSecrets[2] ?? '' })

  beforeAll(async () => {
    if (kind === 'Redis') redis = await startRedis()
    config = loadConfig({ ...settings, DATA_DIR: folder, ...(redis && { REDIS_URL: redis.url }) }, () => '')
    const { store, ring } = await openBackend(config)
    const context: ImportContext = {
      secrets: { store: store.secrets, imports: store.imports, ring, now },
      accounts: { store: store.accounts, ring, now },
      siteSecrets,
    }
    for (const old of [...real.map(oldSecretOf), ...Object.values(secrets), unreadable])
      expect(await importSecret(context, old)).toEqual({ kind: 'moved' })
    expect(await importReceipt(context, past)).toEqual({ kind: 'moved' })
    const receipts = [secrets.viewed.receiptKey ?? '', past.key].map((key) => ({ key, at: START }))
    expect(await importCustomer(context, { email: EMAIL, extid: EXTID, token: TOKEN, receipts })).toEqual({
      kind: 'moved',
      receipts: 2,
    })
    await store.close()
    server = await startServer(config, overrides)
    v1 = api(server)
  })
  afterAll(async () => {
    await server.stop()
    await redis?.stop()
    rmSync(folder, { recursive: true })
  })

  it.each(open)('opens once by its old link, by v1, v2 or on its page: $text', async ({ key, text }) => {
    const way = open.findIndex((each) => each.key === key) % 3
    const [v2, visitor, path] = [client(server, 'v2'), new Visitor(server), `/secret/${key}`]
    expect(await visitor.get(path)).toMatchObject({ status: 200, heading: 'A secret is waiting for you' })
    expect((await v2.get(path)).body.record).toMatchObject({ identifier: key, state: 'new' })
    if (way === 0) expect((await v1.post(path)).body).toEqual({ value: text, secret_key: key })
    if (way === 1) {
      const { body } = await v2.post(`${path}/reveal`, { continue: 'true' })
      expect(body.record).toMatchObject({ identifier: key, secret_value: text })
    }
    if (way === 2) expect(textIn(await visitor.fill(path))).toBe(text)
    expect(await v1.post(path)).toEqual(unknownSecret(key))
    expect((await v2.post(`${path}/reveal`, { continue: 'true' })).status).toBe(404)
    expect(await visitor.get(path)).toMatchObject({ status: 404, heading: GONE })
  })

  it.each(locked)('opens with its old passphrase only: $text', async ({ key, text, passphrase }) => {
    const path = `/secret/${key}`
    expect((await new Visitor(server).get(path)).text).toContain('type="password"')
    expect(await v1.post(path)).toEqual(unknownSecret(key))
    expect(await v1.post(path, { passphrase: 'wrong' })).toEqual(unknownSecret(key))
    const v2 = client(server, 'v2')
    expect((await v2.post(`${path}/reveal`, { passphrase: 'wrong', continue: 'true' })).status).toBe(422)
    const checked = await v2.post(`${path}/reveal`, { passphrase })
    expect(checked.body.record).toMatchObject({ identifier: key, has_passphrase: true })
    const { body } = await v1.post(path, { passphrase: passphrase ?? '' })
    expect(body).toEqual({ value: text, secret_key: key })
    expect(await v1.post(path, { passphrase: passphrase ?? '' })).toEqual(unknownSecret(key))
  })

  it('shows a receipt under its old key, with the old secret link', async () => {
    const { key, receiptKey = '' } = secrets.viewed
    const { body } = await v1.get(`/private/${receiptKey}`)
    expect(body).toMatchObject({ metadata_key: receiptKey, secret_key: key, state: 'viewed', custid: EMAIL })
    expect(body).toMatchObject({
      ttl: OLD_TTL,
      created: START / 1000 - 3600,
      share_domain: 'links.example.com',
    })
    const { record } = (await client(server, 'v2').get(`/receipt/${receiptKey}`)).body
    expect(record).toMatchObject({ identifier: receiptKey, secret_identifier: key, memo: 'for Leo' })
    expect(record.share_url).toBe(`http://links.example.com/secret/${key}`)
    expect((await new Visitor(server).get(`/private/${receiptKey}`)).text).toContain(`/secret/${key}`)
    const { records } = (await client(server, 'v3').post('/guest/receipts', { identifiers: [receiptKey] }))
      .body
    expect(records).toMatchObject([{ identifier: receiptKey }])
  })

  it('shows the receipt of a secret that is gone, and lists it to the account by its old token and name', async () => {
    const { body } = await v1.get(`/private/${past.key}`)
    expect(body).toMatchObject({ metadata_key: past.key, state: 'burned', updated: past.burned })
    for (const user of [EMAIL, EXTID]) {
      const { body: list } = await api(server, basic(user, TOKEN)).get('/private/recent')
      const listed = (list as unknown as { metadata_key: string }[]).map(({ metadata_key }) => metadata_key)
      expect(listed.sort()).toEqual([past.key, secrets.viewed.receiptKey].sort())
    }
    expect((await api(server, basic(EXTID, `${TOKEN}x`)).get('/private/recent')).intended).toBe(401)
  })

  it('is burned by its old receipt key, by v1, v2 and on its page', async () => {
    const { burnedByV1, burnedByV2, burnedOnPage } = secrets
    const { body } = await v1.post(`/private/${burnedByV1.receiptKey}/burn`)
    expect(body).toMatchObject({
      state: { metadata_key: burnedByV1.receiptKey, state: 'burned' },
      secret_shortkey: burnedByV1.key.slice(0, 6),
    })
    const v2 = client(server, 'v2')
    const burn = (params: object) => v2.post(`/receipt/${burnedByV2.receiptKey}/burn`, params)
    expect((await burn({})).body).toMatchObject({ success: false, record: { state: 'new' } })
    expect((await burn({ continue: 'true' })).body).toMatchObject({
      success: true,
      record: { state: 'burned' },
    })
    const { record } = (await v2.get(`/receipt/${burnedByV2.receiptKey}`)).body
    expect(record).toMatchObject({ secret_shortid: burnedByV2.key.slice(0, 8), secret_identifier: '' })
    const visitor = new Visitor(server)
    const [page, action] = [`/private/${burnedOnPage.receiptKey}`, `/private/${burnedOnPage.receiptKey}/burn`]
    const burned = await visitor.submit(await visitor.get(page), action)
    expect(burned).toMatchObject({ status: 303, location: page })
    expect((await v1.get(page)).body['state']).toBe('burned')
    for (const { key } of [burnedByV1, burnedByV2, burnedOnPage])
      expect(await v1.post(`/secret/${key}`)).toEqual(unknownSecret(key))
  })

  it('leaves one winner of 50 reveals on 50 connections, and of 25 reveals against 25 burns', async () => {
    const { raced, racedByBoth } = secrets
    const all = await race(() => `/secret/${raced.key}`)
    const winners = all.filter(({ status }) => status === 200)
    expect(winners.map((answer) => answer.json()['value'])).toEqual(['kept by the old server'])
    for (const loser of all.filter((answer) => !winners.includes(answer)))
      expect(loser.json()).toEqual(unknownSecret(raced.key).body)
    const paths = [`/secret/${racedByBoth.key}`, `/private/${racedByBoth.receiptKey}/burn`]
    const both = await race((index) => paths[index % 2] ?? '')
    const won = both.flatMap(({ status }, index) => (status === 200 ? [index % 2] : []))
    expect(won).toHaveLength(1)
    const { body } = await v1.get(`/private/${racedByBoth.receiptKey}`)
    expect(body['state']).toBe(won[0] === 0 ? 'received' : 'burned')
  })

  it('leads from a link with something around its key to the clean one', async () => {
    const [{ key }] = [secrets.viewed]
    const long = open.find((each) => each.key.length === 62)?.key ?? ''
    const visitor = new Visitor(server)
    for (const form of [`${secrets.short.key}.`, `${secrets.short.key.toUpperCase()}`])
      expect(await visitor.get(`/secret/${form}`)).toMatchObject({ status: 303, location: '/secret/x7' })
    expect(await visitor.get(`/secret/${long}%20`)).toMatchObject({
      status: 303,
      location: `/secret/${long}`,
    })
    expect(await visitor.get(`/receipt/${secrets.short.receiptKey}`)).toMatchObject({
      location: '/private/y',
    })
    expect((await visitor.get(`/secret/${key.slice(1)}`)).heading).toBe('This link is incomplete')
    expect((await visitor.get(`/secret/${secrets.short.key}`)).status).toBe(200)
    expect((await v1.post(`/secret/${secrets.short.key}`)).body.value).toBe('kept by the old server')
  })

  it('stays, and is 503, while its site secret is missing', async () => {
    const path = `/secret/${unreadable.key}`
    expect(await v1.post(path, { passphrase: 'rose' })).toEqual(unknownSecret(unreadable.key))
    for (let count = 0; count < 2; count += 1)
      expect(await v1.post(path, { passphrase: 'tulip' })).toMatchObject(
        failure(503, 'The service is not available at the moment'),
      )
    expect((await client(server, 'v2').get(path)).body.record).toMatchObject({ state: 'new' })
    const { body } = await v1.get(`/private/${unreadable.receiptKey}`)
    expect(body).toMatchObject({ state: 'new', passphrase_required: true })
  })

  it('F6: is reached by no crafted key', async () => {
    const { key } = unreadable
    for (const crafted of [
      `${key}*`,
      `{${key}}`,
      `${key}%00`,
      `..%2f${key}`,
      key.toUpperCase(),
      oldKey(63),
      oldKey(62),
      `${key}${key}`,
    ])
      expect((await v1.post(`/secret/${crafted}`, { passphrase: 'tulip' })).intended).toBe(404)
  })

  it('makes readiness warn of a missing site secret', async () => {
    const ready = async () => (await fetch(`${server.url}/health/ready`)).json()
    expect(await ready()).toEqual({ status: 'ready' })
    await server.stop()
    server = await startServer({ ...config, importedSiteSecrets: [] }, overrides)
    expect(await ready()).toEqual({
      status: 'ready',
      warnings: [expect.stringMatching(/^IMPORTED_SITE_SECRET is missing.* until 2026-01-22T11:00:00.000Z$/)],
    })
  })

  function race(path: (index: number) => string) {
    return Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const head = [`POST /api/v1${path(index)} HTTP/1.1`, `X-Forwarded-For: 203.0.113.${index}`]
        return exchange(server.url, [...head, 'Content-Length: 0'].join('\n'))
      }),
    )
  }
})

/** Returns a secret of the account with a receipt. */
function owned({
  key = oldKey(),
  receiptKey = oldKey(),
  state = 'new',
}: {
  readonly key?: string
  readonly receiptKey?: string
  readonly state?: OldReceipt['state']
}): OldSecret {
  const receipt = oldReceipt({ key: receiptKey, secretKey: key, state, custid: EMAIL, memo: 'for Leo' })
  return oldSecret({ key, receipt, shareDomain: 'links.example.com' })
}

function textIn({ text }: { readonly text: string }): string | undefined {
  return /<pre[^>]*>\n?([^<]*)<\/pre>/.exec(text)?.[1]
}
