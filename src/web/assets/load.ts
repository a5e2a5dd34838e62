import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Site } from '../site.ts'
import { accentStyle } from './colour.ts'

const BUILT_IN_ACCENT = '#c2410c'
const HASH_LENGTH = 12

const COMPRESS = { br: brotliCompressSync, gzip: gzipSync } as const

/** A content coding of assets. */
export type Coding = keyof typeof COMPRESS

/** A file that pages load. Its name contains a hash of its content, so that browsers can cache it forever. */
export interface Asset {
  readonly path: string
  readonly type: string
  readonly bytes: Buffer
  /** The content codings that make it smaller, the best one first; none for a type that is already compressed. */
  readonly codings: readonly Coding[]
  /** Returns the bytes in a coding. Compresses them once, when they are first asked for. */
  encoded(coding: Coding): Buffer
}

/** All files that pages load. */
export interface Assets {
  readonly style: Asset
  readonly script: Asset
  readonly icon: Asset
  readonly logo: Asset
}

/** Loads the assets, which the build has bundled, in the site's colours. */
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
  const compressed = new Map<Coding, Buffer>()
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, HASH_LENGTH)
  return {
    path: `/assets/${name}.${hash}.${extension}`,
    type: TYPES[extension],
    bytes,
    codings: extension === 'png' ? [] : (['br', 'gzip'] as const),
    encoded(coding) {
      const known = compressed.get(coding) ?? COMPRESS[coding](bytes)
      compressed.set(coding, known)
      return known
    },
  }
}

function read(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
}
