import { type Account, authenticate } from '../../src/accounts/authenticate.ts'
import type { AccountsContext } from '../../src/accounts/context.ts'
import { createAccount } from '../../src/accounts/manage.ts'
import type { Token } from '../../src/accounts/tokens.ts'

/** Creates an account and returns its token. @throws Error when it already exists. */
export async function newAccountToken(context: AccountsContext, email: string): Promise<Token> {
  const token = await createAccount(context, email)
  if (token === undefined) throw new Error(`${email} already has an account`)
  return token
}

/** Proves an account. @throws Error when it does not exist or the token is wrong. */
export async function provenAccount(context: AccountsContext, email: string, token: Token): Promise<Account> {
  const account = await authenticate(context, email, token)
  if (account === undefined) throw new Error(`${email} has no account with this token`)
  return account
}

/** Creates an account and proves it. @throws Error when it already exists. */
export async function newAccount(context: AccountsContext, email = 'me@example.com'): Promise<Account> {
  return provenAccount(context, email, await newAccountToken(context, email))
}
