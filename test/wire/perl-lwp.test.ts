// Perl Net::OneTimeSecret 0.04 (CPAN), lib/Net/OneTimeSecret.pm; bytes as recorded from its calls on LWP 6.68. The
// credentials stand in the URL, from which LWP makes Basic; the body is read as JSON whatever the status.

import { describe, expect, it } from 'vitest'
import { BASIC, basic, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const lwp = clientOf(
  server,
  `TE: deflate,gzip;q=0.3
  Connection: TE, close
  Authorization: {authorization}
  Host: {host}
  User-Agent: libwww-perl/6.68
  Content-Length: {length}
  Content-Type: application/x-www-form-urlencoded`,
)
const status = async (authorization: string) => (await lwp('GET /status', { authorization })).json()
const post = async (path: string, body = '', authorization = BASIC) =>
  (await lwp(`POST ${path}`, { body, authorization })).json()

describe('Perl Net::OneTimeSecret', () => {
  it('shares with a recipient, retrieves, and fails to retrieve again, as its documentation shows', async () => {
    const shared = await post(
      '/share',
      'recipient=kyle%40shoffle.com&ttl=7200&secret=Jazz%2C+jazz+and+more+jazz.&passphrase=thepassword',
    )
    expect(shared).toMatchObject({ custid: 'foo@example.com', ttl: 7200, recipient: ['ky*****@s*****.com'] })
    expect(server().mails.at(-1)?.to).toBe('kyle@shoffle.com')

    const path = `/secret/${shared['secret_key']}`
    const secret = await post(path, 'passphrase=thepassword')
    expect(secret['value']).toBe('Jazz, jazz and more jazz.')
    const again = await post(path, 'passphrase=thepassword')
    expect(again['message']).toBe('Unknown secret')
    expect(again).not.toHaveProperty('value')
  })

  it('generates and reads the metadata with empty form bodies (docs/api/v1.md section 1)', async () => {
    const generated = await post('/generate')
    expect(generated['value']).toMatch(/^.{12}$/)
    const metadata = await post(`/private/${generated['metadata_key']}`)
    expect(metadata).toMatchObject({ custid: 'foo@example.com', state: 'viewed' })
    expect(metadata['secret_key']).toBe(generated['secret_key'])
  })

  it('reads the status', async () => {
    expect(await status(BASIC)).toEqual({ status: 'nominal' })
  })

  it('reads every error as JSON (docs/api/v1.md sections 2 and 5)', async () => {
    const wrongToken = basic('foo@example.com', 'wrong')
    expect(await status(wrongToken)).toEqual({ message: 'Not authorized' })
    expect(await post('/generate', '', wrongToken)).toEqual({ message: 'Not authorized' })
    expect(await post('/share', 'ttl=3600&secret=')).toEqual({
      message: 'You did not provide anything to share',
    })
  })

  it('gets "Malformed request" for text that it sends as Latin-1, never a changed secret (docs/api/v1.md section 1)', async () => {
    expect(await post('/share', 'secret=Verd%E0&ttl=3600')).toEqual({
      message: 'Malformed request: invalid percent-encoding',
    })
  })
})
