/// <reference types="vite/client" />
declare const __FILES__: string[]
declare const __VERSION__: string
