// C# OneTimeSharp 1.0 (utter-step), OtsConnector.cs and DataStructures/Json; bytes as recorded from those calls on
// Mono's WebClient. It writes HTML entities where percent-encoding belongs, and no Content-Type.

import { describe, expect, it } from 'vitest'
import type { WireAnswer } from '../support/wire.ts'
import { Connection } from './connection.ts'
import { readContract } from './data-contract.ts'
import { fillHead } from './head.ts'
import { basic, CALLERS, serverOfFile } from './server.ts'

const server = serverOfFile()

const HEADERS = `
  Authorization: {authorization}
  Content-Length: {length}
  Host: {host}`
/** A body waits for `100 Continue`; an empty one is not announced. */
const HEADERS_OF_BODY = HEADERS.replace('Host', 'Expect: 100-continue\nHost')

const METADATA = {
  custid: 'string',
  metadata_key: 'string',
  secret_key: 'string',
  ttl: 'int',
  metadata_ttl: 'int',
  secret_ttl: 'int',
  created: 'int',
  updated: 'int',
  passphrase_required: 'bool',
  state: 'string',
} as const
const GENERATED = { ...METADATA, value: 'string' } as const
const SECRET = { secret_key: 'string', value: 'string' } as const

/** The client: a connection that stays open, and credentials or none. */
class OneTimeSecret {
  readonly #connection: Connection
  readonly #authorization: string | undefined

  constructor(connection: Connection, authorization: string | undefined) {
    this.#connection = connection
    this.#authorization = authorization
  }

  async status() {
    const authorization = this.#authorization
    const answer = await this.#connection.request('GET /status', HEADERS, { authorization })
    return this.#read(answer, { status: 'string' } as const)
  }
  async share(body: string) {
    return this.#read(await this.#post('/share', body), METADATA)
  }
  async generate() {
    return this.#read(await this.#post('/generate', ''), GENERATED)
  }
  async retrieve(key: string | null, body = '') {
    return this.#read(await this.#post(`/secret/${key}`, body), SECRET)
  }
  async metadata(key: string | null) {
    return this.#read(await this.#post(`/private/${key}`, ''), METADATA)
  }

  async #post(path: string, body: string): Promise<WireAnswer> {
    const connection = this.#connection
    const parts = { authorization: this.#authorization, body }
    if (body === '') return connection.request(`POST ${path}`, HEADERS, parts)
    const head = fillHead(`POST ${path}`, HEADERS_OF_BODY, connection.host, parts)
    connection.write(`${head.join('\r\n')}\r\n\r\n`)
    expect(await connection.head()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.write(body)
    return connection.answer()
  }

  #read<Contract extends Parameters<typeof readContract>[1]>(answer: WireAnswer, contract: Contract) {
    if (answer.status === 200) return readContract(answer.text, contract)
    throw new Error(readContract(answer.text, { message: 'string' } as const).message ?? '')
  }
}

async function client(authorization?: string) {
  return new OneTimeSecret(await Connection.open(server().url), authorization)
}

describe.each(CALLERS)('C# OneTimeSharp, %s', (_who, authorization, custid) => {
  it('generates with an empty body and retrieves once (docs/api/v1.md sections 1 and 6)', async () => {
    const ots = await client(authorization)
    const generated = await ots.generate()
    expect(generated).toMatchObject({ custid, ttl: 604_800, metadata_ttl: 1_209_600, secret_ttl: 604_800 })
    expect(await ots.retrieve(generated.secret_key)).toEqual({
      secret_key: generated.secret_key,
      value: generated.value,
    })
    await expect(ots.retrieve(generated.secret_key)).rejects.toThrow(/^Unknown secret$/)
  })

  it('shares unescaped UTF-8 in a body without a Content-Type that ends with "&" (docs/api/v1.md section 1)', async () => {
    const ots = await client(authorization)
    const shared = await ots.share('passphrase=пароль&ttl=3600&secret=Hello, OTS! Привет&')
    expect(shared).toMatchObject({ custid, ttl: 3600, passphrase_required: true })
    await expect(ots.retrieve(shared.secret_key, 'passphrase=пирог&')).rejects.toThrow(/^Unknown secret$/)
    const { value } = await ots.retrieve(shared.secret_key, 'passphrase=пароль&')
    expect(value).toBe('Hello, OTS! Привет')
  })

  it('reads integers, never null, in metadata before and after the reveal (docs/api/v1.md section 4)', async () => {
    const ots = await client(authorization)
    const { metadata_key: receiptKey, secret_key: secretKey } = await ots.share('secret=x&')
    expect(await ots.metadata(receiptKey)).toMatchObject({ state: 'new', secret_ttl: 604_800 })
    await ots.retrieve(secretKey)
    const after = await ots.metadata(receiptKey)
    expect(after).toMatchObject({ state: 'received', secret_ttl: 0, secret_key: null })
  })

  it('reads the status', async () => {
    expect(await (await client(authorization)).status()).toEqual({ status: 'nominal' })
  })
})

describe('C# OneTimeSharp', () => {
  it('throws the message of an error (docs/api/v1.md section 5)', async () => {
    const ots = await client()
    await expect(ots.share('secret=&')).rejects.toThrow(/^You did not provide anything to share$/)
    await expect((await client(basic('a@b.cc', 'x'))).generate()).rejects.toThrow(/^Not authorized$/)
  })

  it('gets "Malformed request" for a percent sign, which it does not escape, and keeps its connection', async () => {
    const ots = await client()
    await expect(ots.share('secret=100%&')).rejects.toThrow(/^Malformed request: invalid percent-encoding$/)
    expect(await ots.status()).toEqual({ status: 'nominal' })
  })

  // The client cuts its own parameter at the entity, at both ends alike: so the passphrase still fits.
  it('cuts a passphrase at its own HTML entities, when it shares and when it retrieves', async () => {
    const ots = await client()
    const { secret_key: key } = await ots.share('passphrase=p&#228;ss&secret=x&')
    expect((await ots.retrieve(key, 'passphrase=p&#228;ss&')).value).toBe('x')
  })
})
