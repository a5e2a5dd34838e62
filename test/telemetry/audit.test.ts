import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pseudonymOf } from '../../src/accounts/pseudonym.ts'
import { urNameOf } from '../../src/accounts/ur-name.ts'
import { parseSecretKey, recordIdOf } from '../../src/secrets/keys.ts'
import { ANA, api, type Body, basic } from '../api/client.ts'
import { OTHER_ROOT_KEY, ROOT_KEY } from '../support/root-keys.ts'
import { ringOf } from '../vectors/vectors.ts'
import { Visitor } from '../web/visitor.ts'
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

describe('a line of the audit log', () => {
  it('names the request, the way, and the caller by pseudonym or as anonymous', async () => {
    const server = await startMetered({ ROOT_KEY })
    const response = await fetch(`${server.url}/api/v1/share?secret=x`, { method: 'POST', headers: basic() })
    const { secret_key } = (await response.json()) as Body
    const visitor = new Visitor(server)
    await visitor.fill(`/secret/${secret_key}`)
    await visitor.fill('/signin', { email: ANA.email, token: ANA.token })
    await visitor.fill('/', { secret: 'y' })
    const ana = pseudonymOf(ringOf(ROOT_KEY), ANA.email)
    const reqId = expect.stringMatching(/^[a-z0-9]{12}$/)
    const lines = linesOf(server)
    expect(lines).toEqual([
      { audit: 'created', way: 'v1', caller: ana, reqId: response.headers.get('x-request-id') },
      { audit: 'received', way: 'page', caller: 'anonymous', reqId },
      { audit: 'created', way: 'page', caller: ana, reqId },
    ])
    expect(new Set(lines.map((line) => line['reqId'])).size).toBe(3)
  })

  it('names the way by the route, however the path is spelt', async () => {
    const server = await startMetered()
    for (const path of ['/%61pi/v1/share', '/api/v%31/share', '//api//v1/share/']) {
      const { status } = await fetch(`${server.url}${path}?secret=x`, { method: 'POST' })
      expect(status, path).toBe(200)
    }
    expect(linesOf(server).map(({ way }) => way)).toEqual(['v1', 'v1', 'v1'])
  })

  it.each([
    ['an address in capitals with a wrong token', basic('ANA@Example.com', 'wrong'), ANA.email],
    ['a ur name with a wrong token', basic(urNameOf(ANA.email), 'wrong'), ANA.email],
    ['an unknown account', basic('nobody@example.com', 'wrong'), 'nobody@example.com'],
    ['a header that is malformed', { authorization: 'Bearer x' }, undefined],
    ['a token without a user', basic('', 'wrong'), undefined],
  ])('tells of a failed authentication by %s', async (_what, headers, email) => {
    const server = await startMetered({ ROOT_KEY })
    const response = await fetch(`${server.url}/api/v1/status`, { headers })
    const account = email && pseudonymOf(ringOf(ROOT_KEY), email)
    const reqId = response.headers.get('x-request-id')
    expect(linesOf(server)).toEqual([
      { audit: 'authentication_failed', way: 'v1', caller: 'anonymous', reqId, account },
    ])
  })

  it('tells of a failed authentication on a page: a sign-in, or a session whose token was replaced', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emberlink-audit-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const settings = { ROOT_KEY, DATA_DIR: folder }
    const server = await startMetered(settings)
    const visitor = new Visitor(server)
    await visitor.fill('/signin', { email: ANA.email, token: 'wrong' })
    await visitor.fill('/signin', { email: ANA.email, token: ANA.token })
    const later = await startMetered({ ...settings, ACCOUNTS: `${ANA.email}:${ANA.token}-replaced` })
    const same = new Visitor(later)
    for (const [name, value] of visitor.cookies) same.cookies.set(name, value)
    await same.get('/')
    const failed = {
      audit: 'authentication_failed',
      way: 'page',
      caller: 'anonymous',
      reqId: expect.any(String),
      account: pseudonymOf(ringOf(ROOT_KEY), ANA.email),
    }
    expect(linesOf(server)).toEqual([failed])
    expect(linesOf(later)).toEqual([failed])
  })

  it('tells once that a client network has used up its passphrase attempts, and who cleared them', async () => {
    const server = await startMetered()
    const { post } = api(server)
    const { body } = await post('/share', { secret: 'x', passphrase: 'p' })
    for (let i = 0; i < 7; i += 1) await post(`/secret/${body.secret_key}`, { passphrase: 'wrong' })
    const visitor = new Visitor(server)
    const page = await visitor.get(`/private/${body.metadata_key}`)
    await visitor.submit(page, `/private/${body.metadata_key}/attempts`)
    await visitor.submit(page, `/private/${body.metadata_key}/attempts`)
    const secret = recordIdOf(parseSecretKey(body.secret_key))
    expect(auditOf(server)).toEqual([
      { audit: 'created', secret },
      { audit: 'locked', secret },
      { audit: 'attempts_cleared', secret },
    ])
    expect(linesOf(server).map(({ way }) => way)).toEqual(['v1', 'v1', 'page'])
  })

  it('tells which root key seals from now on, at the first start with it only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emberlink-audit-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const start = (ring: string) => startMetered({ ROOT_KEY: ring, DATA_DIR: folder })
    const rotated = `${OTHER_ROOT_KEY},${ROOT_KEY}`
    const logs = [await start(ROOT_KEY), await start(rotated), await start(rotated)]
    const [root, previous] = ringOf(OTHER_ROOT_KEY, ROOT_KEY).ids
    for (const server of logs) await fetch(`${server.url}/health/ready`)
    expect(logs.map(linesOf)).toEqual([[], [{ audit: 'root_key_changed', root, previous }], []])
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

/** Returns the lines of the audit log, without those parts that every line of the log or only one secret has. */
function linesOf(server: Metered): Record<string, unknown>[] {
  return parsed(server).map(({ level, time, pid, hostname, msg, secret, ...rest }) => rest)
}

function auditOf(server: Metered): Record<string, unknown>[] {
  return parsed(server).map(({ audit, secret }) => ({ audit, secret }))
}

function parsed(server: Metered): Record<string, unknown>[] {
  const lines = server
    .log()
    .split('\n')
    .filter((line) => line !== '')
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ audit }) => audit !== undefined)
}
