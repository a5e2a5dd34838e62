import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { parseRedisUrl } from '../../src/redis-url.ts'
import type { RecordId } from '../../src/secrets/keys.ts'
import { createAdmit } from '../../src/store/redis/admit.ts'
import { openConnection } from '../../src/store/redis/connection.ts'
import { receiptRecord, secretRecord } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { createRateStore } from '../../src/store/redis/rates.ts'
import { createScan } from '../../src/store/redis/scan.ts'
import { createSecretStore } from '../../src/store/redis/secrets.ts'
import { slotOf } from '../../src/store/redis/send-script.ts'
import type { Store } from '../../src/store/store.ts'
import { type NewPair, newPair, READ, START } from '../contract/samples.ts'
import { storeContract } from '../contract/store.ts'
import { startProxy } from '../support/proxy.ts'
import { patiently, recovery } from '../support/recovery.ts'
import type { RedisServer } from '../support/redis.ts'
import { joinCluster, type RedisGroup, startCluster } from '../support/redis-groups.ts'

/** Slots in a row, with the address of their master. */
type SlotRange = [first: number, last: number, master: [host: string, port: number]]

const UNAVAILABLE = { name: 'DomainError', code: 'store_unavailable' }

describe('the store on a Redis Cluster of three masters', () => {
  let cluster: RedisGroup
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster.stop())

  storeContract({
    open: () => openRedisStore(cluster.url),
    opener: () => ({ module: 'store/redis/open.js', name: 'openRedisStore', args: [cluster.url] }),
    evict: async (id) => {
      await (await ownerOf(id)).client.del(secretRecord(id))
    },
  })

  describe('the store on several masters', () => {
    it('spreads secrets over all masters and keeps both records of each on one', async () => {
      const store = await open()
      const owners = await Promise.all((await createMany(store, 40)).map(({ id }) => ownerOf(id)))
      expect(new Set(owners).size).toBe(3)
    })

    it('loads its scripts again after every master has forgotten them, also for many calls at once', async () => {
      const store = await open()
      const pairs = await createMany(store, 40)
      await Promise.all(cluster.servers.map(({ client }) => client.script('FLUSH')))
      expect(await claimAll(store, pairs)).toEqual(pairs.map(() => 'claimed'))
    })

    it('holds calls back until the end of a turn, so that all to one master leave in one write', async () => {
      const connection = await connect(cluster.url)
      const { id } = newPair()
      const { stream } = connection.masterOf(secretRecord(id))
      const peeks = [1, 2].map(() => connection.secrets.peek(id, START))
      expect(stream.writableCorked).toBe(1)
      expect(await Promise.all(peeks)).toEqual([undefined, undefined])
      expect(stream.writableCorked).toBe(0)
    })

    it('raises no warnings about a sound cluster', async () => {
      expect(await (await open()).warnings()).toEqual([])
    })

    it('follows slots that move to another master while they are in use', async () => {
      const store = await open()
      await claimAll(store, await createMany(store, 40))
      const pairs = await createMany(store, 60)
      const [from, to] = cluster.servers as [RedisServer, RedisServer]
      const moving = await ownedBy(from, pairs)
      const slots = [...new Set(moving.map(({ id }) => slotOf(secretRecord(id))))]
      for (const slot of slots) await beginMove(slot, from, to)
      const [moved, torn] = moving as [NewPair, NewPair]
      await migrate(from, to, [secretRecord(moved.id), receiptRecord(moved.id)])
      await migrate(from, to, [secretRecord(torn.id)])
      const early = claimAll(store, [moved, torn])
      setTimeout(() => void migrate(from, to, [receiptRecord(torn.id)]), 50)
      expect(await early).toEqual(['claimed', 'claimed'])

      for (const slot of slots) {
        const keys = await from.client.cluster('GETKEYSINSLOT', slot, 1000)
        if (keys.length > 0) await migrate(from, to, keys)
      }
      for (const slot of slots) await endMove(slot, from, to)
      const left = pairs.filter((pair) => pair !== moved && pair !== torn)
      expect(await claimAll(store, left)).toEqual(left.map(() => 'claimed'))
      expect(await claimAll(store, pairs)).toEqual(pairs.map(() => 'gone'))
    })

    it('spends the secrets and throws store_unavailable, not gone, when the answers to claims are lost (docs/api/v1.md section 6)', async () => {
      const [server] = cluster.servers as [RedisServer]
      const proxy = await startProxy(server.port)
      await announce(server, proxy.port)
      onTestFinished(async () => {
        await announce(server, server.port)
        await proxy.stop()
      })
      const store = await open(cluster.url.replace(/(@127.0.0.1:\d+).*/, '$1'))
      const pairs = await ownedBy(server, await createMany(store, 40))
      const [warm, ...lost] = pairs as [NewPair, ...NewPair[]]
      await claimAll(store, [warm])
      proxy.swallowReplies()
      const claims = Promise.allSettled(lost.map(({ id }) => store.secrets.claim(id, READ, START)))
      for (const { id } of lost) await expect.poll(() => server.client.exists(secretRecord(id))).toBe(0)
      proxy.restore()
      proxy.cut()
      for (const claim of await claims)
        expect(claim).toMatchObject({ status: 'rejected', reason: UNAVAILABLE })
      await recovery(store)
      const receipts = await Promise.all(lost.map(({ id }) => store.secrets.settle(id, 'observer', START)))
      expect(receipts.map((receipt) => receipt?.state)).toEqual(lost.map(() => 'received'))
    })

    it('makes the secrets of a lost master unavailable, not gone, until it is back', async () => {
      const store = await open()
      const pairs = await createMany(store, 40)
      const [, , lost] = cluster.servers as [RedisServer, RedisServer, RedisServer]
      const hidden = await ownedBy(lost, pairs)
      await lost.kill()
      for (const { id } of hidden) {
        await expect(store.secrets.claim(id, READ, START)).rejects.toMatchObject(UNAVAILABLE)
      }
      await expect(store.ready()).rejects.toMatchObject(UNAVAILABLE)
      await lost.start()
      await recovery(store)
      expect(await claimAll(store, pairs)).toEqual(pairs.map(() => 'claimed'))
    })

    it('makes all secrets unavailable, not gone, until all lost masters are back', async () => {
      const store = await open()
      const pairs = await createMany(store, 10)
      await Promise.all(cluster.servers.map((server) => server.kill()))
      for (const { id } of pairs) {
        await expect(store.secrets.claim(id, READ, START)).rejects.toMatchObject(UNAVAILABLE)
      }
      await Promise.all(cluster.servers.map((server) => server.start()))
      await recovery(store)
      expect(await claimAll(store, pairs)).toEqual(pairs.map(() => 'claimed'))
    })
  })

  describe('the store on masters of which each has a replica that must confirm', () => {
    const unconfirmed = { ...UNAVAILABLE, cause: { message: '0 of 1 replicas confirmed a write' } }
    let from: RedisServer
    let to: RedisServer
    let url: string
    let replicas: readonly RedisServer[]
    beforeAll(async () => {
      ;[from, to] = cluster.servers as [RedisServer, RedisServer]
      url = `${cluster.url}?replicas=1`
      replicas = await Promise.all([from, to].map((master) => joinCluster(master, {})))
      for (const { client } of [from, to])
        await patiently(async () => expect(await client.wait(1, 100)).toBe(1))
    })
    afterAll(() => Promise.all(replicas.map((replica) => replica.stop())))

    it('lets the replicas of the master confirm that ran a claim in a slot on its way there', async () => {
      const store = await open(url)
      const [warm, moved] = (await ownedBy(from, await createMany(await open(), 40))) as [NewPair, NewPair]
      expect(await claimAll(store, [warm])).toEqual(['claimed'])
      const slot = slotOf(secretRecord(moved.id))
      await beginMove(slot, from, to)
      await migrate(from, to, [secretRecord(moved.id), receiptRecord(moved.id)])
      await replicas[1]?.pause()
      await expect(store.secrets.claim(moved.id, READ, START)).rejects.toMatchObject(unconfirmed)
      expect(await to.client.cluster('COUNTKEYSINSLOT', slot)).toBe(1)
      await replicas[1]?.resume()
      await endMove(slot, from, to)
      expect(await patiently(() => claimAll(store, [moved]))).toEqual(['gone'])
    })

    it('lets the replicas of the master confirm that ran a claim, though another took over its slot before the reply came', async () => {
      const { secrets, masterOf } = await connect(url)
      const pairs = await createMany(await open(), 60)
      const [warm, claimed] = (await ownedBy(to, pairs)) as [NewPair, NewPair]
      const [other] = (await ownedBy(cluster.servers[2] as RedisServer, pairs)) as [NewPair]
      expect(await secrets.claim(warm.id, READ, START)).toMatchObject({ kind: 'claimed' })
      // Not paused: the client asks replicas too who has which slots, and would wait for this one.
      await replicas[1]?.kill()
      const { stream } = masterOf(secretRecord(claimed.id))
      stream.pause()
      const claim = Promise.allSettled([secrets.claim(claimed.id, READ, START)])
      await expect.poll(() => to.client.exists(secretRecord(claimed.id))).toBe(0)

      await seize(from, to, claimed)
      await seize(from, cluster.servers[2] as RedisServer, other)
      // Its old master says that it has moved, and the client asks who has all others.
      await secrets.peek(other.id, START)
      const owner = () => masterOf(secretRecord(claimed.id)).options.port
      await expect.poll(owner).toBe(from.port)
      stream.resume()
      expect(await claim).toMatchObject([{ status: 'rejected', reason: unconfirmed }])
      await replicas[1]?.start()
    })
  })

  /** Makes the whole cluster believe that the slot of a secret belongs to another master. */
  async function seize(by: RedisServer, from: RedisServer, { id }: NewPair): Promise<void> {
    const slot = slotOf(secretRecord(id))
    await by.client.cluster('SETSLOT', slot, 'IMPORTING', await from.client.cluster('MYID'))
    await by.client.cluster('SETSLOT', slot, 'NODE', await by.client.cluster('MYID'))
    for (const { client } of cluster.servers) {
      await expect
        .poll(
          async () =>
            ((await client.cluster('SLOTS')) as unknown as SlotRange[]).find(
              ([a, b]) => a <= slot && slot <= b,
            )?.[2][1],
        )
        .toBe(by.port)
    }
  }

  /** Opens only what is below a store, to look at its connections. */
  async function connect(url: string) {
    const connection = await openConnection(parseRedisUrl(url), { timeoutMs: 60_000, tlsFiles: {} }, () => 0)
    onTestFinished(() => connection.close())
    const { run } = connection
    const admit = createAdmit(run, createRateStore(run), 'many')
    return { ...connection, secrets: createSecretStore(run, admit, createScan(connection)) }
  }

  async function open(url = cluster.url): Promise<Store> {
    const store = await openRedisStore(url)
    onTestFinished(() => store.close())
    return store
  }

  /** Makes the whole cluster believe that a master has another port. */
  async function announce(server: RedisServer, port: number): Promise<void> {
    await server.client.config('SET', 'cluster-announce-port', String(port))
    for (const { client } of cluster.servers) {
      await expect.poll(async () => (await client.cluster('SLOTS')).flat(2)).toContain(port)
    }
  }

  async function ownerOf(id: RecordId): Promise<RedisServer> {
    const holding = await Promise.all(
      cluster.servers.map(async (server) => {
        const found = await server.client.exists(secretRecord(id), receiptRecord(id)).catch(() => 0)
        return found === 2 ? [server] : []
      }),
    )
    return holding.flat()[0] ?? expect.unreachable('no master has both records')
  }

  async function ownedBy(server: RedisServer, pairs: readonly NewPair[]): Promise<NewPair[]> {
    const owners = await Promise.all(pairs.map(({ id }) => ownerOf(id)))
    return pairs.filter((_, index) => owners[index] === server)
  }
})

