// Python package onetimesecret 1 (slashpass/onetimesecret-cli), onetimesecret/onetimesecret.py; bytes as recorded from
// it on requests 2.34. Its only call is `create_link`, with a ttl of 900 s by default.

import { describe, expect, it } from 'vitest'
import { basic, CALLERS, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const requests = clientOf(
  server,
  `Host: {host}
  User-Agent: python-requests/2.34.2
  Accept-Encoding: gzip, deflate
  Accept: */*
  Connection: keep-alive
  Content-Length: {length}
  Content-Type: application/x-www-form-urlencoded
  Authorization: {authorization}`,
)

/** The client's `create_link`: the link, or the client's exception. */
async function createLink(secret: string, authorization?: string): Promise<string> {
  const answer = await requests('POST /share', { body: `secret=${secret}&ttl=900`, authorization })
  const body = answer.json()
  if (answer.status !== 200 || !('secret_key' in body)) {
    throw new Error(`${body['message'] ?? 'Unknown error'} (Status code: ${answer.status})`)
  }
  return `${server().url}/secret/${body['secret_key']}`
}

describe.each(CALLERS)('Python onetimesecret, %s', (_who, authorization) => {
  it('makes a link whose key reveals the secret byte for byte (docs/api/v1.md section 1)', async () => {
    const link = await createLink('secret+%C3%BC+%26+%2B+%3D+%25%0A', authorization)
    const key = link.split('/').at(-1)
    expect((await requests(`POST /secret/${key}`, { body: '' })).json()['value']).toBe('secret ü & + = %\n')
  })

  it('raises the message that an empty secret gets (docs/api/v1.md section 5)', async () => {
    await expect(createLink('', authorization)).rejects.toThrow(
      'You did not provide anything to share (Status code: 404)',
    )
  })
})

describe('Python onetimesecret', () => {
  it('raises "Not authorized" for a wrong token (docs/api/v1.md section 2)', async () => {
    const wrongToken = basic('foo@example.com', 'wrong')
    await expect(createLink('secret', wrongToken)).rejects.toThrow('Not authorized (Status code: 404)')
  })
})
