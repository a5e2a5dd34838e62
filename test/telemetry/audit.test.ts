import { describe, expect, it } from 'vitest'
import { parseSecretKey, recordIdOf } from '../../src/secrets/keys.ts'
import { api, basic } from '../api/client.ts'
import { MARKS, sendMarked } from './marked.ts'
import { type Metered, REJECTED, startMetered } from './metered.ts'

describe('the audit log', () => {
  it('has one line for each change of state of a secret, with its record id', async () => {
    const server = await startMetered()
    const { get, post } = api(server)
    const [read, burned, expired] = [
      (await post('/share', { secret: 'x' })).body,
      (await post('/generate')).body,
      (await post('/share', { secret: 'x', ttl: '60' })).body,
    ]
    await post(`/secret/${read.secret_key}`)
    await post(`/secret/${read.secret_key}`)
    await post(`/private/${burned.metadata_key}/burn`)
    server.advance(60)
    await get(`/private/${expired.metadata_key}`)
    server.advance(1)
    await get(`/private/${expired.metadata_key}`)
    const [first, second, third] = [read, burned, expired].map((body) =>
      recordIdOf(parseSecretKey(body.secret_key)),
    )
    expect(auditOf(server)).toEqual([
      { audit: 'created', secret: first },
      { audit: 'created', secret: second },
      { audit: 'created', secret: third },
      { audit: 'received', secret: first },
      { audit: 'burned', secret: second },
      { audit: 'expired', secret: third },
    ])
  })

  it('includes the withdrawal of a secret whose email was rejected', async () => {
    const server = await startMetered()
    await api(server, basic()).post('/share', { secret: 'x', recipient: REJECTED })
    expect(auditOf(server).map(({ audit }) => audit)).toEqual(['created', 'withdrawn'])
  })

  it('contains nothing that leads to a secret or a person', async () => {
    const server = await startMetered()
    const keys = await sendMarked(server.url)
    expect(auditOf(server).length).toBeGreaterThan(5)
    for (const mark of [...MARKS, ...keys]) expect(server.log()).not.toContain(mark)
    const lines = server.log().split('\n')
    expect(lines.filter((line) => line.includes('127.0.0.1') && !line.includes('listening'))).toEqual([])
  })

  it('is not written when only warnings are logged', async () => {
    const server = await startMetered({ LOG_LEVEL: 'warn' })
    await api(server).post('/share', { secret: 'x' })
    expect(auditOf(server)).toEqual([])
    expect((await server.metrics()).get('emberlink_secrets_total{event="created"}')).toBe(1)
  })
})

describe('the line of an answered request', () => {
  it('is written at level debug only', async () => {
    const [quiet, wordy] = [await startMetered(), await startMetered({ LOG_LEVEL: 'debug' })]
    for (const server of [quiet, wordy]) await api(server).get('/status')
    expect(quiet.log()).not.toContain('answered')
    expect(wordy.log()).toContain('"route":"/api/v1/status","status":200')
  })
})

function auditOf(server: Metered): Record<string, unknown>[] {
  const lines = server
    .log()
    .split('\n')
    .filter((line) => line !== '')
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ audit }) => audit !== undefined)
    .map(({ audit, secret }) => ({ audit, secret }))
}
