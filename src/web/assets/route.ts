import type { FastifyInstance } from 'fastify'
import Negotiator from 'negotiator'
import { assetHeaders } from '../../http/security-headers.ts'
import type { WebContext } from '../context.ts'
import type { Asset } from './asset.ts'

const CACHE_CONTROL: Readonly<Record<Asset['cached'], string>> = {
  forever: 'public, max-age=31536000, immutable',
  'for a day': 'public, max-age=86400',
}

/** Registers the assets. */
export function assetRoutes(app: FastifyInstance, { assets, policy }: WebContext): void {
  const security = assetHeaders(policy.publicUrl)
  const byPath = new Map(Object.values(assets).map((asset: Asset) => [asset.path, asset]))
  for (const asset of byPath.values()) {
    const { path, type, codings, cached } = asset
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      config: { rateLimit: 'none' },
      handler: (request, reply) => {
        // Browsers accept all codings alike and list gzip first, so the order of the asset decides: smallest first.
        const accepted = new Negotiator(request).encodings([...codings])
        const coding = codings.find((name) => accepted.includes(name))
        if (coding !== undefined) reply.header('content-encoding', coding)
        return reply
          .type(type)
          .headers({ ...security, 'cache-control': CACHE_CONTROL[cached], vary: 'accept-encoding' })
          .send(coding === undefined ? asset.bytes : asset.encoded(coding))
      },
    })
  }
}
