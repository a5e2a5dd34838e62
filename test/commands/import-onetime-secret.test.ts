import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { access, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { api, basic, unknownSecret } from '../api/client.ts'
import {
  generatedKey,
  generatedText,
  generateOldRecords,
  isProtected,
  PASSPHRASE,
  SITE_SECRET,
} from '../importer/generate.ts'
import {
  type KnownRecord,
  type KnownRecords,
  knownRecords,
  type OldVersion,
  startOldRedis,
} from '../importer/old-server.ts'
import { CA_FILE, readCertificate } from '../support/certificates.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'
import { Visitor } from '../web/visitor.ts'
import { type Ended, run, type Serving, serve, start, temporaryFolder } from './emberlink.ts'

/** The three ways in which clients reveal a secret, each with its receipt. */
const WAYS = ['v1', 'v2', 'pages'] as const

const WITHOUT_SITE_SECRET = { IMPORTED_SITE_SECRET: undefined } as unknown as Record<string, string>

/** What a way of asking shows of a secret: its text, or undefined. */
type Reveal = (server: Serving, key: string, passphrase: string) => Promise<string | undefined>

const REVEALS: Readonly<Record<(typeof WAYS)[number], Reveal>> = {
  v1: async (server, key, passphrase) =>
    (await api(server).post(`/secret/${key}`, { passphrase })).body.value as string | undefined,

  async v2(server, key, passphrase) {
    const response = await fetch(`${server.url}/api/v2/secret/${key}/reveal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ continue: true, passphrase }),
    })
    const { record } = (await response.json()) as { record?: { secret_value: string } }
    return record?.secret_value
  },

  async pages(server, key, passphrase) {
    const { text } = await new Visitor(server).fill(`/secret/${key}`, { passphrase })
    const [, file] = /id="file"[^>]* href="data:[^,]*;base64,([^"]*)"/.exec(text) ?? []
    return file === undefined ? undefined : Buffer.from(file, 'base64').toString()
  },
}

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

describe.each([
  ['0.20', 'the embedded store'],
  ['0.26', 'Redis'],
] as const)('emberlink import onetime-secret, from %s into %s', (version: OldVersion, store) => {
  it('imports every record as it is, while a server runs', async () => {
    const folder = await temporaryFolder()
    const known = await knownRecords(version)
    const old = await startOldRedis(version)
    const siteSecret = join(folder, 'site-secret')
    const wrong = join(folder, 'wrong')
    await writeFile(siteSecret, `${known.site_secret}\n`)
    await writeFile(wrong, 'another site secret')
    const settings: Record<string, string> = {
      ...(store === 'Redis' ? { REDIS_URL: redis.url, ROOT_KEY } : { DATA_DIR: join(folder, 'data') }),
      IMPORTED_SITE_SECRET: known.site_secret,
      NODE_EXTRA_CA_CERTS: CA_FILE,
    }
    const server = await serve(settings)
    const from = store === 'Redis' ? await encryptedUrl(old) : old.url
    const importing = (...options: string[]) =>
      run(['import', 'onetime-secret', '--from', from, ...options], settings)
    const oldKeys = await allKeys(old)
    const { secrets, receipts } = divide(known.records)

    const [rejected, dry] = await Promise.all([
      importing('--site-secret-file', wrong),
      importing('--site-secret-file', siteSecret, '--dry-run'),
    ])
    expect(rejected).toMatchObject({ code: 1, stdout: '' })
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`secrets: ${secrets.length} would be moved`),
    })
    await expectUnknown(server, secrets)

    const hashes = join(folder, 'hashes')
    const first = await importing('--site-secret-file', siteSecret, '--hashes', hashes)
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`secrets: ${secrets.length} moved (`),
    })
    expect(first.stdout).toContain(`\nother receipts: ${receipts.length} moved (`)
    expect(first.stdout).toContain('\naccounts: 1 moved\n')
    expect(await allKeys(old)).toEqual(oldKeys)
    expectSilent([dry, first], known.records)

    const [checked] = await Promise.all([
      run(['check'], { ...settings, ...(version === '0.20' && WITHOUT_SITE_SECRET) }),
      expectAccount(server, known),
    ])
    const needed =
      /imported secrets: need IMPORTED_SITE_SECRET until 20\d\d-.+\nwarning: IMPORTED_SITE_SECRET is missing/
    const unneeded = /imported secrets: IMPORTED_SITE_SECRET is no longer needed/
    expect(checked.stdout).toMatch(version === '0.20' ? needed : unneeded)
    for (const { receiptKey, note } of receipts)
      await expectReceipt(server, receiptKey, note.includes('burned') ? 'burned' : 'received')
    const revealOnce = async ({ key, receiptKey, passphrase, plaintext }: WaitingSecret, index: number) => {
      const reveal = REVEALS[WAYS[index % WAYS.length] ?? 'v1']
      const { body } = await api(server).get(`/private/${receiptKey}`)
      expect(body).toMatchObject({
        metadata_key: receiptKey,
        secret_key: key,
        passphrase_required: passphrase !== '',
      })
      if (passphrase !== '') expect(await reveal(server, key, 'wrong')).toBeUndefined()
      // Not with `toBe`, which would print a long text.
      expect((await reveal(server, key, passphrase)) === plaintext, receiptKey).toBe(true)
      expect(await api(server).post(`/secret/${key}`, { passphrase })).toEqual(unknownSecret(key))
      await expectReceipt(server, receiptKey, 'received')
    }
    await Promise.all(secrets.map(revealOnce))

    const again = await importing('--site-secret-file', siteSecret, '--move')
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`secrets: ${secrets.length} moved before`),
    })
    await expectUnknown(server, secrets)
    const left = (await allKeys(old)).map((name) => name.split(':')[0])
    expect([...new Set(left)].sort()).toEqual(
      version === '0.20' ? ['metadata', 'onetime', 'secret'] : ['customer'],
    )
    if (version === '0.26') await expectSecondImport(server, settings, known)
    await server.stop()
    await old.stop()
  })
})

describe('emberlink import onetime-secret, killed with SIGKILL twice and run again', () => {
  it('moves each secret once', async () => {
    const version = '0.26'
    const folder = await temporaryFolder()
    const old = await startOldRedis()
    const [siteSecret, hashes] = [join(folder, 'site-secret'), join(folder, 'hashes')]
    const settings = { DATA_DIR: join(folder, 'data'), IMPORTED_SITE_SECRET: SITE_SECRET }
    await writeFile(siteSecret, SITE_SECRET)
    await generateOldRecords(old.client, version, { secrets: 220, receipts: 20, accounts: 2 })
    const server = await serve(settings)
    const options = ['--site-secret-file', siteSecret, '--move', '--hashes', hashes]

    for (const kill of [1, 2]) {
      // First within a batch. Then almost at the end: what 20 keys are for is left, and the other receipts and accounts.
      const deletions = kill === 1 ? 250 : (await allKeys(old)).length - 22 - 20
      const stopping = await stopAfter(old, deletions)
      const from = ['--from', stopping.url]
      const running = start(['import', 'onetime-secret', ...from, ...options], settings)
      await Promise.race([stopping.reached, running.ended])
      running.process.kill('SIGKILL')
      expect(await running.ended, `kill ${kill}`).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    }
    const revealed = await revealAll(server, version, 220)
    expect(revealed.filter((text) => text !== undefined).length).toBeGreaterThanOrEqual(200)
    const last = await run(['import', 'onetime-secret', '--from', old.url, ...options], settings)
    expect(last).toMatchObject({ code: 0 })
    const later = await revealAll(server, version, 220)
    const all = later.map((text, index) => [revealed[index], text].filter((one) => one !== undefined))
    expect(all).toEqual(all.map((_, index) => [generatedText(index)]))
    expect((await allKeys(old)).filter((name) => name.includes(':'))).toEqual([])
    await server.stop()
    await old.stop()
  })
})

describe('emberlink import onetime-secret', () => {
  it('moves secrets whose site secret nothing proves only when told to, and has nothing to do afterwards', async () => {
    const folder = await temporaryFolder()
    const old = await startOldRedis()
    const [siteSecret, hashes] = [join(folder, 'site-secret'), join(folder, 'hashes')]
    await writeFile(siteSecret, 'another site secret\nand an earlier one\n')
    const settings = { DATA_DIR: join(folder, 'data'), IMPORTED_SITE_SECRET: 'another site secret' }
    // The first one has a passphrase.
    await generateOldRecords(old.client, '0.20', { secrets: 1, receipts: 0, accounts: 0 })
    await old.client.select(6)
    await old.client.hset('customer:email_index', { 'ana@example.com': 'x' })
    const before = await allKeys(old)
    const importing = (...options: string[]) =>
      run(
        ['import', 'onetime-secret', '--from', old.url, '--site-secret-file', siteSecret, ...options],
        settings,
      )
    expect(await importing('--move')).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(/^emberlink: --move: no secret proves.*--site-secret-unproven/),
    })
    await expect(access(settings.DATA_DIR)).rejects.toThrow('ENOENT')
    const warning = expect.stringMatching(/\nwarning: no secret proves that the site secret is right/)
    expect(await importing('--dry-run')).toMatchObject({ code: 0, stderr: warning })
    expect(await importing()).toMatchObject({ code: 0, stderr: warning })
    expect(await allKeys(old)).toEqual(before)

    const moved = await importing('--move', '--site-secret-unproven', '--hashes', hashes)
    expect(moved).toMatchObject({ code: 0, stdout: expect.stringContaining('secrets: 1 moved before\n') })
    const lines = (await readFile(hashes, 'utf8')).trim().split('\n')
    expect(lines).toEqual(
      ['secret', 'receipt'].map((kind) => `${sha256(generatedKey('0.20', `${kind} 0`))} ${kind} already`),
    )
    expect(await allKeys(old)).toEqual(['customer:email_index'])
    expect(await importing('--move')).toMatchObject({ code: 0, stdout: 'nothing left to move\n' })

    const server = await serve({ ...settings, IMPORTED_SITE_SECRET: `another site secret\n${SITE_SECRET}` })
    expect(await revealAll(server, '0.20', 1)).toEqual([generatedText(0)])
    await server.stop()
    await old.stop()
  })

  it('reports what it moved until SIGINT or SIGTERM', async () => {
    const folder = await temporaryFolder()
    const old = await startOldRedis()
    const siteSecret = join(folder, 'site-secret')
    await writeFile(siteSecret, SITE_SECRET)
    await generateOldRecords(old.client, '0.26', { secrets: 0, receipts: 2000, accounts: 1 })
    const options = ['--from', old.url, '--site-secret-file', siteSecret]
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const hashes = join(folder, signal)
      const settings = { DATA_DIR: join(folder, `data-${code}`) }
      const running = start(['import', 'onetime-secret', ...options, '--hashes', hashes], settings)
      await expect.poll(() => readFile(hashes, 'utf8').catch(() => '')).not.toBe('')
      running.process.kill(signal)
      expect(await running.ended).toMatchObject({
        code,
        stdout: expect.stringMatching(
          /^secrets: none\nother receipts: \d+ moved .*\naccounts: not reached\n$/,
        ),
        stderr: expect.stringContaining('emberlink: interrupted: run it again to go on\n'),
      })
    }
    await old.stop()
  })

  it('fails where there is no Redis, or no records, and creates nothing', async () => {
    const folder = await temporaryFolder()
    const siteSecret = join(folder, 'site-secret')
    await writeFile(siteSecret, 'x')
    const settings = { DATA_DIR: join(folder, 'data') }
    for (const [url, reason] of [
      ['redis://127.0.0.1:1', '--from: connect ECONNREFUSED 127.0.0.1:1'],
      [`${redis.url}/9`, '--from: no records of Onetime Secret'],
      [`redis://127.0.0.1:${redis.port}`, '--from: Redis wants a password, as in'],
    ] as const) {
      const options = ['--from', url, '--site-secret-file', siteSecret]
      expect(await run(['import', 'onetime-secret', ...options], settings)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(`^emberlink: ${reason}`)),
      })
    }
    await expect(access(settings.DATA_DIR)).rejects.toThrow('ENOENT')
  })
})

