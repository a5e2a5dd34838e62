// Go polyenv (withholm), plugin/ots.go and internal/tools/http.go: anonymous; bytes as recorded from those calls on Go 1.26.
// Its structs read numbers as float64. Its host is fixed. One version sends the same request as a GET, which creates nothing.

import { describe, expect, it } from 'vitest'
import { unmarshal } from './go-json.ts'
import { clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Host: {host}
  User-Agent: polyenv-cli-ty-for-making-an-awesome-product
  Content-Length: {length}
  Accept: application/json
  Content-Type: application/json
  Accept-Encoding: gzip`,
)

const RESPONSE = {
  success: 'bool',
  shrimp: 'string',
  record: {
    metadata: { identifier: 'string', secret_ttl: 'float64', metadata_ttl: 'float64' },
    secret: { identifier: 'string', secret: 'string' },
  },
} as const

/** Go's `json.Marshal` escapes `<`, `>` and `&`. */
function marshal(secret: string, passphrase: string, ttl: number): string {
  const escaped = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' } as const
  const json = JSON.stringify({ secret: { secret, passphrase, ttl } })
  return json.replace(/[<>&]/g, (char) => escaped[char as keyof typeof escaped])
}

describe('Go polyenv', () => {
  it('writes an environment with an empty passphrase, and reads the lifetimes as numbers', async () => {
    const answer = await send('POST /api/v2/secret/conceal', { body: marshal('A=1\nB=<&>\n', '', 604_800) })
    expect(answer.status).toBe(200)
    const { success, record } = unmarshal(answer.text, RESPONSE)
    expect(success).toBe(true)
    expect(record.metadata).toMatchObject({ secret_ttl: 604_800, metadata_ttl: 604_800 })
    const path = `/api/v2/secret/${record.secret.identifier}/reveal`
    const revealed = await send(`POST ${path}`, { body: '{"continue":true}' })
    expect(revealed.json()['record']).toMatchObject({ secret_value: 'A=1\nB=<&>\n', has_passphrase: false })
  })

  it('creates nothing by the GET with a body that one version sends', async () => {
    const answer = await send('GET /api/v2/secret/conceal', { body: marshal('x', '', 60) })
    expect(answer.status).toBe(404)
    expect(answer.json()).toMatchObject({ error_type: 'RecordNotFound' })
  })
})
