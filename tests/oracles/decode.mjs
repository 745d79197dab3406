// tests/oracles/decode.mjs FILE…: what npm jsqr reads in grey pictures (PGM), each as it is, in black and white by threshold, and turned by quarters:
// a line of JSON a reading, {"file", "how", "text"}; text is null when it reads nothing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const jsqr = createRequire(import.meta.url)("jsqr");

function pgm(file) {
	const bytes = readFileSync(file);
	const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 64).toString("latin1"));
	return { width: Number(head[1]), height: Number(head[2]), grey: bytes.subarray(head[0].length) };
}

function turned({ width, height, grey }) {
	const out = new Uint8Array(grey.length);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) out[x * height + (height - 1 - y)] = grey[y * width + x];
	return { width: height, height: width, grey: out };
}

function read({ width, height, grey }) {
	const rgba = new Uint8ClampedArray(grey.length * 4).fill(255);
	for (let i = 0; i < grey.length; i++) rgba[4 * i] = rgba[4 * i + 1] = rgba[4 * i + 2] = grey[i];
	const found = jsqr(rgba, width, height, { inversionAttempts: "dontInvert" });
	return found && Buffer.from(found.binaryData).toString("utf8");
}

for (const file of process.argv.slice(2)) {
	let picture = pgm(file);
	const say = (how, text) => console.log(JSON.stringify({ file, how, text }));
	say("1-bit", read({ ...picture, grey: picture.grey.map((g) => (g < 128 ? 0 : 255)) }));
	for (let quarter = 0; quarter < 4; quarter++, picture = turned(picture)) say(`quarter ${quarter}`, read(picture));
}
