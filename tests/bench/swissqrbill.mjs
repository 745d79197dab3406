// tests/bench/swissqrbill.mjs KIND SECONDS: how many of bills.jsonl npm swissqrbill draws a second, and how large they are: "RATE BYTES".
// KIND: svg; pdf, unembedded Helvetica; embedded, Liberation Sans in two weights. A document each, as a string or in memory.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import PDFDocument from "pdfkit";
import { SwissQRBill as Pdf } from "swissqrbill/pdf";
import { SwissQRBill as Svg } from "swissqrbill/svg";

const [kind, seconds] = [process.argv[2], Number(process.argv[3])];
const letters = "/usr/share/fonts/truetype/liberation2/LiberationSans-";
const regular = readFileSync(letters + "Regular.ttf"), bold = readFileSync(letters + "Bold.ttf");

const address = (a) => a && { name: a.name, address: a.street, buildingNumber: a.house_number, zip: a.postcode, city: a.town, country: a.country };
const bills = readFileSync(fileURLToPath(new URL("bills.jsonl", import.meta.url)), "utf8").trim().split("\n").map((line) => {
	const bill = JSON.parse(line);
	return {
		language: bill.language.toUpperCase(),
		data: {
			creditor: { ...address(bill.creditor), account: bill.account }, debtor: address(bill.debtor), currency: bill.currency,
			amount: bill.amount && Number(bill.amount), reference: bill.reference, message: bill.message,
			additionalInformation: bill.bill_information, av1: bill.alternative_schemes?.[0], av2: bill.alternative_schemes?.[1],
		},
	};
});

function svg(bill) {
	return new Svg(bill.data, { language: bill.language, scissors: true }).toString().length;
}

async function pdf(bill) {
	const doc = new PDFDocument({ size: [595.28, 297.64], margin: 0 });
	let size = 0;
	doc.on("data", (piece) => { size += piece.length; });
	const end = new Promise((resolve) => { doc.on("end", resolve); });
	if (kind === "embedded") {
		doc.registerFont("Liberation-Sans", regular);
		doc.registerFont("Liberation-Sans-Bold", bold);
	}
	new Pdf(bill.data, { language: bill.language, fontName: kind === "embedded" ? "Liberation-Sans" : "Helvetica" }).attachTo(doc);
	doc.end();
	await end;
	return size;
}

const draw = kind === "svg" ? svg : pdf;
for (const bill of bills) await draw(bill); // the just-in-time compiler has seen everything once
let count = 0, bytes = 0;
const begun = performance.now(), until = begun + seconds * 1000;
while (performance.now() < until)
	for (const bill of bills) { bytes += await draw(bill); count++; }
console.log(count / (performance.now() - begun) * 1000, bytes / count);
