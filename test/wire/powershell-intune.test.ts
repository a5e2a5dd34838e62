// A script that sends a device's Autopilot hash (Intune): Invoke-RestMethod of Windows PowerShell 5.1, which asks for
// `100 Continue`; JSON within JSON, no ttl, no account. It reads `record.secret.key`.

import { describe, expect, it } from 'vitest'
import { Connection } from './connection.ts'
import { dig } from './dig.ts'
import { fillHead } from './head.ts'
import { clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()

const HEADERS = `
  User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.2506
  Content-Type: application/json
  Host: {host}
  Content-Length: {length}
  Expect: 100-continue
  Connection: Keep-Alive`

describe('the Intune script', () => {
  it('waits for 100 Continue, and shows the key of its secret', async () => {
    const payload = JSON.stringify({ deviceName: 'PC', serialNumber: 'a', hardwareHash: 'T0FB'.repeat(1000) })
    const body = JSON.stringify({ secret: { secret: payload } })
    const connection = await Connection.open(server().url)
    const head = fillHead('POST /api/v2/secret/conceal', HEADERS, connection.host, { body })
    connection.write(`${head.join('\r\n')}\r\n\r\n`)
    expect(await connection.head()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.write(body)
    const key = dig((await connection.answer()).json(), 'record', 'secret', 'key')
    connection.close()
    const revealed = await clientOf(server, 'Host: {host}\nContent-Length: {length}')(`POST /secret/${key}`, {
      body: '',
    })
    expect(revealed.json()['value']).toBe(payload)
  })
})
