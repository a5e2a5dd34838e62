// Go github.com/chelnak/onetimesecret-go, onetimesecret/*.go at 664150f, 757adeb and 23b034c (2021); bytes as recorded
// from its calls on Go 1.26. It claims JSON for its empty bodies and puts all in the query string; at 23b034c every path
// ends with a slash. All its calls are POST, those for the status and the recent list too.

import { describe, expect, it } from 'vitest'
import { type GoStruct, unmarshal, unmarshalSlice } from './go-json.ts'
import { CALLERS_WITH_CREDENTIALS, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Host: {host}
  User-Agent: Go-http-client/1.1
  Content-Length: {length}
  Accept: application/json; charset=utf-8
  Authorization: {authorization}
  Content-Type: application/json; charset=utf-8
  Accept-Encoding: gzip`,
)

const METADATA = {
  custid: 'string',
  metadata_key: 'string',
  secret_key: 'string',
  ttl: 'int',
  metadata_ttl: 'int',
  secret_ttl: 'int',
  recipient: '[]string',
  created: 'int',
  updated: 'int',
  passphrase_required: 'bool',
} as const
const GENERATED = { ...METADATA, value: 'string' } as const
const SECRET = { secret_key: 'string', value: 'string' } as const

const CALLS = CALLERS_WITH_CREDENTIALS.flatMap(([who, ...caller]) => [
  [who, '', ...caller] as const,
  [`${who}, paths that end with a slash`, '/', ...caller] as const,
])

describe.each(CALLS)('Go chelnak/onetimesecret-go, %s', (_how, slash, authorization, custid) => {
  /** The client's `request`: an error unless the status is below 400. */
  async function post(path: string, query = ''): Promise<string> {
    const answer = await send(`POST /${path}${slash}${query}`, { authorization, body: '' })
    if (answer.status >= 200 && answer.status < 400) return answer.text
    throw new Error(`client received a ${answer.status} response: ${answer.text}`)
  }

  async function decoded<Struct extends GoStruct>(struct: Struct, path: string, query?: string) {
    return unmarshal(await post(path, query), struct)
  }

  it('reads the status by POST', async () => {
    expect(await decoded({ status: 'string' }, 'status')).toEqual({ status: 'nominal' })
  })

  it('shares, reads the metadata and retrieves, as in its examples', async () => {
    const shared = await decoded(METADATA, 'share', '?passphrase=hello&secret=example+%26+pi%C3%B9&ttl=900')
    expect(shared).toMatchObject({ custid, ttl: 900, metadata_ttl: 1800, passphrase_required: true })
    const metadata = await decoded(METADATA, `private/${shared.metadata_key}`)
    expect(metadata.recipient).toEqual([])
    const { value } = await decoded(SECRET, `secret/${metadata.secret_key}`, '?passphrase=hello')
    expect(value).toBe('example & più')
    await expect(post(`secret/${metadata.secret_key}`, '?passphrase=hello')).rejects.toThrow(
      /^client received a 404 response: {"message":"Unknown secret"/,
    )
  })

  it('generates, then retrieves without a passphrase, or burns', async () => {
    const generated = await decoded(GENERATED, 'generate', '?ttl=900')
    const { value } = await decoded(SECRET, `secret/${generated.secret_key}`)
    expect(value).toBe(generated.value)

    const { metadata_key: key } = await decoded(GENERATED, 'generate', '?ttl=900')
    const { state } = await decoded({ state: { state: 'string' } }, `private/${key}/burn`)
    expect(state.state).toBe('burned')
    await expect(post(`private/${key}/burn`)).rejects.toThrow('"message":"Unknown secret"')
  })

  it('lists recent secrets by POST, for an account only (docs/api/v1.md section 3)', async () => {
    if (custid === 'anon') {
      await expect(post('private/recent')).rejects.toThrow('{"message":"Not authorized"}')
      return
    }
    server().clock.advance(1)
    const shared = await decoded(METADATA, 'share', '?recipient=foo%40example.com&secret=x&ttl=900')
    expect(shared.recipient).toEqual(['fo*****@e*****.com'])
    const [newest] = unmarshalSlice(await post('private/recent'), METADATA)
    expect(newest).toMatchObject({ metadata_key: shared.metadata_key, recipient: shared.recipient })
  })
})
