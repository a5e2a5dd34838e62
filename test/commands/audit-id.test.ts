import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pseudonymsOf } from '../../src/accounts/pseudonym.ts'
import { parseReceiptKey, parseSecretKey, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { ANA, api, basic } from '../api/client.ts'
import { OTHER_ROOT_KEY, ROOT_KEY } from '../support/root-keys.ts'
import { ringOf } from '../vectors/vectors.ts'
import { run, serve, temporaryFolder } from './emberlink.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const RECEIPT_KEY = parseReceiptKey('0123456789abcdefghijklmnopqrstu')
const SECRET_KEY = secretKeyOf(RECEIPT_KEY)
const ID = recordIdOf(SECRET_KEY)

/** Runs the command with this text on standard input. */
async function feed(text: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, 'audit-id'], { env: {}, stdio: 'pipe' })
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (part: string) => (written.stdout += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (written.stderr += part))
  child.stdin.end(text)
  const [code] = await once(child, 'close')
  return { code, ...written }
}

// Runs a command at a terminal, types a line, and ends with the status of the command.
const AT_TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:4])
os.write(terminal, sys.argv[4].encode() + b'\\n')
try:
    while os.read(terminal, 1024): pass
except OSError: pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

describe('emberlink audit-id', () => {
  it.each([
    `https://secrets.example.com/secret/${SECRET_KEY}`,
    `http://127.0.0.1:3000/base/secret/${SECRET_KEY}?x#y`,
    `/secret/${SECRET_KEY}`,
    `  <https://secrets.example.com/secret/${SECRET_KEY}>.`,
    `https://secrets.example.com/private/${RECEIPT_KEY}`,
    `https://secrets.example.com/receipt/${RECEIPT_KEY}`,
    `https://secrets.example.com/metadata/${RECEIPT_KEY}/burn`,
    `https://secrets.example.com/api/v1/private/${RECEIPT_KEY}`,
  ])('prints the record id that the audit log has for %s, without any setting', async (link) => {
    expect(await run(['audit-id', link], {})).toMatchObject({ code: 0, stdout: `${ID}\n`, stderr: '' })
  })

  it('prints both ids of a bare key, which may be a secret key or a receipt key', async () => {
    const { stdout } = await run(['audit-id', RECEIPT_KEY], {})
    expect(stdout.split('\n')[1]).toBe(ID)
    expect((await run(['audit-id', SECRET_KEY], {})).stdout.split('\n')[0]).toBe(ID)
    expect(stdout).toMatch(/^[a-z0-9]{3}[\w-]{22}\n[a-z0-9]{3}[\w-]{22}\n$/)
  })

  it('prints the id that the audit log has for the old link of an imported secret', async () => {
    const key = SECRET_KEY.repeat(2)
    const link = `https://secrets.example.com/secret/${key}`
    const id = recordIdOf(parseSecretKey(key))
    expect(await run(['audit-id', link], {})).toMatchObject({ code: 0, stdout: `${id}\n` })
  })

  it('reads links from standard input, each on a line', async () => {
    expect(await feed(`/secret/${SECRET_KEY}\n\r\n/private/${RECEIPT_KEY}`)).toEqual({
      code: 0,
      stdout: `${ID}\n${ID}\n`,
      stderr: '',
    })
    expect(await feed('')).toMatchObject({ code: 1, stderr: 'emberlink: standard input is empty\n' })
  })

  it('ends at a terminal after one line', async () => {
    const command = [process.execPath, MAIN, 'audit-id', `/secret/${SECRET_KEY}`]
    const child = spawn('python3', ['-c', AT_TERMINAL, ...command], { stdio: 'ignore' })
    expect(await once(child, 'close')).toEqual([0, null])
  })

  it('prints the pseudonyms of an account, under each root key, newest first', async () => {
    const settings = { DATA_DIR: await temporaryFolder(), ROOT_KEY: `${OTHER_ROOT_KEY},${ROOT_KEY}` }
    const expected = pseudonymsOf(ringOf(OTHER_ROOT_KEY, ROOT_KEY), 'ana@example.com')
    expect(new Set(expected).size).toBe(2)
    expect((await run(['audit-id', 'Ana@Example.com'], settings)).stdout).toBe(`${expected.join('\n')}\n`)
  })

  it('rejects a DATA_DIR without data for an account, and creates no root key there', async () => {
    const parent = await temporaryFolder()
    const DATA_DIR = join(parent, 'misspelt')
    expect(await run(['audit-id', ANA.email], { DATA_DIR })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `emberlink: DATA_DIR: no data in ${DATA_DIR}\n`,
    })
    expect(readdirSync(parent)).toEqual([])
  })

  it.each([`${SECRET_KEY}x`, SECRET_KEY.toUpperCase(), `/secret/${SECRET_KEY}x`, 'nobody', ''])(
    'does not quote what is neither a link, a key nor an email address: %j',
    async (text) => {
      expect(await run(['audit-id', text], {})).toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'emberlink: expected a secret link, a receipt link, a key or an email address\n',
      })
    },
  )

  it('finds the lines of a link and of an account in the log of a server', async () => {
    const settings = {
      DATA_DIR: await temporaryFolder(),
      ROOT_KEY,
      ACCOUNTS: `${ANA.email}:${ANA.token}`,
    }
    const server = await serve(settings)
    const ana = api(server, basic())
    const [one, two] = [
      (await ana.post('/share', { secret: 'a' })).body,
      (await api(server).post('/share', { secret: 'b' })).body,
    ]
    await api(server).post(`/secret/${one.secret_key}`)
    const { stdout: log } = await server.stop()
    const eventsOf = async (text: string) => {
      const id = (await run(['audit-id', text], settings)).stdout.trim()
      const lines = log.split('\n').filter((line) => line.includes(id))
      return lines.map((line) => (JSON.parse(line) as { audit: string }).audit)
    }
    expect(await eventsOf(`${server.url}/secret/${one.secret_key}`)).toEqual(['created', 'received'])
    expect(await eventsOf(`${server.url}/private/${two.metadata_key}`)).toEqual(['created'])
    expect(await eventsOf(ANA.email)).toEqual(['created'])
  })
})
