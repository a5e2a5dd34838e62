import { createHash } from 'node:crypto'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const HASH_LENGTH = 12

const COMPRESS = { br: brotliCompressSync, gzip: gzipSync } as const

const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  webmanifest: 'application/manifest+json',
} as const

const COMPRESSED: readonly Extension[] = ['png', 'ico']

type Extension = keyof typeof TYPES

/** A content coding of assets. */
export type Coding = keyof typeof COMPRESS

/** A file that pages load. */
export interface Asset {
  /** Below the base path. */
  readonly path: string
  readonly type: string
  readonly bytes: Buffer
  /** The content codings that make it smaller, the best one first; none for a type that is already compressed. */
  readonly codings: readonly Coding[]
  /** Returns the bytes in a coding. Compresses them once, when they are first requested. */
  encoded(coding: Coding): Buffer
  readonly cached: 'forever' | 'for a day'
}

/** Creates an asset whose name contains a hash of its content, so that browsers can cache it forever. */
export function hashed(name: string, extension: Extension, content: string | Buffer): Asset {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, HASH_LENGTH)
  const bytes = Buffer.from(content)
  return asset({ path: `/assets/${name}.${hash}.${extension}`, extension, cached: 'forever' }, () => bytes)
}

/**
 * Creates an asset that browsers look for under a fixed name.
 *
 * @param create Returns its content. Called once, when the asset is first requested.
 */
export function named(path: string, extension: Extension, create: () => string | Buffer): Asset {
  return asset({ path, extension, cached: 'for a day' }, create)
}

/** What an asset is called, and how it is sent. */
interface Named extends Pick<Asset, 'path' | 'cached'> {
  readonly extension: Extension
}

function asset({ path, extension, cached }: Named, create: () => string | Buffer): Asset {
  const created = new Map<Coding | 'identity', Buffer>()
  const once = (coding: Coding | 'identity', make: () => string | Buffer) => {
    const bytes = created.get(coding) ?? Buffer.from(make())
    created.set(coding, bytes)
    return bytes
  }
  return {
    path,
    type: TYPES[extension],
    get bytes() {
      return once('identity', create)
    },
    codings: COMPRESSED.includes(extension) ? [] : ['br', 'gzip'],
    encoded(coding) {
      return once(coding, () => COMPRESS[coding](this.bytes))
    },
    cached,
  }
}
