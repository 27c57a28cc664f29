import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '待上传', empty: '没有待上传的内容。无网络时上报和办理的内容先保存在这里，网络恢复后自动上传。', now: '立即上传', busy: '正在上传',
    waits: (n: number) => `${n} 项等待上传`, offline: '无网络，恢复后自动上传', decide: '以下内容未被接受，请处理', refused: '未被接受', again: '再试一次', drop: '删除',
    sure: '删除后无法恢复，确定删除？', edit: '改后重报', editAct: '改后重办', meanwhile: '您办理之后、上传之前，已有人办理过：', onTop: '按现在的情况提交', held: '前一项未被接受，处理后再上传', sent: '最近已上传', photos: (n: number) => `照片 ${n} 张`, taken: '记录于',
  },
  {
    title: 'Outbox', empty: 'Nothing waits. Without a network what you report and do is kept here and sent when it is back.', now: 'Send now', busy: 'Sending',
    waits: (n: number) => (n === 1 ? '1 waits' : `${n} wait`), offline: 'No network: sent when it is back', decide: 'These were not accepted: please see to them', refused: 'Not accepted', again: 'Try again', drop: 'Delete',
    sure: 'It cannot be brought back. Delete it?', edit: 'Change and report anew', editAct: 'Change and do it anew', meanwhile: 'After you wrote it, and before it was sent, others acted:', onTop: 'Send it on top of that', held: 'The one before it was not accepted: this waits for it', sent: 'Sent lately', photos: (n: number) => (n === 1 ? '1 photo' : `${n} photos`), taken: 'Written',
  },
)
