// Python OneTimeSecret-Client (JoKerIsCraZy), OneTimeSecret_Client.py, OTSClient; bytes as recorded from its session on
// requests 2.34. It sends non-ASCII as \uXXXX, `continue` as a string, and takes a 200 with `success: false` for a refusal.

import { describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { dig } from './dig.ts'
import { BASIC, basic, clientOf, serverOfFile } from './server.ts'

const HEADERS = `
  Host: {host}
  User-Agent: OneTimeSecret-Client (+https://github.com/JoKerIsCraZy/OneTimeSecret-Client)
  Accept-Encoding: gzip, deflate
  Accept: application/json
  Connection: keep-alive
  Content-Length: {length}
  Content-Type: application/json
  Authorization: {authorization}`

const server = serverOfFile({ PUBLIC_URL: 'https://secrets.example.com' })

/** `json.dumps`: blanks after `:` and `,`, and nothing but ASCII. */
function dumps(value: object): string {
  const spaced = JSON.stringify(value, null, 1)
    .replace(/\n */g, ' ')
    .replace(/([{[]) | ([}\]])/g, '$1$2')
  return spaced.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const TERMINAL = ['burned', 'revealed', 'expired', 'orphaned', 'received']

/** The state of a receipt's secret: `secret_state`, else the first flag, else `state`. */
function stateOf(data: unknown): unknown {
  const flags = ['burned', 'revealed', 'expired', 'orphaned', 'previewed']
  const flagged = flags.find((flag) => dig(data, 'record', `is_${flag}`) === true)
  return dig(data, 'record', 'secret_state') || flagged || dig(data, 'record', 'state') || 'unknown'
}

class DesktopClient {
  readonly #send: ReturnType<typeof clientOf>
  readonly #authorization: string | undefined

  constructor(authorization: string | undefined, from: () => TestServer = server) {
    this.#send = clientOf(from, HEADERS)
    this.#authorization = authorization
  }

  async share(secret: string, ttl: number, more: object = {}) {
    const body = { secret: { kind: 'conceal', share_domain: 'secrets.example.com', secret, ttl, ...more } }
    const data = await this.#request('POST', '/secret/conceal', body)
    const key = dig(data, 'record', 'secret', 'key')
    const receipt = dig(data, 'record', 'receipt', 'identifier')
    if (typeof key !== 'string' || typeof receipt !== 'string') throw new Error('no key')
    return { key, receipt, shareDomain: dig(data, 'record', 'share_domain') }
  }
  async state(receipt: string) {
    return stateOf(await this.#request('GET', `/receipt/${receipt}`))
  }
  async shareLink(receipt: string): Promise<string> {
    const data = await this.#request('GET', `/receipt/${receipt}`)
    if (TERMINAL.includes(String(stateOf(data)))) throw new Error('error.no_share_link')
    const url = String(dig(data, 'record', 'share_url') ?? '')
    if (url.startsWith('https://')) return url
    return `https://secrets.example.com/${dig(data, 'record', 'share_path')}`
  }
  async burn(receipt: string) {
    return stateOf(await this.#request('POST', `/receipt/${receipt}/burn`, { continue: 'true' }))
  }
  /** The test of a connection: status and version without an account, the recent list with one. */
  async ping() {
    const status = dig(await this.#request('GET', '/status'), 'status')
    const version = dig(await this.#request('GET', '/version'), 'version') as unknown[]
    if (this.#authorization !== undefined) await this.#request('GET', '/receipt/recent')
    return { status, version: version.join('.') }
  }

  async #request(method: string, path: string, json?: object): Promise<unknown> {
    const authorization = this.#authorization
    const parts = json === undefined ? { authorization } : { authorization, body: dumps(json) }
    const { status, text, headers } = await this.#send(`${method} /api/v2${path}`, parts)
    const data: unknown = JSON.parse(text)
    if (status >= 400) {
      const field = dig(data, 'field')
      const detail =
        status === 429 ? headers['retry-after'] : (field ?? dig(data, 'error') ?? dig(data, 'message'))
      throw new Error(`error ${status}: ${detail}`)
    }
    if (dig(data, 'success') === false) throw new Error('error.refused')
    return data
  }
}

describe('Python OneTimeSecret-Client', () => {
  it('shares with a recipient and a passphrase, and reads the link while the secret lives', async () => {
    const client = new DesktopClient(BASIC)
    const options = { recipient: 'foo@example.com', passphrase: 'pw' }
    const { key, receipt, shareDomain } = await client.share('Grüße 🔑\n', 3600, options)
    expect(server().mails.at(-1)?.to).toBe('foo@example.com')
    expect(shareDomain).toBe(null)
    expect(await client.state(receipt)).toBe('new')
    expect(await client.shareLink(receipt)).toBe(`https://secrets.example.com/secret/${key}`)
    const reveal = clientOf(server, HEADERS)
    const body = dumps({ continue: true, passphrase: 'pw' })
    const revealed = await reveal(`POST /api/v2/secret/${key}/reveal`, { body })
    expect(dig(revealed.json(), 'record', 'secret_value')).toBe('Grüße 🔑\n')
    expect(await client.state(receipt)).toBe('revealed')
    await expect(client.shareLink(receipt)).rejects.toThrow('error.no_share_link')
  })

  it('burns by `"continue": "true"`, once', async () => {
    const client = new DesktopClient(BASIC)
    const { receipt } = await client.share('x', 300)
    expect(await client.burn(receipt)).toBe('burned')
    expect(await client.state(receipt)).toBe('burned')
    await expect(client.burn(receipt)).rejects.toThrow('error.refused')
  })

  it('sees that a secret has expired', async () => {
    const client = new DesktopClient(BASIC)
    const { receipt } = await client.share('x', 300)
    server().clock.advance(301)
    expect(await client.state(receipt)).toBe('expired')
  })

  it('tests its connection with an account and without', async () => {
    expect(await new DesktopClient(BASIC).ping()).toEqual({
      status: 'nominal',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
    expect(await new DesktopClient(undefined).ping()).toEqual({
      status: 'nominal',
      version: expect.stringMatching(/^\d+$/),
    })
  })

  it('shows the field of a 422, and 401 for a wrong key', async () => {
    const client = new DesktopClient(BASIC)
    await expect(client.share('', 300)).rejects.toThrow('error 422: secret')
    await expect(client.share('x', 300, { recipient: 'nobody' })).rejects.toThrow('error 422: recipient')
    await expect(new DesktopClient(basic('foo@example.com', 'no')).share('x', 300)).rejects.toThrow(
      'error 401: Authentication Required',
    )
  })

  it('shows the Retry-After of a 429', async () => {
    const limited = await startTestServer({
      settings: { PUBLIC_URL: 'https://secrets.example.com', RATE_LIMIT: 'create=1/60' },
    })
    try {
      const client = new DesktopClient(basic('', ''), () => limited)
      await client.share('x', 300)
      await expect(client.share('x', 300)).rejects.toThrow('error 429: 60')
    } finally {
      await limited.close()
    }
  })
})
