// node-ots (derekmartinez18), lib/ots.js on the library request: forms under the name of text/html, unset parameters left out,
// POST for all but the status; any status but 200 is an error. It is on npm no more; its host is fixed.

import { describe, expect, it } from 'vitest'
import { BASIC, basic, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const request = clientOf(
  server,
  `Authorization: {authorization}
  Content-Type: text/html; charset=utf-8
  host: {host}
  content-length: {length}
  Connection: close`,
)

async function post(path: string, body = '', authorization = BASIC) {
  const answer = await request(`POST ${path}`, { authorization, body })
  if (answer.status !== 200) throw new Error(String(answer.status))
  return answer.json()
}

describe('node-ots', () => {
  it('shares, reads the metadata and the recent list, and retrieves', async () => {
    server().clock.advance(1)
    const shared = await post(
      '/share',
      'secret=I%20am%20in%20love&passphrase=Tot%24ally&recipient=pieman%40email.com',
    )
    expect(shared).toMatchObject({ passphrase_required: true, recipient: ['pi*****@e*****.com'] })
    const key = shared['metadata_key']
    expect(await post(`/private/${key}`)).toMatchObject({ state: 'new' })
    const recent: unknown = await post('/private/recent')
    expect(recent).toEqual(expect.arrayContaining([expect.objectContaining({ metadata_key: key })]))
    const secret = await post(`/secret/${shared['secret_key']}`, 'passphrase=Tot%24ally')
    expect(secret['value']).toBe('I am in love')
  })

  it('generates, and reads the status by GET', async () => {
    expect((await post('/generate', 'passphrase=p'))['value']).toMatch(/^.{12}$/)
    const status = await request('GET /status', { authorization: BASIC })
    expect(status.json()).toEqual({ status: 'nominal' })
  })

  it('sees the status 404 of every client error', async () => {
    await expect(post('/share', 'secret=x', basic('a@b.co', 'no'))).rejects.toThrow('404')
  })
})
