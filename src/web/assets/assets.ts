import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import Negotiator from 'negotiator'
import type { Site } from '../site.ts'
import { accentStyle } from './colour.ts'

const BUILT_IN_ACCENT = '#c2410c'
const HASH_LENGTH = 12

/** A file that pages load. Its name changes with its content, so that browsers may keep it for good. */
interface Asset {
  readonly path: string
  readonly type: string
  readonly bytes: Buffer
  /** By content coding; none for what is compressed already. */
  readonly encoded: ReadonlyMap<string, Buffer>
}

/** What the pages load. */
export interface Assets {
  readonly style: Asset
  readonly script: Asset
  readonly icon: Asset
  readonly logo: Asset
}

/** @returns Everything that pages load, read and compressed, in the site's colours. */
export function loadAssets({ accent = BUILT_IN_ACCENT, logo }: Site): Assets {
  const icon = asset('icon', 'svg', read('icon.svg').replaceAll('currentColor', accent))
  return {
    style: asset('style', 'css', `${accentStyle(accent)}\n${read('style.css')}`),
    script: asset('script', 'js', read('script.js')),
    icon,
    logo: logo === undefined ? icon : asset('logo', logo.type, logo.bytes),
  }
}

/** Serves the assets below `/assets`, each for good. */
export function assetRoutes(app: FastifyInstance, assets: Assets): void {
  const byPath = new Map(Object.values(assets).map((asset: Asset) => [asset.path, asset]))
  for (const { path, type, bytes, encoded } of byPath.values()) {
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      config: { rateLimit: 'none' },
      handler: (request, reply) => {
        const coding = new Negotiator(request).encoding([...encoded.keys(), 'identity']) ?? 'identity'
        const body = encoded.get(coding)
        reply
          .type(type)
          .headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' })
        if (body !== undefined) reply.header('content-encoding', coding)
        return reply.send(body ?? bytes)
      },
    })
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
  return readFileSync(new URL(`./public/${name}`, import.meta.url), 'utf8')
}
