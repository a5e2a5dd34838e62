import { readFileSync } from 'node:fs'
import type { Config } from '../config/load.ts'
import type { Site } from '../web/site.ts'

/**
 * Returns the name, branding, texts and regions of the site.
 *
 * @throws A system error when the logo cannot be read.
 */
export function siteOf({
  siteName: name,
  siteAccent: accent,
  siteLogo,
  siteLinks: links,
  siteNotice: notice,
  region,
  regions,
}: Config): Site {
  const logo = siteLogo === undefined ? undefined : readLogo(siteLogo)
  return { name, accent, logo, links, notice, region, regions }
}

function readLogo(path: string) {
  return { bytes: readFileSync(path), type: path.endsWith('.svg') ? 'svg' : 'png' } as const
}
