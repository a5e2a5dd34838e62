import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { canonicalEmail } from '../accounts/email-address.ts'
import { type Adoption, adoptAccount, type ManagedAccounts } from '../accounts/manage.ts'
import { pseudonymOf } from '../accounts/pseudonym.ts'
import { GOOD_TOKEN_LENGTH } from '../accounts/token-strength.ts'
import { readConfig } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import { type ListedAccount, readAccountList } from '../importer/account-list.ts'
import { withAccounts } from './account.ts'
import { OPERATOR, openAuditLog } from './audit-log.ts'
import { CommandError, explain } from './errors.ts'

const BATCH = 64
const SHOWN_FAULTS = 20
/** The exit status when some accounts kept another token than that of the list. */
const SOME_KEPT = 3

/**
 * Creates accounts with the API tokens that their owners already have. If anything is wrong with the list, all of it is
 * rejected.
 *
 * @param path The list, in a form that `readAccountList` takes; `-` for standard input.
 * @param options `replace`: an account that exists with another token gets that of the list; else it keeps its own.
 * @returns The exit status: 3 when accounts kept another token.
 * @throws CommandError when the list cannot be read, is wrong, or could be stored in part only; ConfigError; DomainError
 *   `store_unavailable`.
 */
export async function importAccounts(
  path: string,
  { replace = false }: { readonly replace?: boolean | undefined },
): Promise<number> {
  const config = readConfig()
  const { accounts, faults, short } = await readList(path)
  const all = [...faults, ...configuredTwice(config, accounts)]
  if (all.length > 0) throw new CommandError(describeFaults(all))
  if (short.length > 0) {
    warn(`the token is shorter than ${GOOD_TOKEN_LENGTH} characters in line ${firstOf(short)}`)
  }
  const results = await adoptAll(config, accounts, replace ? 'replace' : 'keep')
  const kept = results.kept.map(({ line }) => line)
  if (kept.length > 0) {
    warn(
      `the account exists with another token, and keeps it, in line ${firstOf(kept)}; --replace replaces it`,
    )
  }
  process.stdout.write(`${describe(results)}\n`)
  return kept.length > 0 ? SOME_KEPT : 0
}

async function readList(path: string) {
  const input = path === '-' ? process.stdin : createReadStream(path)
  try {
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
    const failed = new Promise<never>((_, reject) => input.once('error', reject))
    return await Promise.race([readAccountList(lines), failed])
  } catch (error) {
    throw new CommandError(`the list cannot be read: ${explain(error)}`)
  }
}

// The setting wins over the store, so the token of the list would never be accepted.
function configuredTwice(config: Config, accounts: readonly ListedAccount[]): string[] {
  const configured = new Set(config.accounts.map(({ email }) => canonicalEmail(email)))
  return accounts
    .filter(({ email }) => configured.has(canonicalEmail(email)))
    .map(({ line }) => `line ${line}: the ACCOUNTS setting already defines this account and its API token`)
}

type Results = Readonly<Record<Adoption, ListedAccount[]>>

async function adoptAll(
  config: Config,
  accounts: readonly ListedAccount[],
  existing: 'keep' | 'replace',
): Promise<Results> {
  const results: Results = { created: [], replaced: [], unchanged: [], kept: [] }
  const audit = openAuditLog(config)
  await withAccounts(config, async (context) => {
    for (let at = 0; at < accounts.length; at += BATCH) {
      await Promise.all(accounts.slice(at, at + BATCH).map((account) => adopt(context, account)))
    }
  }).catch((error: unknown) => {
    throw new CommandError(`${explain(error)}\n${describe(results)} before; run the command again`)
  })
  return results

  async function adopt(context: ManagedAccounts, account: ListedAccount): Promise<void> {
    const result = await adoptAccount(context, account, existing)
    results[result].push(account)
    const name = pseudonymOf(context.ring, account.email)
    if (result === 'created') audit?.account('account_created', name, OPERATOR)
    if (result === 'replaced') audit?.account('token_rotated', name, OPERATOR)
  }
}

function describe({ created, replaced, unchanged, kept }: Results): string {
  return `created ${created.length}, replaced the token of ${replaced.length}, unchanged ${unchanged.length}, kept another token ${kept.length}`
}

function describeFaults(faults: readonly string[]): string {
  const more = faults.length - SHOWN_FAULTS
  const shown = faults.slice(0, SHOWN_FAULTS)
  return [...shown, ...(more > 0 ? [`and ${more} more`] : []), 'nothing was imported'].join('\n')
}

function firstOf(lines: readonly number[]): string {
  const more = lines.length - SHOWN_FAULTS
  return lines.slice(0, SHOWN_FAULTS).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function warn(line: string): void {
  process.stderr.write(`warning: ${line}\n`)
}
