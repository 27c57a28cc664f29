import { page } from '../page'
import { t } from './texts'

export default page({ path: 'units', order: 80, title: () => t.title, list: () => import('./List.vue'), detail: () => import('./Detail.vue') })
