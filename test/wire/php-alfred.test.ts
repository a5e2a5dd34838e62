// The Alfred workflow (scottlee/alfred-one-time-secret) on onetime-api.php: `file_get_contents` of PHP, so HTTP/1.0, and two
// Content-Type headers, `text/html` first. It takes no token but of hexadecimal digits, and builds the link itself.

import { describe, expect, it } from 'vitest'
import { exchange, type WireAnswer } from '../support/wire.ts'
import { BASIC, serverOfFile } from './server.ts'

const server = serverOfFile()

async function post(method: string, body: string): Promise<WireAnswer> {
  const head = `POST /api/v1/${method} HTTP/1.0
    Host: ${new URL(server().url).host}
    Connection: close
    Authorization: ${BASIC}
    Content-Type: text/html; charset=utf-8
    Content-type: application/x-www-form-urlencoded
    Content-Length: ${body.length}`
  return exchange(server().url, head, body)
}

describe('the Alfred workflow', () => {
  it('shares with a passphrase and a recipient, and opens the link', async () => {
    const body = 'secret=caf%C3%A9+%26+%2B&passphrase=pw&ttl=3600&recipient=person%40example.com'
    const answer = await post('share', body)
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({
      ttl: 3600,
      passphrase_required: true,
      recipient: ['pe*****@e*****.com'],
    })
    const link = `${server().url}/secret/${answer.json()['secret_key']}`
    expect((await fetch(link)).status).toBe(200)
    const revealed = await fetch(link.replace('/secret', '/api/v1/secret'), {
      method: 'POST',
      body: new URLSearchParams({ passphrase: 'pw' }),
    })
    expect(await revealed.json()).toMatchObject({ value: 'café & +' })
  })

  it('shares without a recipient, which PHP leaves out', async () => {
    expect((await post('share', 'secret=x&passphrase=&ttl=3600')).json()).toMatchObject({
      passphrase_required: false,
      recipient: [],
    })
  })
})
