// ShareX, TextUploaders/OneTimeSecret.cs: multipart by HttpWebRequest, with a boundary of dashes and a tick count; reads
// integers into strings and joins the link itself. Its host is fixed.

import { describe, expect, it } from 'vitest'
import { readBean } from './jackson.ts'
import { CALLERS, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const BOUNDARY = '--------------------8dcd1f7e2a3b4c5'
const send = clientOf(
  server,
  `Authorization: {authorization}
  Content-Type: multipart/form-data; boundary=${BOUNDARY}
  User-Agent: ShareX/16.1.0
  Host: {host}
  Content-Length: {length}
  Connection: Keep-Alive`,
)

const RESPONSE = {
  custid: 'String',
  metadata_key: 'String',
  secret_key: 'String',
  ttl: 'String',
  updated: 'String',
  created: 'String',
} as const

describe.each(CALLERS)('ShareX, %s', (_who, authorization, custid) => {
  it('uploads a text, whose link reveals it byte for byte', async () => {
    const text = 'first line\r\nzweite Zeile ü\n'
    const part = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="secret"\r\n\r\n${text}\r\n`
    const answer = await send('POST /share', { authorization, body: `${part}--${BOUNDARY}--\r\n` })
    // Json.NET, as Jackson, reads numbers into strings.
    const response = readBean(answer.text, RESPONSE, { ignoreUnknown: true })
    expect(response).toMatchObject({ custid, ttl: '604800' })
    const revealed = await send(`POST /secret/${response.secret_key}`, { body: `--${BOUNDARY}--\r\n` })
    expect(revealed.json()['value']).toBe(text)
  })
})
