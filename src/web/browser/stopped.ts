/**
 * Calls back when the reader stops a page from being loaded, so that this one stays. A browser without the Navigation API tells
 * nothing of that; there, the Escape key is all that can be seen.
 */
export function whenStopped(callback: () => void): void {
  window.navigation?.addEventListener('navigateerror', callback)
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') callback()
  })
}
