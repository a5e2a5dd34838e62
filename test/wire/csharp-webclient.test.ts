// C# OneTimeSharp 1.0 (utter-step), OtsConnector.cs and DataStructures/Json; bytes as recorded from those calls on
// Mono's WebClient. It writes HTML entities where percent-encoding belongs, and no Content-Type.

import { describe, expect, it } from 'vitest'
import type { WireAnswer } from '../support/wire.ts'
import { Connection } from './connection.ts'
import { readContract } from './data-contract.ts'
import { BASIC, basic, serverOfFile } from './server.ts'

const server = serverOfFile()

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
    return this.#read(await this.#connection.send(this.#head('GET', '/status')), {
      status: 'string',
    } as const)
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

  /** A body waits for `100 Continue`; an empty one is not announced. */
  async #post(path: string, body: string): Promise<WireAnswer> {
    const bytes = Buffer.from(body)
    const length = `Content-Length: ${bytes.length}`
    if (bytes.length === 0) return this.#connection.send(this.#head('POST', path, length))
    this.#connection.write(`${this.#head('POST', path, length, 'Expect: 100-continue').join('\r\n')}\r\n\r\n`)
    expect(await this.#connection.head()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    this.#connection.write(bytes)
    return this.#connection.answer()
  }

  #head(method: string, path: string, ...more: string[]): string[] {
    const authorization = this.#authorization === undefined ? [] : [`Authorization: ${this.#authorization}`]
    const host = `Host: ${this.#connection.host}`
    return [`${method} /api/v1${path} HTTP/1.1`, ...authorization, ...more, host]
  }

  #read<Contract extends Parameters<typeof readContract>[1]>(answer: WireAnswer, contract: Contract) {
    if (answer.status === 200) return readContract(answer.text, contract)
    throw new Error(readContract(answer.text, { message: 'string' } as const).message ?? '')
  }
}

async function client(authorization?: string) {
  return new OneTimeSecret(await Connection.open(server().url), authorization)
}

describe.each([
  ['with a user name and key', BASIC, 'foo@example.com'],
  ['anonymous', undefined, 'anon'],
] as const)('clients.md, C# `OneTimeSharp`, %s', (_who, authorization, custid) => {
  it('generates with an empty body and retrieves once (v1-api §1, §6)', async () => {
    const ots = await client(authorization)
    const generated = await ots.generate()
    expect(generated).toMatchObject({ custid, ttl: 604_800, metadata_ttl: 1_209_600, secret_ttl: 604_800 })
    expect(await ots.retrieve(generated.secret_key)).toEqual({
      secret_key: generated.secret_key,
      value: generated.value,
    })
    await expect(ots.retrieve(generated.secret_key)).rejects.toThrow(/^Unknown secret$/)
  })

  it('shares UTF-8 as it stands in a body of no type with an "&" behind it (v1-api §1)', async () => {
    const ots = await client(authorization)
    const shared = await ots.share('passphrase=пароль&ttl=3600&secret=Hello, OTS! Привет&')
    expect(shared).toMatchObject({ custid, ttl: 3600, passphrase_required: true })
    await expect(ots.retrieve(shared.secret_key, 'passphrase=пирог&')).rejects.toThrow(/^Unknown secret$/)
    const { value } = await ots.retrieve(shared.secret_key, 'passphrase=пароль&')
    expect(value).toBe('Hello, OTS! Привет')
  })

  it('reads the metadata before and after the reveal: integers, never null (v1-api §4)', async () => {
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

describe('clients.md, C# `OneTimeSharp`', () => {
  it('throws the message of the body (v1-api §5)', async () => {
    const ots = await client()
    await expect(ots.share('secret=&')).rejects.toThrow(/^You did not provide anything to share$/)
    await expect((await client(basic('a@b.cc', 'x'))).generate()).rejects.toThrow(/^Not authorized$/)
  })

  it('gets a clean error for a percent sign, which it does not escape, and the connection lives on', async () => {
    const ots = await client()
    await expect(ots.share('secret=100%&')).rejects.toThrow(/^Malformed request$/)
    expect(await ots.status()).toEqual({ status: 'nominal' })
  })

  // The client cuts its own parameter at the entity, at both ends alike: so the passphrase still fits.
  it('takes what an HTML entity leaves of a value, on the way in and out alike', async () => {
    const ots = await client()
    const { secret_key: key } = await ots.share('passphrase=p&#228;ss&secret=x&')
    expect((await ots.retrieve(key, 'passphrase=p&#228;ss&')).value).toBe('x')
  })
})
