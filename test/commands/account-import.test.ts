import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { api, basic } from '../api/client.ts'
import { run, serve, temporaryFolder } from './emberlink.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const TOKENS = [
  '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
  'f9e8d7c6b5a493827160',
  '9f8e7d6c5b4a39281706f5e4',
] as const

describe('emberlink account import', () => {
  it('creates accounts on a running server, again without effect, and replaces a token on request', async () => {
    const folder = await temporaryFolder()
    const settings = { DATA_DIR: join(folder, 'data') }
    const server = await serve(settings)
    const isValid = async (email: string, token: string) =>
      (await api(server, basic(email, token)).get('/authcheck')).status === 200
    const file = join(folder, 'accounts.csv')
    const importing = (...options: string[]) => run(['account', 'import', ...options, file], settings)

    await writeFile(file, `email,token\r\nana@example.com,${TOKENS[0]}\r\nBo@example.com,${TOKENS[1]}\r\n`)
    const first = await importing()
    expect(first).toMatchObject({
      code: 0,
      stdout: 'created 2, replaced the token of 0, unchanged 0, kept another token 0\n',
    })
    const [warning, ...audit] = first.stderr.trimEnd().split('\n')
    expect(warning).toBe('warning: the token is shorter than 32 characters in line 3')
    expect(audit.map((line) => JSON.parse(line).audit)).toEqual(['account_created', 'account_created'])
    expect(first.stdout + first.stderr).not.toMatch(new RegExp(`${TOKENS.join('|')}|@example`, 'i'))
    expect([await isValid('ana@example.com', TOKENS[0]), await isValid('bo@example.com', TOKENS[1])]).toEqual(
      [true, true],
    )

    await writeFile(
      file,
      `{"email":"ana@example.com","token":"${TOKENS[0]}"}\n{"email":"bo@example.com","token":"${TOKENS[2]}"}`,
    )
    expect(await importing()).toMatchObject({
      code: 3,
      stdout: 'created 0, replaced the token of 0, unchanged 1, kept another token 1\n',
      stderr: expect.stringContaining('keeps it, in line 2; --replace replaces it\n'),
    })
    expect([await isValid('bo@example.com', TOKENS[1]), await isValid('bo@example.com', TOKENS[2])]).toEqual([
      true,
      false,
    ])
    const replaced = await importing('--replace')
    expect(replaced).toMatchObject({
      code: 0,
      stdout: 'created 0, replaced the token of 1, unchanged 1, kept another token 0\n',
    })
    expect(JSON.parse(replaced.stderr.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      audit: 'token_rotated',
    })
    expect([await isValid('bo@example.com', TOKENS[1]), await isValid('bo@example.com', TOKENS[2])]).toEqual([
      false,
      true,
    ])
    await server.stop()
  })

  it('imports nothing of a list with a fault, and creates no store for it', async () => {
    const folder = await temporaryFolder()
    const settings = { DATA_DIR: join(folder, 'data'), ACCOUNTS: `cy@example.com:${TOKENS[0]}` }
    const lines = [`ana@example.com,${TOKENS[0]}`, 'bo@example.com', `CY@example.com,${TOKENS[2]}`]
    const child = spawn(process.execPath, [MAIN, 'account', 'import', '-'], { env: settings, stdio: 'pipe' })
    child.stdin.end(lines.join('\n'))
    const [[code], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: [
        'line 2: expected an email address, a comma and a token; what contains a comma or a quotation mark must be in quotation marks',
        'line 3: the ACCOUNTS setting already defines this account and its API token',
        'nothing was imported',
      ]
        .map((line) => `emberlink: ${line}\n`)
        .join(''),
    })
    expect(await run(['account', 'import', join(folder, 'none.csv')], settings)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^emberlink: the list cannot be read: ENOENT/),
    })
    expect(await readdir(folder)).toEqual([])
  })
})
