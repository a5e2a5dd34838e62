import { canonicalEmail, isEmailAddress } from '../accounts/email-address.ts'
import { acceptToken, GOOD_TOKEN_LENGTH, TOKEN_FAULTS } from '../accounts/token-strength.ts'
import type { Token } from '../accounts/tokens.ts'

const HEADER = /^"?email"?,"?(?:api)?token"?$/i
const CELL = /"((?:[^"]|"")*)"|([^",]*)/.source
// RFC 4180, with exactly two columns.
const ROW = new RegExp(`^(?:${CELL}),(?:${CELL})$`)
const WIDER_ROW = new RegExp(`^(?:${CELL}),(?:${CELL})(?:,(?:${CELL}))+$`)
const OBJECT = /^\{\s*"/

/** An account in a list that an operator brings along. */
export interface ListedAccount {
  /** The number of its line, from 1. */
  readonly line: number
  readonly email: string
  readonly token: Token
}

/** A list of accounts, as far as it could be read. */
export interface AccountList {
  readonly accounts: readonly ListedAccount[]
  /** One line of text for each line that is wrong. None quotes a token. */
  readonly faults: readonly string[]
  /** The numbers of the lines with a token that is accepted, but shorter than a good one. */
  readonly short: readonly number[]
}

/**
 * Reads a list of accounts: CSV with the columns email and token, with or without a header, or JSON lines with the members
 * `email` and `token`. Empty lines are skipped.
 *
 * @param lines Without their ends.
 */
export async function readAccountList(lines: AsyncIterable<string>): Promise<AccountList> {
  const accounts: ListedAccount[] = []
  const faults: string[] = []
  const seen = new Map<string, number>()
  let line = 0
  let format: 'CSV' | 'JSON' | undefined
  for await (const raw of lines) {
    line += 1
    const text = raw.replace(/^\uFEFF/, '').trim()
    if (text === '' || (accounts.length + faults.length === 0 && HEADER.test(text))) continue
    format ??= OBJECT.test(text) ? 'JSON' : 'CSV'
    const account = readAccount(text, line, format)
    const earlier = typeof account === 'string' ? undefined : seen.get(canonicalEmail(account.email))
    if (typeof account === 'string') faults.push(`line ${line}: ${account}`)
    else if (earlier !== undefined) faults.push(`line ${line}: the same email address as in line ${earlier}`)
    else {
      seen.set(canonicalEmail(account.email), line)
      accounts.push(account)
    }
  }
  if (accounts.length + faults.length === 0) faults.push('the list is empty')
  const short = accounts.filter(({ token }) => token.length < GOOD_TOKEN_LENGTH)
  return { accounts, faults, short: short.map((account) => account.line) }
}

/** Returns the account of a line, or what is wrong with it. @param format That of the first line. */
function readAccount(text: string, line: number, format: 'CSV' | 'JSON'): ListedAccount | string {
  const pair = OBJECT.test(text)
    ? readObject(text)
    : format === 'JSON'
      ? 'expected a JSON object, as in the lines before'
      : readRow(text)
  if (typeof pair === 'string') return pair
  const email = pair.email.trim()
  if (!isEmailAddress(email)) return 'no valid email address; expected name@domain, with a dot in the domain'
  const accepted = acceptToken(pair.token, email)
  return typeof accepted === 'string'
    ? `a token that ${TOKEN_FAULTS[accepted]}`
    : { line, email, token: accepted.token }
}

type Pair = Readonly<Record<'email' | 'token', string>>

function readRow(text: string): Pair | string {
  const [row, quotedEmail, email = '', quotedToken, token = ''] = ROW.exec(text) ?? []
  if (text.startsWith('['))
    return 'expected JSON lines, an object with "email" and "token" in each, instead of a JSON array'
  if (row === undefined && WIDER_ROW.test(text))
    return 'expected an email address, a comma and a token, and no further column'
  if (row === undefined)
    return 'expected an email address, a comma and a token; what contains a comma or a quotation mark must be in quotation marks'
  return {
    email: quotedEmail?.replaceAll('""', '"') ?? email,
    token: quotedToken?.replaceAll('""', '"') ?? token,
  }
}

function readObject(text: string): Pair | string {
  try {
    const { email, token } = JSON.parse(text)
    if (typeof email === 'string' && typeof token === 'string') return { email, token }
    return 'expected the members "email" and "token", both texts'
  } catch {
    // The parser's own reason would quote the line.
    return 'malformed JSON'
  }
}
