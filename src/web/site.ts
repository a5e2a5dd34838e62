/** The name, branding and regions of the site. */
export interface Site {
  readonly name: string
  /** `#rrggbb`; undefined for the built-in colour. */
  readonly accent: string | undefined
  /** Undefined for the built-in logo. */
  readonly logo: { readonly bytes: Buffer; readonly type: 'svg' | 'png' } | undefined
  /** The name of this server's region, if it has one. */
  readonly region: string | undefined
  /** The regions and their addresses. */
  readonly regions: readonly { readonly name: string; readonly url: string }[]
}
