import { texts } from '../../shared/i18n'

export const t = texts({ title: '待上传', empty: '没有待上传的内容。无网络时上报的内容先保存在这里，网络恢复后自动上传。' }, { title: 'Outbox', empty: 'Nothing waits. Without a network your reports are kept here and sent when it is back.' })
