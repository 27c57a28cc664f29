import { page } from '../page'
import { t } from './texts'

export default page({ path: 'activities', title: () => t.title, list: () => import('./List.vue') })
