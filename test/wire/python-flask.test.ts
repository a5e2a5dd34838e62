// A Flask page that reveals for its visitor: `requests.post` without a body, on the guest path; bytes as recorded on requests
// 2.34. Without `continue` it gets no value, as from the reference server, and nothing is lost.

import { describe, expect, it } from 'vitest'
import { clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Host: {host}
  User-Agent: python-requests/2.34.2
  Accept-Encoding: gzip, deflate
  Accept: */*
  Connection: keep-alive
  Content-Length: {length}`,
)

describe('the Flask page', () => {
  it('gets a 200 without a value, and the secret stays for who says `continue`', async () => {
    const shared = await send('POST /share', { body: 'secret=kept' })
    const path = `/api/v2/guest/secret/${shared.json()['secret_key']}/reveal`
    for (let visit = 0; visit < 2; visit++) {
      const answer = await send(`POST ${path}`, { body: '' })
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toContain('application/json')
      expect(answer.text).not.toContain('kept')
    }
    const revealed = await send(`POST ${path}`, { body: 'continue=true' })
    expect(revealed.json()['record']).toMatchObject({ secret_value: 'kept' })
  })

  it('passes on the 404 of an unknown secret as JSON', async () => {
    const answer = await send(`POST /api/v2/guest/secret/${'x'.repeat(31)}/reveal`, { body: '' })
    expect(answer.status).toBe(404)
    expect(answer.json()['error']).toBe('Unknown secret')
  })
})
