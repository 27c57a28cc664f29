import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '../shared/fresh'
import '../shared/language'
import '../shared/theme.css'
import './theme.css'
import { guard } from '../shared/guard'
import { session } from '../shared/session'
import SignInPage from '../shared/SignInPage.vue'
import App from './App.vue'
import { mine } from './counts'
import { pages, routes } from './pages'

const router = createRouter({
  history: createWebHistory('/app/desk/'),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: SignInPage, meta: { bare: true } },
    ...routes,
    { path: '/:anything(.*)*', redirect: `/${pages[0]?.path ?? 'sign-in'}` },
  ],
})
guard(router)
// Whoever comes without an address begins with the first page that is theirs; only now is it known who they are.
router.beforeEach(({ name, redirectedFrom }) => {
  if (!session.who || name === 'sign-in') return true
  const [first] = mine()
  return !redirectedFrom || !first || mine().some(({ path }) => path === name) || `/${first.path}`
})
createApp(App).use(router).mount('#app')
