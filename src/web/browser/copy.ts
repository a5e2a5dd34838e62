import { showOn } from './announce.ts'
import { exactText } from './exact-text.ts'
import { markKept } from './unsaved.ts'

/**
 * Copies the text of an element to the clipboard, or selects it where that fails, and says so on the button. The button names the
 * element, or follows it.
 */
export async function copy(button: HTMLElement): Promise<void> {
  const element = document.getElementById(button.dataset['copy'] ?? '') ?? button.previousElementSibling
  const { done = '', failed = '' } = button.closest<HTMLElement>('[data-done]')?.dataset ?? {}
  if (!(element instanceof HTMLElement)) return
  try {
    const text = exactText(element)
    if (navigator.clipboard) await navigator.clipboard.writeText(text)
    else copyByEvent(text)
    if (element.id === 'revealed') markKept()
    showOn(button, done)
  } catch {
    element.hidden = false
    getSelection()?.selectAllChildren(element)
    showOn(button, failed)
  }
}

/** Copies without the clipboard API, which browsers disable on plain http. */
function copyByEvent(text: string): void {
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
  }
  document.addEventListener('copy', fill, { once: true })
  if (!document.execCommand('copy')) throw new Error('not copied')
}
