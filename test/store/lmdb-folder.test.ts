import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { fileSystemWarnings, folderWarnings } from '../../src/store/lmdb/warnings.ts'
import { milliseconds } from '../../src/time.ts'
import { newAccountId, newPair, READ, START } from '../contract/samples.ts'

const PAGE = 4096

let parent: string
let folder: string
let file: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'emberlink-folder-'))
  folder = join(parent, 'data.d', 'deep')
  file = join(folder, 'secrets.mdb')
})
afterEach(() => rmSync(parent, { recursive: true }))

describe('the data folder', () => {
  it('creates the data folder and its files for their owner alone', async () => {
    const store = await openLmdbStore(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder)).toHaveLength(4)
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    await store.close()
  })

  it('raises a warning for the data folder and each file in it that other users may read', async () => {
    const store = await openLmdbStore(folder)
    const open = async () =>
      (await store.warnings()).filter((line) => line.includes('accessible to other users'))
    expect(await open()).toEqual([])
    chmodSync(folder, 0o755)
    chmodSync(file, 0o640)
    expect(await open()).toEqual([expect.stringContaining(folder), expect.stringContaining(file)])
    await store.close()
  })

  it('accepts a volume that is prepared for a group of this process, as by fsGroup of Kubernetes', async () => {
    const store = await openLmdbStore(folder)
    chmodSync(folder, 0o2770)
    chmodSync(file, 0o660)
    const { gid } = statSync(folder)
    const open = async (groups: readonly number[]) =>
      (await folderWarnings(folder, groups)).filter((line) => line.includes('accessible to other users'))
    expect(await open([gid + 1, gid])).toEqual([])
    expect((await store.warnings()).filter((line) => line.includes('accessible'))).toEqual([])
    expect(await open([gid + 1])).toEqual([expect.stringContaining(folder), expect.stringContaining(file)])
    // Without the bit, files may get any group; and others are always others.
    chmodSync(folder, 0o770)
    expect(await open([gid])).toHaveLength(2)
    chmodSync(folder, 0o2771)
    expect(await open([gid])).toEqual([expect.stringContaining(folder)])
    await store.close()
  })

  it.each([
    [0x01021994, 'lost when the machine stops'],
    [0x858458f6, 'lost when the machine stops'],
    [0x794c7630, 'lost with the container'],
    [0x6969, 'locks between processes do not hold'],
    [0xff534d42, 'locks between processes do not hold'],
    [0xfe534d42, 'locks between processes do not hold'],
  ])('F25: raises a warning on file system %d of statfs(2)', (type, words) => {
    expect(fileSystemWarnings('/data', type)).toEqual([expect.stringContaining(words)])
  })

  it.each([0xef53, 0x58465342, 0x9123683e])(
    'F25: raises no warning on file system %d of statfs(2): ext4, XFS or Btrfs',
    (type) => {
      expect(fileSystemWarnings('/data', type)).toEqual([])
    },
  )

  it('keeps rate limits over a restart of the process and drops those from before the last start of the machine', async () => {
    const limit = { limit: 1, windowMs: milliseconds(60_000) }
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'rates-5eed0000.mdb'), 'partly written when the power failed')
    const first = await openLmdbStore(folder)
    expect(await first.rates.take({ bucket: 'bucket', limit }, START)).toBe(0)
    await first.close()
    const second = await openLmdbStore(folder)
    expect(await second.rates.take({ bucket: 'bucket', limit }, START)).toBe(60)
    await second.close()
    expect(readdirSync(folder)).not.toContain('rates-5eed0000.mdb')
  })
})

