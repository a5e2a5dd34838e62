import { strict as assert } from 'node:assert'
import { isEmailAddress } from '../../../src/accounts/email-address.ts'
import { readAccountList } from '../../../src/importer/account-list.ts'
import { assertQuotesNone } from '../quotes.ts'
import type { Target } from '../target.ts'

const TOKEN = 'jr3v0xk7m2q9w5t8'

/** Lists of accounts that an operator brings along: CSV or JSON lines. */
export const target: Target = {
  name: 'account-list',
  input: 'a list of accounts',
  seeds: () => [
    `email,token\r\nada@example.com,${TOKEN}\r\n"grace@example.com","a""b,c-${TOKEN}"\r\n`,
    `{"email":"ada@example.com","token":"${TOKEN}"}\n{"email":"ada@example.com"}\n`,
    `\ufeffada@example.com,${TOKEN},more\n\n[{"email":"x"}]`,
  ],
  async run(input) {
    const lines = input.toString().split(/\r?\n/)
    const { accounts, faults, short } = await readAccountList(each(lines))
    assert.ok(accounts.length + faults.length > 0)
    for (const { line, email, token } of accounts) {
      assert.ok(isEmailAddress(email))
      assert.match(token, /^[!-~]{16,}$/)
      assert.ok(line >= 1 && line <= lines.length)
    }
    assert.ok(short.every((line) => accounts.some((account) => account.line === line)))
    for (const fault of faults) assert.doesNotMatch(fault, /\n/)
    assertQuotesNone(faults.join('\n'), input.toString())
  },
}

async function* each(lines: readonly string[]): AsyncIterable<string> {
  yield* lines
}
