/**
 * @param publicUrl Scheme, host and base path of the site.
 * @param shareDomain The custom domain of the secret, if it has one.
 * @returns Where the recipient opens the secret.
 */
export function secretLink(publicUrl: string, shareDomain: string | undefined, secretKey: string): string {
  const { protocol, host, pathname } = new URL(publicUrl)
  return `${protocol}//${shareDomain ?? host}${pathname.replace(/\/$/, '')}/secret/${secretKey}`
}
