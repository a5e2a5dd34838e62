import { isEmailAddress } from '../accounts/email-address.ts'
import { listOf, Rejection } from './value-types.ts'

/** A link of the operator at the foot of every page, such as that to the privacy policy. */
export interface SiteLink {
  /** At most 40 characters. */
  readonly label: string
  /** Begins with `https://`, `http://` or `mailto:`. */
  readonly url: string
}

const LABEL = /^[^\p{Cc}\p{Cf}]{1,40}$/u

/** The operator's links at the foot of every page. */
export const siteLinks = listOf(
  '`label=address` entries separated by commas, each address with `https://`, `http://` or `mailto:`, and a comma in it written as `%2C`',
  (text): SiteLink => {
    const [, label = '', address = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? []
    if (label.trim() === '' || address.trim() === '')
      throw new Rejection('lacks a label, an equals sign or an address')
    if (!LABEL.test(label))
      throw new Rejection('has a label of more than 40 characters, or with invisible ones')
    return { label: label.trim(), url: parseAddress(address.trim()) }
  },
  ['label', ({ label }) => label],
)

function parseAddress(text: string): string {
  const [scheme = ''] = /^(https?:\/\/|mailto:)/i.exec(text) ?? []
  if (scheme === '')
    throw new Rejection('has an address that does not begin with https://, http:// or mailto:')
  if (!/^[^\s\\\p{Cc}\p{Cf}]+$/u.test(text) || !URL.canParse(text))
    throw new Rejection('has a malformed address')
  const { href, username, password, pathname, protocol } = new URL(text)
  if (username !== '' || password !== '') throw new Rejection('has an address with credentials')
  if (protocol === 'mailto:' && !isEmailAddress(pathname))
    throw new Rejection('has an invalid email address after mailto:')
  return href
}
