// Allows only what the pages use: styles, scripts, images, forms and fetches from this site.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "manifest-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const PERMISSIONS_POLICY = ['camera', 'geolocation', 'microphone', 'payment', 'usb', 'clipboard-read']
  .map((feature) => `${feature}=()`)
  .join(', ')

const TWO_YEARS_SECONDS = 63_072_000

/**
 * Returns the security headers of all responses that a browser may display.
 *
 * @param publicUrl The site's public address; for https, HSTS is added.
 */
export function securityHeaders(publicUrl: string): Record<string, string> {
  return {
    ...assetHeaders(publicUrl),
    'cache-control': 'no-store',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': PERMISSIONS_POLICY,
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  }
}

/**
 * Returns the security headers of files that pages load: the others mean something only to documents. A picture that is opened
 * by itself is one, but it may load nothing, and run nothing.
 *
 * @param publicUrl The site's public address; for https, HSTS is added.
 */
export function assetHeaders(publicUrl: string): Record<string, string> {
  return {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex, nofollow, noarchive',
    ...(publicUrl.startsWith('https:') && {
      'strict-transport-security': `max-age=${TWO_YEARS_SECONDS}`,
    }),
  }
}
