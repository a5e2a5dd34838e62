// Ruby gem onetime 0.5.1: lib/onetime/api.rb and bin/onetime; bytes as recorded from its calls on HTTParty 0.21 and
// Ruby 3.1. HTTParty puts a "?" behind a GET, writes an option that is nil as `ttl=`, and a list as `recipient[]=`.

import { describe, expect, it } from 'vitest'
import { BASIC, basic, CALLERS, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const httparty = clientOf(
  server,
  `X-Onetime-Client: ruby: 3.1.7/0.5.1
  Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3
  Accept: */*
  User-Agent: Ruby
  Authorization: {authorization}
  Connection: close
  Host: {host}
  Content-Length: {length}
  Content-Type: application/x-www-form-urlencoded`,
)
const get = (path: string, authorization?: string) => httparty(`GET ${path}?`, { authorization })
const post = (path: string, body: string, authorization?: string) =>
  httparty(`POST ${path}`, { body, authorization })

/** Cuts the key out of a link that was printed, as the command does. */
function keyIn(link: string) {
  return /127\.0\.0\.1:\d+\/secret\/([a-zA-Z0-9]+)/.exec(link)?.[1]
}

describe.each(CALLERS)('Ruby onetime, %s', (_who, authorization, custid) => {
  it('reads the status by `onetime status`, which sends an empty query', async () => {
    expect((await get('/status', authorization)).json()).toEqual({ status: 'nominal' })
  })

  it('shares by `echo … | onetime share`, with the newline and the defaults for options that it sends empty', async () => {
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

  it('reads metadata by `onetime metadata`, at POST /metadata/KEY (docs/api/v1.md section 3, aliases)', async () => {
    const { metadata_key: key } = (await post('/share', 'secret=x&ttl=7200&recipient=', authorization)).json()
    expect((await post(`/metadata/${key}`, '', authorization)).json()).toMatchObject({
      state: 'new',
      ttl: 7200,
    })
  })

  it('generates by `onetime generate -t 7200 -p p`, and by `onetime generate` with an empty body', async () => {
    const { secret_key: key, value } = (
      await post('/generate', 'ttl=7200&recipient=&passphrase=p', authorization)
    ).json()
    expect((await post(`/secret/${key}`, 'passphrase=x')).json()['message']).toBe('Unknown secret')
    expect((await post(`/secret/${key}`, 'passphrase=p')).json()['value']).toBe(value)
    expect((await post('/generate', '', authorization)).json()['value']).toMatch(/^.{12}$/)
  })

  it('shares without recipients when its list of them is empty', async () => {
    const shared = await post('/share', 'secret=x&ttl=&recipient%5B%5D=', authorization)
    expect(shared.json()['recipient']).toEqual([])
  })
})

describe('Ruby onetime', () => {
  it.each(['recipient%5B%5D', 'recipient[]'])(
    'has the link sent to every recipient that it names by %s (docs/api/v1.md section 1)',
    async (name) => {
      const body = `secret=x&ttl=7200&${name}=foo%40example.com&${name}=b%40example.org`
      const shared = (await post('/share', body, BASIC)).json()
      expect(shared['recipient']).toEqual(['fo*****@e*****.com', 'b*****@e*****.org'])
      const mails = server().mails.slice(-2)
      expect(mails.map(({ to }) => to)).toEqual(['foo@example.com', 'b@example.org'])
      for (const { link } of mails) expect(keyIn(link)).toBe(shared['secret_key'])
    },
  )

  it('finds a message in every answer that is not 200', async () => {
    const mailed = await post('/share', 'secret=x&ttl=&recipient%5B%5D=a%40example.com')
    expect(mailed.status).toBe(404)
    expect(mailed.json()).toEqual({ message: 'An account is required to send emails.' })
    const unauthorized = await get('/status', basic('foo@example.com', 'wrong'))
    expect(unauthorized.status).toBe(404)
    expect(unauthorized.json()).toEqual({ message: 'Not authorized' })
  })
})
