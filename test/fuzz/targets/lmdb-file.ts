import { strict as assert } from 'node:assert'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asBinary, open } from 'lmdb'
import { prepareDataFile } from '../../../src/store/lmdb/datafile.ts'
import { freePages } from '../../../src/store/lmdb/free-pages.ts'
import { readNewestMeta } from '../../../src/store/lmdb/meta.ts'
import { branchNodes, leafNodes, PageDamage } from '../../../src/store/lmdb/page.ts'
import { verifyFile } from '../../../src/store/lmdb/verify.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

const PAGE = 512
const folder = mkdtempSync(join(tmpdir(), 'emberlink-fuzz-'))
const path = join(folder, 'patched.mdb')
const sound = await createFile()

const isDamage = (error: unknown) => error instanceof PageDamage

/** The file of the embedded store, before LMDB opens it: LMDB follows every number in it. */
export const target: Target = {
  name: 'lmdb-file',
  input: 'changes to a sound file: where (2 bytes), how many bytes (1), and these; and a page by itself',
  seeds: () => [
    '',
    ...Array.from({ length: sound.length / PAGE }, (_, page) =>
      patch(page * PAGE, sound.subarray(page * PAGE, page * PAGE + 48)),
    ),
    ...Array.from({ length: sound.length / PAGE }, (_, page) =>
      sound.subarray(page * PAGE, page * PAGE + PAGE),
    ),
  ],
  async run(input) {
    if (input.length === PAGE) {
      accepted(() => leafNodes(input), isDamage)
      accepted(() => branchNodes(input), isDamage)
    }
    accepted(() => freePages(input, 40), isDamage)
    writeFileSync(path, patched(input))
    const file = openSync(path, 'r')
    const meta = readNewestMeta(file)
    closeSync(file)
    const lost = accepted(() => verifyFile(path, 'pairs'), isDamage)
    assert.ok(meta !== undefined || lost === undefined)
    await prepareDataFile(path).catch((error: Error) => {
      if (!error.message.includes('is damaged')) throw error
    })
  },
  async close() {
    rmSync(folder, { recursive: true })
  },
}

function patch(at: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([at >> 8, at & 0xff, bytes.length]), bytes])
}

function patched(input: Buffer): Buffer {
  const file = Buffer.from(sound)
  for (let at = 0; at + 3 <= input.length; ) {
    const length = input[at + 2] as number
    input.copy(file, input.readUInt16BE(at), at + 3, at + 3 + length)
    at += 3 + length
  }
  return file
}

/** Creates a small file with everything that the verification looks at: branch pages, overflow pages, free pages, tables. */
async function createFile(): Promise<Buffer> {
  const source = join(folder, 'sound.mdb')
  const root = open({
    path: source,
    noSubdir: true,
    noSync: true,
    pageSize: PAGE,
    encoder: { useRecords: false },
  })
  const [pairs, expiry] = ['pairs', 'expiry'].map((name) => root.openDB<Buffer, string>({ name }))
  const put = (index: number, size: number) =>
    pairs?.put(
      `kordzoc8XPmFtg4TBmkmikL${String(index).padStart(2, '0')}`,
      asBinary(Buffer.alloc(size, index)) as never,
    )
  for (let index = 0; index < 12; index += 1) await put(index, index === 5 ? 900 : 60)
  for (let index = 0; index < 3; index += 1) await expiry?.put(`key ${index}`, Buffer.from('x'))
  await pairs?.remove('kordzoc8XPmFtg4TBmkmikL05')
  await put(6, 700)
  await root.close()
  return readFileSync(source)
}
