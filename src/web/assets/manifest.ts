import { GROUND } from './colour.ts'

/** What a browser needs to know of a site that a reader keeps on the home screen. */
export interface ManifestSource {
  readonly name: string
  /** The base path of the site; empty for none. */
  readonly base: string
  /** `#rrggbb`. */
  readonly accent: string
  /** Their paths below the base path, and pixels on each side; undefined for any. */
  readonly icons: readonly {
    readonly path: string
    readonly type: string
    readonly size: number | undefined
  }[]
}

/** Returns the manifest of a site (W3C Web Application Manifest), as JSON. */
export function manifestOf({ name, base, accent, icons }: ManifestSource): string {
  return JSON.stringify({
    name,
    short_name: name,
    start_url: `${base}/`,
    scope: `${base}/`,
    display: 'minimal-ui',
    background_color: GROUND.light,
    theme_color: accent,
    icons: icons.map(({ path, type, size }) => ({
      src: base + path,
      type,
      sizes: size === undefined ? 'any' : `${size}x${size}`,
    })),
  })
}
