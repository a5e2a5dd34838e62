import type { AccountsContext } from '../accounts/context.ts'
import { canonicalEmail, isEmailAddress } from '../accounts/email-address.ts'
import { createAccount, listAccounts, removeAccount, rotateToken } from '../accounts/manage.ts'
import { readConfig } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import { openBackend } from '../server/backend.ts'
import { milliseconds } from '../time.ts'

const USAGE = 'usage: emberlink account create|rotate|delete EMAIL, or emberlink account list'

/**
 * Manages the accounts in the store.
 * @param args Action, and the account's e-mail address.
 * @returns The exit status: 0 when done, 1 when there is such an account already or none, 2 for a wrong call.
 * @throws ConfigError, or DomainError `store_unavailable`.
 */
export async function account(args: readonly string[]): Promise<number> {
  const [action, email, ...rest] = args
  const act = actionFor(action, email, rest)
  if (act === undefined) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  if (email !== undefined && !isEmailAddress(email)) {
    process.stderr.write(
      `emberlink: invalid email address ${JSON.stringify(email)}; expected name@domain, with a dot in the domain\n`,
    )
    return 2
  }
  const config = readConfig()
  if (action !== 'delete' && isConfigured(config, email)) {
    process.stderr.write('emberlink: the setting ACCOUNTS has this account, with its token\n')
    return 1
  }
  const { store, ring } = await openBackend(config)
  try {
    return await act({
      store: store.accounts,
      ring,
      configured: new Map(),
      now: () => milliseconds(Date.now()),
    })
  } finally {
    await store.close()
  }
}

// Its token is the one in the setting: another would be printed and never count.
function isConfigured({ accounts }: Config, email = ''): boolean {
  return accounts.some((configured) => canonicalEmail(configured.email) === canonicalEmail(email))
}

type Action = (context: AccountsContext) => Promise<number>

function actionFor(action = '', email: string | undefined, rest: readonly string[]): Action | undefined {
  if (action === 'list' && email === undefined) return list
  if (email === undefined || rest.length > 0) return undefined
  switch (action) {
    case 'create':
      return async (context) => print(await createAccount(context, email), 'there is such an account already')
    case 'rotate':
      return async (context) => print(await rotateToken(context, email), 'there is no such account')
    case 'delete':
      return async (context) => report(await removeAccount(context, email), 'there is no such account')
    default:
      return undefined
  }
}

async function list(context: AccountsContext): Promise<number> {
  for (const { email, created } of await listAccounts(context)) {
    process.stdout.write(`${new Date(created).toISOString()} ${email}\n`)
  }
  return 0
}

function print(token: string | undefined, otherwise: string): number {
  if (token !== undefined) process.stdout.write(`${token}\n`)
  return report(token !== undefined, otherwise)
}

function report(done: boolean, otherwise: string): number {
  if (!done) process.stderr.write(`emberlink: ${otherwise}\n`)
  return done ? 0 : 1
}
