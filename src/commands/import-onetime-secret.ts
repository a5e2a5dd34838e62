import { canonicalEmail } from '../accounts/email-address.ts'
import { pseudonymOf } from '../accounts/pseudonym.ts'
import { readConfig } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { checkSiteSecret } from '../importer/onetime-secret/check-site-secret.ts'
import { createDryRun, createImport } from '../importer/onetime-secret/destinations.ts'
import { importAll, type Source } from '../importer/onetime-secret/import-all.ts'
import type { Destination } from '../importer/onetime-secret/move-all.ts'
import type { OldCustomer } from '../importer/onetime-secret/old-records.ts'
import { createOldRedis } from '../importer/onetime-secret/old-redis.ts'
import { readSecrets } from '../importer/onetime-secret/read-secrets.ts'
import { holdsLists, type Layout, survey } from '../importer/onetime-secret/survey.ts'
import { openBackend } from '../server/backend.ts'
import { ForeignRedisError } from '../store/redis/foreign.ts'
import { type Clock, milliseconds } from '../time.ts'
import { OPERATOR, openAuditLog } from './audit-log.ts'
import { cutShortBySignal, type EndSignal } from './cut-short.ts'
import { CommandError } from './errors.ts'
import { createImportLog, type ImportLog } from './import-log.ts'
import { type ImportOptions, oddityOf, type ParsedImport, parseImport } from './import-options.ts'

/** The exit status when something that should have been moved was not. */
const SOME_LEFT = 3
/** The exit statuses that shells give to what a signal ended. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const

const MISSING_SETTING =
  'secrets with a passphrase need the site secret: set IMPORTED_SITE_SECRET_FILE for every server, until `emberlink check` says that it is no longer needed'
const HELD_TWICE =
  'the old Redis still holds what was imported: do not start the old server on it again, or run this again with --move'

const NO_RECORDS = '--from: no records of Onetime Secret; are they in a database above 15? See --databases'
const IGNORED_DATABASE =
  'the database number in --from is ignored: --databases says which ones to read, by default all of the first 16'
const UNPROVEN =
  'no secret proves that the site secret is right, and secrets with a passphrase need it: keep the old Redis, or a backup, until one of them was revealed here'
const UNPROVEN_MOVE =
  '--move: no secret proves that the site secret is right: those that it encrypted all have a passphrase. Nothing was written. Compare it with the setting SECRET of the old server, name all earlier ones with --previous-site-secret-file, and add --site-secret-unproven; or import without --move, which leaves the old Redis as it is'

const now: Clock = () => milliseconds(Date.now())

/**
 * Imports the secrets, receipts and accounts of a Onetime Secret server from its Redis, while servers may use our store. It may
 * be interrupted and run again.
 *
 * @returns The exit status: 3 when something that should have been moved was not.
 * @throws UsageError; CommandError when the old Redis cannot be read or holds nothing to import, or the site secret is wrong;
 *   ConfigError; DomainError `store_unavailable`.
 */
export async function importOnetimeSecret(options: ImportOptions): Promise<number> {
  const parsed = parseImport(options)
  const config = readConfig()
  const old = createOldRedis(parsed.address)
  const log = createImportLog(parsed, config)
  try {
    const layout = await survey(old, parsed.databases)
    if (holdsNothing(layout)) {
      if (!(await holdsLists(old, parsed.databases))) throw new CommandError(NO_RECORDS)
      process.stdout.write('nothing left to move\n')
      return 0
    }
    const source = { old, layout, times: { now, ttlWithout: config.ttlMaxAccount } }
    const isUnproven = await checkSecret(source, parsed)
    log.begin(layout)
    if (parsed.address.db !== 0) log.warn(IGNORED_DATABASE)
    await cutShortBySignal(
      (signal) => (parsed.mode === 'dry-run' ? tryOut : keepAll)(source, parsed, config, { log, signal }),
      interruptedBy,
    )
    log.complete()
    if (isUnproven) log.warn(UNPROVEN)
    return log.left() > 0 ? SOME_LEFT : 0
  } catch (error) {
    throw error instanceof ForeignRedisError ? new CommandError(`--from: ${explainForeign(error)}`) : error
  } finally {
    old.close()
    log.end()
  }
}

