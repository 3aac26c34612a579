// A foreign tus client sends one file: node upload.mjs SERVER FILE ID REMEMBERED [cut BYTES | post]
// Kills itself when so many bytes have been sent; started again with the same REMEMBERED it goes on.
// The token is in BEHORIG_TOKEN. Prints the methods that it used and where it began.

import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import * as tus from 'tus-js-client'

const [, , server, file, id, remembered, how, bytes] = process.argv
const methods = []
let began = 0

const upload = new tus.Upload(createReadStream(file), {
  endpoint: `${server}/v1/files`,
  headers: { 'Behorig-Protocol': '1', Authorization: `Bearer ${process.env.BEHORIG_TOKEN}` },
  metadata: { id, filename: basename(file) },
  urlStorage: new tus.FileUrlStorage(remembered),
  overridePatchMethod: how === 'post',
  onAfterResponse: (request, response) => {
    methods.push(request.getMethod())
    if (request.getMethod() === 'HEAD') began = Number(response.getHeader('Upload-Offset'))
  },
  onProgress: (sent) => {
    // not closed but killed: nothing is sent to say so
    if (how === 'cut' && sent >= Number(bytes)) process.kill(process.pid, 'SIGKILL')
  },
  onSuccess: () => console.log(JSON.stringify({ methods, began })),
  onError: (error) => {
    console.error(String(error))
    process.exitCode = 1
  },
})
for (const earlier of await upload.findPreviousUploads()) upload.resumeFromPreviousUpload(earlier)
upload.start()
