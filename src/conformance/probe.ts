import { Caller } from './caller.ts'
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
 * @param versions Those to look at.
 * @param account Whether the run has one.
 * @throws NoResponse when the server cannot be reached; NotRun when its rate limit is met, or when it redirects.
 */
export async function probe(
  client: Client,
  versions: readonly Version[],
  account: 'with account' | 'without account',
): Promise<Probe> {
  const caller = new Caller(client)
  const obstacles = new Map<Need | Version, NotRun>()
  if (account === 'without account') {
    obstacles.set('account', new NotRun('no account was given', { prevented: false }))
  }
  let anonymousCreates = true
  for (const version of versions) {
    const { status, headers } = await caller.get(`/api/${version}/status`)
    if (status >= 300 && status < 400) throw new NotRun(redirectReason(headers), { prevented: true })
    if (status === 404) {
      obstacles.set(version, new NotRun(`the server has no ${version}`, { prevented: true }))
      continue
    }
    const empty = await createNothing(caller, version)
    if (version === 'v3' && empty.status === 401) {
      obstacles.set('v3 without session', new NotRun(WANTS_SESSION, { prevented: false }))
    }
    if (isClosed(empty)) anonymousCreates = false
  }
  if (!anonymousCreates) obstacles.set('anonymous creation', new NotRun(CLOSED, { prevented: false }))
  if (!anonymousCreates && account === 'without account') {
    const reason = `${CLOSED}, and no account was given`
    for (const version of versions) obstacles.set(version, new NotRun(reason, { prevented: true }))
  }
  return { obstacles, anonymousCreates }
}

const CLOSED = 'the server is closed to anonymous senders'
const WANTS_SESSION = 'the server wants a browser session on this path, as Onetime Secret does'

// Clients that send a secret do not follow redirects either.
function redirectReason({ location = '' }: Answer['headers']): string {
  const origin = URL.canParse(location) ? new URL(location).origin : 'another path'
  return `the server redirects to ${origin}: check that address`
}

function createNothing(caller: Caller, version: Version): Promise<Answer> {
  if (version === 'v1') return caller.form('/api/v1/share')
  return caller.json(`/api/${version}/secret/conceal`, { secret: {} })
}

function isClosed({ body }: Answer): boolean {
  return (
    fieldOf(body, 'message') === 'Not authorized' || fieldOf(body, 'error_type') === 'GuestRoutesDisabled'
  )
}