function explainForeign({ message }: ForeignRedisError): string {
  return message.includes('NOAUTH') ? 'Redis wants a password, as in redis://:password@host:port' : message
}

function holdsNothing({ secret, receipt, customer }: Layout): boolean {
  return secret.size + receipt.size + customer.size === 0
}

/**
 * Makes sure that the site secret is the right one, before anything is written.
 *
 * @returns Whether secrets need it that cannot prove it.
 */
async function checkSecret(
  { old, layout, times }: Source,
  { siteSecrets, isProofNeeded }: ParsedImport,
): Promise<boolean> {
  const answer = await checkSiteSecret(readSecrets(old, layout, times), siteSecrets)
  if (answer === 'wrong') {
    const oddities = [...new Set(siteSecrets.map(oddityOf).filter((one) => one !== undefined))]
    const hint = oddities.map((oddity) => `. A site secret ${oddity}: is that a part of it?`).join('')
    throw new CommandError(
      `--site-secret-file: opens none of the first secrets; nothing was written. If the site secret was changed, name the earlier ones with --previous-site-secret-file${hint}`,
    )
  }
  // What is deleted there can be opened with nothing but the right one.
  if (answer === 'unproven' && isProofNeeded) throw new CommandError(UNPROVEN_MOVE, { exitStatus: 2 })
  return answer === 'unproven'
}

function interruptedBy(signal: EndSignal): CommandError {
  return new CommandError('interrupted: run it again to go on', { exitStatus: INTERRUPTED[signal] })
}

/** What a running import reports to, and what ends it. */
interface Run {
  readonly log: ImportLog
  readonly signal: AbortSignal
}

/** Opens what can be opened, and keeps nothing. */
async function tryOut(source: Source, { siteSecrets }: ParsedImport, config: Config, { log, signal }: Run) {
  const destination = createDryRun(siteSecrets, definedIn(config))
  await importAll(source, destination, {
    afterwards: 'keep',
    largeBytes: config.secretMaxBytes,
    onOutcomes: log.record,
    signal,
  })
}

/** Keeps everything in the configured store. */
async function keepAll(
  source: Source,
  { siteSecrets, mode }: ParsedImport,
  config: Config,
  { log, signal }: Run,
) {
  const { store, ring } = await openBackend(config, {
    onRootKey: (root) => openAuditLog(config)?.rootKey('root_key_changed', root),
  })
  try {
    const context = {
      secrets: { store: store.secrets, imports: store.imports, ring, now },
      accounts: { store: store.accounts, ring, now },
      siteSecrets,
    }
    const destination = audited(createImport(context, definedIn(config)), ring, config)
    await importAll(source, destination, {
      afterwards: mode === 'move' ? 'delete' : 'keep',
      largeBytes: config.secretMaxBytes,
      onOutcomes: log.record,
      signal,
    })
    const isConfigured = siteSecrets.every((siteSecret) => config.importedSiteSecrets.includes(siteSecret))
    if (log.noted('needs-site-secret') > 0 && !isConfigured) log.warn(MISSING_SETTING)
  } finally {
    await store.close()
  }
  if (mode === 'copy') log.warn(HELD_TWICE)
}

/** Writes a line to the audit log for each account that is created. */
function audited(destination: Destination, ring: KeyRing, config: Config): Destination {
  const audit = openAuditLog(config)
  return {
    ...destination,
    async customer(old) {
      const result = await destination.customer(old)
      if (result.kind === 'moved') audit?.account('account_created', pseudonymOf(ring, old.email), OPERATOR)
      return result
    },
  }
}

/** Tells whether the settings define an account with another token, which wins over the store. */
function definedIn({ accounts }: Config): (customer: OldCustomer) => boolean {
  const tokens = new Map<string, string>(accounts.map(({ email, token }) => [canonicalEmail(email), token]))
  return ({ email, token }) => (tokens.get(email) ?? token) !== token
}
