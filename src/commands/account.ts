import { canonicalEmail, isEmailAddress } from '../accounts/email-address.ts'
import type { AccountEvent } from '../accounts/events.ts'
import {
  createAccount,
  listAccounts,
  type ManagedAccounts,
  removeAccount,
  rotateToken,
  UNREADABLE,
} from '../accounts/manage.ts'
import { pseudonymOf } from '../accounts/pseudonym.ts'
import { urNameOf } from '../accounts/ur-name.ts'
import { readConfig } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import { openBackend } from '../server/backend.ts'
import { milliseconds } from '../time.ts'
import { OPERATOR, openAuditLog } from './audit-log.ts'
import { CommandError } from './errors.ts'
import { assertHoldsData } from './existing-data.ts'

/**
 * Creates an account and prints its API token, and its ur name on standard error.
 *
 * @throws CommandError when the email address is invalid or has an account; ConfigError; DomainError
 *   `store_unavailable`.
 */
export async function create(email: string): Promise<number> {
  assertValid(email)
  const config = configWithout(email)
  const token = await change(config, 'account_created', email, createAccount)
  if (token === undefined) throw new CommandError('account already exists')
  // Not on standard output, where scripts expect the token alone.
  process.stderr.write(`The ur name of the account is ${urNameOf(email)}\n`)
  process.stdout.write(`${token}\n`)
  return 0
}

/**
 * Replaces the API token of an account and prints the new one.
 *
 * @throws CommandError when the email address is invalid or has no account, or there is no data; ConfigError; DomainError
 *   `store_unavailable`.
 */
export async function rotate(email: string): Promise<number> {
  assertValid(email)
  const config = configWithout(email)
  assertHoldsData(config)
  const token = await change(config, 'token_rotated', email, rotateToken)
  if (token === undefined) throw new CommandError('no such account')
  process.stdout.write(`${token}\n`)
  return 0
}

/**
 * Deletes an account.
 *
 * @throws CommandError when the email address is invalid or has no account, or there is no data; ConfigError; DomainError
 *   `store_unavailable`.
 */
export async function remove(email: string): Promise<number> {
  assertValid(email)
  const config = readConfig()
  assertHoldsData(config)
  const removed = await change(config, 'account_deleted', email, removeAccount)
  if (!removed) throw new CommandError('no such account')
  return 0
}

/**
 * Prints all accounts: creation time, email address and ur name.
 *
 * @throws CommandError when there is no data; ConfigError; DomainError `store_unavailable`.
 */
export async function list(): Promise<number> {
  const config = readConfig()
  assertHoldsData(config)
  const accounts = await withAccounts(config, listAccounts)
  for (const { email, created } of accounts) {
    const name = email === UNREADABLE ? '-' : urNameOf(email)
    process.stdout.write(`${new Date(created).toISOString()} ${email} ${name}\n`)
  }
  return 0
}

function assertValid(email: string): void {
  if (isEmailAddress(email)) return
  throw new CommandError(
    `invalid email address ${JSON.stringify(email)}; expected name@domain, with a dot in the domain`,
    { exitStatus: 2 },
  )
}

// The setting wins over the store, so a token created here would never be accepted.
function configWithout(email: string): Config {
  const config = readConfig()
  const canonical = canonicalEmail(email)
  if (config.accounts.some((configured) => canonicalEmail(configured.email) === canonical))
    throw new CommandError('the ACCOUNTS setting already defines this account and its API token')
  return config
}

/** Changes an account, and writes a line to the audit log if that succeeds. */
async function change<T>(
  config: Config,
  event: AccountEvent,
  email: string,
  work: (context: ManagedAccounts, email: string) => Promise<T>,
): Promise<T> {
  return withAccounts(config, async (context) => {
    const result = await work(context, email)
    if (result) openAuditLog(config)?.account(event, pseudonymOf(context.ring, email), OPERATOR)
    return result
  })
}

/** Opens the store for work on its accounts, and closes it. @throws ConfigError; DomainError `store_unavailable`. */
export async function withAccounts<T>(
  config: Config,
  work: (context: ManagedAccounts) => Promise<T>,
): Promise<T> {
  const { store, ring } = await openBackend(config, {
    onRootKey: (root) => openAuditLog(config)?.rootKey('root_key_changed', root),
  })
  try {
    return await work({
      store: store.accounts,
      ring,
      now: () => milliseconds(Date.now()),
    })
  } finally {
    await store.close()
  }
}
