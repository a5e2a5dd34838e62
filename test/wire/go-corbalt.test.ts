// Go github.com/corbaltcode/go-onetimesecret, client.go and client_test.go of 2021-12; bytes as recorded from its calls
// on Go 1.26. All parameters are in the query string, unset ones too; it always sends Basic, with empty credentials too.

import { describe, expect, it } from 'vitest'
import { Connection } from './connection.ts'
import { type GoStruct, unmarshal, unmarshalSlice } from './go-json.ts'
import { BASIC, basic, CALLERS_WITH_CREDENTIALS, EMPTY_BASIC, serverOfFile } from './server.ts'

const server = serverOfFile()

const HEADERS = `
  Host: {host}
  User-Agent: Go-http-client/1.1
  Content-Length: {length}
  Authorization: {authorization}
  Accept-Encoding: gzip`

const KEY_RESPONSE = {
  custid: 'string',
  metadata_key: 'string',
  secret_key: 'string',
  ttl: 'int',
  metadata_ttl: 'int',
  secret_ttl: 'int',
  state: 'string',
  updated: 'int',
  created: 'int',
  recipient: '[]string',
  value: 'string',
  passphrase_required: 'bool',
} as const

/** The client: its errors are the message of the answer, which it compares to the letter. */
class Client {
  readonly #connection: Connection
  readonly #authorization: string

  constructor(connection: Connection, authorization: string) {
    this.#connection = connection
    this.#authorization = authorization
  }

  put(secret: string, passphrase: string, ttl: number, recipient: string) {
    return this.#post('share', { passphrase, recipient, secret, ttl: String(ttl) }, KEY_RESPONSE)
  }
  generate(passphrase: string, ttl: number, recipient: string) {
    return this.#post('generate', { passphrase, recipient, ttl: String(ttl) }, KEY_RESPONSE)
  }
  async get(secretKey: string, passphrase: string) {
    return (await this.#post(`secret/${secretKey}`, { passphrase }, KEY_RESPONSE)).value
  }
  metadata(receiptKey: string) {
    return this.#post(`private/${receiptKey}`, {}, KEY_RESPONSE)
  }
  async burn(receiptKey: string, passphrase: string) {
    const struct = { state: KEY_RESPONSE, secret_shortkey: 'string' } as const
    return (await this.#post(`private/${receiptKey}/burn`, { passphrase }, struct)).state
  }
  async recent() {
    return unmarshalSlice(await this.#do('GET', 'private/recent'), KEY_RESPONSE)
  }
  async status() {
    return unmarshal(await this.#do('GET', 'status'), { status: 'string' } as const).status
  }

  async #post<Struct extends GoStruct>(path: string, query: Record<string, string>, out: Struct) {
    const encoded = new URLSearchParams(query).toString()
    return unmarshal(await this.#do('POST', encoded === '' ? path : `${path}?${encoded}`), out)
  }

  async #do(method: string, target: string): Promise<string> {
    const answer = await this.#connection.request(`${method} /${target}`, HEADERS, {
      authorization: this.#authorization,
      body: method === 'POST' ? '' : undefined,
    })
    if (answer.status >= 200 && answer.status < 300) return answer.text
    throw new Error(unmarshal(answer.text, { message: 'string' } as const).message)
  }
}

async function client(authorization: string) {
  return new Client(await Connection.open(server().url), authorization)
}

const UNKNOWN_SECRET = /^Unknown secret$/

describe.each(CALLERS_WITH_CREDENTIALS)(
  'Go corbaltcode/go-onetimesecret, %s',
  (_who, authorization, custid) => {
    it('shares with ttl=0 and other empty parameters, and retrieves once (docs/api/v1.md section 3)', async () => {
      const c = await client(authorization)
      const metadata = await c.put('i codici di lancio & più', '', 0, '')
      expect(metadata).toMatchObject({ custid, ttl: 604_800, state: 'new', passphrase_required: false })
      expect(await c.get(metadata.secret_key, '')).toBe('i codici di lancio & più')
      await expect(c.get(metadata.secret_key, '')).rejects.toThrow(UNKNOWN_SECRET)
    })

    it('F2: retrieves with the passphrase after "Unknown secret" for a wrong one (docs/api/v1.md section 5)', async () => {
      const c = await client(authorization)
      const metadata = await c.put('codes', 'right', 0, '')
      await expect(c.get(metadata.secret_key, 'wrong')).rejects.toThrow(UNKNOWN_SECRET)
      expect(await c.get(metadata.secret_key, 'right')).toBe('codes')
    })

    it('gets the exact messages for an unknown key and for an empty secret (docs/api/v1.md section 5)', async () => {
      const c = await client(authorization)
      await expect(c.get('5577006791947779410', '')).rejects.toThrow(UNKNOWN_SECRET)
      await expect(c.put('', '', 0, '')).rejects.toThrow(/^You did not provide anything to share$/)
    })

    it('generates in state new, which the metadata then show as viewed (docs/api/v1.md section 4, States)', async () => {
      const c = await client(authorization)
      const generated = await c.generate('', 0, '')
      expect(generated).toMatchObject({ state: 'new', value: expect.stringMatching(/^.{12}$/) })
      expect(await c.metadata(generated.metadata_key)).toMatchObject({ state: 'viewed', value: '' })
    })

    it('burns once, with the passphrase, and reads zero values for what is gone', async () => {
      const c = await client(authorization)
      const { metadata_key: key } = await c.put('codes', 'right', 0, '')
      await expect(c.burn(key, 'wrong')).rejects.toThrow(/^Incorrect passphrase$/)
      expect(await c.burn(key, 'right')).toMatchObject({ state: 'burned', secret_key: '', secret_ttl: 0 })
      await expect(c.burn(key, 'right')).rejects.toThrow(UNKNOWN_SECRET)
    })

    it('reads the status', async () => {
      expect(await (await client(authorization)).status()).toBe('nominal')
    })
  },
)

describe('Go corbaltcode/go-onetimesecret', () => {
  // Its own test wants twice the ttl in `ttl`; the documentation says "as specified", so it wins: docs/api/v1.md
  // section 4.
  it.each(['put', 'generate'] as const)(
    'gets the ttl that it asks for when it calls %s with a recipient',
    async (how) => {
      const c = await client(BASIC)
      const metadata =
        how === 'put'
          ? await c.put('codes', 'pass', 777, 'foo@example.com')
          : await c.generate('pass', 777, 'foo@example.com')
      expect(metadata).toMatchObject({
        ttl: 777,
        secret_ttl: 777,
        metadata_ttl: 1554,
        state: 'new',
        recipient: ['fo*****@e*****.com'],
        passphrase_required: true,
      })
    },
  )

  it('lists the recent secrets of an account, newest first, and none without an account (docs/api/v1.md section 3)', async () => {
    const c = await client(BASIC)
    server().clock.advance(1)
    const first = await c.put('one', '', 0, '')
    server().clock.advance(1)
    const second = await c.put('two', '', 0, '')
    const keys = (await c.recent()).map((metadata) => metadata.metadata_key)
    expect(keys.slice(0, 2)).toEqual([second.metadata_key, first.metadata_key])
    await expect((await client(EMPTY_BASIC)).recent()).rejects.toThrow(/^Not authorized$/)
  })

  it.each([
    ['', '4eb33c6340006d6607c813fc7e707a32f8bf5342'],
    ['foo@example.com', ''],
  ])(
    'gets "Not authorized" with the incomplete credentials "%s:%s" (docs/api/v1.md section 2)',
    async (user, token) => {
      await expect((await client(basic(user, token))).status()).rejects.toThrow(/^Not authorized$/)
    },
  )
})