describe('opening a data folder that is unusable', () => {
  it('F24: fails with the reason when a file is in place of the folder', async () => {
    writeFileSync(join(parent, 'data.d'), '')
    await expectFailure(/ENOTDIR/)
  })

  it('F24: fails with the reason when a folder is in place of the data file', async () => {
    mkdirSync(file, { recursive: true })
    await expectFailure(/EISDIR.*secrets\.mdb/)
  })

  it.each([
    ['a line of text', Buffer.from('hello\n')],
    ['pages of text', Buffer.alloc(PAGE * 8, 'hello\n')],
    ['zeros', Buffer.alloc(PAGE * 8)],
  ])(
    'F24: fails with the reason, and leaves the data file as it is, when that holds %s',
    async (_, content) => {
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, content)
      await expectFailure(/secrets\.mdb is damaged or not an LMDB file/)
      expect(readFileSync(file)).toEqual(content)
    },
  )

  it.each([100, PAGE + 100, PAGE * 2])(
    'F24: fails with the reason when the data file is cut after %d bytes',
    async (length) => {
      await fill()
      truncateSync(file, length)
      await expectFailure(/secrets\.mdb is damaged/)
    },
  )

  it('F24: fails with the reason when only the first pages of the data file are sound', async () => {
    await fill()
    const content = readFileSync(file).fill(0, PAGE * 2)
    writeFileSync(file, content)
    await expectFailure(/cannot be opened/)
  })

  async function fill(): Promise<void> {
    const store = await openLmdbStore(folder)
    await Promise.all(Array.from({ length: 200 }, () => store.secrets.create(newPair(), START)))
    await store.close()
  }

  async function expectFailure(reason: RegExp): Promise<void> {
    const opened = openLmdbStore(folder)
    await expect(opened).rejects.toMatchObject({ code: 'store_unavailable' })
    await expect(opened).rejects.toHaveProperty('detail.cause.message', expect.stringMatching(reason))
    await expect(opened).rejects.toHaveProperty('detail.cause.message', expect.stringContaining(folder))
  }
})

describe('faults while the store is open', () => {
  it('F24: makes what is on a damaged page unavailable, with the reason, and nothing else', async () => {
    const store = await openLmdbStore(folder)
    const [damaged, sound] = [newPair({ sealed: Buffer.alloc(1500, 'damaged ') }), newPair()]
    await store.secrets.create(damaged, START)
    const account = newAccountId()
    await store.accounts.save(
      account,
      {
        email: sound.secret.sealed,
        token: Buffer.alloc(32),
        created: START,
      },
      { among: [account], when: 'either' },
    )
    await store.close()
    blankPagesWith('damaged ')
    const reopened = await openLmdbStore(folder)
    const claim = reopened.secrets.claim(damaged.id, READ, START)
    await expect(claim).rejects.toMatchObject({ code: 'store_unavailable' })
    await expect(claim).rejects.toHaveProperty('detail.cause.message', expect.stringMatching(/MDB_/))
    expect(await reopened.accounts.find(account)).toMatchObject({ email: sound.secret.sealed })
    await expect(reopened.ready()).resolves.toEqual({ warnings: [] })
    await reopened.close()
  })

  it('F24: stores nothing new on a disk that is almost full, and still reveals and burns secrets', async () => {
    const [first, second] = [newPair(), newPair()]
    const roomy = await openLmdbStore(folder)
    await roomy.secrets.create(first, START)
    await roomy.secrets.create(second, START)
    await roomy.close()
    const full = await openLmdbStore(folder, { reserveBytes: Number.MAX_SAFE_INTEGER })
    const creation = full.secrets.create(newPair(), START)
    await expect(creation).rejects.toMatchObject({ code: 'store_unavailable' })
    await expect(creation).rejects.toHaveProperty(
      'detail.cause.message',
      expect.stringMatching(/almost full/),
    )
    await expect(full.ready()).resolves.toEqual({
      full: expect.stringMatching(/^the disk of the data folder is almost full: \d+ bytes are free$/),
      warnings: [],
    })
    expect(await full.secrets.claim(first.id, READ, START)).toMatchObject({ kind: 'claimed' })
    expect(await full.secrets.take(second.id, 'burned', START)).toBe(true)
    const [account, record] = [
      newAccountId(),
      { email: Buffer.of(1), token: Buffer.alloc(32), created: START },
    ]
    const condition = { among: [account], when: 'absent' } as const
    await expect(full.accounts.save(account, record, condition)).rejects.toThrow('store_unavailable')
    expect(await full.accounts.save(account, record, { ...condition, when: 'present' })).toBe(false)
    await expect(full.secrets.clearAttempts(second.id, 'received', START)).resolves.toBeUndefined()
    await expect(full.secrets.setMemo(second.id, Buffer.alloc(60), START)).rejects.toThrow(
      'store_unavailable',
    )
    expect(await full.secrets.setMemo(second.id, undefined, START)).toBe(true)
    await full.secrets.withdraw(first.id)
    expect(
      await full.rates.take({ bucket: 'bucket', limit: { limit: 1, windowMs: milliseconds(1) } }, START),
    ).toBe(0)
    await full.close()
  })

  function blankPagesWith(text: string): void {
    const content = readFileSync(file)
    for (let at = 0; at < content.length; at += PAGE) {
      if (content.subarray(at, at + PAGE).includes(text)) content.fill(0, at, at + PAGE)
    }
    writeFileSync(file, content)
  }
})
