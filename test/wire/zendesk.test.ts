// The official Zendesk app (onetimesecret/zendesk-app), assets/iframe.html: JSON by Zendesk's proxy, which adds the Basic
// header; the app reads the parsed body. Its hosts are fixed; the path, the body and what it reads are what is tested here.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { BASIC, basic, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile({ SHARE_DOMAINS: 'secrets.example.org' })
const send = clientOf(
  server,
  `Authorization: {authorization}
  Content-Type: application/json
  Accept: */*
  User-Agent: Zendesk Proxy
  Host: {host}
  Content-Length: {length}`,
)

/** `concealSecret`: what the sidebar shows, or the error that it shows. */
async function concealSecret(payload: object, authorization = BASIC) {
  const body = JSON.stringify({ secret: payload })
  const data: unknown = (await send('POST /api/v2/secret/conceal', { authorization, body })).json()
  if (!dig(data, 'success')) throw new Error(String(dig(data, 'error') || 'Secret creation failed'))
  const receipt = dig(data, 'record', 'receipt') ?? dig(data, 'record', 'metadata')
  const key = dig(data, 'record', 'secret', 'identifier') ?? dig(data, 'record', 'secret', 'key')
  return { receipt, key, shareDomain: dig(data, 'record', 'share_domain') }
}

describe('the Zendesk app', () => {
  it.each([300, 604_800, 2_592_000])('conceals for %i seconds', async (ttl) => {
    const { receipt, key } = await concealSecret({ secret: 'x', ttl })
    expect(receipt).toMatchObject({ identifier: expect.stringMatching(/^[a-z0-9]+$/), secret_ttl: ttl })
    expect(key).toMatch(/^[a-z0-9]+$/)
  })

  it('sends a passphrase and a custom domain when it has them', async () => {
    const payload = { secret: 'x', ttl: 3600, passphrase: 'pw', share_domain: 'secrets.example.org' }
    const { receipt, shareDomain } = await concealSecret(payload)
    expect(receipt).toMatchObject({ has_passphrase: true })
    expect(shareDomain).toBe('secrets.example.org')
  })

  it('shows the `error` of a failure', async () => {
    await expect(concealSecret({ secret: '', ttl: 3600 })).rejects.toThrow(
      'You did not provide anything to share',
    )
    await expect(concealSecret({ secret: 'x' }, basic('a@b.co', 'no'))).rejects.toThrow(
      'Authentication Required',
    )
  })
})
