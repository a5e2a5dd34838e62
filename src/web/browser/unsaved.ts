/** Asks before a reader leaves a revealed secret that was neither copied, saved nor printed. */
export function guardRevealed(root: ParentNode): void {
  if (!root.querySelector('#revealed')) return
  addEventListener('beforeunload', ask)
  addEventListener('afterprint', markKept)
  root.querySelector('#file')?.addEventListener('click', markKept)
}

/** Notes that the reader has kept the secret, so that leaving asks nothing. */
export function markKept(): void {
  removeEventListener('beforeunload', ask)
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
  // Chromium before 119 and Safari ask only for this.
  event.returnValue = true
}
