import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import type { Account } from '../../src/conformance/account.ts'
import type { Check } from '../../src/conformance/check.ts'
import { everyCheck } from '../../src/conformance/checks/every.ts'
import { Client } from '../../src/conformance/client.ts'
import { NotRun } from '../../src/conformance/interruptions.ts'
import { Ledger } from '../../src/conformance/ledger.ts'
import { Redactor } from '../../src/conformance/redactor.ts'
import { exitStatusOf } from '../../src/conformance/report/summary.ts'
import { runChecks } from '../../src/conformance/runner.ts'
import { selectChecks } from '../../src/conformance/select.ts'
import { checkServer } from '../../src/conformance/session.ts'
import { Connection } from '../../src/conformance/transport.ts'
import { startTestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'

const HANG_MS = 60_000
const SHORT_MS = 50

/** Runs checks against a port that accepts connection and never answers. */
async function runAgainstSilence(checks: readonly Check[]) {
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const redactor = new Redactor()
  const connection = new Connection(base, SHORT_MS)
  onTestFinished(() => {
    connection.close()
    server.close()
  })
  const client = new Client(connection, new Ledger(redactor))
  const connect = () => new Connection(base, SHORT_MS)
  const setting = { client, redactor, connect, account: undefined, anonymousCreates: true }
  return runChecks(checks, setting, { obstacles: new Map() })
}

function claim(run: Check['run']): Check {
  return { id: 'v1/a/one', section: 'v1Errors', title: 'a claim', secrets: 0, run }
}

async function run(
  only: string,
  settings: Readonly<Record<string, string>>,
  { account, path = '' }: { readonly account?: Account; readonly path?: string } = {},
) {
  const server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: DEFAULT_RATE_LIMITS, ...settings },
  })
  onTestFinished(() => server.close())
  const checks = selectChecks(everyCheck, only) ?? []
  const base = new URL(server.url + path)
  const { results } = await checkServer({ base, account, timeoutMs: HANG_MS }, checks)
  const notRun = results.filter(({ outcome }) => outcome === 'not run')
  return { results, notRun, reasons: [...new Set(notRun.map(({ reason }) => reason))] }
}

describe('a run', () => {
  it('reports a response that does not come as a difference, and stops when none comes any more', async () => {
    const asks = claim(async (stage) => void (await stage.anonymous.get('/api/v1/secret/abc')))
    const { results } = await runAgainstSilence([asks, asks, asks, asks])
    const silence = {
      at: 'GET /api/v1/secret/abc',
      expected: 'a response',
      came: 'no response within 0.05 s',
    }
    expect(results.map(({ outcome, differences }) => [outcome, differences])).toEqual([
      ...Array(3).fill(['differs', [silence]]),
      ['not run', []],
    ])
    expect(results.at(-1)).toMatchObject({ reason: 'the server does not respond any more', prevented: true })
  })

  it('takes a check that fails for not run, without what its error says', async () => {
    const fails = claim(() => Promise.reject(new TypeError('cannot read my secret')))
    const { results } = await runAgainstSilence([fails])
    expect(results).toMatchObject([
      { outcome: 'not run', reason: 'the check failed with a TypeError', prevented: true },
    ])
  })

  it('counts a difference, whatever prevented the rest of the check', async () => {
    const both = claim((stage) => {
      stage.claim('a', 'b', false)
      return Promise.reject(new NotRun('rate limit', { prevented: true }))
    })
    expect((await runAgainstSilence([both])).results).toMatchObject([{ outcome: 'differs' }])
  })

  it('cannot begin where the connection is switched to another protocol', async () => {
    const switches = createHttpServer((_, response) => {
      response.writeHead(101, { upgrade: 'websocket', connection: 'upgrade' }).end()
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void switches.close())
    await once(switches, 'listening')
    const base = new URL(`http://127.0.0.1:${(switches.address() as AddressInfo).port}`)
    const started = checkServer({ base, account: undefined, timeoutMs: HANG_MS }, everyCheck)
    await expect(started).rejects.toMatchObject({
      name: 'NoResponse',
      message: 'status 101 instead of a response',
    })
  })

  it('cannot begin without a server', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.close()
    const target = { base, account: undefined, timeoutMs: HANG_MS }
    await expect(checkServer(target, everyCheck)).rejects.toMatchObject({
      name: 'NoResponse',
      message: 'ECONNREFUSED',
    })
  })

  it('without an account leaves out the checks that need one', async () => {
    const { results, notRun, reasons } = await run('v1/status,v1/recent,v2/recent', {})
    expect(notRun.map(({ id }) => id)).toEqual([
      'v1/status/authcheck',
      'v1/recent/list',
      'v1/recent/paths',
      'v1/recent/others',
      'v2/recent/list',
      'v2/recent/owner',
      'v2/recent/memo',
    ])
    expect(reasons).toEqual(['no account was given'])
    expect(exitStatusOf(results)).toBe(0)
  })

  it('with an account creates as the account where anonymous senders may not', async () => {
    const only = 'v1/share,v1/recent,v2/callers,v2/guest,v2/burn/response,v3/conceal/response'
    const { results, notRun, reasons } = await run(only, { ANONYMOUS_CREATE: 'off' }, { account: ANA })
    expect(reasons).toEqual(['the server is closed to anonymous senders'])
    expect(notRun.map(({ id }) => id)).toEqual([
      'v1/share/recipient-anonymous',
      'v1/recent/others',
      'v2/guest/reveal',
      'v2/guest/burn',
      'v2/guest/credentials',
      'v2/callers/anonymous',
      'v2/callers/empty',
    ])
    expect(results.filter(({ outcome }) => outcome === 'differs')).toEqual([])
    expect(exitStatusOf(results)).toBe(0)
  })

  it('cannot tell anything of a server that is closed to anonymous senders, without an account', async () => {
    const { results, reasons } = await run('v1/share,v2/burn', { ANONYMOUS_CREATE: 'off' })
    expect(reasons).toEqual(['the server is closed to anonymous senders, and no account was given'])
    expect(results.every(({ outcome }) => outcome === 'not run')).toBe(true)
    expect(exitStatusOf(results)).toBe(2)
  })

  it.each([
    ['on', ['v1/recent/list', 'v2/recent/owner'], 'the server does not accept this account'],
    [
      'off',
      ['v1/status/get', 'v1/recent/list', 'v2/recent/owner'],
      'the server is closed to anonymous senders, and the server does not accept this account',
    ],
  ])(
    'is prevented by an account that is not accepted, with ANONYMOUS_CREATE=%s',
    async (create, ids, reason) => {
      const only = 'v1/status/get,v1/recent/list,v2/recent/owner'
      const account = { ...ANA, token: 'not-the-token-of-ana' }
      const { results, notRun, reasons } = await run(only, { ANONYMOUS_CREATE: create }, { account })
      expect(notRun.map(({ id }) => id)).toEqual(ids)
      expect(reasons).toEqual([reason])
      expect(results.filter(({ outcome }) => outcome === 'differs')).toEqual([])
      expect(exitStatusOf(results)).toBe(2)
    },
  )

  it.each([
    ['/api/v1', '; leave out /api/v1 at the end of the address'],
    ['/sub/api/', '; leave out /api/ at the end of the address'],
    ['/sub', ''],
  ])('says what is wrong with an address that ends with %s', async (path, hint) => {
    const { results, reasons } = await run('v1/status,v2/info', {}, { path })
    expect(reasons).toEqual([`the server has no v1${hint}`, `the server has no v2${hint}`])
    expect(exitStatusOf(results)).toBe(2)
  })
})
