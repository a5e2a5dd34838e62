import { readFileSync } from 'node:fs'
import type { Site } from '../site.ts'
import { type Asset, hashed, named } from './asset.ts'
import { accentStyle } from './colour.ts'
import { siteIcons } from './icon/site-icons.ts'
import { manifestOf } from './manifest.ts'

const BUILT_IN_ACCENT = '#c2410c'

/** All files that pages load. */
export interface Assets {
  readonly style: Asset
  readonly script: Asset
  readonly icon: Asset
  readonly logo: Asset
  readonly favicon: Asset
  readonly touchIcon: Asset
  readonly manifest: Asset
}

/**
 * Loads the assets, which the build has bundled, in the site's colours.
 *
 * @param base The base path of the site; empty for none.
 */
export function loadAssets({ name, accent = BUILT_IN_ACCENT, logo }: Site, base: string): Assets {
  const icons = siteIcons({ drawing: read('public/icon.svg'), accent, logo })
  const icon = hashed('icon', icons.main.type, icons.main.bytes)
  const touchIcon = named('/apple-touch-icon.png', 'png', icons.touch)
  const listed = [
    { path: icon.path, type: icon.type, size: icons.mainSize },
    { path: touchIcon.path, type: touchIcon.type, size: icons.touchSize },
  ]
  const manifest = () => manifestOf({ name, base, accent, icons: listed })
  return {
    style: hashed('style', 'css', `${accentStyle(accent)}\n${read('bundled/style.css')}`),
    script: hashed('script', 'js', read('bundled/script.js')),
    icon,
    logo: logo === undefined ? icon : hashed('logo', logo.type, logo.bytes),
    favicon: named('/favicon.ico', 'ico', icons.favicon),
    touchIcon,
    manifest: named('/site.webmanifest', 'webmanifest', manifest),
  }
}

function read(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
}
