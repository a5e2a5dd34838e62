import { readFileSync } from 'node:fs'
import type { ChosenDatabases } from '../importer/onetime-secret/survey.ts'
import { parseRedisUrl, type RedisAddress } from '../redis-url.ts'
import { CommandError, explain, UsageError } from './errors.ts'

/** The options of the command, as in its row of the table. */
export interface ImportOptions {
  readonly from: string
  readonly 'site-secret-file': string
  readonly 'previous-site-secret-file'?: readonly string[] | undefined
  readonly databases?: string | undefined
  readonly hashes?: string | undefined
  readonly 'dry-run'?: boolean | undefined
  readonly move?: boolean | undefined
  readonly 'site-secret-unproven'?: boolean | undefined
}

/** The options, parsed. */
export interface ParsedImport {
  readonly address: RedisAddress
  readonly databases: ChosenDatabases | undefined
  /** The present one first. */
  readonly siteSecrets: readonly string[]
  /** The path of the file of hashes. */
  readonly hashes: string | undefined
  readonly mode: 'dry-run' | 'copy' | 'move'
  /** Whether nothing may be moved unless a secret proves the site secret. */
  readonly isProofNeeded: boolean
}

/**
 * Parses the options.
 *
 * @throws UsageError that quotes no value; CommandError when a file with a site secret cannot be read or is empty.
 */
export function parseImport(options: ImportOptions): ParsedImport {
  const { move = false, 'dry-run': isDryRun = false, 'previous-site-secret-file': previous = [] } = options
  if (move && isDryRun) throw new UsageError('--move and --dry-run contradict each other')
  return {
    address: parseAddress(options.from),
    databases: options.databases === undefined ? undefined : parseDatabases(options.databases),
    siteSecrets: [
      ...readSiteSecrets('site-secret-file', options['site-secret-file']),
      ...previous.flatMap((path) => readSiteSecrets('previous-site-secret-file', path)),
    ],
    hashes: options.hashes,
    isProofNeeded: move && options['site-secret-unproven'] !== true,
    mode: isDryRun ? 'dry-run' : move ? 'move' : 'copy',
  }
}

function parseAddress(text: string): RedisAddress {
  try {
    const address = parseRedisUrl(text)
    if (address.form === 'single' || address.form === 'socket') return address
  } catch (error) {
    throw new UsageError(`--from: ${explain(error)}`)
  }
  throw new UsageError('--from: must be one server, redis://user:password@host:port')
}

function parseDatabases(text: string): ChosenDatabases {
  const numbers = new Map<string, number>()
  for (const entry of text.split(',')) {
    const [, name, number] = /^(secret|metadata|receipt|customer)=(\d{1,5})$/.exec(entry.trim()) ?? []
    // Onetime Secret called receipts metadata, and so do its settings.
    const kind = name === 'metadata' ? 'receipt' : name
    if (kind === undefined || numbers.has(kind)) throw malformedDatabases()
    numbers.set(kind, Number(number))
  }
  const [secret, receipt, customer] = ['secret', 'receipt', 'customer'].map((kind) => numbers.get(kind))
  if (secret === undefined || receipt === undefined || customer === undefined) throw malformedDatabases()
  return { secret, receipt, customer }
}

function malformedDatabases(): UsageError {
  return new UsageError('--databases must look like customer=6,metadata=7,secret=8')
}

/** Returns what looks like a mistake in a site secret, as a part of a sentence; undefined when nothing does. */
export function oddityOf(siteSecret: string): string | undefined {
  if (siteSecret !== siteSecret.trim()) return 'begins or ends with a blank'
  if (/^(["']).*\1$/.test(siteSecret)) return 'is in quotes'
  return /^(export )?SECRET=/.test(siteSecret) ? 'begins with SECRET=' : undefined
}

// As in IMPORTED_SITE_SECRET: one per line, the present one first.
function readSiteSecrets(option: string, path: string): string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new CommandError(`--${option}: ${explain(error)}`)
  }
  const siteSecrets = text.split(/\r?\n/).filter((line) => line !== '')
  if (siteSecrets.length === 0) throw new CommandError(`--${option}: the file is empty`)
  return siteSecrets
}
