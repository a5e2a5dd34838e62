// Ruby gem onetime 0.6 (HTTParty), lib/onetime/api.rb: JSON bodies on every version. With `apiversion: 1` the command sends its
// unset options too, `"ttl":""` and `"recipient":[]`; by default it speaks v2, and wraps what creates in `secret`.

import { describe, expect, it } from 'vitest'
import { dig } from './dig.ts'
import { CALLERS, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `X-Onetime-Client: ruby: 3.1.7/0.6.0
  Content-Type: application/json
  Accept: application/json
  Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3
  User-Agent: Ruby
  Authorization: {authorization}
  Connection: close
  Host: {host}
  Content-Length: {length}`,
)

describe.each(CALLERS)('Ruby onetime 0.6, %s', (_who, authorization, custid) => {
  async function post(path: string, body: object): Promise<Record<string, unknown>> {
    return (await send(`POST ${path}`, { authorization, body: JSON.stringify(body) })).json()
  }

  it('shares and retrieves on v1, with options that it sends empty', async () => {
    const shared = await post('/api/v1/share', { secret: 'è\n', ttl: '', recipient: [], passphrase: '' })
    expect(shared).toMatchObject({ custid, ttl: 604_800, recipient: [], passphrase_required: false })
    expect((await post(`/api/v1/secret/${shared['secret_key']}`, {}))['value']).toBe('è\n')
    expect((await post('/api/v1/generate', { ttl: 7200, recipient: [] }))['value']).toMatch(/^.{12}$/)
    const read = await send(`GET /api/v1/private/${shared['metadata_key']}?`, { authorization })
    expect(read.json()['state']).toBe('received')
  })

  it('conceals and reveals on v2, and reads both keys', async () => {
    const concealed = await post('/api/v2/secret/conceal', {
      secret: { secret: 'x', ttl: '', recipient: [] },
    })
    const key = dig(concealed, 'record', 'secret', 'key')
    const receipt = dig(concealed, 'record', 'receipt', 'key') ?? dig(concealed, 'record', 'metadata', 'key')
    expect(receipt).toMatch(/^[a-zA-Z0-9]+$/)
    const recipients =
      dig(concealed, 'record', 'receipt', 'recipients') || dig(concealed, 'details', 'recipient')
    expect(recipients).toEqual([])
    const revealed = await post(`/api/v2/secret/${key}/reveal`, { continue: true })
    expect(dig(revealed, 'record', 'secret_value')).toBe('x')
  })

  it('finds a message in every error', async () => {
    const errors = [
      await post('/api/v1/share', { secret: '' }),
      await post('/api/v2/secret/conceal', { secret: { secret: '' } }),
    ]
    for (const error of errors) {
      expect(error['message'] || error['error']).toBe('You did not provide anything to share')
    }
  })
})
