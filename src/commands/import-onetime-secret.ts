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
import { type Layout, survey } from '../importer/onetime-secret/survey.ts'
import { openBackend } from '../server/backend.ts'
import { ForeignRedisError } from '../store/redis/foreign.ts'
import { type Clock, milliseconds } from '../time.ts'
import { OPERATOR, openAuditLog } from './audit-log.ts'
import { CommandError } from './errors.ts'
import { createImportLog, type ImportLog } from './import-log.ts'
import { type ImportOptions, type ParsedImport, parseImport } from './import-options.ts'

/** The exit status when something that should have been moved was not. */
const SOME_LEFT = 3

const MISSING_SETTING =
  'secrets with a passphrase need the site secret: set IMPORTED_SITE_SECRET_FILE for every server, until `emberlink check` says that it is no longer needed'
const HELD_TWICE =
  'the old Redis still holds what was imported: do not start the old server on it again, or run this again with --move'

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
    assertHoldsRecords(layout)
    const source = { old, layout, times: { now, ttlWithout: config.ttlMaxAccount } }
    await assertRightSecret(source, parsed, log)
    log.begin(layout)
    await (parsed.mode === 'dry-run' ? tryOut : keepAll)(source, parsed, config, log)
    return log.left() > 0 ? SOME_LEFT : 0
  } catch (error) {
    throw error instanceof ForeignRedisError ? new CommandError(`--from: ${error.message}`) : error
  } finally {
    old.close()
    log.end()
  }
}

function assertHoldsRecords({ secret, receipt, customer }: Layout): void {
  if (secret.size + receipt.size + customer.size > 0) return
  throw new CommandError(
    '--from: no records of Onetime Secret; are they in a database above 15? See --databases',
  )
}

/** Makes sure that the site secret is the right one, before anything is written. */
async function assertRightSecret(
  { old, layout, times }: Source,
  { siteSecrets }: ParsedImport,
  log: ImportLog,
): Promise<void> {
  const answer = await checkSiteSecret(readSecrets(old, layout, times), siteSecrets)
  if (answer === 'wrong') {
    throw new CommandError(
      '--site-secret-file: opens none of the first secrets; nothing was written. If the site secret was changed, name the earlier ones with --previous-site-secret-file',
    )
  }
  if (answer === undefined && layout.secret.size > 0)
    log.warn('no secret tells whether the site secret is right: each has a passphrase, or needs none')
}

/** Opens what can be opened, and keeps nothing. */
async function tryOut(source: Source, { siteSecrets }: ParsedImport, config: Config, log: ImportLog) {
  const destination = createDryRun(siteSecrets, definedIn(config))
  await importAll(source, destination, {
    afterwards: 'keep',
    largeBytes: config.secretMaxBytes,
    onOutcomes: log.record,
  })
}

/** Keeps everything in the configured store. */
async function keepAll(source: Source, { siteSecrets, mode }: ParsedImport, config: Config, log: ImportLog) {
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
