import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const KEY = /\b[a-z0-9]{31}\b/g
const execute = promisify(execFile)

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

it.each([
  ['README.md', 3],
  ['docs/api/v2.md', 2],
])('%s shows what its calls of curl print', async (page, amount) => {
  const text = readFileSync(`${ROOT}${page}`, 'utf8')
  // A command may go on after a backslash; what it prints ends with a blank line or the block.
  const calls = [...text.matchAll(/^\$ (curl (?:\\\n|.)*127\.0\.0\.1:3000.*)\n([\s\S]+?)\n(?=\n|```)/gm)]
  expect(calls).toHaveLength(amount)
  const keys = new Map<string, string>()
  for (const [, command = '', printed = ''] of calls) {
    const call = command
      .replace('http://127.0.0.1:3000', server.url)
      .replace(KEY, (shown) => keys.get(shown) ?? shown)
    const { stdout } = await execute('sh', ['-c', call.replace('curl', 'curl -s')])
    const members = printed.match(/"\w+":(?:"[^"]*"|\d+|true|false)/g) ?? []
    expect(members.length).toBeGreaterThan(1)
    let rest = stdout
    for (const member of members) {
      // Members that the page leaves out may be between two that it shows.
      const found = new RegExp(`${member.replace(KEY, '([a-z0-9]{31})')}(?=[,}])`).exec(rest)
      expect([member, rest, found !== null]).toEqual([member, rest, true])
      const [shown] = member.match(KEY) ?? []
      if (shown !== undefined) keys.set(shown, found?.[1] ?? '')
      rest = rest.slice((found?.index ?? 0) + member.length)
    }
  }
})
