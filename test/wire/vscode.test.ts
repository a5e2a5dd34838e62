// The VS Code extension onetimesecret, src/extension.ts: anonymous, the ttl as a string; bytes as recorded from that fetch on
// Node.js 20. Its host is fixed in its source.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `host: {host}
  connection: keep-alive
  Content-Type: application/json
  Accept: application/json
  accept-language: *
  sec-fetch-mode: cors
  user-agent: node
  accept-encoding: gzip, deflate
  content-length: {length}`,
)

async function shareSelection(secret: string, passphrase?: string): Promise<string> {
  const body = JSON.stringify({ secret: { secret, ttl: '604800', passphrase } })
  const answer = await send('POST /api/v2/secret/conceal', { body })
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`API request failed with status ${answer.status}`)
  const data: unknown = answer.json()
  if (!dig(data, 'success')) throw new Error('API request was not successful')
  return `/secret/${dig(data, 'record', 'secret', 'identifier')}`
}

describe('the VS Code extension', () => {
  it('shares a selection for seven days, with a link that opens', async () => {
    const link = await shareSelection('const a = "é"\n')
    expect((await fetch(server().url + link)).status).toBe(200)
    const shown = (await send(`GET /api/v2${link}`)).json()
    expect(shown['record']).toMatchObject({ secret_ttl: 604_800, has_passphrase: false })
  })

  it('shares with a passphrase', async () => {
    const shown = (await send(`GET /api/v2${await shareSelection('x', 'pw')}`)).json()
    expect(shown['record']).toMatchObject({ has_passphrase: true })
  })

  it('shows the status of a failure', async () => {
    await expect(shareSelection('x'.repeat(10_001))).rejects.toThrow('API request failed with status 422')
  })
})
