// tests/oracles/peer.mjs FOLDER < BILLS: each bill (JSON lines as `parterre qrbill` reads them) as npm swissqrbill draws it: FOLDER/1.pdf, 2.pdf …
import { createWriteStream, readFileSync } from "node:fs";
import PDFDocument from "pdfkit";
import { SwissQRBill } from "swissqrbill/pdf";

const letters = "/usr/share/fonts/truetype/liberation2/LiberationSans-"; // its own Helvetica lacks letters beyond Latin-1
const address = (a) => a && { name: a.name, address: a.street ?? "", buildingNumber: a.house_number, zip: a.postcode, city: a.town, country: a.country };

let number = 0;
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
	const bill = JSON.parse(line);
	const doc = new PDFDocument({ size: "A4" });
	const file = createWriteStream(`${process.argv[2]}/${++number}.pdf`);
	doc.pipe(file);
	doc.registerFont("Liberation-Sans", letters + "Regular.ttf");
	doc.registerFont("Liberation-Sans-Bold", letters + "Bold.ttf");
	const data = {
		creditor: { ...address(bill.creditor), account: bill.account }, debtor: address(bill.debtor), currency: bill.currency,
		amount: bill.amount && Number(bill.amount), reference: bill.reference, message: bill.message,
		additionalInformation: bill.bill_information, av1: bill.alternative_schemes?.[0], av2: bill.alternative_schemes?.[1],
	};
	new SwissQRBill(data, { language: bill.language.toUpperCase(), fontName: "Liberation-Sans", outlines: false, scissors: false, separate: false }).attachTo(doc);
	doc.end();
	await new Promise((resolve) => { file.on("finish", resolve); });
}
