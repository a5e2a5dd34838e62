import { limitBytes, type TextField } from './byte-limit.ts'
import { count } from './counter.ts'
import { placeCursor } from './insert-password.ts'
import { offerShareSheet } from './share.ts'
import { showLocalTimes } from './times.ts'
import { guardRevealed } from './unsaved.ts'

/** Prepares the elements of a page, or of a part that has just arrived. */
export function enhance(root: ParentNode): void {
  showLocalTimes(root)
  guardRevealed(root)
  offerShareSheet(root)
  for (const button of root.querySelectorAll<HTMLElement>('[data-copy], [data-show]')) button.hidden = false
  for (const counter of root.querySelectorAll<HTMLElement>('[data-count]')) count(counter)
  for (const button of root.querySelectorAll<HTMLElement>('[data-password]')) placeCursor(button)
  for (const field of root.querySelectorAll<TextField>('[data-max-bytes]')) limitBytes(field)
}
