// An Emacs package (draxil, one-time-secret.el) that calls curl through plz: Emacs breaks base64 after 76 characters, so
// credentials of more than 57 bytes put a line break into the Basic header. Bytes as recorded from curl 7.88.1.

import { describe, expect, it } from 'vitest'
import { startTestServer } from '../../src/testing.ts'
import type { WireAnswer } from '../support/wire.ts'
import { Connection } from './connection.ts'

const USER = 'ana@example.com'
const SHORT = 'token-of-ana-0123456789'
const LONG = `${SHORT}-h1r8v3y0s6q9d2k4m7x5c1b8n3z6w0f2`

/** `base64-encode-string`, which breaks lines. */
function base64(text: string): string {
  return Buffer.from(text)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\n')
}

async function share(token: string): Promise<WireAnswer> {
  const server = await startTestServer({ accounts: { [USER]: token } })
  const connection = await Connection.open(server.url)
  try {
    const lines = [
      'POST /api/v1/share HTTP/1.1',
      `Host: ${connection.host}`,
      'User-Agent: curl/7.88.1',
      'Accept: */*',
      `Authorization: Basic ${base64(`${USER}:${token}`)}`,
      'Content-Length: 8',
      'Content-Type: application/x-www-form-urlencoded',
    ]
    return await connection.send(lines, 'secret=x')
  } finally {
    connection.close()
    await server.close()
  }
}

describe('the Emacs package', () => {
  it('shares with short credentials', async () => {
    expect((await share(SHORT)).json()).toMatchObject({ custid: USER })
  })

  it('gets a message in JSON for credentials of more than 57 bytes, which it breaks', async () => {
    expect(`${USER}:${LONG}`.length).toBeGreaterThan(57)
    const answer = await share(LONG)
    expect(answer.status).toBe(400)
    // Versions of Node.js stop at different characters there.
    expect(answer.json()['message']).toMatch(/^Malformed request: (a line that|an invalid character)/)
  })
})
