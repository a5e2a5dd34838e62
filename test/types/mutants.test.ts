import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const LINES = relative(ROOT, fileURLToPath(new URL('./mutants.ts', import.meta.url)))

/** A change of one source file after which the project must not compile. */
interface Mutant {
  readonly name: string
  /** The file that is changed. */
  readonly file: string
  /** What stands there once or more; the first is replaced. */
  readonly from: string
  readonly to: string
  /** The file in which the compiler objects. */
  readonly rejectedIn: string
  /** A part of the compiler's message. */
  readonly because: string
}

const MUTANTS: readonly Mutant[] = [
  {
    name: 'an expiry that adds seconds to milliseconds',
    file: 'src/secrets/records.ts',
    from: 'return after(created, ttl)',
    to: 'return created + ttl',
    rejectedIn: 'src/secrets/records.ts',
    because: "Type 'number' is not assignable to type 'Milliseconds'",
  },
  {
    name: 'a remaining time that is the time of the expiry',
    file: 'src/secrets/receipt.ts',
    from: 'secondsUntil(receiptExpiry(record), now)',
    to: 'receiptExpiry(record)',
    rejectedIn: 'src/secrets/receipt.ts',
    because: "Type 'Milliseconds' is not assignable to type 'Seconds'",
  },
  {
    name: 'a limit left out of an error',
    file: 'src/secrets/new-secret.ts',
    from: "new DomainError('secret_too_large', { limit: maxBytes })",
    to: "new DomainError('secret_too_large')",
    rejectedIn: 'src/secrets/new-secret.ts',
    because: 'Expected 2 arguments, but got 1',
  },
  {
    name: 'a record looked up by the receipt key',
    file: 'src/secrets/receipt.ts',
    from: 'recordIdOf(keys.secretKey)',
    to: 'recordIdOf(keys.receiptKey)',
    rejectedIn: 'src/secrets/receipt.ts',
    because: "'ReceiptKey' is not assignable to parameter of type 'SecretKey'",
  },
  {
    name: 'a record stored under its secret key',
    file: 'src/secrets/new-secret.ts',
    from: 'const id = recordIdOf(secretKey)',
    to: 'const id = secretKey',
    rejectedIn: 'src/secrets/new-secret.ts',
    because: "Type 'SecretKey' is not assignable to type 'RecordId'",
  },
  {
    name: 'a receipt link emailed to the recipient',
    file: 'src/sharing/invitations.ts',
    from: 'secretKeyOf(receipt.receiptKey)',
    to: 'receipt.receiptKey',
    rejectedIn: 'src/sharing/invitations.ts',
    because: "'ReceiptKey' is not assignable to parameter of type 'SecretKey'",
  },
  {
    name: 'an error code that v1 has no words for',
    file: 'src/errors.ts',
    from: '  shutting_down: NoDetail',
    to: '  shutting_down: NoDetail\n  starting_up: NoDetail',
    rejectedIn: 'src/api/v1/errors.ts',
    because: "Property 'starting_up' is missing",
  },
  {
    name: 'a wire field renamed in the presenter only',
    file: 'src/api/v1/presenters.ts',
    from: 'metadata_ttl: receipt.receiptTtl',
    to: 'receipt_ttl: receipt.receiptTtl',
    rejectedIn: 'src/api/v1/presenters.ts',
    because: "'receipt_ttl' does not exist in type",
  },
  {
    name: 'a wire field that may be missing, renamed in the presenter only',
    file: 'src/api/v1/presenters.ts',
    from: 'received: state',
    to: 'revealed: state',
    rejectedIn: 'src/api/v1/presenters.ts',
    because: "'revealed' does not exist in type",
  },
  {
    name: "`orphan` for `orphaned` in the schema's states only",
    file: 'src/api/v1/wire-objects.ts',
    from: "  'orphaned',",
    to: "  'orphan',",
    rejectedIn: 'src/api/v1/wire-objects.ts',
    because: '"orphan"',
  },
  {
    name: "a state missing from the schema's states",
    file: 'src/api/v1/wire-objects.ts',
    from: "  'orphaned',",
    to: '',
    rejectedIn: 'src/api/v1/presenters.ts',
    because: "Type 'State' is not assignable",
  },
]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-mutants-'))
  for (const path of ['src', 'package.json', 'tsconfig.json', LINES]) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the compiler', () => {
  it('accepts the sources before any of them is changed', async () => {
    expect(await compile(MUTANTS.map(({ rejectedIn }) => rejectedIn))).toEqual([])
  })

  it.each(MUTANTS)('rejects $name', async ({ file, from, to, rejectedIn, because }) => {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    expect(text).toContain(from)
    writeFileSync(
      path,
      text.replace(from, () => to),
    )
    try {
      const problems = await compile([rejectedIn])
      const reasons = problems.filter((problem) => problem.file === rejectedIn).map(({ reason }) => reason)
      expect(reasons).toContainEqual(expect.stringContaining(because))
    } finally {
      writeFileSync(path, text)
    }
  })

  it('rejects each marked line of mutants.ts, and no other, for the reason in its directive', async () => {
    const path = join(folder, LINES)
    const directive = /^\/\/ @ts-expect-error (.+)$/
    const lines = readFileSync(path, 'utf8').split('\n')
    const expected = lines.flatMap((text, index) => {
      const [, reason] = directive.exec(text) ?? []
      return reason === undefined ? [] : [{ file: LINES, line: index + 2, reason }]
    })
    expect(expected.length).toBeGreaterThan(40)
    writeFileSync(path, lines.map((text) => (directive.test(text) ? '' : text)).join('\n'))
    expect(await compile([LINES])).toEqual(expected)
  })
})

interface Problem {
  readonly file: string
  readonly line: number
  readonly reason: string
}

/** Returns what the compiler objects to in some files, and in what they import, in the order of its output. */
async function compile(files: readonly string[]): Promise<Problem[]> {
  const project = join(folder, 'tsconfig.some.json')
  writeFileSync(project, JSON.stringify({ extends: './tsconfig.json', include: [], files }))
  const output = await new Promise<string>((resolve) => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    execFile(
      process.execPath,
      [tsc, '-p', project, '--pretty', 'false'],
      { cwd: folder },
      (error, stdout) => {
        // A compiler that cannot run must not pass for one that objects, nor for one that accepts.
        resolve(error === null || stdout !== '' ? stdout : String(error))
      },
    )
  })
  const problems = [...output.matchAll(/^(\S+)\((\d+),\d+\): error TS\d+: (.*)$/gm)]
  if (output !== '' && problems.length === 0) throw new Error(output)
  return problems.map(([, file = '', line, reason = '']) => ({ file, line: Number(line), reason }))
}
