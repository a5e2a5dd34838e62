import { Rejection } from './value-types.ts'

/** Reads a text file. @throws A system error when it cannot be read. */
export type ReadFile = (path: string) => string

const { geteuid: user, getegid: group } = process
/** Who must be permitted to read; other systems than Unix have no such users. */
const READER = user && group ? `; user ${user()} or group ${group()} must be able to read it` : ''
const DENIED = `the file cannot be read: permission denied${READER}`
const NO_FILE = 'the file does not exist; is it the path of a file, not the value itself?'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: NO_FILE,
  ENOTDIR: NO_FILE,
  ENAMETOOLONG: NO_FILE,
  EISDIR: 'the path is a folder, not a file',
  EACCES: DENIED,
  EPERM: DENIED,
}

/**
 * Reads the file that a setting names.
 *
 * @throws Rejection with the reason, without the path: it may be a secret that was put in the wrong place.
 */
export function readSettingFile(readFile: ReadFile, path: string): string {
  if (path === '') throw new Rejection('is empty')
  try {
    return readFile(path)
  } catch (error) {
    throw new Rejection(REASONS[String((error as NodeJS.ErrnoException).code)] ?? 'the file cannot be read')
  }
}
