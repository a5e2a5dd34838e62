import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyCheck } from '../../src/conformance/checks/every.ts'
import { writeJson } from '../../src/conformance/report/json.ts'
import { writeJunit } from '../../src/conformance/report/junit.ts'
import { exitStatusOf } from '../../src/conformance/report/summary.ts'
import { writeTable } from '../../src/conformance/report/table.ts'
import { linkTo } from '../../src/conformance/sections.ts'
import { selectChecks } from '../../src/conformance/select.ts'
import { checkServer } from '../../src/conformance/session.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'
import { type BrokenServer, type Fault, startBrokenServer } from './broken-server.ts'
import { ACCEPTED, asOnetimeSecret } from './faults/onetime-secret.ts'
import { V1_FAULTS } from './faults/v1.ts'
import { V2_FAULTS } from './faults/v2.ts'

const HANG_MS = 60_000

let sound: TestServer
let broken: BrokenServer
beforeAll(async () => {
  sound = await startTestServer({ accounts: { [ANA.email]: ANA.token }, settings: { RATE_LIMIT: 'off' } })
  broken = await startBrokenServer(sound.url)
})
afterAll(async () => {
  await broken.stop()
  await sound.close()
})

/** A server that fails on some paths. */
function keeping(path: RegExp): Fault {
  return async (request, forward) =>
    path.test(request.path) ? { status: 503, headers: {}, text: '{}' } : forward(request)
}

/** Runs checks, and looks for what no report may print. */
async function check(fault: Fault, only: string) {
  broken.breakBy(fault)
  const checks = selectChecks(everyCheck, only) ?? expect.unreachable(`${only} names no check`)
  const run = await checkServer({ base: new URL(broken.url), account: ANA, timeoutMs: HANG_MS }, checks)
  const printed = [writeTable(run), writeJson(broken.url, run), writeJunit(run)].join('\n')
  const leaked = [...broken.sensitive, ANA.token].filter((text) => printed.includes(text))
  expect(leaked, 'keys, secrets and tokens in a report').toEqual([])
  return { ...run, printed }
}

describe('a server that', () => {
  it.each([...V1_FAULTS, ...V2_FAULTS])('$title differs', async ({ only, finds, fault }) => {
    const { results, printed } = await check(fault(), only)
    const differing = results.filter(({ outcome }) => outcome === 'differs')
    expect(differing.map(({ id }) => id).sort(), printed).toEqual([...finds].sort())
    expect(results.filter(({ outcome }) => outcome === 'not run')).toEqual([])
    expect(exitStatusOf(results)).toBe(1)
    for (const { section } of differing) expect(printed).toContain(linkTo(section))
  })
})

describe('a server that responds as other versions of Onetime Secret do', () => {
  it('agrees, with a note on each of their differences', async () => {
    const areas = ['info', 'callers', 'conceal', 'generate', 'secret', 'reveal', 'receipt', 'burn', 'errors']
    const only = ['v1/share/metadata', 'v2/recent/owner', ...areas.map((area) => `v2/${area}`)].join()
    const { results, printed } = await check(asOnetimeSecret, only)
    expect(results.filter(({ outcome }) => outcome !== 'agrees')).toEqual([])
    expect([...new Set(results.flatMap(({ notes }) => notes))].sort()).toEqual([...ACCEPTED].sort())
    for (const note of ACCEPTED) expect(printed).toContain(`accepted: ${note}`)
  })
})

