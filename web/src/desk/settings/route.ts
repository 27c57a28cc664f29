import { page } from '../page'
import { t } from './texts'

export default page({ path: 'settings', order: 90, title: () => t.title, list: () => import('./List.vue') })
