import { type Setting, settings } from './settings.ts'
import { editDistance } from './spelling.ts'

const FILE_SUFFIX = '_FILE'

const known: readonly string[] = Object.values<Setting>(settings).flatMap(({ name, secret }) =>
  secret ? [name, name + FILE_SUFFIX] : [name],
)

// The first words of our names that say what they are for. Other software has some of them too.
const FAMILY = /^(EMBERLINK|ANONYMOUS|ARGON2|RATE_LIMIT|REDIS|SHARE_DOMAINS?|SMTP|TRUST_PROXY|TTL)_/

// What Kubernetes and Docker set for a service, whatever it is called, even like us.
const SERVICE_LINK =
  /^\w+(_SERVICE_HOST|_SERVICE_PORT(_\w+)?|_PORT_\d+_\w+|_ENV_\w+)=|^\w+_(PORT=(tcp|udp|sctp):\/\/|NAME=\/)/

/** The names in a `.env` file or in the environment that are not settings. */
export interface UnknownNames {
  /** One line for each that stops the start. */
  readonly faults: readonly string[]
  /** At most one line, with all names that may be meant for other software. */
  readonly warnings: readonly string[]
}

/** Finds the unknown names in a `.env` file, which is ours alone: each is a fault. */
export function unknownInFile(names: Iterable<string>): string[] {
  return [...names].filter((name) => !known.includes(name)).map((name) => `.env: ${describe(name)}`)
}

/**
 * Finds the unknown names in the environment, which we share with other software. A name that is one of ours misspelt,
 * or that begins with `EMBERLINK_`, is a fault. Another that begins like one of ours is a warning: `REDIS_PASSWORD`
 * may be an attempt to configure us or may be there for the Redis beside us. All others are none of our business.
 *
 * @returns Faults and warnings that show no values.
 */
export function unknownInEnvironment(env: Readonly<Record<string, string | undefined>>): UnknownNames {
  const unknown = Object.entries(env)
    .filter(([name, value]) => value !== undefined && !known.includes(name))
    .filter(([name, value]) => !SERVICE_LINK.test(`${name}=${value}`))
    .map(([name]) => name)
  const isFault = (name: string) => name.startsWith('EMBERLINK_') || resembled(name, 1 / 5) !== undefined
  const ignored = unknown.filter((name) => FAMILY.test(name) && !isFault(name))
  return {
    faults: unknown.filter(isFault).map(describe),
    warnings:
      ignored.length === 0 ? [] : [`ignored in the environment, not a setting: ${ignored.join(', ')}`],
  }
}

function describe(name: string): string {
  const meant = resembled(name, 1 / 3)
  return `${name} is not a setting${meant === undefined ? '' : `; did you mean ${meant}?`}`
}

/**
 * Returns the setting that a name resembles most.
 *
 * @param share The share of letters that may differ.
 */
function resembled(name: string, share: number): string | undefined {
  const bare = name.toUpperCase().replace(/^EMBERLINK_/, '')
  const spellings = [bare, bare.replace(/_FILE$/, '')]
  const [nearest] = known
    .map((ours) => ({ ours, distance: Math.min(...spellings.map((text) => editDistance(text, ours))) }))
    .filter(({ ours, distance }) => distance <= Math.min(bare.length, ours.length) * share)
    .sort((a, b) => a.distance - b.distance)
  return nearest?.ours
}
