// The newer names of `/receipt` and `/create`: docs/api/v1.md section 4, "Newer names".
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { ANA, api, type Body, basic } from '../client.ts'

const CREATED = [
  'custid',
  'metadata_key',
  'secret_key',
  'ttl',
  'metadata_ttl',
  'secret_ttl',
  'state',
  'updated',
  'created',
  'recipient',
  'share_domain',
  'passphrase_required',
]
const PENDING = CREATED.filter((name) => name !== 'share_domain')
const GONE = PENDING.filter((name) => name !== 'secret_key' && name !== 'secret_ttl')
const NEWER = [
  'identifier',
  'secret_identifier',
  'has_passphrase',
  'recipients',
  'receipt_ttl',
  'receipt_url',
  'metadata_url',
]

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { PUBLIC_URL: 'https://secrets.example.com/ots' },
  })
})
afterAll(() => server.close())

const ana = () => api(server, basic())

/** Returns a Metadata object as the older names have it, and checks that the newer names say the same. */
function older(metadata: Body): Record<string, unknown> {
  const { identifier, has_passphrase, recipients, receipt_ttl, receipt_url, metadata_url, ...rest } = metadata
  const { secret_identifier, ...kept } = rest
  const url = `https://secrets.example.com/ots/receipt/${metadata.metadata_key}`
  expect({
    identifier,
    secret_identifier,
    has_passphrase,
    recipients,
    receipt_ttl,
    receipt_url,
    metadata_url,
  }).toEqual({
    identifier: metadata.metadata_key,
    secret_identifier: metadata.secret_key,
    has_passphrase: metadata['passphrase_required'],
    recipients: metadata['recipient'],
    receipt_ttl: metadata['metadata_ttl'],
    receipt_url: url,
    metadata_url: url,
  })
  return kept
}

const names = (body: unknown) => Object.keys(body as object).sort()
const sorted = (...lists: string[][]) => lists.flat().sort()
const without = (list: string[], name: string) => list.filter((each) => each !== name)

describe('the newer names of v1', () => {
  it('are on the answer of create, beside all that share answers', async () => {
    const params = { secret: 'x', ttl: '3600', passphrase: 'p', recipient: 'foo@example.com' }
    const { body } = await ana().post('/create', params)
    expect(names(body)).toEqual(sorted(CREATED, NEWER))
    expect(older(body)).toMatchObject({ custid: ANA.email, ttl: 3600, passphrase_required: true })
    expect(body).toMatchObject({
      recipients: ['fo*****@e*****.com'],
      has_passphrase: true,
      receipt_ttl: 7200,
    })
  })

  it('are on a receipt while its secret is available, and name no secret key once it is gone', async () => {
    const { body: created } = await ana().post('/create', { secret: 'x' })
    const path = `/receipt/${created['identifier']}`
    for (const method of ['GET', 'POST'] as const) {
      const { body } = await ana().call(method, path)
      expect(names(body)).toEqual(sorted(PENDING, NEWER))
      older(body)
    }
    await ana().post(`/secret/${created['secret_identifier']}`)
    const { body: gone } = await ana().get(path)
    expect(names(gone)).toEqual(sorted(GONE, ['received'], without(NEWER, 'secret_identifier')))
    older(gone)
  })

  it('are on the answer to a burn', async () => {
    const { body: created } = await ana().post('/create', { secret: 'x' })
    const { body } = await ana().post(`/receipt/${created['identifier']}/burn`)
    expect(names(body)).toEqual(['secret_shortkey', 'state'])
    expect(names(body['state'])).toEqual(sorted(GONE, without(NEWER, 'secret_identifier')))
    expect(older(body['state'] as Body)['state']).toBe('burned')
  })

  it('F27: are on the recent list, and name no secret key there', async () => {
    const { body: created } = await ana().post('/create', { secret: 'x' })
    for (const method of ['GET', 'POST'] as const) {
      const { body } = await ana().call(method, '/receipt/recent')
      const list = body as unknown as Body[]
      expect(list.length).toBeGreaterThan(0)
      expect(list.map((receipt) => receipt['identifier'])).toContain(created['identifier'])
      for (const receipt of list) older(receipt)
      expect(JSON.stringify(list)).not.toContain(created.secret_key)
    }
  })

  it('give the address of the page that shows the receipt', async () => {
    const { body } = await ana().post('/create', { secret: 'x' })
    const page = await fetch(String(body['receipt_url']).replace('https://secrets.example.com', server.url))
    expect(page.status).toBe(200)
    expect(await page.text()).toContain(`/private/${body.metadata_key}`)
  })

  it('are on no other path, whose answers have exactly the older names', async () => {
    expect(names((await ana().get('/status')).body)).toEqual(['status'])
    expect(names((await ana().get('/authcheck')).body)).toEqual(['status'])
    const generated = (await ana().post('/generate')).body
    expect(names(generated)).toEqual(sorted(CREATED, ['value']))

    for (const prefix of ['/private', '/metadata']) {
      const shared = (await ana().post('/share', { secret: 'x' })).body
      expect(names(shared)).toEqual(sorted(CREATED))
      for (const method of ['GET', 'POST']) {
        const { body } = await ana().call(method, `${prefix}/${shared.metadata_key}`)
        expect(names(body)).toEqual(sorted(PENDING))
      }
      const revealed = await ana().post(`/secret/${shared.secret_key}`)
      expect(names(revealed.body)).toEqual(['secret_key', 'value'])
      const { body: received } = await ana().get(`${prefix}/${shared.metadata_key}`)
      expect(names(received)).toEqual(sorted(GONE, ['received']))

      const other = (await ana().post('/share', { secret: 'x' })).body
      const { body: burned } = await ana().post(`${prefix}/${other.metadata_key}/burn`)
      expect(names(burned)).toEqual(['secret_shortkey', 'state'])
      expect(names(burned['state'])).toEqual(sorted(GONE))

      const { body: recent } = await ana().get(`${prefix}/recent`)
      for (const metadata of recent as unknown as Body[]) {
        const more = metadata['state'] === 'received' ? ['received'] : []
        const ttl = 'secret_ttl' in metadata ? ['secret_ttl'] : []
        expect(names(metadata)).toEqual(sorted(GONE, more, ttl))
      }
    }
  })
})
