import type { Account } from './account.ts'
import { basic, Caller } from './caller.ts'
import type { Need, Version } from './check.ts'
import type { Answer, Client } from './client.ts'
import { NotRun } from './interruptions.ts'
import { fieldOf } from './json.ts'
import type { Obstacles } from './runner.ts'

/** What a first look at a server found. */
export interface Probe {
  readonly obstacles: Obstacles
  /** Whether secrets can be created without an account. */
  readonly anonymousCreates: boolean
}

/**
 * Finds out what a server has, without creating anything.
 *
 * @param base The server's address.
 * @param versions Those to look at.
 * @throws NoResponse when the server cannot be reached; NotRun when its rate limit is met, or when it redirects.
 */
export async function probe(
  client: Client,
  { base, account }: { readonly base: URL; readonly account: Account | undefined },
  versions: readonly Version[],
): Promise<Probe> {
  const caller = new Caller(client)
  const owner = account === undefined ? undefined : new Caller(client, basic(account.email, account.token))
  const obstacles = new Map<Need | Version, NotRun>()
  const acceptance: boolean[] = []
  let anonymousCreates = true
  for (const version of versions) {
    const { status, headers } = await caller.get(`/api/${version}/status`)
    if (status >= 300 && status < 400) throw new NotRun(redirectReason(headers), { prevented: true })
    if (status === 404) {
      const reason = `the server has no ${version}${hintOn(base)}`
      obstacles.set(version, new NotRun(reason, { prevented: true }))
      continue
    }
    const empty = await createNothing(caller, version)
    const wantsSession = version === 'v3' && empty.status === 401
    if (wantsSession) obstacles.set('v3 without session', new NotRun(WANTS_SESSION, { prevented: false }))
    if (isClosed(empty)) anonymousCreates = false
    if (owner !== undefined && !wantsSession) acceptance.push(accepts(await createNothing(owner, version)))
  }
  // One version that accepts it shows that the account exists: that another rejects it is for the checks to find.
  const isRejected = acceptance.length > 0 && !acceptance.includes(true)
  const lacking = account === undefined ? NO_ACCOUNT : isRejected ? REJECTED : undefined
  if (lacking !== undefined) obstacles.set('account', new NotRun(lacking, { prevented: isRejected }))
  if (!anonymousCreates) obstacles.set('anonymous creation', new NotRun(CLOSED, { prevented: false }))
  if (!anonymousCreates && lacking !== undefined) {
    const closed = new NotRun(`${CLOSED}, and ${lacking}`, { prevented: true })
    for (const version of versions) if (!obstacles.has(version)) obstacles.set(version, closed)
  }
  return { obstacles, anonymousCreates }
}

const CLOSED = 'the server is closed to anonymous senders'
const NO_ACCOUNT = 'no account was given'
const REJECTED = 'the server does not accept this account'
const WANTS_SESSION = 'the server wants a browser session on this path, as Onetime Secret does'

// Clients that send a secret do not follow redirects either.
function redirectReason({ location = '' }: Answer['headers']): string {
  const origin = URL.canParse(location) ? new URL(location).origin : 'another path'
  return `the server redirects to ${origin}: check that address`
}

// The address of the API instead of the server's is the usual mistake.
function hintOn({ pathname }: URL): string {
  const [end] = /\/api(\/v\d+)?\/?$/.exec(pathname) ?? []
  return end === undefined ? '' : `; leave out ${end} at the end of the address`
}

function createNothing(caller: Caller, version: Version): Promise<Answer> {
  if (version === 'v1') return caller.form('/api/v1/share')
  return caller.json(`/api/${version}/secret/conceal`, { secret: {} })
}

// v1 rejects an account with 404, or with 401 where it is set so.
function accepts({ status, body }: Answer): boolean {
  return status !== 401 && status !== 403 && fieldOf(body, 'message') !== 'Not authorized'
}

function isClosed({ body }: Answer): boolean {
  return (
    fieldOf(body, 'message') === 'Not authorized' || fieldOf(body, 'error_type') === 'GuestRoutesDisabled'
  )
}
