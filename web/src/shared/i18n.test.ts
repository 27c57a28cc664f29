import { afterEach, expect, test } from 'vitest'
import { follow, said, texts } from './i18n'

afterEach(() => follow(() => 'zh'))

test('texts follow the language that is spoken', () => {
  const t = texts({ hello: '您好', left: (n: number) => `剩 ${n}` }, { hello: 'Hello', left: (n: number) => `${n} left` })
  expect([t.hello, t.left(2), said('中', 'en')]).toEqual(['您好', '剩 2', '中'])
  follow(() => 'en')
  expect([t.hello, t.left(2), said('中', 'en')]).toEqual(['Hello', '2 left', 'en'])
})
