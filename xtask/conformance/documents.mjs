// Foreign makers and readers of documents:
//   node documents.mjs make FOLDER   writes what they make
//   node documents.mjs read FILE     prints the text of a Word document

import { createWriteStream, writeFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { Document, Packer, Paragraph, TextRun } from 'docx'
import ExcelJS from 'exceljs'
import mammoth from 'mammoth'
import officecrypto from 'officecrypto-tool'
import PDFDocument from 'pdfkit'
import XLSX from 'xlsx'

const WORDS = 'Avgångsbetyg för Åsa Lindqvist, kyla och värme'
const ROWS = [['Kategori', 'År'], ['I', 2026], [WORDS, -1.5]]

async function pdf(path, pages, options) {
  const document = new PDFDocument(options)
  const written = document.pipe(createWriteStream(path))
  for (let page = 1; page <= pages; page++) {
    if (page > 1) document.addPage()
    for (let line = 0; line < 40; line++) document.text(`${WORDS} ${page}:${line}`)
  }
  document.end()
  await finished(written)
}

async function make(folder) {
  await pdf(`${folder}/pdfkit.pdf`, 3, {})
  await pdf(`${folder}/pdfkit-large.pdf`, 2_500, { compress: false })
  await pdf(`${folder}/pdfkit-locked.pdf`, 1, { userPassword: 'hemligt', pdfVersion: '1.7ext3' })

  const paragraphs = [new Paragraph({ children: [new TextRun({ text: WORDS, bold: true })] })]
  const docx = await Packer.toBuffer(new Document({ sections: [{ children: paragraphs }] }))
  writeFileSync(`${folder}/docx.docx`, docx)
  writeFileSync(`${folder}/officecrypto-locked.docx`, officecrypto.encrypt(docx, { password: 'hemligt' }))

  const book = new ExcelJS.Workbook()
  book.addWorksheet('Betyg').addRows(ROWS)
  await book.xlsx.writeFile(`${folder}/exceljs.xlsx`)

  const sheets = XLSX.utils.book_new()
  XLSX.utils.book_append_sheet(sheets, XLSX.utils.aoa_to_sheet(ROWS), 'Betyg')
  XLSX.writeFile(sheets, `${folder}/sheetjs.xlsx`, { compression: true })
  XLSX.writeFile(sheets, `${folder}/sheetjs.xls`, { bookType: 'biff8' })
  XLSX.writeFile(sheets, `${folder}/sheetjs.ods`)
  writeFileSync(`${folder}/sheetjs-page.xls`, XLSX.write(sheets, { bookType: 'html', type: 'buffer' }))
  sheets.vbaraw = Buffer.from('a program')
  XLSX.writeFile(sheets, `${folder}/sheetjs.xlsm`, { bookVBA: true })
}

const [, , task, path] = process.argv
if (task === 'make') await make(path)
else console.log((await mammoth.extractRawText({ path })).value)
