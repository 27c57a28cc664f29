/** The words of these pages. English is loaded when it is asked for: whoever reads Chinese does not wait for it. */
import { spoken } from '../shared/i18n'

const zh = {
  language: 'English', large: '大字', normal: '标准字号',
  tell: '我要反映', look: '查进度',
  tellTitle: '反映一个问题', tellLead: '无需注册。提交后凭编号和查询码查看办理进度。',
  what: '什么问题？', whatHint: '如“路边井盖不见了”', where: '在哪里？', whereHint: '路名、小区、门牌或附近标志物',
  locate: '附上我的位置', locating: '正在定位…', located: '已附上位置（精度约 {m} 米）', unlocate: '去掉位置', noPlace: '没有取得位置，请在上面写明地点',
  photos: '照片（选填，最多 6 张）',
  contact: '联系方式（选填）', name: '称呼', phone: '电话', phoneHint: '只有办理人员因工作需要才能看到',
  send: '提交', sending: '正在提交…', again: '再次提交', whatNeeded: '请先写明是什么问题',
  safe: '再次提交是安全的，不会重复登记。',
  receiptTitle: '已收到', number: '编号', code: '查询码',
  lookTitle: '查看办理进度', lookLead: '编号和查询码在回执上；大小写和短横不限。', show: '查看', loading: '正在查询…', bothNeeded: '请填写编号和查询码',
  refresh: '刷新', unit: '责任单位', promised: '承诺时间', late: '已超过承诺时间，正在督促办理', result: '办理结果', history: '办理经过', yours: '您反映的内容', at: '地点', sent: '提交时间',
  retry: '重试',
}
export type Words = typeof zh

let words: Words = zh
export const t = new Proxy(zh, { get: (_, name: keyof Words) => words[name] })

/** Take the words of the language that is spoken. Where English cannot be had now, Chinese stays. */
export async function takeWords(): Promise<void> {
  words = spoken() === 'en' ? (await import('./texts.en')).en : zh
}
