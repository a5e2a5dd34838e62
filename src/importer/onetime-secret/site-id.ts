import { labelledHash } from '../../crypto/derive.ts'

const ID_LENGTH = 22

/**
 * Returns the id of a site secret: 22 characters of base64url, by which an imported secret knows the one that it needs. It is
 * stored inside sealed texts only. Source: src/crypto/SPEC.md section 1.
 */
export function siteIdOf(siteSecret: string): string {
  return labelledHash('site-secret', siteSecret, 'base64url').slice(0, ID_LENGTH)
}
