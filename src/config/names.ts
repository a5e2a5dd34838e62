import { type Setting, settings } from './settings.ts'

const FILE_SUFFIX = '_FILE'

const rows: readonly Setting[] = Object.values(settings)
const plainNames = rows.map(({ name }) => name)
const known = new Set([
  ...plainNames,
  ...rows.filter(({ secret }) => secret).map(({ name }) => name + FILE_SUFFIX),
])

// Families in which nothing but our settings has a meaning for this process.
const FAMILY = /^(EMBERLINK|ANONYMOUS|ARGON2|RATE_LIMIT|REDIS|SHARE_DOMAINS?|SMTP|TRUST_PROXY|TTL)_/

// What Kubernetes and Docker's links set for a service, whatever it is called: NAME_SERVICE_HOST, NAME_SERVICE_PORT,
// NAME_SERVICE_PORT_HTTP, NAME_PORT_6379_TCP, NAME_PORT_6379_TCP_ADDR, NAME_PORT=tcp://10.0.0.1:6379, NAME_ENV_X, and
// NAME_NAME=/container/alias.
const SERVICE_LINK = /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?$|_ENV_\w+$/
const SERVICE_VALUE = /^\w+_(PORT=(tcp|udp|sctp):\/\/|NAME=\/)/

// What the official image of Redis sets for itself.
const IMAGE_NAME = /^REDIS_(VERSION|DOWNLOAD_(URL|SHA))$/

/**
 * A `.env` file is ours alone, so every name in it must be.
 * @param names The names in the file.
 * @returns One fault for each that is no setting.
 */
export function unknownInFile(names: readonly string[]): string[] {
  return names.filter((name) => !known.has(name)).map((name) => fault('.env: ', name))
}

/**
 * The process environment is shared with the whole machine, so only a name that was plainly meant for us is refused:
 *
 * - it stands in one of our families (`EMBERLINK_`, `REDIS_`, `SMTP_`, `TTL_`, ...), or
 * - it is one of our names in other letter case, or with `_FILE` where there is no such form, or
 * - it has six letters or more and is one edit away from one of our names, two edits from ten letters on.
 *
 * What Kubernetes and Docker set for the services around us is let through, also for one that is called like us.
 * @param env The environment.
 * @returns One fault for each name refused. Values are not shown.
 */
export function unknownInEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env)
    .filter(([name, value]) => value !== undefined && !known.has(name) && !isServiceLink(name, value))
    .filter(([name]) => FAMILY.test(name) || isMisspelt(name))
    .map(([name]) => fault('', name))
}

function isServiceLink(name: string, value: string): boolean {
  return SERVICE_LINK.test(name) || IMAGE_NAME.test(name) || SERVICE_VALUE.test(`${name}=${value}`)
}

function isMisspelt(name: string): boolean {
  const upper = name.toUpperCase()
  if (known.has(upper) || plainNames.some((ours) => upper === ours + FILE_SUFFIX)) return true
  return [...known].some((ours) => {
    const length = Math.min(upper.length, ours.length)
    return length >= 6 && editDistance(upper, ours) <= (length >= 10 ? 2 : 1)
  })
}

function fault(where: string, name: string): string {
  const guess = closest(name)
  const hint = guess === undefined ? '' : `; did you mean ${guess}?`
  return `${where}${name} is not a setting${hint}`
}

/** @returns Our name that is nearest by spelling, or else by its first word; undefined when none is near. */
function closest(name: string): string | undefined {
  const bare = name.toUpperCase().replace(/^EMBERLINK_/, '')
  if (known.has(bare)) return bare
  const stem = bare.replace(/_FILE$/, '')
  const ranked = plainNames
    .map((ours) => ({ ours, distance: editDistance(stem, ours) }))
    .sort((a, b) => a.distance - b.distance)
  const [nearest] = ranked
  if (nearest !== undefined && nearest.distance <= nearest.ours.length / 3) return nearest.ours
  return ranked.find(({ ours }) => ours.split('_', 1)[0] === stem.split('_', 1)[0])?.ours
}

/**
 * Optimal string alignment: the least number of letters inserted, deleted, replaced, or swapped with their neighbour.
 * Source: G. Navarro, "A guided tour to approximate string matching", 2001, section 3.
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swaps = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = swaps ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped))
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
