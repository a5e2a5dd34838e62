// A WhatsApp bot (command privnote): the guest path, the own host as share domain, by axios on Node.js. It takes any
// status, shows `message`, else `error`, and builds the link on the domain that the answer names, else on its own.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { clientOf, serverOfFile } from './server.ts'

const HOST = 'secrets.example.com'

const server = serverOfFile({ RATE_LIMIT: 'create=3/60' })
const send = clientOf(
  server,
  `Accept: application/json
  Content-Type: application/json
  User-Agent: WhatsAppBot/1.0
  Content-Length: {length}
  Accept-Encoding: gzip, compress, deflate, br
  Host: ${HOST}
  Connection: keep-alive`,
)

async function createNote(text: string): Promise<string> {
  const body = JSON.stringify({ secret: { kind: 'conceal', share_domain: HOST, secret: text } })
  const answer = await send('POST /api/v2/guest/secret/conceal', { body })
  const data: unknown = answer.json()
  if (answer.status < 200 || answer.status > 299) {
    throw new Error(`HTTP ${answer.status}: ${dig(data, 'message') || dig(data, 'error')}`)
  }
  const key =
    dig(data, 'record', 'secret', 'identifier') || dig(data, 'record', 'receipt', 'secret_identifier')
  const domain = dig(data, 'record', 'share_domain') || dig(data, 'record', 'receipt', 'share_domain') || HOST
  return `https://${domain}/secret/${key}`
}

describe('the WhatsApp bot', () => {
  it('makes a link on its own host, for the default lifetime', async () => {
    const link = await createNote('código 🔑')
    expect(link).toMatch(/^https:\/\/secrets\.example\.com\/secret\/[a-z0-9]{31}$/)
    const shown = await send(`GET /api/v2/guest/secret/${link.split('/').at(-1)}`)
    expect(shown.json()['record']).toMatchObject({ secret_ttl: 604_800 })
  })

  it('shows the error of a text that is too long, and of a rate limit', async () => {
    await expect(createNote('x'.repeat(12_000))).rejects.toThrow(
      'HTTP 422: Secret content must be no more than',
    )
    await createNote('x')
    await expect(createNote('x')).rejects.toThrow('HTTP 429: Rate limit exceeded')
  })
})
