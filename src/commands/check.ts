import { resolve } from 'node:path'
import { readConfig } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import { DomainError } from '../errors.ts'
import { SmtpFailure } from '../mail/failure.ts'
import { checkSmtp } from '../mail/smtp.ts'
import { addressOf, parseSmtpUrl } from '../mail/smtp-url.ts'
import { inspectBackend } from '../server/backend.ts'
import { describeSiteSecret, siteSecretWarnings } from '../server/imported-site-secret.ts'
import { smtpOf } from '../server/mail.ts'
import { inspectNewDataFolder } from '../server/new-data-folder.ts'
import { holdsData } from '../store/lmdb/folder.ts'
import type { Readiness, Store } from '../store/store.ts'
import { milliseconds } from '../time.ts'
import { describeRootKeys } from './root-keys.ts'

/**
 * Validates the configuration and tries what it names: that the store accepts writes and the root keys are those that it
 * was written with, that the clocks agree, and that the SMTP server accepts the greeting and the login. Prints one line for
 * each, and warnings. Creates nothing: where there is no embedded store, it only looks whether the first start could create one.
 *
 * @returns The exit status: 1 when the store is full or may lose data, imported secrets lack their site secret, or no email can
 *   be sent. Warnings about the environment do not affect it.
 * @throws ConfigError; DomainError `store_unavailable` or `missing_root_key`.
 */
export async function check(): Promise<number> {
  const config = readConfig()
  say('settings: good')
  warn(config.warnings)
  const faults: unknown[] = []
  const isStoreSafe = await checkStore(config).catch((error: unknown) => {
    say(isMissingRootKey(error) ? 'root keys: failed' : 'store: failed')
    faults.push(error)
  })
  const isEmailAccepted = await checkEmail(config)
  if (faults.length > 0) throw faults[0]
  return isStoreSafe && isEmailAccepted ? 0 : 1
}

function isMissingRootKey(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'missing_root_key'
}

async function checkStore(config: Config): Promise<boolean> {
  const { redisUrl, dataDir } = config
  return redisUrl === undefined && !holdsData(dataDir) ? checkNewStore(dataDir) : checkExistingStore(config)
}

async function checkNewStore(dataDir: string): Promise<boolean> {
  const { warnings, missingParent } = await inspectNewDataFolder(dataDir)
  say(`store: none yet in ${resolve(dataDir)}: the first start creates it`)
  if (missingParent !== undefined)
    warn([
      `DATA_DIR: ${missingParent} does not exist either: if that is a disk, mount it before the first start`,
    ])
  warn(warnings)
  return warnings.length === 0
}

async function checkExistingStore(config: Config): Promise<boolean> {
  const { store, ring } = await inspectBackend(config)
  try {
    const readiness = await store.ready().catch((error: unknown) => explainReplicas(store, error))
    const { full } = readiness
    const warnings = await store.warnings()
    say(full === undefined ? 'store: accepts writes' : 'store: full')
    if (full !== undefined) warnings.unshift(`nothing new can be stored: ${full}`)
    warn(warnings)
    say(`root keys: ${describeRootKeys(await store.roots.recorded(), ring.ids)}`)
    say(`clock: ${describeClock(config, readiness)}`)
    const now = milliseconds(Date.now())
    const imported = await describeSiteSecret([store.imports, config], now)
    if (imported !== undefined) say(`imported secrets: ${imported}`)
    const missing = await siteSecretWarnings([store.imports, config], now)
    warn(missing)
    return warnings.length === 0 && missing.length === 0
  } finally {
    await store.close()
  }
}

/** Rethrows an error; if replicas do not confirm writes, as one that says how many there are, as the start does. */
async function explainReplicas(store: Store, error: unknown): Promise<never> {
  const isShort = error instanceof DomainError && 'reason' in error.detail
  const lines = isShort ? await store.warnings().catch(() => []) : []
  const line = lines.find((each) => each.includes('REDIS_URL has ?replicas='))
  throw line === undefined ? error : new DomainError('store_unavailable', { cause: new Error(line) })
}

function describeClock({ redisUrl }: Config, { clockSkew }: Readiness): string {
  const apart = clockSkew === undefined ? undefined : `${Math.abs(clockSkew).toFixed(1)} s`
  if (redisUrl === undefined) return apart === undefined ? 'has not jumped' : `has jumped by ${apart}`
  return apart === undefined
    ? 'not compared, because Redis does not permit TIME'
    : `${apart} apart from that of Redis`
}

async function checkEmail(config: Config): Promise<boolean> {
  const smtp = smtpOf(config)
  if (smtp === undefined) {
    say('email: not configured')
    return true
  }
  try {
    const { address, greetingName, encrypted, loggedIn, warnings } = await checkSmtp(smtp)
    const steps = [
      `${address} answers`,
      encrypted ? 'encrypted' : 'not encrypted',
      `greeted as ${greetingName}`,
      loggedIn ? 'logged in' : 'without a login',
    ]
    say(`email: ${steps.join(', ')}`)
    warn(warnings)
    return true
  } catch (error) {
    if (!(error instanceof SmtpFailure)) throw error
    say(`email: failed: SMTP_URL, ${addressOf(parseSmtpUrl(smtp.url))}: ${error.message}`)
    return false
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function warn(warnings: readonly string[]): void {
  for (const warning of warnings) say(`warning: ${warning}`)
}
