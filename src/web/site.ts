/** The name, branding, texts and regions of the site. */
export interface Site {
  readonly name: string
  /** `#rrggbb`; undefined for the built-in colour. */
  readonly accent: string | undefined
  /** Undefined for the built-in logo. */
  readonly logo: { readonly bytes: Buffer; readonly type: 'svg' | 'png' } | undefined
  /** The operator's links at the foot of every page. */
  readonly links: readonly { readonly label: string; readonly url: string }[]
  /** The operator's text at the top of every page, if there is one. */
  readonly notice: string | undefined
  /** The name of this server's region, if it has one. */
  readonly region: string | undefined
  /** The regions and their addresses. */
  readonly regions: readonly { readonly name: string; readonly url: string }[]
}
