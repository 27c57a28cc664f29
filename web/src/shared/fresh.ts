/** A page that was open while a new version came no longer finds the parts it has not loaded yet: load it anew, once.
 * Nothing is lost: drafts and what waits are kept outside the page. */
const TRIED = 'loaded-anew'

addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem(TRIED) ?? 0)
  if (Date.now() - last < 10_000) return // it is not the version: let the error be seen
  sessionStorage.setItem(TRIED, String(Date.now()))
  event.preventDefault()
  location.reload()
})
