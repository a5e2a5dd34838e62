// CIPP, New-OneTimeSecretLink.ps1: Invoke-RestMethod of PowerShell 7 with compact JSON of a hash table, in any order, and no
// redirects. Its base URL may have a path. It rejects an answer whose `success` is false, and a key that does not match.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { BASIC, basic, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile({ PUBLIC_URL: 'https://secrets.example.com/ots' })
const send = clientOf(
  server,
  `Host: {host}
  Authorization: {authorization}
  Accept: application/json
  User-Agent: Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.20348; en-US) PowerShell/7.4.6
  Accept-Encoding: gzip, deflate, br
  Content-Type: application/json; charset=utf-8
  Content-Length: {length}`,
)

async function newLink(secret: object, authorization = BASIC): Promise<string> {
  const body = JSON.stringify({ secret: { ttl: 86_400, share_domain: '', ...secret, kind: 'conceal' } })
  const answer = await send('POST /api/v2/secret/conceal', { authorization, body })
  if (answer.status !== 200) throw new Error(`One-Time Secret returned HTTP ${answer.status}.`)
  const response: unknown = answer.json()
  const key = dig(response, 'record', 'secret', 'identifier') ?? dig(response, 'record', 'secret', 'key')
  if (dig(response, 'success') === false || typeof key !== 'string' || !/^[a-zA-Z0-9_-]+$/.test(key)) {
    throw new Error('One-Time Secret did not return a valid secret identifier.')
  }
  return `https://secrets.example.com/ots/secret/${key}`
}

describe('CIPP', () => {
  it('makes a link that reveals its password byte for byte', async () => {
    const link = await newLink({ secret: 'a&b=é+"' })
    const revealed = await send(`POST /api/v1/secret/${link.split('/').at(-1)}`, { body: '{}' })
    expect(revealed.json()['value']).toBe('a&b=é+"')
  })

  it('sends its passphrase and a lifetime of whole hours', async () => {
    const key = (await newLink({ secret: 'x', passphrase: 'separate passphrase', ttl: 7200 }))
      .split('/')
      .at(-1)
    const shown = (await send(`GET /api/v2/secret/${key}`)).json()
    expect(shown['record']).toMatchObject({ has_passphrase: true, secret_ttl: 7200 })
  })

  it('uses a base URL with a path', async () => {
    const body = '{"secret":{"secret":"x"}}'
    const answer = await send('POST /api/v2/secret/conceal', { authorization: BASIC, body })
    expect(answer.status).toBe(200)
    const below = await fetch(`${server().url}/ots/api/v2/secret/conceal`, {
      method: 'POST',
      headers: { authorization: BASIC, 'content-type': 'application/json; charset=utf-8' },
      body,
    })
    expect(below.status).toBe(200)
  })

  it('reads the status of an error', async () => {
    await expect(newLink({ secret: 'x' }, basic('foo@example.com', 'no'))).rejects.toThrow('HTTP 401.')
    await expect(newLink({ secret: 'x'.repeat(10_001) })).rejects.toThrow('HTTP 422.')
  })
})
