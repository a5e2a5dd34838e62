import { domainToASCII } from 'node:url'

const DOTTED_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Returns the name by which this server greets an SMTP server (EHLO, RFC 5321 section 4.1.1.1): the host of its public
 * address, or the domain of the sender when that host is no domain name with a dot. Many servers reject any other greeting.
 *
 * @param publicUrl The public address of the site.
 * @param from The email address that sends the emails.
 * @returns A domain name in ASCII.
 */
export function greetingName(publicUrl: string, from: string): string {
  const host = new URL(publicUrl).hostname.replace(/\.$/, '')
  return DOTTED_NAME.test(host) ? host : domainToASCII(from.slice(from.lastIndexOf('@') + 1))
}
