// The connector of Power Automate (One-Time Secret, independent publisher), apiDefinition.swagger.json: parameters in the query
// of a POST with no body, Basic, and int32 where the definition says so. Its host is in the definition.

import { describe, expect, it } from 'vitest'
import { readContract } from './data-contract.ts'
import { BASIC, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Host: {host}
  Authorization: {authorization}
  User-Agent: azure-logic-apps/1.0 (workflow 0; version 1) microsoft-flow/1.0
  Accept-Language: en-US
  x-ms-client-request-id: 00000000-0000-0000-0000-000000000000
  Content-Length: {length}`,
)

const METADATA = {
  custid: 'string',
  metadata_key: 'string',
  secret_key: 'string',
  ttl: 'int',
  metadata_ttl: 'int',
  secret_ttl: 'int',
  state: 'string',
  updated: 'int',
  created: 'int',
  passphrase_required: 'bool',
} as const

const post = (target: string) => send(`POST ${target}`, { authorization: BASIC, body: '' })

describe('the connector of Power Automate', () => {
  it('creates, retrieves the metadata by GET, and retrieves the secret', async () => {
    const created = await post('/share?secret=p%C3%A4%20ss&ttl=3600&passphrase=pw')
    const shared = readContract(created.text, METADATA)
    expect(shared).toMatchObject({ ttl: 3600, passphrase_required: true })
    const metadata = await send(`GET /private/${shared.metadata_key}`, { authorization: BASIC })
    expect(readContract(metadata.text, METADATA).state).toBe('new')
    const secret = await post(`/secret/${shared.secret_key}?passphrase=pw`)
    expect(secret.json()['value']).toBe('pä ss')
  })

  it('generates and burns', async () => {
    const generated = readContract((await post('/generate?ttl=60')).text, {
      ...METADATA,
      value: 'string',
    } as const)
    expect(generated.value).toMatch(/^.{12}$/)
    const burned = await post(`/private/${generated.metadata_key}/burn`)
    expect(burned.json()['state']).toMatchObject({ state: 'burned' })
  })
})
