import { page } from '../page'
import { t } from './texts'

export default page({ path: 'hazards', title: () => t.title, list: () => import('./List.vue'), detail: () => import('./Detail.vue') })
