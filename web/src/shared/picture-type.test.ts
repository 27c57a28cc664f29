import { expect, test } from 'vitest'
import { isPicture } from './picture-type'

const begins = (text: string) => isPicture(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))

test.each(['\xff\xd8\xff\xe0', '\x89PNG\r\n\x1a\n', 'RIFF\x10\x20\x00\x00WEBP', '\x00\x00\x00\x18ftypheic', '\x00\x00\x00\x18ftypmif1'])('a picture by its first bytes: %j', (head) => {
  expect(begins(head)).toBe(true)
})

test.each(['', '\xff\xd8', 'a letter.jpg', 'RIFF\x10\x20\x00\x00WAVE', '\x00\x00\x00\x18ftypmp42', '%PDF-1.7', 'GIF89a'])('none: %j', (head) => {
  expect(begins(head)).toBe(false)
})
