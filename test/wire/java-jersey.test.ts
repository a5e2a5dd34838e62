// Java onetime-java 1.0: OneTimeSecretRestImpl and its *Json classes; bytes as recorded from those calls on Jersey 2.8
// and HttpURLConnection, which sends a POST of `null` with neither Content-Length nor Transfer-Encoding.

import { describe, expect, it } from 'vitest'
import { Connection } from './connection.ts'
import { readBean } from './jackson.ts'
import { BASIC, basic, serverOfFile } from './server.ts'

const server = serverOfFile()

const HEADERS = `
  Authorization: {authorization}
  User-Agent: Jersey/2.8 (HttpUrlConnection 17.0.15)
  Host: {host}
  Accept: text/html, image/gif, image/jpeg, */*; q=0.2
  Connection: keep-alive`

const CREATED = {
  custid: 'String',
  metadata_key: 'String',
  secret_key: 'String',
  metadata_ttl: 'String',
  secret_ttl: 'String',
  ttl: 'String',
  state: 'String',
  created: 'String',
  updated: 'String',
  passphrase_required: 'boolean',
} as const
const GENERATED = { ...CREATED, value: 'String' } as const
const METADATA = { ...CREATED, recipient: 'String[]' } as const
const RETRIEVED = { secret_key: 'String', value: 'String' } as const
const STATUS = { status: 'String' } as const

/** The client: it needs an account, and throws unless the answer is 2xx. */
class OneTimeSecret {
  readonly #connection: Connection
  readonly #authorization: string

  constructor(connection: Connection, authorization: string) {
    this.#connection = connection
    this.#authorization = authorization
  }

  async status() {
    return readBean(await this.#request('GET /status'), STATUS)
  }
  async share(query: string) {
    return readBean(await this.#request(`POST /share?${query}`), CREATED, { ignoreUnknown: true })
  }
  async generate(query: string) {
    return readBean(await this.#request(`POST /generate?${query}`), GENERATED, { ignoreUnknown: true })
  }
  async retrieve(key: string | null, passphrase: string) {
    const query = `secret_key=${key}&passphrase=${passphrase}`
    return readBean(await this.#request(`POST /secret/${key}?${query}`), RETRIEVED)
  }
  async metadata(key: string | null) {
    return readBean(await this.#request(`POST /private/${key}?metadata_key=${key}`), METADATA)
  }

  async #request(request: string): Promise<string> {
    const authorization = this.#authorization
    const { status, text } = await this.#connection.request(request, HEADERS, { authorization })
    if (status < 200 || status > 299) throw new Error(`HTTP ${status}`)
    return text
  }
}

async function client(authorization = BASIC) {
  return new OneTimeSecret(await Connection.open(server().url), authorization)
}

describe('Java onetime-java', () => {
  it('reads a status of exactly one field (docs/api/v1.md section 3)', async () => {
    expect(await (await client()).status()).toEqual({ status: 'nominal' })
  })

  it('generates and retrieves with a passphrase in the query string of a POST without a body (docs/api/v1.md section 1)', async () => {
    const ots = await client()
    const generated = await ots.generate('passphrase=supersecret')
    const retrieved = await ots.retrieve(generated.secret_key, 'supersecret')
    expect(retrieved).toEqual({ secret_key: generated.secret_key, value: generated.value })
    await expect(ots.retrieve(generated.secret_key, 'supersecret')).rejects.toThrow('HTTP 404')
  })

  it('shares and retrieves text that it escapes only in part', async () => {
    const ots = await client()
    const shared = await ots.share(
      "recipient=foo@example.com&passphrase=test-passhprase&secret=mooooo+I'm+a+moooose+%26+pi%C3%B9",
    )
    expect(shared).toMatchObject({ custid: 'foo@example.com', passphrase_required: true, ttl: '604800' })
    const { value } = await ots.retrieve(shared.secret_key, 'test-passhprase')
    expect(value).toBe("mooooo I'm a moooose & più")
  })

  it('reads metadata into a bean that rejects unknown fields, integers as text (docs/api/v1.md section 4)', async () => {
    const ots = await client()
    const generated = await ots.generate('passphrase=ooga+booga&ttl=333&metadata_ttl=111&secret_ttl=222')
    const metadata = await ots.metadata(generated.metadata_key)
    expect(metadata).toMatchObject({ recipient: [], ttl: '333', metadata_ttl: '666', state: 'viewed' })
    expect(metadata.custid).toBe(generated.custid)
    expect(metadata.created).toBe(generated.created)
    expect(metadata.metadata_key).toBe(generated.metadata_key)
    expect(metadata.secret_key).toBe(generated.secret_key)
  })

  it('reads the recipients in metadata as an array (docs/api/v1.md section 4)', async () => {
    const ots = await client()
    const { metadata_key: key } = await ots.share('recipient=foo@example.com&secret=x')
    expect((await ots.metadata(key)).recipient).toEqual(['fo*****@e*****.com'])
  })

  // `received` is documented, so it stays: that the client fails on it is the client's own limit.
  it('fails on metadata after a reveal, because of the documented `received` (docs/api/v1.md section 4)', async () => {
    const ots = await client()
    const { metadata_key: receiptKey, secret_key: secretKey } = await ots.share('passphrase=p&secret=x')
    await ots.retrieve(secretKey, 'p')
    await expect(ots.metadata(receiptKey)).rejects.toThrow('Unrecognized field "received"')
  })

  it('throws for a wrong token (docs/api/v1.md section 2)', async () => {
    const ots = await client(basic('foo@example.com', 'wrong'))
    await expect(ots.status()).rejects.toThrow('HTTP 404')
    await expect(ots.share('secret=x')).rejects.toThrow('HTTP 404')
  })
})
