// An integration catalogue (MindCloud): the 23 operations of the v2 OpenAPI document, JSON in and out, with Basic. It repeats a
// 429 and a 500 twice, POST too.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { BASIC, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Host: {host}
  Accept: application/json
  Content-Type: application/json
  Authorization: {authorization}
  Content-Length: {length}`,
)

/** Calls one operation as the catalogue names it. */
async function call(operation: string, body?: object): Promise<{ status: number; data: unknown }> {
  const [method, path] = operation.split(' ')
  const parts = { authorization: BASIC, ...(body !== undefined && { body: JSON.stringify(body) }) }
  const answer = await send(`${method} /api/v2${path}`, parts)
  expect(answer.headers['content-type']).toContain('application/json')
  return { status: answer.status, data: JSON.parse(answer.text) }
}

/** Makes a secret and returns both identifiers. */
async function make(path = '/secret/conceal') {
  const { data } = await call(`POST ${path}`, { secret: { secret: 'string', share_domain: '' } })
  return {
    secret: dig(data, 'record', 'secret', 'identifier'),
    receipt: dig(data, 'record', 'receipt', 'identifier'),
  }
}

describe('the integration catalogue', () => {
  it.each([
    'POST /secret/conceal',
    'POST /secret/generate',
    'POST /guest/secret/conceal',
    'POST /guest/secret/generate',
  ])('%s answers success, record and details', async (operation) => {
    const { status, data } = await call(operation, { secret: { secret: 'string', share_domain: '' } })
    expect(status).toBe(200)
    expect(data).toMatchObject({ success: true, record: expect.any(Object), details: expect.any(Object) })
  })

  it.each([
    ['GET /secret/:id', undefined],
    ['GET /guest/secret/:id', undefined],
    ['GET /secret/:id/status', undefined],
    ['POST /secret/:id/reveal', { continue: true }],
    ['POST /guest/secret/:id/reveal', { continue: true }],
  ])('%s answers the record of a secret', async (operation, body) => {
    const { secret } = await make()
    const { status, data } = await call(operation.replace(':id', String(secret)), body)
    expect(status).toBe(200)
    expect(dig(data, 'record', 'identifier')).toBe(secret)
  })

  it.each([
    ['GET /receipt/:id', undefined],
    ['GET /private/:id', undefined],
    ['GET /guest/receipt/:id', undefined],
    ['PATCH /receipt/:id', { memo: 'string' }],
    ['PATCH /private/:id', { memo: 'string' }],
    ['POST /receipt/:id/burn', { continue: true }],
    ['POST /private/:id/burn', { continue: true }],
    ['POST /guest/receipt/:id/burn', { continue: true }],
  ])('%s answers the record of a receipt', async (operation, body) => {
    const { receipt } = await make()
    const { status, data } = await call(operation.replace(':id', String(receipt)), body)
    expect(status).toBe(200)
    expect(dig(data, 'record', 'identifier')).toBe(receipt)
  })

  it.each(['GET /receipt/recent', 'GET /private/recent'])(
    '%s lists the receipts of the account',
    async (operation) => {
      server().clock.advance(1)
      const { receipt } = await make()
      const { data } = await call(operation)
      expect(dig(data, 'records', 0, 'identifier')).toBe(receipt)
      expect(dig(data, 'count')).toBeGreaterThan(0)
    },
  )

  it('POST /secret/status answers records', async () => {
    const { secret } = await make()
    const { data } = await call('POST /secret/status', { identifiers: [secret] })
    expect(dig(data, 'records', 0, 'identifier')).toBe(secret)
  })

  it.each(['/status', '/version', '/supported-locales'])('GET %s answers success', async (path) => {
    expect((await call(`GET ${path}`)).data).toMatchObject({ success: true })
  })

  it('gets a 404, never a second value, when it repeats a reveal', async () => {
    const { secret } = await make()
    const operation = `POST /secret/${secret}/reveal`
    const answers = [await call(operation, { continue: true }), await call(operation, { continue: true })]
    expect(answers.map(({ status }) => status)).toEqual([200, 404])
    expect(dig(answers[1]?.data, 'record')).toBeUndefined()
  })
})
