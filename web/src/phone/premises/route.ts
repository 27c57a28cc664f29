import { page } from '../page'
import { t } from './texts'

export default page({ path: 'premises', title: () => t.title, list: () => import('./List.vue'), detail: () => import('./Detail.vue') })
