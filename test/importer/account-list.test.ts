import { describe, expect, it } from 'vitest'
import { readAccountList } from '../../src/importer/account-list.ts'

const TOKEN = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567'

async function read(...lines: string[]) {
  return readAccountList(
    (async function* () {
      yield* lines
    })(),
  )
}

describe('a list of accounts', () => {
  it.each([
    ['CSV', [`ana@example.com,${TOKEN}`]],
    [
      'CSV with a header, a byte order mark and empty lines',
      ['\uFEFFEmail,Token', '', `ana@example.com,${TOKEN}`, ''],
    ],
    ['CSV in quotation marks', ['"email","apitoken"', `"ana@example.com","${TOKEN}"`]],
    ['JSON lines', [`{"email":"ana@example.com","token":"${TOKEN}","created":1}`]],
  ])('is read from %s', async (_, lines) => {
    const { accounts, faults, short } = await read(...lines)
    expect({ faults, short }).toEqual({ faults: [], short: [] })
    expect(accounts).toMatchObject([{ email: 'ana@example.com', token: TOKEN }])
  })

  it('names a line that is no JSON among JSON lines', async () => {
    const json = `{"email":"ana@example.com","token":"${TOKEN}"}`
    const { accounts, faults } = await read(json, `bo@example.com,${TOKEN}`)
    expect(accounts).toHaveLength(1)
    expect(faults).toEqual(['line 2: expected a JSON object, as in the lines before'])
  })

  it('may have commas and quotation marks in tokens', async () => {
    const { accounts } = await read('a@example.com,"0a1b,2c3d""4e5f60"')
    expect(accounts).toEqual([{ line: 1, email: 'a@example.com', token: '0a1b,2c3d"4e5f60' }])
  })

  it('names the lines whose tokens are accepted, but short', async () => {
    expect(await read(`a@example.com,${TOKEN}`, 'b@example.com,0a1b2c3d4e5f6071')).toMatchObject({
      faults: [],
      short: [2],
    })
  })

  it.each([
    ['no comma', 'ana@example.com', /^expected an email address, a comma and a token/],
    [
      'a third column',
      `ana@example.com,${TOKEN},1700000000`,
      /^expected an email address.* no further column$/,
    ],
    ['a JSON array', `[{"email":"ana@example.com","token":"${TOKEN}"}]`, /^expected JSON lines/],
    ['an open quotation mark', `ana@example.com,"${TOKEN}`, /^expected an email address/],
    ['an invalid email address', `ana@localhost,${TOKEN}`, /^no valid email address/],
    ['a short token', 'ana@example.com,0a1b2c', /^a token that is too short/],
    ['no token', 'ana@example.com,', /^a token that is too short/],
    [
      'an invisible character',
      `ana@example.com,${TOKEN}\u00a0x`,
      /^a token that is too short or contains inv/,
    ],
    ['a token that repeats itself', 'ana@example.com,abcabcabcabcabcabc', /^a token that repeats itself/],
    ['a token of its email address', 'ana@example.com,x-ana@example.com-x', /^a token that repeats .+email/],
    ['broken JSON', `{"email":"ana@example.com","token":"${TOKEN}`, /^malformed JSON$/],
    ['another member', '{"email":"ana@example.com","apikey":"x"}', /^expected the members/],
    ['a number as token', '{"email":"ana@example.com","token":1}', /^expected the members/],
  ])('is wrong in a line with %s, which is not quoted', async (_, line, reason) => {
    const { accounts, faults } = await read(`bo@example.com,${TOKEN}`, line)
    expect(accounts).toHaveLength(1)
    expect(faults).toEqual([expect.stringMatching(/^line 2: /)])
    expect(faults[0]?.replace('line 2: ', '')).toMatch(reason)
    expect(faults[0]).not.toMatch(/ana@|0a1b2c/)
  })

  it('is wrong when it names an account twice, or none', async () => {
    const twice = await read(`ana@example.com,${TOKEN}`, '', `ANA@example.com,${TOKEN.replace('0', '1')}`)
    expect(twice.faults).toEqual(['line 3: the same email address as in line 1'])
    expect((await read('email,token')).faults).toEqual(['the list is empty'])
  })
})
