import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '隐患', mine: '待我复查', others: '整改中', empty: '您的网格里没有未销案的隐患。检查时发现的隐患会出现在这里。', asOf: (when: string) => `没有网络，这是 ${when} 的内容`, waits: '已保存，待上传', where: '场所', found: '发现日期', photos: '照片', trail: '留痕', sheet: '整改措施', result: '整改情况', failed: '上次复查不通过',
  },
  {
    title: 'Hazards', mine: 'To re-inspect', others: 'Being put right', empty: 'Your grid has no open hazards. What inspections find comes here.', asOf: (when: string) => `No network: this is of ${when}`, waits: 'Saved, to be sent', where: 'Premises', found: 'Found on', photos: 'Photos', trail: 'Trail', sheet: 'What is to be done', result: 'What was done', failed: 'Why it failed last',
  },
)
