/** A parsed Redis address, with its credentials. */
export interface RedisAddress {
  readonly form: 'single' | 'socket' | 'cluster' | 'sentinel'
  /** The server, the initial nodes of a cluster, or the sentinels. At least one, except with a socket. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  readonly tls: boolean
  readonly username?: string
  readonly password?: string
  /** The absolute path of a Unix socket. Only with a socket. */
  readonly path?: string
  /** The number of the database, 0 in a cluster. */
  readonly db: number
  /** The sentinels' name for the master. Only with sentinels. */
  readonly master?: string
  /** The user of the sentinels themselves. Only with a password for it. */
  readonly sentinelUser?: string
  /** The password of the sentinels themselves. Only with sentinels. */
  readonly sentinelPassword?: string
  /** The number of replicas that must confirm each write. */
  readonly replicas: number
}

const FORM =
  /^(?<scheme>redis|rediss)(\+(?<kind>cluster|sentinel))?:\/\/((?<user>[^:@/?#]*)(:(?<password>[^@/?#]*))?@)?(?<hosts>[^@/?#]+)(?<path>\/[^?#]*)?(\?(?<query>[^#]*))?$/
const SOCKET =
  /^(?:redis\+)?unix:\/\/((?<user>[^:@/?#]*)(:(?<password>[^@/?#]*))?@)?(?<path>\/[^?#]+)(\?(?<query>[^#]*))?$/
const HOST = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/
const LOOKS =
  'redis://user:password@host:port/db, unix:///path/of/redis.sock, redis+cluster://host,host or redis+sentinel://host,host/name'
const OPTIONS: Readonly<Record<RedisAddress['form'], readonly string[]>> = {
  single: ['replicas'],
  socket: ['db', 'replicas'],
  cluster: ['replicas'],
  sentinel: ['replicas', 'sentinelUser', 'sentinelPassword'],
}
const DEFAULT_PORT = { single: 6379, cluster: 6379, sentinel: 26379 }

/**
 * Parses the address of Redis. `rediss` instead of `redis` means TLS. User, password and names are percent-encoded.
 *
 *     redis://user:password@host:6379/0                       one server
 *     unix://user:password@/run/redis/redis.sock?db=0         one server, by its Unix socket; redis+unix:// is the same
 *     redis+cluster://user:password@a:6379,b:6379             some nodes of a cluster
 *     redis+sentinel://user:password@a:26379,b:26379/name/0   sentinels, the name of the master, the database
 *
 * Options: `?replicas=1` waits until that many replicas have confirmed each write; `?sentinelUser=…&sentinelPassword=…`
 * are the user and the password of the sentinels themselves.
 *
 * @throws TypeError that explains what is wrong without quoting the address, which may contain a password.
 */
export function parseRedisUrl(text: string): RedisAddress {
  const socket = SOCKET.exec(text)?.groups
  if (socket !== undefined) return parseSocket(socket)
  const parts = FORM.exec(text)?.groups ?? reject(`must look like ${LOOKS}`)
  const form = (parts['kind'] ?? 'single') as keyof typeof DEFAULT_PORT
  const nodes = (parts['hosts'] ?? '').split(',').map((host) => parseHost(host, DEFAULT_PORT[form]))
  if (form === 'single' && nodes.length > 1)
    reject('names several hosts; use redis+cluster:// or redis+sentinel://')

  const path = (parts['path'] ?? '').split('/').slice(1)
  const master = form === 'sentinel' ? decode(path.shift() ?? '') : undefined
  if (master === '') reject('must name the master that the sentinels watch: redis+sentinel://host,host/name')
  const [db = '', ...more] = path
  if (!/^\d{0,5}$/.test(db) || more.length > 0) reject('must end with the database number, or with the host')
  if (form === 'cluster' && Number(db) !== 0)
    reject('must not choose a database: a cluster only has number 0')

  return {
    form,
    nodes,
    tls: parts['scheme'] === 'rediss',
    db: Number(db),
    ...parseLogin(parts),
    ...(master !== undefined && { master }),
    ...parseOptions(optionsOf(parts), form),
  }
}

type Parts = Readonly<Record<string, string | undefined>>

function parseSocket(parts: Parts): RedisAddress {
  const { db = '0', ...options } = optionsOf(parts)
  if (!/^\d{1,5}$/.test(db)) reject('has an option db that is not the number of a database')
  return {
    form: 'socket',
    nodes: [],
    path: decode(parts['path'] ?? ''),
    tls: false,
    db: Number(db),
    ...parseLogin(parts),
    ...parseOptions(options, 'socket'),
  }
}

function parseLogin({
  user = '',
  password: encoded = '',
}: Parts): Pick<RedisAddress, 'username' | 'password'> {
  const username = decode(user)
  const password = decode(encoded)
  if (username !== '' && password === '') reject('names a user without a password')
  return { ...(username !== '' && { username }), ...(password !== '' && { password }) }
}

function optionsOf({ query = '' }: Parts): Parts {
  return Object.fromEntries(new URLSearchParams(query))
}

function parseHost(text: string, defaultPort: number): RedisAddress['nodes'][number] {
  const [, host, port = String(defaultPort)] = HOST.exec(text) ?? reject('has a host that is not host:port')
  if (Number(port) < 1 || Number(port) > 65_535) reject('has a port that is not between 1 and 65535')
  return { host: (host as string).replace(/^\[|\]$/g, ''), port: Number(port) }
}

function parseOptions(
  { replicas = '0', sentinelUser, sentinelPassword, ...unknown }: Parts,
  form: RedisAddress['form'],
): Pick<RedisAddress, 'replicas' | 'sentinelUser' | 'sentinelPassword'> {
  if (!/^[0-9]$/.test(replicas)) reject('has an option replicas that is not a number from 0 to 9')
  if (Object.keys(unknown).length > 0) reject(`has an unknown option; ${describeOptions(OPTIONS[form])}`)
  if ((sentinelUser ?? sentinelPassword) !== undefined && form !== 'sentinel')
    reject('has an option sentinelUser or sentinelPassword but no sentinels')
  if (sentinelUser !== undefined && sentinelPassword === undefined)
    reject('has an option sentinelUser without sentinelPassword')
  return {
    replicas: Number(replicas),
    ...(sentinelUser !== undefined && { sentinelUser }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
  }
}

function describeOptions(names: readonly string[]): string {
  return names.length === 1 ? `the only option is ${names[0]}` : `the options are ${names.join(', ')}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return reject('has a % that is not part of a percent-encoded character')
  }
}

function reject(reason: string): never {
  throw new TypeError(`the Redis address ${reason}`)
}
