// web/openapi/<service>.json → src/api/<service>.ts: what the pages' calls are checked against. Not needed to build.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

mkdirSync('src/api', { recursive: true })
for (const service of ['intake', 'dispatch', 'supervision', 'registry']) {
  const document = JSON.parse(readFileSync(`openapi/${service}.json`, 'utf8'))
  // A field with a default may be left out of a body, and is always there in an answer: the document says which.
  const types = await openapiTS(document, { defaultNonNullable: false })
  writeFileSync(`src/api/${service}.ts`, `// Made by types.mjs from openapi/${service}.json.\n${astToString(types)}`)
}
