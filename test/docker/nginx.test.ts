import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { fetchPrograms } from '../support/debian.ts'
import { patiently } from '../support/recovery.ts'
import { freePort } from '../support/redis-process.ts'
import { exchange } from '../support/wire.ts'
import { ROOT } from './compose.ts'

/** What the old server was asked. */
interface Asked {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const OLD_KEY = 'k'.repeat(31)
const FORM = 'application/x-www-form-urlencoded'

describe('the recipe for nginx in docs/migrate-from-onetime-secret.md, run by nginx', () => {
  const folder = mkdtempSync(`${tmpdir()}/emberlink-nginx-`)
  const asked: Asked[] = []
  let url: string
  let nginx: ChildProcess
  let server: TestServer
  let old: Server

  beforeAll(async () => {
    server = await startTestServer({ settings: { TRUST_PROXY: '127.0.0.1', RATE_LIMIT: 'create=5/60' } })
    old = createServer(async (request, response) => {
      const { method, url: path, headers } = request
      asked.push({ method, path, headers, body: await text(request) })
      response.writeHead(path?.includes(OLD_KEY) ? 200 : 404).end('the old server')
    }).listen(0, '127.0.0.1')
    await once(old, 'listening')
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    writeFileSync(`${folder}/nginx.conf`, configuration(port))
    const args = ['-p', folder, '-c', `${folder}/nginx.conf`, '-e', `${folder}/error.log`]
    const { program, env } = await nginxProgram()
    nginx = spawn(program, args, { env: { ...process.env, ...env } })
    const ended = once(nginx, 'exit').then(() => {
      throw new Error(`nginx does not start: ${logged('error')}`)
    })
    await Promise.race([patiently(() => fetch(`${url}/health/ready`)), ended])
    ended.catch(() => 'it is killed at the end')
  })

  afterAll(async () => {
    nginx.kill()
    old.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Returns a whole configuration around the recipe, in one process that writes into the folder only. */
  function configuration(port: number): string {
    const page = readFileSync(`${ROOT}docs/migrate-from-onetime-secret.md`, 'utf8')
    const recipe = (/```nginx\n(.*?)```/s.exec(page)?.[1] ?? '')
      .replaceAll('127.0.0.1:3000', new URL(server.url).host)
      .replaceAll('127.0.0.1:7143', `127.0.0.1:${(old.address() as AddressInfo).port}`)
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join(' ')
    return `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log debug;
      events {} http { access_log ${folder}/access.log; ${temporary} server { listen 127.0.0.1:${port}; ${recipe} } }`
  }

  function logged(name: 'error' | 'access'): string {
    return readFileSync(`${folder}/${name}.log`, 'utf8')
  }

  /** Sends a request, and returns the answer with what the old server was asked meanwhile. */
  async function send(method: string, path: string, { body = '', type = FORM, headers = '' } = {}) {
    const before = asked.length
    const length = method === 'GET' ? '' : `\nContent-Length: ${Buffer.byteLength(body)}`
    const head = `${method} ${path} HTTP/1.1\nHost: old.example.com\nContent-Type: ${type}${length}\n${headers}`
    const { status, text: answer } = await exchange(url, head, body)
    return { status, answer, asked: asked.slice(before) }
  }

  async function share(headers = ''): Promise<{ secret_key: string; message?: string }> {
    const { answer } = await send('POST', '/api/v1/share', { body: 'secret=new&ttl=60', headers })
    return JSON.parse(answer)
  }

  it('keeps new secrets from the old server until they are gone', async () => {
    const { secret_key: key } = await share()
    expect(await send('GET', `/secret/${key}`)).toMatchObject({ status: 200, asked: [] })
    const revealed = await send('POST', `/api/v1/secret/${key}`)
    expect(revealed).toMatchObject({ status: 200, asked: [] })
    expect(JSON.parse(revealed.answer)).toMatchObject({ value: 'new' })
    expect(await send('POST', `/api/v1/secret/${key}`)).toMatchObject({
      status: 404,
      answer: 'the old server',
      asked: [{ method: 'POST' }],
    })
  })

  it('shows a receipt of Emberlink below /receipt/ too', async () => {
    const { answer } = await send('POST', '/api/v1/share', { body: 'secret=new&ttl=60' })
    const page = await send('GET', `/receipt/${JSON.parse(answer).metadata_key}`)
    expect(page).toMatchObject({ status: 200, answer: expect.stringContaining('/burn"'), asked: [] })
  })

  it('never asks the old server to create a secret', async () => {
    for (const path of ['/api/v1/share?secret=', '/api/v1/generate/x', '/', `/${OLD_KEY}`])
      expect(await send('POST', path)).toMatchObject({ asked: [] })
  })

  it.each([
    'secret',
    'private',
    'receipt',
    'metadata',
    ...['v1/secret', 'v1/private', 'v2/secret', 'v2/receipt', 'v3/guest/secret'].map((name) => `api/${name}`),
  ])('asks the old server for an unknown key below /%s/', async (folderOfKeys) => {
    const path = `/${folderOfKeys}/${OLD_KEY}?x=%2F`
    expect(await send('GET', path)).toMatchObject({
      status: 200,
      answer: 'the old server',
      asked: [{ method: 'GET', path, body: '' }],
    })
  })

  it.each([
    [`/api/v1/secret/${OLD_KEY}`, FORM, 'passphrase=a+b%26c'],
    [`/api/v1/private/${OLD_KEY}/burn`, FORM, ''],
    [`/api/v2/secret/${OLD_KEY}/reveal`, 'application/json', '{"continue":true,"passphrase":"a b&c"}'],
    [`/api/v3/guest/secret/${OLD_KEY}/reveal`, 'application/json', '{"continue":true}'],
  ])('passes a POST to %s on to the old server with its body', async (path, type, body) => {
    const headers = { 'content-type': type, host: 'old.example.com', 'x-forwarded-for': '127.0.0.1' }
    expect(await send('POST', path, { body, type, headers: 'X-Forwarded-For: 203.0.113.9' })).toMatchObject({
      status: 200,
      answer: 'the old server',
      asked: [{ method: 'POST', path, body, headers }],
    })
  })

  it('keeps the forms of old pages, and what asks for a status, from the old server', async () => {
    for (const path of [`/secret/${OLD_KEY}`, `/private/${OLD_KEY}/burn`])
      expect(await send('POST', path, { body: 'shrimp=x&passphrase=y' })).toMatchObject({
        status: 403,
        asked: [],
      })
    expect(await send('GET', `/api/v2/secret/${OLD_KEY}/status`)).toMatchObject({
      status: 200,
      answer: expect.stringContaining('"unknown"'),
      asked: [],
    })
  })

  it('F9: replaces forged forwarding headers by the client address', async () => {
    const answers = []
    for (let number = 0; number < 6; number += 1)
      answers.push((await share(`X-Forwarded-For: 203.0.113.${number}`)).message)
    expect(answers).toContain('Apologies dear citizen! You have been rate limited.')
  })

  it('answers 502 while a server is down, and logs no key', async () => {
    old.close()
    expect(await send('GET', `/secret/${OLD_KEY}`)).toMatchObject({ status: 502 })
    await server.close()
    expect(await send('POST', `/api/v1/secret/${OLD_KEY}`)).toMatchObject({ status: 502, asked: [] })
    expect(logged('error')).toContain('worker cycle')
    expect(logged('error') + logged('access')).not.toContain(OLD_KEY)
  })
})

async function nginxProgram(): Promise<{ program: string; env: NodeJS.ProcessEnv }> {
  if (spawnSync('nginx', ['-v']).status === 0) return { program: 'nginx', env: {} }
  const { bin, env } = await fetchPrograms('nginx', ['nginx'])
  return { program: join(bin, '../sbin/nginx'), env }
}
