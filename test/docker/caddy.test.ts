import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { fetchPrograms } from '../support/debian.ts'
import { patiently } from '../support/recovery.ts'
import { freePort } from '../support/redis-process.ts'
import { ROOT } from './compose.ts'

interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly retryAfter: string | undefined
  readonly type: string | undefined
  readonly policy: string | undefined
  readonly body: string
}

describe('docker/regions/Caddyfile, run by Caddy on plain HTTP in front of two servers', () => {
  const folder = mkdtempSync(`${tmpdir()}/emberlink-caddy-`)
  const environment = { ...process.env, DOMAIN: 'example.com', HOME: folder, XDG_DATA_HOME: folder }
  let program: string
  let port: number
  let caddy: ChildProcess
  let log = ''
  let regions: Record<'eu' | 'us', TestServer>

  beforeAll(async () => {
    program = spawnSync('caddy', ['version']).status === 0 ? 'caddy' : await fetchedCaddy()
    port = await freePort()
    regions = { eu: await startRegion('eu'), us: await startRegion('us') }
    const adapted = execFileSync(
      program,
      ['adapt', '--adapter', 'caddyfile', '--config', `${ROOT}docker/regions/Caddyfile`],
      {
        env: environment,
        encoding: 'utf8',
      },
    )
    const config = JSON.parse(
      adapted
        .replaceAll('emberlink-eu:3000', new URL(regions.eu.url).host)
        .replaceAll('emberlink-us:3000', new URL(regions.us.url).host),
    )
    Object.assign(config.apps.http.servers.srv0, {
      listen: [`127.0.0.1:${port}`],
      automatic_https: { disable: true },
    })
    config.logging.logs.default.level = 'DEBUG'
    writeFileSync(`${folder}/caddy.json`, JSON.stringify({ ...config, admin: { disabled: true } }))
    caddy = spawn(program, ['run', '--config', `${folder}/caddy.json`], { env: environment })
    caddy.stderr?.on('data', (chunk) => {
      log += chunk
    })
    await patiently(() => send('eu.example.com', 'GET', '/health/ready'))
  })

  afterAll(async () => {
    caddy.kill()
    await Promise.all(Object.values(regions).map((server) => server.close()))
    rmSync(folder, { recursive: true, force: true })
  })

  function startRegion(name: string): Promise<TestServer> {
    return startTestServer({
      settings: {
        REGION: name,
        REGIONS: 'eu=https://eu.example.com,us=https://us.example.com',
        PUBLIC_URL: `https://${name}.example.com`,
        TRUST_PROXY: '127.0.0.1',
        RATE_LIMIT: 'create=5/60',
      },
    })
  }

  function send(
    host: string,
    method: string,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, method, path, headers: { ...headers, host } }, async (answer) => {
        const { location, 'retry-after': retryAfter, 'content-type': type } = answer.headers
        const policy = String(answer.headers['content-security-policy'])
        const status = answer.statusCode ?? 0
        resolve({ status, location, retryAfter, type, policy, body: await text(answer) })
      })
        .on('error', reject)
        .end()
    })
  }

  async function share(host: string, headers: Record<string, string> = {}): Promise<string> {
    const { body } = await send(host, 'POST', '/api/v1/share?secret=of+this+region', headers)
    return JSON.parse(body).secret_key ?? JSON.parse(body).message
  }

  it.each(['regions', 'caddy'])('is a valid configuration, and so is that of docker/%s', (name) => {
    const args = ['validate', '--adapter', 'caddyfile', '--config', `${ROOT}docker/${name}/Caddyfile`]
    const { status, stdout } = spawnSync(program, args, { env: environment, encoding: 'utf8' })
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: 'Valid configuration' })
  })

  it('differs from docker/caddy/Caddyfile only in the hosts and where they lead', () => {
    const [region, one] = ['regions', 'caddy'].map((name) => {
      const args = ['adapt', '--adapter', 'caddyfile', '--config', `${ROOT}docker/${name}/Caddyfile`]
      return JSON.parse(execFileSync(program, args, { env: environment, encoding: 'utf8' }))
    })
    const [{ match, ...route }] = one.apps.http.servers.srv0.routes
    const ofRegion = region.apps.http.servers.srv0.routes[0]
    expect(match).toEqual([{ host: ['example.com'] }])
    expect(JSON.stringify(route).replace('emberlink:3000', 'emberlink-eu:3000')).toBe(
      JSON.stringify({ ...ofRegion, match: undefined }),
    )
    expect(one.logging).toEqual(region.logging)
    expect(errorsOf(one)).toEqual(errorsOf(region))
  })

  it('sends each host name to its region, where secrets of the other are unknown', async () => {
    const key = await share('us.example.com')
    expect(await send('eu.example.com', 'POST', `/api/v1/secret/${key}`)).toMatchObject({ status: 404 })
    const { body } = await send('us.example.com', 'POST', `/api/v1/secret/${key}`)
    expect(JSON.parse(body)).toMatchObject({ value: 'of this region' })
  })

  it('serves API requests for the bare domain from the default region', async () => {
    const key = await share('example.com')
    const { body } = await send('eu.example.com', 'POST', `//api/v1/secret/${key}`)
    expect(JSON.parse(body)).toMatchObject({ value: 'of this region' })
  })

  it('redirects browsers from the bare domain to the default region, with the path', async () => {
    expect(await send('example.com', 'GET', '/secret/abc?x=%2F')).toMatchObject({
      status: 302,
      location: 'https://eu.example.com/secret/abc?x=%2F',
    })
  })

  it('F9: replaces forged forwarding headers by the client address', async () => {
    const forged = (number: number) => ({
      'x-forwarded-for': `203.0.113.${number}`,
      forwarded: `for=203.0.113.${number}`,
    })
    const answers = []
    for (let number = 0; number < 6; number += 1) answers.push(await share('eu.example.com', forged(number)))
    expect(answers).toContain('Apologies dear citizen! You have been rate limited.')
  })

  it('answers 503 with Retry-After while a region is down, and logs no key at any level', async () => {
    const key = await share('us.example.com')
    await regions.us.close()
    const reveal = () => send('us.example.com', 'POST', `/api/v1/secret/${key}`)
    const { status, retryAfter, body } = await reveal()
    expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '10' })
    expect(JSON.parse(body)).toEqual({ message: 'The service is not available at the moment' })
    // The first may have been sent on a connection of which Caddy did not know yet that it was closed.
    await expect.poll(() => reveal().then(() => log)).toContain('connection refused')
    expect(log).not.toContain(key)
  })

  it('answers people with a page while a region is down, and programs with JSON', async () => {
    await regions.us.close()
    const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
    for (const [method, path] of [
      ['GET', '/secret/somekey'],
      ['POST', '/secret/somekey'],
      ['GET', '/'],
    ] as const) {
      const page = await send('us.example.com', method, path, browser)
      expect(page).toMatchObject({ status: 503, retryAfter: '10', type: 'text/html; charset=utf-8' })
      expect(page.policy).toContain("default-src 'none'")
      expect(page.body).toMatch(/^<!DOCTYPE html>.*<h1>Not available at the moment<\/h1>.*<\/html>\s*$/s)
      expect(page.body).not.toMatch(/somekey|<script|https?:|[{}]/)
    }
    for (const [path, headers] of [
      ['/api/v1/status', browser],
      ['//api/v2/secret/conceal', browser],
      ['/secret/somekey', { accept: '*/*' }],
      ['/secret/somekey', {}],
    ] as const) {
      const answer = await send('us.example.com', 'POST', path, headers)
      expect(answer).toMatchObject({ status: 503, type: 'application/json; charset=utf-8' })
      expect(JSON.parse(answer.body)).toEqual({ message: 'The service is not available at the moment' })
    }
  })
})

/** Returns what Caddy answers when a server cannot be reached, of the first host. */
function errorsOf(config: { apps: { http: { servers: { srv0: { errors: { routes: object[] } } } } } }) {
  return { ...config.apps.http.servers.srv0.errors.routes[0], match: undefined }
}

async function fetchedCaddy(): Promise<string> {
  const { bin } = await fetchPrograms('caddy', ['caddy'])
  return `${bin}caddy`
}
