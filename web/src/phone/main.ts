import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import '../shared/fresh'
import '../shared/language'
import '../shared/theme.css'
import './theme.css'
import { guard } from '../shared/guard'
import { session } from '../shared/session'
import SignInPage from '../shared/SignInPage.vue'
import App from './App.vue'
import { mayOpen, prepare, routes, tabs } from './pages'
import { installWorker } from './update'

const router = createRouter({
  history: createWebHistory('/app/phone/'),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: SignInPage, meta: { bare: true } },
    ...routes,
    { path: '/:anything(.*)*', redirect: () => `/${tabs()[0]?.path ?? 'sign-in'}` },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})
guard(router)
// Whoever comes without an address, or to a page that is not theirs, begins with the first that is; only now is it known who they are.
router.beforeEach(({ path, redirectedFrom, meta }) => {
  const first = `/${tabs()[0]?.path ?? ''}`
  return !session.who || meta.bare === true || path === first || (!redirectedFrom && mayOpen(meta.page)) || first
})
router.beforeEach((to, from) => prepare(to, from))
createApp(App).use(router).mount('#app')
installWorker()
