import { parseDotenv } from './dotenv.ts'
import { collide } from './network.ts'
import { type ReadFile, readSettingFile } from './setting-file.ts'
import { type Setting, settings } from './settings.ts'
import { withoutDefaultPorts } from './share-domains.ts'
import { faultsOfTls } from './tls-files.ts'
import { unknownInEnvironment, unknownInFile } from './unknown-names.ts'
import { isQuoted, usualCauseOf } from './usual-causes.ts'
import { Rejection } from './value-types.ts'
import { warningsOf } from './warnings.ts'

type Table = typeof settings
type Value<Row extends Setting> = ReturnType<Row['type']['parse']>
type Values = {
  readonly [Key in keyof Table]: Table[Key] extends { readonly default: string }
    ? Value<Table[Key]>
    : Value<Table[Key]> | undefined
}

type List = 'importedSiteSecrets' | 'accounts' | 'shareDomains' | 'regions' | 'siteLinks'

/** The validated settings, frozen. An absent optional setting is undefined, an absent list is empty. */
export type Config = Values & { readonly [Key in List]: NonNullable<Values[Key]> } & {
  /** One line for each problem that does not prevent the start. */
  readonly warnings: readonly string[]
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Invalid settings. The message has one line for each fault, and shows no secret value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly string[]

  /**
   * Creates the error for one or more faults.
   *
   * @param faults One line each.
   */
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

/**
 * Validates each setting on its own and all of them together. The environment takes precedence over the `.env` file. An
 * empty value is a fault, because it may be a variable that was never filled in.
 *
 * @param env The process environment.
 * @param readFile Reads the files that settings name.
 * @param dotenv The text of the `.env` file, if it exists.
 * @throws ConfigError with every fault.
 */
export function loadConfig(env: Environment, readFile: ReadFile, dotenv = ''): Config {
  const file = parseDotenv(dotenv)
  const unknown = unknownInEnvironment(env)
  const faults = [...file.faults, ...unknownInFile(file.values.keys()), ...unknown.faults]
  const given = { ...Object.fromEntries(file.values), ...env }

  const entries = Object.entries<Setting>(settings).map(([key, setting]) => {
    try {
      return [key, parseSetting(setting, given, readFile)] as const
    } catch (error) {
      if (!(error instanceof Rejection)) throw error
      faults.push(error.message)
      return [key, undefined] as const
    }
  })
  // A rejected setting is undefined whatever its type; but then there is a fault, and this function throws.
  const values = Object.fromEntries(entries) as unknown as Values
  const shareDomains = withoutDefaultPorts(values.shareDomains ?? [], values.publicUrl)
  faults.push(...contradictions({ ...values, shareDomains }, given, readFile))
  if (faults.length > 0) throw new ConfigError(faults)
  return deepFreeze({
    ...values,
    importedSiteSecrets: values.importedSiteSecrets ?? [],
    accounts: values.accounts ?? [],
    shareDomains,
    regions: values.regions ?? [],
    siteLinks: values.siteLinks ?? [],
    warnings: [...unknown.warnings, ...warningsOf(values)],
  })
}

function parseSetting(setting: Setting, given: Environment, readFile: ReadFile): unknown {
  const { name, type, secret } = setting
  const { text, origin } = textOf(setting, given, readFile)
  if (text === undefined) return undefined
  if (text === '') throw new Rejection(`${name}: is empty${origin}; it takes ${type.accepts}`)
  try {
    if (isQuoted(text)) throw new Rejection()
    return type.parse(text)
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    const reason = error.message || `${secret ? 'the value' : JSON.stringify(text)} is not accepted`
    const cause = usualCauseOf(text)
    throw new Rejection(`${name}: ${reason}${origin}${cause ? `: ${cause}` : ''}; it takes ${type.accepts}`)
  }
}

/** The text of a setting, and where it is from, as far as a fault has to say so. */
interface SettingText {
  readonly text: string | undefined
  readonly origin: string
}

function textOf(setting: Setting, given: Environment, readFile: ReadFile): SettingText {
  const { name, secret } = setting
  const direct = given[name]
  const path = secret ? given[`${name}_FILE`] : undefined
  if (path === undefined) return { text: direct ?? setting.default, origin: '' }
  if (direct !== undefined)
    throw new Rejection(`${name}: is set together with ${name}_FILE; set only one of them`)
  try {
    const text = readSettingFile(readFile, path).replace(/\r?\n$/, '')
    return { text, origin: ` in the file that ${name}_FILE names` }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    throw new Rejection(`${name}_FILE: ${error.message}`)
  }
}

/** Finds settings that contradict each other. */
function contradictions(values: Values, given: Environment, readFile: ReadFile): string[] {
  const isGiven = (name: string) => given[name] !== undefined || given[`${name}_FILE`] !== undefined
  const { ttlDefault = 0, region, regions, shareDomains = [], metrics, siteLogo } = values
  const faults: string[] = []
  if (isGiven('REDIS_URL') && !isGiven('ROOT_KEY')) {
    faults.push('ROOT_KEY: is required with REDIS_URL; `openssl rand -hex 32` generates one')
  }
  if (isGiven('SMTP_URL') && !isGiven('MAIL_FROM')) faults.push('MAIL_FROM: is required with SMTP_URL')
  if (isGiven('TTL_DEFAULT') && ttlDefault > Math.max(values.ttlMaxAnonymous, values.ttlMaxAccount)) {
    faults.push('TTL_DEFAULT: is above both TTL_MAX_ANONYMOUS and TTL_MAX_ACCOUNT')
  }
  const { secretMaxBytes, secretMaxBytesAnonymous = 0 } = values
  if (secretMaxBytesAnonymous > secretMaxBytes) {
    faults.push('SECRET_MAX_BYTES_ANONYMOUS: is above SECRET_MAX_BYTES')
  }
  if (region !== undefined && regions !== undefined && !regions.some(({ name }) => name === region)) {
    faults.push('REGION: is not one of REGIONS')
  }
  if (new Set(shareDomains.map(({ host }) => host)).size < shareDomains.length) {
    faults.push('SHARE_DOMAINS: has a domain twice, once with the default port of PUBLIC_URL')
  }
  // Those that were rejected are undefined.
  const { bind, port }: Partial<Values> = values
  if (metrics && bind !== undefined && port !== undefined && collide(metrics, { host: bind, port })) {
    faults.push('METRICS: has the port of PORT, at an address that overlaps with BIND; choose another port')
  }
  faults.push(...faultsOfTls(values, isGiven, readFile))
  const logoFault = siteLogo && faultOfFile(siteLogo, readFile)
  if (logoFault) faults.push(`SITE_LOGO: ${logoFault}`)
  return faults
}

function faultOfFile(path: string, readFile: ReadFile): string | undefined {
  try {
    readSettingFile(readFile, path)
    return undefined
  } catch (error) {
    return (error as Rejection).message
  }
}

function deepFreeze<T>(value: T): T {
  // The bytes of a buffer cannot be frozen.
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
