/**
 * @param publicUrl Scheme, host and base path of the site.
 * @param shareDomain The custom domain of the secret, if it has one.
 * @returns Where the recipient opens the secret.
 */
export function secretLink(publicUrl: string, shareDomain: string | undefined, secretKey: string): string {
  const url = new URL(publicUrl)
  if (shareDomain !== undefined) url.host = shareDomain
  url.pathname = `${url.pathname.replace(/\/$/, '')}/secret/${secretKey}`
  return url.href
}
