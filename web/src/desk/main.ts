import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '../shared/fresh'
import '../shared/language'
import '../shared/theme.css'
import './theme.css'
import { guard } from '../shared/guard'
import SignInPage from '../shared/SignInPage.vue'
import App from './App.vue'
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
createApp(App).use(router).mount('#app')
