// Python package onetimesecret 1 (slashpass/onetimesecret-cli), onetimesecret/onetimesecret.py; bytes as recorded from
// it on requests 2.34. Its only call is `create_link`, with a ttl of 900 s unless told otherwise.

import { describe, expect, it } from 'vitest'
import { sendOnce } from './connection.ts'
import { BASIC, basic, serverOfFile } from './server.ts'

const server = serverOfFile()

function post(path: string, body: string, authorization?: string) {
  const lines = (host: string) => [
    `POST /api/v1${path} HTTP/1.1`,
    `Host: ${host}`,
    'User-Agent: python-requests/2.34.2',
    'Accept-Encoding: gzip, deflate',
    'Accept: */*',
    'Connection: keep-alive',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Content-Type: application/x-www-form-urlencoded',
    authorization && `Authorization: ${authorization}`,
  ]
  return sendOnce(server().url, lines, body)
}

/** The client's `create_link`: the link, or the client's exception. */
async function createLink(secret: string, authorization?: string): Promise<string> {
  const answer = await post('/share', `secret=${secret}&ttl=900`, authorization)
  const body = answer.json()
  if (answer.status !== 200 || !('secret_key' in body)) {
    throw new Error(`${body['message'] ?? 'Unknown error'} (Status code: ${answer.status})`)
  }
  return `${server().url}/secret/${body['secret_key']}`
}

describe.each([
  ['with user and key', BASIC],
  ['anonymous', undefined],
] as const)('clients.md, Python `onetimesecret`, %s', (_who, authorization) => {
  it('makes a link whose key reveals the secret, byte for byte (v1-api §1)', async () => {
    const link = await createLink('secret+%C3%BC+%26+%2B+%3D+%25%0A', authorization)
    const key = link.split('/').at(-1)
    expect((await post(`/secret/${key}`, '')).json()['value']).toBe('secret ü & + = %\n')
  })

  it('raises the message of an empty secret (v1-api §5)', async () => {
    await expect(createLink('', authorization)).rejects.toThrow(
      'You did not provide anything to share (Status code: 404)',
    )
  })
})

describe('clients.md, Python `onetimesecret`', () => {
  it('raises "Not authorized" for a wrong key (v1-api §2)', async () => {
    const stranger = basic('foo@example.com', 'wrong')
    await expect(createLink('secret', stranger)).rejects.toThrow('Not authorized (Status code: 404)')
  })
})
