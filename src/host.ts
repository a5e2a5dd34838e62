import { BlockList, isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Brand } from './brand.ts'

/** A host in its one spelling for comparing, with its port unless that is the default one. */
export type Host = Brand<string, 'host'>

// The host in brackets is an IPv6 address. Node.js would take any other excluded character for the end of the host, or
// decode or drop it.
const FORM = /^(\[[\da-f:.]+\]|[^\p{Cc}\s/?#@\\%:[\]]+)(?::(\d{1,5}))?$/iu
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }
const HIGHEST_PORT = 65_535

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/**
 * Returns the one spelling of a host, so that hosts can be compared: the domain as ASCII (IDNA, UTS 46) in lower case,
 * without the dot that may end it, and without the default port of its scheme.
 *
 * @param text `host` or `host:port`, from a setting, a client or a URL.
 * @param protocol `http:` or `https:`, as far as it is known. Without it, a port is kept.
 * @returns Undefined when the text is no host.
 */
export function canonicalHost(text: string, protocol = ''): Host | undefined {
  const [, name, digits] = FORM.exec(text) ?? []
  if (name === undefined) return undefined
  const domain = domainToASCII(name).replace(/\.$/, '')
  const port = digits === undefined ? undefined : Number(digits)
  if (domain === '' || domain.endsWith('.') || (port !== undefined && port > HIGHEST_PORT)) return undefined
  return (port === undefined || port === DEFAULT_PORTS[protocol] ? domain : `${domain}:${port}`) as Host
}

/**
 * Tells whether a host is this machine by its name alone, whatever a resolver says (RFC 6761 section 6.3).
 *
 * @param host An IP address without brackets, or a domain name in ASCII.
 */
export function isLoopback(host: string): boolean {
  const version = isIP(host)
  if (version === 0) return /^(.+\.)?localhost$/i.test(host)
  return loopback.check(host, version === 6 ? 'ipv6' : 'ipv4')
}
