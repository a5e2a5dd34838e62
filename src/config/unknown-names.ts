import { type Setting, settings } from './settings.ts'
import { distanceWithin } from './spelling.ts'

const FILE_SUFFIX = '_FILE'

const known: readonly string[] = Object.values<Setting>(settings).flatMap(({ name, secret }) =>
  secret ? [name, name + FILE_SUFFIX] : [name],
)

// Prefixes that only our settings have, and prefixes that other software uses too.
const OURS = /^(EMBERLINK|ANONYMOUS|ARGON2|RATE_LIMIT|SHARE_DOMAINS?|TRUST_PROXY|TTL)_/
const SHARED = /^(REDIS|SMTP)_/

// Variables that Kubernetes and Docker set for services. A service's name may resemble one of our settings.
const SERVICE_LINK =
  /^\w+(_SERVICE_HOST|_SERVICE_PORT(_\w+)?|_PORT_\d+_\w+|_ENV_\w+)=|^\w+_(PORT=(tcp|udp|sctp):\/\/|NAME=\/)/

/** What is reported about names in the environment that are not settings. */
export interface UnknownNames {
  /** One line for each name that prevents the start. */
  readonly faults: readonly string[]
  /** At most one line, listing the names that may be meant for other software. */
  readonly warnings: readonly string[]
}

/** Finds the unknown names in a `.env` file. Each is a fault, because the file is only for Emberlink. */
export function unknownInFile(names: Iterable<string>): string[] {
  return [...names].filter((name) => !known.includes(name)).map((name) => `.env: ${describe(name)}`)
}

/**
 * Finds the unknown names in the environment, which other software uses too. A name that resembles a setting, or has a
 * prefix that only our settings have, is a fault. A name with a shared prefix is a warning: `REDIS_PASSWORD` may be meant
 * for Emberlink or for the Redis beside it. All other names are ignored.
 *
 * @returns Faults and warnings, without values.
 */
export function unknownInEnvironment(env: Readonly<Record<string, string | undefined>>): UnknownNames {
  const unknown = Object.entries(env)
    .filter(([name, value]) => value !== undefined && !known.includes(name))
    .filter(([name, value]) => !SERVICE_LINK.test(`${name}=${value}`))
    .map(([name]) => name)
  const isFault = (name: string) => OURS.test(name) || resembled(name, 1 / 5) !== undefined
  const ignored = unknown.filter((name) => SHARED.test(name) && !isFault(name))
  return {
    faults: unknown.filter(isFault).map(describe),
    warnings:
      ignored.length === 0 ? [] : [`ignored in the environment, not a setting: ${ignored.join(', ')}`],
  }
}

/** Finds the unknown names among settings that are given by hand. Each is a fault; one that resembles none gets the list. */
export function unknownSettings(names: readonly string[]): string[] {
  const unknown = names.filter((name) => !known.includes(name))
  const isListed = unknown.some((name) => resembled(name, 1 / 3) === undefined)
  return [...unknown.map(describe), ...(isListed ? [`the settings are ${known.join(', ')}`] : [])]
}

function describe(name: string): string {
  const meant = resembled(name, 1 / 3)
  return `${name} is not a setting${meant === undefined ? '' : `; did you mean ${meant}?`}`
}

/**
 * Returns the setting that a name resembles most, if any.
 *
 * @param share The maximum share of letters that may differ.
 */
function resembled(name: string, share: number): string | undefined {
  const bare = name.toUpperCase().replace(/^EMBERLINK_/, '')
  const [nearest] = [bare, bare.replace(/_FILE$/, '')]
    .flatMap((spelling) =>
      known.map((ours) => {
        const maximum = Math.min(bare.length, ours.length) * share
        return { ours, distance: distanceWithin(maximum, spelling, ours) }
      }),
    )
    .sort((a, b) => a.distance - b.distance)
  return nearest?.distance === Number.POSITIVE_INFINITY ? undefined : nearest?.ours
}
