// PowerShell 7, `Invoke-WebRequest -Form @{secret=…;ttl=…}`: multipart as .NET writes it, with a quoted boundary, an unquoted
// name, and in each part the Content-Type and its charset before the Content-Disposition.

import { describe, expect, it } from 'vitest'
import { CALLERS, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const BOUNDARY = '6a2f1a5e-2d5c-4b0e-9f43-0b6f2f9b7a11'
const send = clientOf(
  server,
  `Host: {host}
  Authorization: {authorization}
  User-Agent: Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.19045; en-US) PowerShell/7.4.6
  Accept-Encoding: gzip, deflate, br
  Content-Type: multipart/form-data; boundary="${BOUNDARY}"
  Content-Length: {length}`,
)

function form(fields: Readonly<Record<string, string>>): string {
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=${name}\r\n\r\n${value}\r\n`,
  )
  return `${parts.join('')}--${BOUNDARY}--\r\n`
}

describe.each(CALLERS)('PowerShell 7 -Form, %s', (_who, authorization, custid) => {
  it('shares a secret with a ttl, byte for byte', async () => {
    const body = form({ ttl: '14400', secret: 'Zeile ü\n"quoted" & 🔑' })
    const shared = await send('POST /share', { authorization, body })
    expect(shared.json()).toMatchObject({ custid, ttl: 14_400 })
    const revealed = await send(`POST /secret/${shared.json()['secret_key']}`, {
      body: form({ passphrase: '' }),
    })
    expect(revealed.json()['value']).toBe('Zeile ü\n"quoted" & 🔑')
  })
})