describe('a run', () => {
  it('agrees in no check with a server that answers the same to everything', async () => {
    for (const [status, text] of [
      [200, '{}'],
      [200, '[]'],
      [500, '{"message":"An unexpected error occurred"}'],
      [200, '<html><body>Welcome</body></html>'],
    ] as const) {
      const everything: Fault = async () => ({
        status,
        headers: { 'content-type': 'application/json' },
        text,
      })
      const { results } = await check(everything, 'v1,v2,v3')
      const others = results.filter(({ outcome }) => outcome !== 'differs')
      expect(others.map(({ id, reason }) => [id, reason])).toEqual([])
    }
  })

  it('names fields that should not be there without their keys, on one line, and not all of very many', async () => {
    const key = 'k'.repeat(31)
    const names = [key, 'ordinary', 'constructor', '\x1b[2J\nagrees   v1/status/get', '__proto__']
    const fields = [...names, ...Array.from({ length: 100_000 }, (_, index) => `f${index}`)].map(
      (name) => `${JSON.stringify(name)}:1`,
    )
    const talkative: Fault = async () => ({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      text: `{"status":"nominal",${fields.join()}}`,
    })
    const { results, printed } = await check(talkative, 'v1/status/get')
    expect(results.flatMap(({ differences }) => differences).length).toBe(51)
    for (const text of ['kkk', '\x1b', '\nagrees']) expect(printed).not.toContain(text)
    const places = [
      'ordinary',
      'constructor',
      '__proto__',
      '"(hidden)"',
      '"\\u001b[2J\\nagrees   v1/status/get"',
    ]
    for (const place of places) expect(printed).toContain(`GET /api/v1/status: body.${place}\n`)
  })

  it('races on 20 connections', async () => {
    const before = broken.connections()
    await check((request, forward) => forward(request), 'v1/races/reveal')
    expect(broken.connections() - before).toBe(21)
  })

  it('is not begun where the server redirects', async () => {
    const elsewhere: Fault = async () => ({
      status: 301,
      headers: { location: 'https://secrets.example.com/api/v1/status' },
      text: '',
    })
    await expect(check(elsewhere, 'v1/status')).rejects.toThrow(
      'the server redirects to https://secrets.example.com: check that address',
    )
  })

  it('says how many secrets it could not remove', async () => {
    const kept = await check(keeping(/\/burn|\/secret\/[a-z0-9]{31}|reveal/), 'v1/share,v2/conceal/response')
    expect(kept).toMatchObject({ created: 4, left: 4 })
    expect(kept.results.at(-1)).toMatchObject({
      outcome: 'not run',
      reason: 'what was created could not be removed any more',
    })
  })

  it('reveals what it cannot burn', async () => {
    expect(await check(keeping(/\/burn/), 'v1/share,v2/conceal/response')).toMatchObject({ left: 0 })
  })
})

describe('a check that cannot tell is not run, never agreement', () => {
  it('when the rate limit of the server is met', async () => {
    const limited: Fault = async (request, forward) =>
      request.path.endsWith('/generate')
        ? { status: 429, headers: { 'retry-after': '60' }, text: '{"message":"later"}' }
        : forward(request)
    const { results } = await check(limited, 'v1/generate,v1/status')
    expect(
      new Set(
        results
          .filter(({ id }) => id.startsWith('v1/generate'))
          .map(({ outcome, reason }) => [outcome, reason].join()),
      ),
    ).toEqual(new Set(["not run,the server's rate limit is met; try again in 60 s"]))
    expect(results.filter(({ outcome }) => outcome === 'agrees').length).toBe(6)
    expect(exitStatusOf(results)).toBe(2)
  })

  it('when the server has no such version', async () => {
    const older: Fault = (request, forward) =>
      forward({ ...request, path: request.path.replace(/^\/api\/v[23]/, '/api/v4') })
    const { results } = await check(older, 'v1/status,v2/burn,v3/guest,v2/versions')
    const notRun = results.filter(({ outcome }) => outcome === 'not run')
    expect(notRun.every(({ id }) => /^v[23]/.test(id))).toBe(true)
    expect(new Set(notRun.map(({ reason }) => reason))).toEqual(
      new Set(['the server has no v2', 'the server has no v3']),
    )
    expect(results.length - notRun.length).toBe(6)
    expect(exitStatusOf(results)).toBe(2)
  })

  it('when v3 wants a session, as in Onetime Secret', async () => {
    const sessions: Fault = async (request, forward) =>
      /^\/api\/v3\/(secret|receipt)/.test(request.path)
        ? { status: 401, headers: {}, text: '{"error":"Authentication Required"}' }
        : forward(request)
    const { results } = await check(sessions, 'v3/guest,v3/burn')
    expect(
      results.map(({ id, outcome }) => `${id.slice(0, 8)} ${outcome}`).filter((one) => /guest/.test(one)),
    ).toEqual(Array(4).fill('v3/guest agrees'))
    const ordinary = results.filter(({ id }) => id.startsWith('v3/burn'))
    expect(new Set(ordinary.map(({ reason }) => reason))).toEqual(
      new Set(['the server wants a browser session on this path, as Onetime Secret does']),
    )
    expect(exitStatusOf(results)).toBe(0)
  })
})
