import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Site } from '../site.ts'
import { accentStyle } from './colour.ts'

const BUILT_IN_ACCENT = '#c2410c'
const HASH_LENGTH = 12

/** A file that pages load. Its name contains a hash of its content, so that browsers can cache it forever. */
export interface Asset {
  readonly path: string
  readonly type: string
  readonly bytes: Buffer
  /** The compressed bytes by content coding; empty for a type that is already compressed. */
  readonly encoded: ReadonlyMap<string, Buffer>
}

/** All files that pages load. */
export interface Assets {
  readonly style: Asset
  readonly script: Asset
  readonly icon: Asset
  readonly logo: Asset
}

/** Loads the assets, which the build has bundled, in the site's colours, and compresses them. */
export function loadAssets({ accent = BUILT_IN_ACCENT, logo }: Site): Assets {
  const icon = asset('icon', 'svg', read('public/icon.svg').replaceAll('currentColor', accent))
  return {
    style: asset('style', 'css', `${accentStyle(accent)}\n${read('bundled/style.css')}`),
    script: asset('script', 'js', read('bundled/script.js')),
    icon,
    logo: logo === undefined ? icon : asset('logo', logo.type, logo.bytes),
  }
}

const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
} as const

function asset(name: string, extension: keyof typeof TYPES, content: string | Buffer): Asset {
  const bytes = Buffer.from(content)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, HASH_LENGTH)
  return {
    path: `/assets/${name}.${hash}.${extension}`,
    type: TYPES[extension],
    bytes,
    encoded: new Map(
      extension === 'png'
        ? []
        : [
            ['br', brotliCompressSync(bytes)],
            ['gzip', gzipSync(bytes)],
          ],
    ),
  }
}

function read(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
}
