// Ruby gem onetime 0.5.1: lib/onetime/api.rb and bin/onetime; bytes as recorded from its calls on HTTParty 0.21 and
// Ruby 3.1. HTTParty puts a "?" behind a GET, writes an option that is nil as `ttl=`, and a list as `recipient[]=`.

import { describe, expect, it } from 'vitest'
import { sendOnce } from './connection.ts'
import { BASIC, basic, serverOfFile } from './server.ts'

const server = serverOfFile()

const COMMON = [
  'X-Onetime-Client: ruby: 3.1.7/0.5.1',
  'Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3',
  'Accept: */*',
  'User-Agent: Ruby',
]

function get(path: string, authorization?: string) {
  return sendOnce(server().url, (host) => [
    `GET /api/v1${path}? HTTP/1.1`,
    ...COMMON,
    authorization && `Authorization: ${authorization}`,
    'Connection: close',
    `Host: ${host}`,
  ])
}

function post(path: string, body: string, authorization?: string) {
  const lines = (host: string) => [
    `POST /api/v1${path} HTTP/1.1`,
    ...COMMON,
    authorization && `Authorization: ${authorization}`,
    'Connection: close',
    `Host: ${host}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Content-Type: application/x-www-form-urlencoded',
  ]
  return sendOnce(server().url, lines, body)
}

/** The command's way from a printed link to the key. */
function keyIn(link: string) {
  return /127\.0\.0\.1:\d+\/secret\/([a-zA-Z0-9]+)/.exec(link)?.[1]
}

describe.each([
  ['with a custid and key', BASIC, 'foo@example.com'],
  ['without', undefined, 'anon'],
] as const)('clients.md, Ruby `onetime`, %s', (_who, authorization, custid) => {
  it('`onetime status` reads the status behind an empty query', async () => {
    expect((await get('/status', authorization)).json()).toEqual({ status: 'nominal' })
  })

  it('`echo … | onetime share` keeps the newline and takes options that came empty as absent', async () => {
    const body = 'secret=Jazz%2C%20jazz%20%C3%A8%20%2B%20jazz%0A&ttl=&recipient='
    const shared = await post('/share', body, authorization)
    expect(shared.status).toBe(200)
    expect(shared.json()).toMatchObject({ custid, ttl: 604_800, recipient: [], passphrase_required: false })

    const key = keyIn(`${server().url}/secret/${shared.json()['secret_key']}`)
    const revealed = await post(`/secret/${key}`, '', authorization)
    expect(revealed.json()).toEqual({ value: 'Jazz, jazz è + jazz\n', secret_key: key })
    const again = await post(`/secret/${key}`, '', authorization)
    expect(again.status).not.toBe(200)
    expect(again.json()['message']).toBe('Unknown secret')
  })

  it('`onetime metadata` goes by POST /metadata/KEY (v1-api §3, aliases)', async () => {
    const { metadata_key: key } = (await post('/share', 'secret=x&ttl=7200&recipient=', authorization)).json()
    expect((await post(`/metadata/${key}`, '', authorization)).json()).toMatchObject({
      state: 'new',
      ttl: 7200,
    })
  })

  it('`onetime generate -t 7200 -p p`, and `generate` with no options and an empty body', async () => {
    const { secret_key: key, value } = (
      await post('/generate', 'ttl=7200&recipient=&passphrase=p', authorization)
    ).json()
    expect((await post(`/secret/${key}`, 'passphrase=x')).json()['message']).toBe('Unknown secret')
    expect((await post(`/secret/${key}`, 'passphrase=p')).json()['value']).toBe(value)
    expect((await post('/generate', '', authorization)).json()['value']).toMatch(/^.{12}$/)
  })

  it('takes an empty list of recipients for none', async () => {
    const shared = await post('/share', 'secret=x&ttl=&recipient%5B%5D=', authorization)
    expect(shared.json()['recipient']).toEqual([])
  })
})

describe('clients.md, Ruby `onetime`', () => {
  it.each(['recipient%5B%5D', 'recipient[]'])('mails the link to each of %s (v1-api §1)', async (name) => {
    const body = `secret=x&ttl=7200&${name}=foo%40example.com&${name}=b%40example.org`
    const shared = (await post('/share', body, BASIC)).json()
    expect(shared['recipient']).toEqual(['fo*****@e*****.com', 'b*****@e*****.org'])
    const mails = server().mails.slice(-2)
    expect(mails.map(({ to }) => to)).toEqual(['foo@example.com', 'b@example.org'])
    for (const { link } of mails) expect(keyIn(link)).toBe(shared['secret_key'])
  })

  it('prints `message` when the answer is not 200', async () => {
    const mailed = await post('/share', 'secret=x&ttl=&recipient%5B%5D=a%40example.com')
    expect(mailed.status).toBe(404)
    expect(mailed.json()).toEqual({ message: 'An account is required to send emails.' })
    const stranger = await get('/status', basic('foo@example.com', 'wrong'))
    expect(stranger.status).toBe(404)
    expect(stranger.json()).toEqual({ message: 'Not authorized' })
  })
})
