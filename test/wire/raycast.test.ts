// The Raycast extension one-time-secret, src/one-time-secret-client.ts and recent-secrets.tsx: bytes as recorded from that
// fetch on Node.js 20. It asks /private, burns with `continue` as a string, and hides "Burn" for what it takes for viewed. Its
// five hosts are fixed.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { BASIC, basic, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `host: {host}
  connection: keep-alive
  Accept: application/json
  Content-Type: application/json
  Authorization: {authorization}
  accept-language: *
  sec-fetch-mode: cors
  user-agent: node
  accept-encoding: gzip, deflate
  content-length: {length}`,
)

async function requestJson(
  request: string,
  body?: object,
  authorization: string | undefined = BASIC,
): Promise<unknown> {
  const [method, path] = request.split(' ')
  const parts = body === undefined ? { authorization } : { authorization, body: JSON.stringify(body) }
  const { status, text } = await send(`${method} /api/v2${path}`, parts)
  const data: unknown = text === '' ? null : JSON.parse(text)
  if (status < 200 || status > 299)
    throw new Error(`${dig(data, 'message') ?? dig(data, 'error')} (${status})`)
  return data
}

async function conceal(secret: string, ttl = 3600, passphrase?: string): Promise<string> {
  const data = await requestJson('POST /secret/conceal', { secret: { secret, ttl, passphrase } })
  if (dig(data, 'success') !== true) throw new Error('Unexpected response when creating secret')
  return String(dig(data, 'record', 'receipt', 'secret_identifier') ?? dig(data, 'record', 'secret', 'key'))
}

/** One row of the list, as the extension normalises it. */
function rowOf(record: unknown) {
  const is = (...names: string[]) => names.some((name) => dig(record, name) === true)
  const state = dig(record, 'state')
  const lifecycle =
    is('is_burned') || state === 'burned'
      ? 'burned'
      : is('is_received', 'is_revealed') || state === 'revealed'
        ? 'received'
        : is('is_viewed', 'is_previewed') || state === 'previewed'
          ? 'viewed'
          : 'none'
  return {
    key: String(dig(record, 'key')),
    secretIdentifier: dig(record, 'secret_identifier'),
    shortid: dig(record, 'secret_shortid'),
    ttl: dig(record, 'metadata_ttl'),
    hasPassphrase: dig(record, 'has_passphrase'),
    created: dig(record, 'created'),
    lifecycle,
    canBurn: lifecycle === 'none',
  }
}

async function newestRow() {
  const records = dig(await requestJson('GET /private/recent'), 'records') as unknown[]
  return rowOf(records[0])
}

describe('Raycast', () => {
  it.each([60, 2_592_000])('conceals for %i seconds and lists it', async (ttl) => {
    server().clock.advance(1)
    const key = await conceal('x', ttl, 'eight-characters')
    expect(key).toMatch(/^[a-z0-9]+$/)
    const row = await newestRow()
    expect(row).toMatchObject({
      ttl,
      hasPassphrase: true,
      shortid: key.slice(0, 8),
      created: expect.any(Number),
    })
  })

  it('finds the link of a listed secret by its receipt, which the list itself does not have', async () => {
    server().clock.advance(1)
    const key = await conceal('x')
    const row = await newestRow()
    expect(row.secretIdentifier).toBeNull()
    const detail = await requestJson(`GET /private/${row.key}`)
    expect(rowOf(dig(detail, 'record')).secretIdentifier).toBe(key)
  })

  it('offers to burn a secret whose receipt was looked at, and burns it', async () => {
    server().clock.advance(1)
    await conceal('x')
    const { key } = await newestRow()
    for (const path of [`/api/v2/private/${key}`, `/api/v1/private/${key}`, `/api/v1/private/${key}`]) {
      await send(`GET ${path}`, { authorization: BASIC })
    }
    expect(await newestRow()).toMatchObject({ key, lifecycle: 'none', canBurn: true })
    await requestJson(`POST /private/${key}/burn`, { continue: 'true' })
    expect(await newestRow()).toMatchObject({ key, lifecycle: 'burned', canBurn: false })
  })

  it('shows a revealed secret as such', async () => {
    server().clock.advance(1)
    const key = await conceal('x')
    await send(`POST /api/v2/guest/secret/${key}/reveal`, { body: '{"continue":true}' })
    expect(await newestRow()).toMatchObject({ lifecycle: 'received', canBurn: false })
  })

  it('opens the receipt in the browser', async () => {
    server().clock.advance(1)
    await conceal('x')
    const { key } = await newestRow()
    expect((await fetch(`${server().url}/receipt/${key}`)).status).toBe(200)
  })

  it('shows why it failed', async () => {
    const wrong = basic('foo@example.com', 'no')
    await expect(requestJson('GET /private/recent', undefined, wrong)).rejects.toThrow(
      '[CREDENTIALS_INVALID] Invalid credentials (401)',
    )
    await expect(conceal('')).rejects.toThrow('You did not provide anything to share (422)')
  })
})
