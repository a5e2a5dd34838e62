import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { extractTar, writeTar } from '../../src/commands/tar.ts'
import { temporaryFolder } from './emberlink.ts'

const NAMES = ['one', 'two', 'three']
const CONTENTS = [Buffer.alloc(70_000, 'x'), Buffer.from('short'), Buffer.alloc(0)]

async function filledFolder(): Promise<string> {
  const folder = await temporaryFolder()
  for (const [index, name] of NAMES.entries()) writeFileSync(join(folder, name), CONTENTS[index] ?? '')
  return folder
}

async function archive(): Promise<Buffer> {
  return Buffer.concat(await Readable.from(writeTar(await filledFolder(), NAMES, 1_700_000_000)).toArray())
}

/** Cuts an archive into chunks of a length that divides nothing. */
function chunks(bytes: Buffer): Readable {
  const count = Math.ceil(bytes.length / 777)
  return Readable.from(Array.from({ length: count }, (_, at) => bytes.subarray(at * 777, (at + 1) * 777)))
}

describe('writeTar', () => {
  it('writes what tar extracts, for the owner only', async () => {
    const folder = await temporaryFolder()
    execFileSync('tar', ['-xf', '-', '-C', folder], { input: await archive() })
    for (const [index, name] of NAMES.entries()) {
      expect(readFileSync(join(folder, name))).toEqual(CONTENTS[index])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
      expect(statSync(join(folder, name)).mtimeMs).toBe(1_700_000_000_000)
    }
  })

  it('writes a size of 8 GiB as tar reads it', async () => {
    const folder = await temporaryFolder()
    writeFileSync(join(folder, 'large'), '')
    truncateSync(join(folder, 'large'), 8 ** 11)
    const { value } = await writeTar(folder, ['large'], 0).next()
    const listed = spawnTar(value as Buffer)
    expect(listed).toContain(' 8589934592 ')
  })
})

describe('extractTar', () => {
  it('extracts the named files of an archive by tar, and passes over folders and others', async () => {
    const [from, to] = [await filledFolder(), await temporaryFolder()]
    mkdirSync(join(from, 'folder'))
    const bytes = execFileSync('tar', ['-cf', '-', '-C', from, '.'])
    const found = await extractTar(chunks(bytes), to, ['one', 'three', 'absent'])
    expect(found.sort()).toEqual(['one', 'three'])
    expect(readdirSync(to).sort()).toEqual(['one', 'three'])
    expect(readFileSync(join(to, 'one'))).toEqual(CONTENTS[0])
  })

  it('reads what writeTar writes', async () => {
    const to = await temporaryFolder()
    expect(await extractTar(chunks(await archive()), to, NAMES)).toEqual(NAMES)
    for (const [index, name] of NAMES.entries()) expect(readFileSync(join(to, name))).toEqual(CONTENTS[index])
  })

  it('rejects an archive that is cut off anywhere', async () => {
    const whole = await archive()
    const to = await temporaryFolder()
    for (const length of [512, 513, 40_000, 70_600, whole.length - 1024, whole.length - 600])
      await expect(extractTar(chunks(whole.subarray(0, length)), to, NAMES), String(length)).rejects.toThrow(
        'it is cut off',
      )
  })

  it.each([
    ['an empty file', Buffer.alloc(0), 'it is no tar archive'],
    ['a text', Buffer.from('hello\n'), 'it is no tar archive'],
    ['random bytes', Buffer.alloc(2048, 0x5a), 'it is no tar archive'],
  ])('rejects %s', async (_what, bytes, reason) => {
    await expect(extractTar(chunks(bytes), await temporaryFolder(), NAMES)).rejects.toThrow(reason)
  })

  it('rejects a header with a flipped bit', async () => {
    const bytes = await archive()
    const second = 512 + Math.ceil(70_000 / 512) * 512
    bytes.writeUInt8(bytes.readUInt8(second + 130) ^ 1, second + 130)
    await expect(extractTar(chunks(bytes), await temporaryFolder(), NAMES)).rejects.toThrow(
      'a header of it is damaged',
    )
  })
})

// The content of the file is missing, which tar says after it has listed it.
function spawnTar(header: Buffer): string {
  try {
    return execFileSync('tar', ['-tvf', '-'], { input: header, stdio: 'pipe', encoding: 'utf8' })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
