import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { listOf, Rejection, type ValueType, wholeNumber } from './value-types.ts'

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i
// `localhost`, and what it resolves to.
const LOCAL = ['localhost', '127.0.0.1', '::1']
const BASE_PATH = /^(\/[A-Za-z0-9._~-]+)*$/

/** A host and port to listen on. */
export interface Listen {
  /** An IP address without brackets, or a host name. */
  readonly host: string
  readonly port: number
}

/** A region that the pages link to. */
export interface Region {
  readonly name: string
  /** Without a trailing slash. */
  readonly url: string
}

/** An IP address or a host name. */
export const host: ValueType<string> = {
  accepts: 'an IP address or a host name',
  parse: (text) => {
    // A URL takes a name that ends with a number, such as 256.1, for an IPv4 address.
    const isName = HOST_NAME.test(text) && URL.canParse(`http://${text}`)
    if (isIP(text) === 0 && !isName) throw new Rejection()
    return text
  },
}

/** A port; 0 lets the system choose one. */
export const port = wholeNumber(0, 65_535)

/** A site's public address, normalised: ASCII host in lower case without a trailing dot, no default port, no trailing slash. */
export const siteUrl: ValueType<string> = {
  accepts: 'an `http://` or `https://` address without query, fragment or credentials; a path is optional',
  parse: (text) => {
    if (!/^https?:\/\//i.test(text)) throw new Rejection('does not begin with http:// or https://')
    if (!/^https?:\/\/[^?#\s\\]+$/i.test(text) || !URL.canParse(text)) throw new Rejection('is malformed')
    const url = new URL(text)
    if (url.username !== '' || url.password !== '') throw new Rejection('contains credentials')
    const path = url.pathname.replace(/\/$/, '')
    if (!BASE_PATH.test(path))
      throw new Rejection('has a path with characters other than letters, digits and ._~-')
    // Certificates name hosts without the dot, and a cookie of the one is not sent to the other.
    url.hostname = url.hostname.replace(/\.$/, '')
    if (url.hostname.endsWith('.')) throw new Rejection('is malformed')
    return url.origin + path
  },
}

/**
 * Returns the public address of a server without a proxy, normalised like `siteUrl`. For a server that listens on all
 * addresses of the machine, it is the loopback address.
 *
 * @param bind The host that the server listens on.
 */
export function defaultPublicUrl(bind: string, port: number): string {
  // A URL cannot contain the zone of an IPv6 address.
  const address = bind.replace(/%.*$/s, '')
  const reachable = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address
  return new URL(`http://${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`).origin
}

/** `off` (undefined), or the host and port of a separate listener. */
export const listenOrOff: ValueType<Listen | undefined> = {
  accepts: '`off`, or `host:port` (`[::1]:9090` for IPv6)',
  parse: (text) => {
    if (text === 'off') return undefined
    const [, ipv6, other, digits] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(text) ?? []
    if (digits === undefined || (ipv6 !== undefined && isIP(ipv6) !== 6)) throw new Rejection()
    return { host: host.parse(ipv6 ?? other ?? ''), port: port.parse(digits) }
  },
}

/**
 * Tells whether two listeners collide: their ports are equal, and their hosts overlap, as `0.0.0.0` and any IPv4 address do.
 * A port that the system chooses never collides.
 */
export function collide(a: Listen, b: Listen): boolean {
  if (a.port !== b.port || a.port === 0) return false
  const hosts = [a.host.toLowerCase(), b.host.toLowerCase()] as const
  const [one, other] = hosts
  if (one === other || hosts.includes('::')) return true
  if (hosts.includes('0.0.0.0')) return hosts.every((host) => isIP(host) !== 6)
  return hosts.includes('localhost') && hosts.every((host) => LOCAL.includes(host))
}

const MAXIMUM_HOPS = 16
const hops = wholeNumber(0, MAXIMUM_HOPS)

const proxyAddresses = listOf('', (text) => {
  const range = ipaddr.isValidCIDR(text)
  // Node.js accepts more as IPv6 than the parser of forwarding headers does.
  const isAddress = isIP(text) !== 0 && ipaddr.isValid(text)
  if (!range && !isAddress) throw new Rejection('is neither an IP address nor a CIDR range')
  // If every peer were trusted, a client could choose the address that rate limits count.
  if (range && ipaddr.parseCIDR(text)[1] === 0) throw new Rejection('trusts every address')
  return text
})

/** The proxies whose forwarding headers are trusted: their number, or their addresses. */
export const trustedProxies: ValueType<number | readonly string[]> = {
  accepts:
    'the number of proxies in front of the server, up to 16, or their IP addresses and CIDR ranges, separated by commas',
  schema: { minimum: 0, maximum: MAXIMUM_HOPS },
  parse: (text) => (/^\d+$/.test(text) ? hops : proxyAddresses).parse(text),
}

/** The regions that the pages link to. */
export const regions = listOf(
  '`name=address` entries separated by commas',
  (text): Region => {
    const [, name, address] = /^([a-z0-9-]{1,32})=(.+)$/.exec(text) ?? []
    if (name === undefined || address === undefined) throw new Rejection()
    return { name, url: siteUrl.parse(address) }
  },
  ['name', ({ name }) => name],
)
