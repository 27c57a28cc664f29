import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import '../shared/fresh'
import '../shared/language'
import '../shared/theme.css'
import { guard } from '../shared/guard'
import SignInPage from '../shared/SignInPage.vue'
import App from './App.vue'
import Board from './Board.vue'

const router = createRouter({
  history: createWebHistory('/app/board/'),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: SignInPage },
    { path: '/:anything(.*)*', name: 'board', component: Board },
  ],
})
guard(router)
// Always dark, whatever this person chose for their desk.
document.documentElement.classList.add('dark')
createApp(App).use(router).mount('#app')
