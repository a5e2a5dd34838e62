// PowerShell module OneTimeSecret (chelnak) 1.x and 2.x: Invoke-OTSRestMethod and Functions/Public; the headers are
// those of Invoke-RestMethod in Windows PowerShell 5.1, which gives a POST without a body a form's type. Version 1 joins
// its parameters as they are and .NET escapes the URL; version 2 escapes with HttpUtility, which on Windows writes
// what is not ASCII as %uXXXX.

import { describe, expect, it } from 'vitest'
import { BASIC, basic, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const send = clientOf(
  server,
  `Authorization: {authorization}
  User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1
  Content-Type: application/x-www-form-urlencoded
  Host: {host}
  Content-Length: {length}
  Connection: Keep-Alive`,
)

async function invoke(method: 'GET' | 'POST', target: string, authorization = BASIC) {
  const body = method === 'POST' ? '' : undefined
  const answer = await send(`${method} /${target}`, { authorization, body })
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  return answer
}

/** What `ConvertFrom-UnixTime` needs: a number. */
function isTime(value: unknown): boolean {
  return Number.isInteger(value)
}

describe('PowerShell OneTimeSecret', () => {
  it('shares with a recipient by New-OTSSharedSecret, and retrieves once by Get-OTSSecret', async () => {
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

  it('reads times as numbers in New-OTSSecret, Get-OTSSecretMetadata and Remove-OTSSecret (docs/api/v1.md section 4)', async () => {
    const generated = (await invoke('POST', 'generate?passphrase=1234')).json()
    const metadata = (await invoke('POST', `private/${generated['metadata_key']}`)).json()
    for (const { created, updated } of [generated, metadata]) {
      expect([created, updated].every(isTime)).toBe(true)
    }
    // The module burns only secrets without a passphrase.
    const rejected = await invoke('POST', `private/${generated['metadata_key']}/burn`)
    expect(rejected.json()['message']).toBe('Incorrect passphrase')
    const { metadata_key: key } = (await invoke('POST', 'share?secret=x')).json()
    const { state } = (await invoke('POST', `private/${key}/burn`)).json() as {
      state: Record<string, unknown>
    }
    expect(state).toMatchObject({ metadata_key: key, state: 'burned' })
    expect(isTime(state['updated'])).toBe(true)
  })

  it('lists recent secrets by Get-OTSRecentMetadata and reads the status by Get-OTSSystemStatus', async () => {
    server().clock.advance(1)
    const { metadata_key: key } = (await invoke('POST', 'share?secret=Very%20Secret&passphrase=1234')).json()
    const recent = JSON.parse((await invoke('GET', 'private/recent')).text) as Record<string, unknown>[]
    expect(recent[0]).toMatchObject({ metadata_key: key, passphrase_required: true })
    expect((await invoke('GET', 'status')).json()).toEqual({ status: 'nominal' })
  })

  it('gets "Not authorized" for a wrong token, whatever it calls (docs/api/v1.md section 2)', async () => {
    const wrongToken = basic('foo@example.com', 'wrong')
    for (const target of ['status', 'private/recent'] as const) {
      expect((await invoke('GET', target, wrongToken)).json()).toEqual({ message: 'Not authorized' })
    }
  })

  it('shares text beyond ASCII from version 1 or PowerShell 7, which send UTF-8', async () => {
    const { secret_key: key } = (
      await invoke('POST', 'share?secret=Pa%C3%9Fwort%20%E2%82%AC&passphrase=%C3%BC')
    ).json()
    const secret = await invoke('POST', `secret/${key}?passphrase=%C3%BC`)
    expect(secret.json()['value']).toBe('Paßwort €')
  })

  it.each(['secret=Pa%u00dfwort&passphrase=1234', 'secret=x&passphrase=%u00fc'])(
    'gets "Malformed request" in JSON for %s, and nothing is stored (docs/api/v1.md section 1)',
    async (query) => {
      const recent = async () => (await invoke('GET', 'private/recent')).text
      const before = await recent()
      const answer = await invoke('POST', `share?${query}`)
      expect(answer.status).toBe(404)
      expect(answer.headers['x-ots-intended-status']).toBe('400')
      expect(answer.json()).toEqual({ message: 'Malformed request: invalid percent-encoding' })
      expect(await recent()).toBe(before)
    },
  )
})
