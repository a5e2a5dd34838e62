import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from './errors.ts'

// A terminal that closes sends SIGHUP.
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/**
 * Runs work that needs a temporary folder, and removes the folder after it, also when a signal ends the process.
 *
 * @param parent Where the folder is created, for this user only.
 * @param advice What to do if there is no room, or nothing may be written there.
 * @throws CommandError when the folder cannot be created, or is on a full disk; what `work` throws.
 */
export async function inTemporaryFolder<T>(
  { parent, advice }: { readonly parent: string; readonly advice: string },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = create(parent, advice)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const end = (signal: keyof typeof SIGNALS) => {
    remove()
    process.stderr.write('emberlink: interrupted\n')
    process.exit(SIGNALS[signal])
  }
  for (const signal of Object.keys(SIGNALS)) process.once(signal, end)
  try {
    return await work(folder)
  } catch (error) {
    const full = error instanceof CommandError ? undefined : findFull(error)
    if (full === undefined) throw error
    throw new CommandError(`no space is left in ${parent}: ${full.message}; ${advice}`)
  } finally {
    for (const signal of Object.keys(SIGNALS)) process.off(signal, end)
    remove()
  }
}

function create(parent: string, advice: string): string {
  try {
    return mkdtempSync(join(parent, '.emberlink-'))
  } catch (error) {
    throw new CommandError(
      `no temporary copy can be made in ${parent}: ${(error as Error).message}; ${advice}`,
    )
  }
}

/** Finds the reason in an error or its causes, that a disk is full, or a file as large as the process may write. */
function findFull(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined
  const { code = '' } = error as NodeJS.ErrnoException
  // LMDB gives its reason in words.
  const isFull =
    ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code) || /^(no space left|file too large)/i.test(error.message)
  return isFull ? error : findFull(error.cause)
}
