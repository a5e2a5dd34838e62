// Go github.com/emdneto/otsgo, client/core.go, requests.go and models.go at 23d6f4b (2024); bytes as recorded from its
// calls on Go 1.26. An urlencoded body without any Content-Type; each request on a client, and connection, of its own.

import { describe, expect, it } from 'vitest'
import { unmarshal, unmarshalSlice } from './go-json.ts'
import { BASIC, basic, CALLERS, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Host: {host}
  User-Agent: Go-http-client/1.1
  Content-Length: {length}
  Authorization: {authorization}
  Accept-Encoding: gzip`,
)

const SECRETS = {
  custid: 'string',
  metadata_key: 'string',
  ttl: 'int',
  metadata_ttl: 'int',
  secret_ttl: 'int',
  state: 'string',
  updated: 'int',
  created: 'int',
  recipient: '[]string',
} as const
const SECRET_RESPONSE = {
  ...SECRETS,
  secret_key: 'string',
  passphrase_required: 'bool',
  value: 'string',
} as const

/** Its `AgnosticRequest`: the body of a 200, else an error of status and message. */
async function request(target: string, authorization?: string, body?: string): Promise<string> {
  const answer = await send(target, { authorization, body })
  if (answer.status === 200) return answer.text
  throw new Error(`${answer.status} ${unmarshal(answer.text, { message: 'string' } as const).message}`)
}

async function post(path: string, body: string, authorization?: string) {
  return unmarshal(await request(`POST /${path}`, authorization, body), SECRET_RESPONSE)
}

const getMeta = (key: string, authorization?: string) =>
  post(`private/${key}`, `METADATA_KEY=${key}`, authorization)

describe.each(CALLERS)('Go emdneto/otsgo, %s', (_who, authorization, custid) => {
  it('shares by `ots share -s … -t 300 -p hello`, in a body without a Content-Type (docs/api/v1.md section 1)', async () => {
    const body = 'passphrase=hello&recipient=&secret=hellosecret%0A%C3%BC+%26&ttl=300'
    const shared = await post('share', body, authorization)
    expect(shared).toMatchObject({ custid, ttl: 300, secret_ttl: 300, passphrase_required: true })

    const key = shared.secret_key
    const reveal = `SECRET_KEY=${key}&passphrase=hello`
    expect((await post(`secret/${key}`, reveal, authorization)).value).toBe('hellosecret\nü &')
    await expect(post(`secret/${key}`, reveal, authorization)).rejects.toThrow('404 Unknown secret')
  })

  it('generates by `ots share -g`, reads the metadata by `ots get meta`, and burns by `ots burn`', async () => {
    const body = 'passphrase=&recipient=&secret=&ttl=604800'
    const generated = await post('generate', body, authorization)
    expect(generated.value).toHaveLength(12)
    const key = generated.metadata_key
    expect(await getMeta(key, authorization)).toMatchObject({ custid, state: 'viewed', value: '' })

    const burned = await request(`POST /private/${key}/burn`, authorization, '')
    expect(unmarshal(burned, { state: SECRET_RESPONSE }).state.state).toBe('burned')
    await expect(request(`POST /private/${key}/burn`, authorization, '')).rejects.toThrow(
      '404 Unknown secret',
    )
  })

  it('reads `received` as an integer after a reveal (docs/api/v1.md section 4)', async () => {
    const shared = await post('share', 'passphrase=&recipient=&secret=x&ttl=300', authorization)
    await post(`secret/${shared.secret_key}`, `SECRET_KEY=${shared.secret_key}&passphrase=`)
    const key = shared.metadata_key
    const meta = await request(`POST /private/${key}`, undefined, `METADATA_KEY=${key}`)
    const received = { ...SECRET_RESPONSE, received: 'int' } as const
    expect(unmarshal(meta, received)).toMatchObject({ state: 'received', received: shared.created })
  })

  it('reads the status by `ots status`', async () => {
    const status = await request('GET /status', authorization)
    expect(unmarshal(status, { status: 'string' } as const).status).toBe('nominal')
  })
})

describe('Go emdneto/otsgo', () => {
  it('lists recent secrets by `ots get recent`, and reads the metadata of all of them at once', async () => {
    const keys: string[] = []
    for (let i = 0; i < 10; i++) {
      server().clock.advance(1)
      keys.unshift((await post('share', `passphrase=&recipient=&secret=${i}&ttl=300`, BASIC)).metadata_key)
    }
    const recent = unmarshalSlice(await request('GET /private/recent', BASIC), SECRETS)
    expect(recent.slice(0, keys.length).map((metadata) => metadata.metadata_key)).toEqual(keys)
    const looked = await Promise.all(keys.map((key) => getMeta(key, BASIC)))
    expect(looked.map((metadata) => metadata.metadata_key)).toEqual(keys)
  })

  it('shows "404 Not authorized", as its README says, for wrong credentials (docs/api/v1.md section 2)', async () => {
    const wrongToken = basic('foo@example.com', 'wrong')
    await expect(request('GET /status', wrongToken)).rejects.toThrow('404 Not authorized')
    await expect(request('GET /private/recent')).rejects.toThrow('404 Not authorized')
  })
})
