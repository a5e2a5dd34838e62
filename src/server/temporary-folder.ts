import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that does not outlive the process. */
export interface TemporaryFolder {
  readonly path: string
  remove(): void
}

const left = new Set<TemporaryFolder>()

/** Creates a folder that is removed at the latest when the process exits, also after an error. */
export function createTemporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'emberlink-'))
  const folder = {
    path,
    remove() {
      rmSync(path, { recursive: true, force: true })
      left.delete(folder)
    },
  }
  left.add(folder)
  // One listener for all folders, because Node.js warns of more than ten.
  if (!process.listeners('exit').includes(removeAll)) process.on('exit', removeAll)
  return folder
}

function removeAll(): void {
  for (const folder of left) folder.remove()
}
