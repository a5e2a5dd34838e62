import { setImmediate as endOfTurn } from 'node:timers/promises'
import { CommandError } from './errors.ts'

/**
 * Keeps a reader who has seen enough, such as `head`, from ending a command halfway with a stack trace: what is printed from then on
 * is lost, and the command does its work to the end.
 *
 * @returns What throws a CommandError if standard output had any other error, such as a full disk.
 */
export function watchOutput(): () => Promise<void> {
  let fault: Error | undefined
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') fault ??= error
  })
  process.stderr.on('error', () => undefined)
  return async () => {
    // The error of the last write comes after it.
    await endOfTurn()
    if (fault !== undefined) throw new CommandError(`standard output: ${fault.message}`)
  }
}
