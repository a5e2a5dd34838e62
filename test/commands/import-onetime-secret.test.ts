import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, basic, unknownSecret } from '../api/client.ts'
import {
  generatedKey,
  generatedText,
  generateOldRecords,
  isProtected,
  PASSPHRASE,
  SITE_SECRET,
} from '../importer/generate.ts'
import { type KnownRecord, knownRecords, type OldVersion, startOldRedis } from '../importer/old-server.ts'
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
    }
    const server = await serve(settings)
    const importing = (...options: string[]) =>
      run(['import', 'onetime-secret', '--from', old.url, ...options], settings)
    const oldKeys = await allKeys(old)
    const { secrets, receipts } = divide(known.records)

    expect(await importing('--site-secret-file', wrong)).toMatchObject({ code: 1, stdout: '' })
    const dry = await importing('--site-secret-file', siteSecret, '--dry-run')
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`secrets: ${secrets.length} would be moved`),
    })
    for (const { key } of secrets)
      expect(await api(server).post(`/secret/${key}`)).toEqual(unknownSecret(key))

    const hashes = join(folder, 'hashes')
    const first = await importing('--site-secret-file', siteSecret, '--hashes', hashes)
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`secrets: ${secrets.length} moved (`),
    })
    expect(first.stdout).toContain(`\nreceipts of secrets that are gone: ${receipts.length} moved (`)
    expect(first.stdout).toContain('\naccounts: 1 moved\n')
    expect(await allKeys(old)).toEqual(oldKeys)
    expectSilent([dry, first], known.records)

    const checked = await run(['check'], { ...settings, ...(version === '0.20' && WITHOUT_SITE_SECRET) })
    const needed =
      /imported secrets: need IMPORTED_SITE_SECRET until 20\d\d-.+\nwarning: IMPORTED_SITE_SECRET is missing/
    const unneeded = /imported secrets: IMPORTED_SITE_SECRET is no longer needed/
    expect(checked.stdout).toMatch(version === '0.20' ? needed : unneeded)
    await expectAccount(server, known)
    for (const { receiptKey, note } of receipts)
      await expectReceipt(server, receiptKey, note.includes('burned') ? 'burned' : 'received')
    for (const [index, { key, receiptKey, passphrase, plaintext }] of secrets.entries()) {
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

    const again = await importing('--site-secret-file', siteSecret, '--move')
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`secrets: ${secrets.length} moved before`),
    })
    for (const { key } of secrets)
      expect(await api(server).post(`/secret/${key}`)).toEqual(unknownSecret(key))
    const left = (await allKeys(old)).map((name) => name.split(':')[0])
    expect([...new Set(left)].sort()).toEqual(
      version === '0.20' ? ['metadata', 'onetime', 'secret'] : ['customer'],
    )
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
    const options = ['--from', old.url, '--site-secret-file', siteSecret, '--move', '--hashes', hashes]
    const linesOf = async () => (await readFile(hashes, 'utf8').catch(() => '')).split('\n').length - 1

    for (const kill of [1, 2]) {
      const before = await linesOf()
      const running = start(['import', 'onetime-secret', ...options], settings)
      await expect.poll(linesOf).toBeGreaterThan(before)
      running.process.kill('SIGKILL')
      expect(await running.ended, `kill ${kill}`).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    }
    const revealed = await revealAll(server, version, 220)
    expect(revealed.filter((text) => text !== undefined).length).toBeGreaterThanOrEqual(200)
    expect(await run(['import', 'onetime-secret', ...options], settings)).toMatchObject({ code: 0 })
    const later = await revealAll(server, version, 220)
    const all = later.map((text, index) => [revealed[index], text].filter((one) => one !== undefined))
    expect(all).toEqual(all.map((_, index) => [generatedText(index)]))
    expect((await allKeys(old)).filter((name) => name.includes(':'))).toEqual([])
    await server.stop()
    await old.stop()
  })
})

describe('emberlink import onetime-secret', () => {
  it('fails where there is no Redis, or no records, and creates nothing', async () => {
    const folder = await temporaryFolder()
    const siteSecret = join(folder, 'site-secret')
    await writeFile(siteSecret, 'x')
    const settings = { DATA_DIR: join(folder, 'data') }
    for (const [url, reason] of [
      ['redis://127.0.0.1:1', '--from: connect ECONNREFUSED 127.0.0.1:1'],
      [`${redis.url}/9`, '--from: no records of Onetime Secret'],
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

async function expectReceipt(server: Serving, key: string, state: string): Promise<void> {
  expect((await api(server).get(`/private/${key}`)).body).toMatchObject({ metadata_key: key, state })
}

async function expectAccount(
  server: Serving,
  { tokens = {}, accounts = [] }: Awaited<ReturnType<typeof knownRecords>>,
): Promise<void> {
  const [account] = accounts
  const token = account?.api_token ?? tokens['ana@example.com'] ?? ''
  for (const user of ['ana@example.com', ...(account ? [account.extid] : [])]) {
    expect((await api(server, basic(user, token)).get('/authcheck')).body).toEqual({ status: 'nominal' })
  }
  const { body } = await api(server, basic('ana@example.com', token)).get('/private/recent')
  expect(body).toHaveLength(4)
  expect(JSON.stringify(body)).toContain('"custid":"ana@example.com"')
}
