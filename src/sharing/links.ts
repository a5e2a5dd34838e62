import type { SecretKey } from '../secrets/keys.ts'

/**
 * Returns the secret link, where the recipient reveals the secret.
 *
 * @param publicUrl The public address of the site, with its base path.
 * @param shareDomain The custom domain of the link, if it has one.
 */
export function secretLink(publicUrl: string, shareDomain: string | undefined, secretKey: SecretKey): string {
  const { protocol, host, pathname } = new URL(publicUrl)
  return `${protocol}//${shareDomain ?? host}${pathname.replace(/\/$/, '')}/secret/${secretKey}`
}
