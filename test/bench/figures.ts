import type { Figure } from './figure.ts'
import { againstLeast } from './figures/against-least.ts'
import { builds } from './figures/builds.ts'
import { bytes } from './figures/bytes.ts'
import { expiryOnLmdb, expiryOnRedis } from './figures/expiry.ts'
import { fixedRate } from './figures/fixed-rate.ts'
import { liveSecrets } from './figures/live-secrets.ts'
import { memory } from './figures/memory.ts'
import { nodes } from './figures/nodes.ts'
import { pages } from './figures/pages.ts'
import { passphrases } from './figures/passphrases.ts'
import { saturation } from './figures/saturation.ts'
import { start } from './figures/start.ts'
import { versions } from './figures/versions.ts'
import { workers } from './figures/workers.ts'

/** All figures, by the names of `--only`, in the order in which they are measured. */
export const FIGURES: ReadonlyMap<string, Figure> = new Map([
  ['redis', againstLeast('redis')],
  ['lmdb', againstLeast('lmdb')],
  ['rate-redis', fixedRate('redis')],
  ['rate-lmdb', fixedRate('lmdb')],
  ['versions', versions],
  ['pages', pages],
  ['passphrases', passphrases],
  ['saturation', saturation],
  ['live-redis', liveSecrets('redis')],
  ['live-lmdb', liveSecrets('lmdb')],
  ['expiry-redis', expiryOnRedis],
  ['expiry-lmdb', expiryOnLmdb],
  ['bytes', bytes],
  ['workers', workers],
  ['start', start],
  ['memory', memory],
  ['nodes', nodes],
  ['builds-redis', builds('redis')],
  ['builds-lmdb', builds('lmdb')],
])
