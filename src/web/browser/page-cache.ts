/** Keeps a secret out of the browser's page cache. Text typed into a form is kept. */
export function watchPageCache(): void {
  addEventListener('pagehide', () => document.getElementById('revealed')?.closest('main')?.replaceChildren())
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && !document.querySelector('textarea')) location.reload()
  })
}
