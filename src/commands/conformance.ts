import { readFileSync, writeFileSync } from 'node:fs'
import { readApiToken } from '../config/environment.ts'
import type { Account } from '../conformance/account.ts'
import type { Check } from '../conformance/check.ts'
import { everyCheck } from '../conformance/checks/every.ts'
import { NotRun } from '../conformance/interruptions.ts'
import { writeJson } from '../conformance/report/json.ts'
import { writeJunit } from '../conformance/report/junit.ts'
import { exitStatusOf } from '../conformance/report/summary.ts'
import { writeTable } from '../conformance/report/table.ts'
import { MAXIMUM_REQUESTS, type Run } from '../conformance/runner.ts'
import { linkTo } from '../conformance/sections.ts'
import { selectChecks } from '../conformance/select.ts'
import { checkServer, versionsIn } from '../conformance/session.ts'
import { NoResponse } from '../conformance/transport.ts'
import { counted } from './counted.ts'
import { cutShortBySignal } from './cut-short.ts'
import { CommandError, UsageError } from './errors.ts'

const STDIN = 0
/** As a file name: standard input or output. */
const STANDARD_STREAM = '-'
const DEFAULT_TIMEOUT_SECONDS = 10
const MAXIMUM_TIMEOUT_SECONDS = 300

/** The options of `conformance`. */
export interface ConformanceOptions {
  readonly account: string | undefined
  readonly 'token-file': string | undefined
  readonly only: string | undefined
  readonly list: boolean | undefined
  readonly json: string | undefined
  readonly junit: string | undefined
  readonly timeout: string | undefined
}

/**
 * Checks a server against the contracts of the API, and prints what agrees and what differs.
 *
 * @param address The server; undefined only to list the checks.
 * @returns The exit status: 0 if the server agrees, 1 if it differs, 2 if the checks could not be run, or not all.
 * @throws UsageError; CommandError with status 2 when the server cannot be reached or a report cannot be written.
 */
export async function conformance(address: string | undefined, options: ConformanceOptions): Promise<number> {
  const { only, list, json, junit } = options
  const checks = selectChecks(everyCheck, only)
  if (checks === undefined) throw new UsageError('--only names no check; --list prints them')
  if (list === true) return print(checks)
  if (address === undefined) throw new UsageError('missing argument URL')
  if (json !== undefined && json === junit) throw new UsageError('--json and --junit name the same file')
  const base = parseAddress(address)
  const account = readAccount(options)
  const server = base.origin + base.pathname.replace(/\/$/, '')
  const target = { base, account, timeoutMs: parseTimeout(options.timeout) }
  process.stderr.write(announcementOf(server, checks))
  const run = await cutShortBySignal((cut) => runAgainst({ ...target, cut }, checks), announceCut)
  const output = [json, junit].includes(STANDARD_STREAM) ? process.stderr : process.stdout
  output.write(writeTable(run))
  if (json !== undefined) writeReport(json, writeJson(server, run))
  if (junit !== undefined) writeReport(junit, writeJunit(run))
  return exitStatusOf(run.results)
}

async function runAgainst(target: Parameters<typeof checkServer>[0], checks: readonly Check[]): Promise<Run> {
  try {
    return await checkServer(target, checks)
  } catch (error) {
    if (error instanceof NoResponse) {
      throw new CommandError(`the server cannot be reached: ${error.message}`, { exitStatus: 2 })
    }
    if (error instanceof NotRun) throw new CommandError(error.message, { exitStatus: 2 })
    throw error
  }
}

function announceCut(): void {
  process.stderr.write('emberlink: stopping after this check; another signal ends at once\n')
}

function announcementOf(server: string, checks: readonly Check[]): string {
  const versions = versionsIn(checks).join(', ')
  const requests = `with at most ${MAXIMUM_REQUESTS} requests`
  return `${counted(checks.length, 'check')} of ${server} (${versions}), ${requests}.\n${creationsOf(checks)}\n\n`
}

function creationsOf(checks: readonly Check[]): string {
  const count = checks.reduce((sum, check) => sum + check.secrets, 0)
  if (count === 0) return 'They create no secrets.'
  const secrets = count === 1 ? '1 secret' : `up to ${count} secrets`
  return `They create ${secrets} of their own, and reveal or burn what they create; receipts expire by themselves.`
}

function print(checks: readonly Check[]): 0 {
  const width = Math.max(...checks.map(({ id }) => id.length))
  for (const { id, section, title } of checks) {
    process.stdout.write(`${id.padEnd(width)}  ${linkTo(section)}  ${title}\n`)
  }
  return 0
}

function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('URL must begin with http:// or https://')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError('URL must have neither credentials nor a query; see --account')
  }
  return url
}

// A token in the command line is in the list of processes and in the shell's history, so it may come another way.
function readAccount({ account, 'token-file': file }: ConformanceOptions): Account | undefined {
  if (account === undefined) {
    if (file !== undefined) throw new UsageError('--token-file requires --account')
    return undefined
  }
  const [email = '', ...rest] = account.split(':')
  if (!email.includes('@')) throw new UsageError('--account must be EMAIL or EMAIL:TOKEN')
  if (rest.length > 0 && file !== undefined) throw new UsageError('the token is given twice')
  const token = rest.length > 0 ? rest.join(':') : file === undefined ? readApiToken() : readToken(file)
  if (token === undefined || token === '') {
    throw new UsageError('no token: use --token-file, or set EMBERLINK_TOKEN')
  }
  return { email: email.toLowerCase(), token }
}

function readToken(file: string): string {
  try {
    return readFileSync(file === STANDARD_STREAM ? STDIN : file, 'utf8').trim()
  } catch (error) {
    throw new CommandError(`the token cannot be read: ${(error as Error).message}`, { exitStatus: 2 })
  }
}

function parseTimeout(text = String(DEFAULT_TIMEOUT_SECONDS)): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= MAXIMUM_TIMEOUT_SECONDS) return seconds * 1000
  throw new UsageError(`--timeout must be a number of seconds up to ${MAXIMUM_TIMEOUT_SECONDS}`)
}

function writeReport(file: string, text: string): void {
  try {
    if (file === STANDARD_STREAM) process.stdout.write(text)
    else writeFileSync(file, text)
  } catch (error) {
    throw new CommandError(`the report cannot be written: ${(error as Error).message}`, { exitStatus: 2 })
  }
}
