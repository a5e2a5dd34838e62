/** How the pages present themselves. */
export interface Site {
  readonly name: string
  /** `#rrggbb`; undefined for the built-in colour. */
  readonly accent: string | undefined
  /** Undefined for the built-in one. */
  readonly logo: { readonly bytes: Buffer; readonly type: 'svg' | 'png' } | undefined
  /** The name of the region that this server stands in, if it has one. */
  readonly region: string | undefined
  /** Where the regions are reached. */
  readonly regions: readonly { readonly name: string; readonly url: string }[]
}