/** Returns an address of a Redis that answers nothing more once it was asked for so many deletions. */
async function stopAfter({ url, port }: RedisServer, deletions: number) {
  let left = deletions
  const progress = new EventEmitter()
  const reached = once(progress, 'reached')
  const proxy = createTcpServer((near) => {
    const far = connect(port, '127.0.0.1')
    let rest = ''
    near.on('data', (chunk) => {
      if (left > 0) far.write(chunk)
      const parts = (rest + chunk.toString('latin1')).split('\r\ndel\r\n')
      rest = parts.at(-1)?.slice(-6) ?? ''
      left -= parts.length - 1
      if (left <= 0) progress.emit('reached')
    })
    far.on('data', (chunk) => void (left > 0 && near.write(chunk)))
    // The command is killed.
    near.on('error', () => far.destroy()).on('close', () => far.destroy())
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => void proxy.close())
  const { port: own } = proxy.address() as AddressInfo
  return { url: url.replace(String(port), String(own)), reached }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Reveals all generated secrets, a few at once, and returns the texts of those that there are. */
async function revealAll(
  server: Serving,
  version: OldVersion,
  count: number,
): Promise<(string | undefined)[]> {
  const texts: (string | undefined)[] = []
  const reveal = async (index: number) => {
    const passphrase = isProtected(index) ? PASSPHRASE : ''
    texts[index] = await REVEALS.v1(server, generatedKey(version, `secret ${index}`), passphrase)
  }
  for (let at = 0; at < count; at += 20) {
    await Promise.all(Array.from({ length: Math.min(20, count - at) }, (_, offset) => reveal(at + offset)))
  }
  return texts
}

/** A secret of an old server, whatever its version calls the fields. */
interface WaitingSecret {
  readonly key: string
  readonly receiptKey: string
  readonly passphrase: string
  readonly plaintext: string | null
}

function divide(records: readonly KnownRecord[]) {
  const all = records
    .filter(({ note }) => !note.startsWith('a verification mail'))
    .map((record) => ({
      key: record.secret_key ?? record.secret_identifier ?? '',
      receiptKey: record.metadata_key ?? record.receipt_identifier ?? '',
      passphrase: record.passphrase ?? '',
      plaintext: record.plaintext,
      note: record.note,
    }))
  return {
    secrets: all.filter(({ plaintext }) => plaintext !== null),
    receipts: all.filter(({ plaintext }) => plaintext === null),
  }
}

/** Imports another old server into the same store, with an account that is there already with another token. */
async function expectSecondImport(
  server: Serving,
  settings: Record<string, string>,
  first: KnownRecords,
): Promise<void> {
  const second = await knownRecords('0.20')
  const old = await startOldRedis('0.20')
  const siteSecret = join(await temporaryFolder(), 'site-secret')
  await writeFile(siteSecret, second.site_secret)
  const options = ['--from', old.url, '--site-secret-file', siteSecret]
  const { secrets } = divide(second.records)
  const imported = await run(['import', 'onetime-secret', ...options], settings)
  expect(imported).toMatchObject({
    code: 3,
    stdout: expect.stringContaining(`secrets: ${secrets.length} moved (`),
    stderr: expect.stringContaining('set IMPORTED_SITE_SECRET_FILE for every server'),
  })
  expect(imported.stdout).toContain('\naccounts: 1 NOT MOVED (1 account exists with another API token)\n')
  expect(imported.stdout).toMatch(/\nnote: to move an account that exists, .*--replace/)
  await expectAccount(server, first)
  const unprotected = secrets.filter(({ passphrase }) => passphrase === '')
  for (const { key, plaintext } of unprotected)
    expect((await REVEALS.v1(server, key, '')) === plaintext, key).toBe(true)
  await old.stop()
}

/** Returns an address of a Redis that is encrypted with TLS up to a proxy before it. */
async function encryptedUrl({ url, port }: RedisServer): Promise<string> {
  const proxy = createTlsServer(readCertificate('valid'), (near) => {
    const far = connect(port, '127.0.0.1')
    // The command just ends.
    near.on('error', () => far.destroy())
    near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => void proxy.close())
  const { port: encrypted } = proxy.address() as AddressInfo
  return url.replace('redis:', 'rediss:').replace(String(port), String(encrypted))
}

async function allKeys({ client }: RedisServer): Promise<string[]> {
  const names: string[] = []
  for (const db of [0, 6, 7, 8]) {
    await client.select(db)
    names.push(...(await client.keys('*')))
  }
  return names.sort()
}

/** No key, address, token, passphrase or text is printed. */
function expectSilent(outputs: readonly Ended[], records: readonly KnownRecord[]): void {
  const all = outputs.map(({ stdout, stderr }) => stdout + stderr).join('')
  for (const { metadata_key, secret_key, receipt_identifier, secret_identifier } of records) {
    for (const key of [metadata_key, secret_key, receipt_identifier, secret_identifier]) {
      if (key !== undefined) expect(all).not.toContain(key)
    }
  }
  expect(all).not.toMatch(/@example|site-secret-|[0-9a-f]{40}/)
}

async function expectUnknown(server: Serving, secrets: readonly WaitingSecret[]): Promise<void> {
  const answers = await Promise.all(secrets.map(({ key }) => api(server).post(`/secret/${key}`)))
  expect(answers).toEqual(secrets.map(({ key }) => unknownSecret(key)))
}

async function expectReceipt(server: Serving, key: string, state: string): Promise<void> {
  expect((await api(server).get(`/private/${key}`)).body).toMatchObject({ metadata_key: key, state })
}

async function expectAccount(server: Serving, { tokens = {}, accounts = [] }: KnownRecords): Promise<void> {
  const [account] = accounts
  const token = account?.api_token ?? tokens['ana@example.com'] ?? ''
  for (const user of ['ana@example.com', ...(account ? [account.extid] : [])]) {
    expect((await api(server, basic(user, token)).get('/authcheck')).body).toEqual({ status: 'nominal' })
  }
  const { body } = await api(server, basic('ana@example.com', token)).get('/private/recent')
  expect(body).toHaveLength(4)
  expect(JSON.stringify(body)).toContain('"custid":"ana@example.com"')
}
