import { exactText } from './exact-text.ts'
import { markKept } from './unsaved.ts'

/** Makes copies of a selection in a revealed secret exact: Chromium would turn its no-break spaces into spaces. */
export function watchCopies(): void {
  document.addEventListener('copy', (event) => {
    const secret = document.getElementById('revealed')
    const selection = getSelection()
    if (!secret || !selection?.rangeCount || selection.isCollapsed) return
    const range = selection.getRangeAt(0)
    if (!range.intersectsNode(secret)) return
    markKept()
    if (event.defaultPrevented || !secret.contains(range.commonAncestorContainer)) return
    const text = range.toString()
    event.clipboardData?.setData('text/plain', text === secret.textContent ? exactText(secret) : text)
    event.preventDefault()
  })
}