async function createMany(store: Store, count: number): Promise<NewPair[]> {
  const pairs = Array.from({ length: count }, () => newPair())
  await Promise.all(pairs.map((pair) => store.secrets.create(pair, START)))
  return pairs
}

async function claimAll(store: Store, pairs: readonly NewPair[]): Promise<string[]> {
  const claims = await Promise.all(pairs.map(({ id }) => store.secrets.claim(id, READ, START)))
  return claims.map(({ kind }) => kind)
}

async function beginMove(slot: number, from: RedisServer, to: RedisServer): Promise<void> {
  await to.client.cluster('SETSLOT', slot, 'IMPORTING', await from.client.cluster('MYID'))
  await from.client.cluster('SETSLOT', slot, 'MIGRATING', await to.client.cluster('MYID'))
}

async function endMove(slot: number, from: RedisServer, to: RedisServer): Promise<void> {
  for (const { client } of [to, from]) {
    await client.cluster('SETSLOT', slot, 'NODE', await to.client.cluster('MYID'))
  }
}

async function migrate(from: RedisServer, to: RedisServer, keys: readonly string[]): Promise<void> {
  await from.client.call('MIGRATE', '127.0.0.1', to.port, '', 0, 5000, 'AUTH', to.password, 'KEYS', ...keys)
}
