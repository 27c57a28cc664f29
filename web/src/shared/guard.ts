/** Which page whoever comes may see: without a session the sign-in page, and from there to where they wanted to go. Whoever
 * must choose a password does so there first: until then the server lets them act in no post. */
import type { Router } from 'vue-router'
import { keepSession, session, whoAmI } from './session'

export function guard(router: Router): void {
  keepSession()
  router.beforeEach(async (to) => {
    if (to.name === 'sign-in') return true
    if (!session.asked) {
      try {
        await whoAmI()
      } catch {
        // The server is in trouble: the page itself says so, with a button to try again.
        return true
      }
    }
    return session.who && !session.who.must_change ? true : { name: 'sign-in', query: to.path === '/' ? {} : { to: to.fullPath } }
  })
}
