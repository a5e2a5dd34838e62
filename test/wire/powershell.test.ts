// PowerShell module OneTimeSecret (chelnak) 1.x and 2.x: Invoke-OTSRestMethod and Functions/Public; the headers are
// those of Invoke-RestMethod in Windows PowerShell 5.1, which gives a POST without a body a form's type. Version 1 joins
// its parameters as they are and .NET escapes the URL; version 2 escapes with HttpUtility, which on Windows writes
// what is not ASCII as %uXXXX.

import { describe, expect, it } from 'vitest'
import { Connection } from './connection.ts'
import { BASIC, basic, serverOfFile } from './server.ts'

const server = serverOfFile()

async function invoke(method: 'GET' | 'POST', target: string, authorization = BASIC) {
  const connection = await Connection.open(server().url)
  const answer = await connection.send([
    `${method} /api/v1/${target} HTTP/1.1`,
    `Authorization: ${authorization}`,
    'User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1',
    method === 'POST' && 'Content-Type: application/x-www-form-urlencoded',
    `Host: ${connection.host}`,
    method === 'POST' && 'Content-Length: 0',
    'Connection: Keep-Alive',
  ])
  connection.close()
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  return answer
}

/** What `ConvertFrom-UnixTime` needs: a number. */
function isTime(value: unknown): boolean {
  return Number.isInteger(value)
}

describe('clients.md, PowerShell `OneTimeSecret`', () => {
  it('New-OTSSharedSecret "Very Secret" 1234 -Recipient …, then Get-OTSSecret, twice', async () => {
    const shared = await invoke(
      'POST',
      'share?secret=Very%20Secret&passphrase=1234&ttl=90000&recipient=user@mail.com',
    )
    expect(shared.json()).toMatchObject({
      custid: 'foo@example.com',
      ttl: 90_000,
      state: 'new',
      recipient: ['us*****@m*****.com'],
      passphrase_required: true,
    })
    const key = shared.json()['secret_key']
    const secret = await invoke('POST', `secret/${key}?passphrase=1234`)
    expect(secret.json()).toEqual({ secret_key: key, value: 'Very Secret' })
    const again = await invoke('POST', `secret/${key}?passphrase=1234`)
    expect(again.status).toBe(404)
    expect(again.json()['message']).toBe('Unknown secret')
  })

  it('New-OTSSecret, Get-OTSSecretMetadata and Remove-OTSSecret read times as numbers (v1-api §4)', async () => {
    const generated = (await invoke('POST', 'generate?passphrase=1234')).json()
    const metadata = (await invoke('POST', `private/${generated['metadata_key']}`)).json()
    for (const { created, updated } of [generated, metadata]) {
      expect([created, updated].every(isTime)).toBe(true)
    }
    // It burns secrets without a passphrase only.
    const refused = await invoke('POST', `private/${generated['metadata_key']}/burn`)
    expect(refused.json()['message']).toBe('Incorrect passphrase')
    const { metadata_key: key } = (await invoke('POST', 'share?secret=x')).json()
    const { state } = (await invoke('POST', `private/${key}/burn`)).json() as {
      state: Record<string, unknown>
    }
    expect(state).toMatchObject({ metadata_key: key, state: 'burned' })
    expect(isTime(state['updated'])).toBe(true)
  })

  it('Get-OTSRecentMetadata and Get-OTSSystemStatus', async () => {
    server().clock.advance(1)
    const { metadata_key: key } = (await invoke('POST', 'share?secret=Very%20Secret&passphrase=1234')).json()
    const recent = JSON.parse((await invoke('GET', 'private/recent')).text) as Record<string, unknown>[]
    expect(recent[0]).toMatchObject({ metadata_key: key, passphrase_required: true })
    expect((await invoke('GET', 'status')).json()).toEqual({ status: 'nominal' })
  })

  it('gets "Not authorized" for a wrong key, on every call (v1-api §2)', async () => {
    const stranger = basic('foo@example.com', 'wrong')
    for (const target of ['status', 'private/recent'] as const) {
      expect((await invoke('GET', target, stranger)).json()).toEqual({ message: 'Not authorized' })
    }
  })

  it('keeps text beyond ASCII that version 1 or PowerShell 7 sends, as UTF-8', async () => {
    const { secret_key: key } = (
      await invoke('POST', 'share?secret=Pa%C3%9Fwort%20%E2%82%AC&passphrase=%C3%BC')
    ).json()
    const secret = await invoke('POST', `secret/${key}?passphrase=%C3%BC`)
    expect(secret.json()['value']).toBe('Paßwort €')
  })

  it.each(['secret=Pa%u00dfwort&passphrase=1234', 'secret=x&passphrase=%u00fc'])(
    'gets a clean error in JSON, and nothing is stored, for %s (v1-api §1)',
    async (query) => {
      const recent = async () => (await invoke('GET', 'private/recent')).text
      const before = await recent()
      const answer = await invoke('POST', `share?${query}`)
      expect(answer.status).toBe(404)
      expect(answer.headers['x-ots-intended-status']).toBe('400')
      expect(answer.json()).toEqual({ message: 'Malformed request' })
      expect(await recent()).toBe(before)
    },
  )
})
