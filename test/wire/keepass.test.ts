// The KeePass plugin OneTimeSecretShare 2.12, OtsClient.cs: HttpWebRequest of .NET Framework, which asks for `100 Continue`. By
// the path of its endpoint it speaks v2, its default, or v1. It writes JSON and forms itself, byte by byte.

import { describe, expect, it } from 'vitest'
import type { WireAnswer } from '../support/wire.ts'
import { Connection } from './connection.ts'
import { dig } from './dig.ts'
import { fillHead } from './head.ts'
import { BASIC, basic, serverOfFile } from './server.ts'

const server = serverOfFile({ SHARE_DOMAINS: 'secrets.example.org' })

const HEADERS = `
  Content-Type: {type}
  Accept: application/json
  User-Agent: KeePass-OneTimeSecretShare/2.12.26.09 (David S.)
  Authorization: {authorization}
  Host: {host}
  Content-Length: {length}
  Expect: 100-continue
  Connection: Keep-Alive`

async function send(
  endpoint: string,
  body: string,
  type: string,
  authorization = BASIC,
): Promise<WireAnswer> {
  const connection = await Connection.open(server().url)
  const head = fillHead(`POST ${endpoint}`, HEADERS, connection.host, { body, type, authorization })
  connection.write(`${head.join('\r\n')}\r\n\r\n`)
  // Wrong credentials are rejected before the client sends the password.
  if (authorization === BASIC) {
    expect(await connection.head()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.write(body)
  }
  const answer = await connection.answer()
  connection.close()
  if (answer.status === 200) return answer
  const error: unknown = answer.json()
  const field = dig(error, 'field')
  const message = dig(error, 'error') ?? dig(error, 'message')
  throw new Error(
    `API returned ${answer.status}: ${message}${field === undefined ? '' : ` (field: ${field})`}`,
  )
}

async function shareV2(secret: string, shareDomain = '', authorization = BASIC) {
  const body = `{"secret":{"kind":"conceal","secret":${JSON.stringify(secret)},"ttl":"3600","share_domain":"${shareDomain}"}}`
  const data: unknown = (await send('/api/v2/secret/conceal', body, 'application/json', authorization)).json()
  const host =
    dig(data, 'record', 'share_domain') || dig(data, 'record', 'receipt', 'share_domain') || 'API host'
  return { key: dig(data, 'record', 'secret', 'key'), receipt: dig(data, 'record', 'receipt', 'key'), host }
}

const revealedValue = async (key: unknown) => {
  const answer = await fetch(`${server().url}/api/v1/secret/${key}`, { method: 'POST' })
  return ((await answer.json()) as { value: string }).value
}

describe('the KeePass plugin on v2', () => {
  it('shares a password as raw UTF-8 with the ttl as a string, and reads both keys', async () => {
    const { key, receipt, host } = await shareV2('pä"ss\\word\t🔑')
    expect(receipt).toMatch(/^[a-z0-9]+$/)
    expect(host).toBe('API host')
    expect(await revealedValue(key)).toBe('pä"ss\\word\t🔑')
  })

  it('makes the link on a custom domain', async () => {
    expect((await shareV2('x', 'secrets.example.org')).host).toBe('secrets.example.org')
  })

  it('shows the error with its field', async () => {
    await expect(shareV2('x', 'other.example.org')).rejects.toThrow(
      'API returned 422: Unknown domain: other.example.org (field: share_domain)',
    )
    await expect(shareV2('x', '', basic('a@b.co', 'no'))).rejects.toThrow(
      'API returned 401: Authentication Required',
    )
  })
})

describe('the KeePass plugin on v1', () => {
  it('shares a password as a form', async () => {
    const body = 'secret=p%C3%A4%20ss%26%2B&ttl=3600'
    const answer = await send('/api/v1/share', body, 'application/x-www-form-urlencoded')
    expect(answer.json()).toMatchObject({ ttl: 3600, metadata_key: expect.any(String) })
    expect(await revealedValue(answer.json()['secret_key'])).toBe('pä ss&+')
  })

  it('shows the message of an error', async () => {
    await expect(
      send('/api/v1/share', 'secret=&ttl=3600', 'application/x-www-form-urlencoded'),
    ).rejects.toThrow('API returned 404: You did not provide anything to share')
  })
})
