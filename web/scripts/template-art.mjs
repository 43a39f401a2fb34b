// Makes the pictures of the template library from the drawings in tools/template-art: PNGs with a palette, small enough for mail.
//   node scripts/template-art.mjs [NAME ...]
import { readdir, readFile, writeFile, mkdir } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import { chromium } from '@playwright/test';

const from = new URL('../../tools/template-art/', import.meta.url).pathname;
const to = new URL('../../src/Millrace.Messaging/Templates/Library/Images/', import.meta.url).pathname;
const limit = 25_000;
const wanted = process.argv.slice(2);

/** Halves boxes of colours along their widest side until there are so many. */
function palette(counts, size) {
    const boxOf = (colours) => {
        let widest = { side: 0, span: -1 };
        for (let side = 0; side < 3; side++) {
            let [low, high] = [255, 0];
            for (const c of colours) [low, high] = [Math.min(low, c.rgb[side]), Math.max(high, c.rgb[side])];
            if (high - low > widest.span) widest = { side, span: high - low };
        }
        return { colours, ...widest, weight: colours.reduce((sum, c) => sum + c.count, 0) };
    };
    let boxes = [boxOf([...counts.values()])];
    while (boxes.length < size) {
        const box = boxes
            .filter((b) => b.colours.length > 1)
            .sort((a, b) => b.span * b.weight ** 0.4 - a.span * a.weight ** 0.4)[0];
        if (!box) break;
        const sorted = box.colours.toSorted((a, b) => a.rgb[box.side] - b.rgb[box.side]);
        let [at, seen] = [1, sorted[0].count];
        while (at < sorted.length - 1 && seen + sorted[at].count <= box.weight / 2) seen += sorted[at++].count;
        boxes = [...boxes.filter((b) => b !== box), boxOf(sorted.slice(0, at)), boxOf(sorted.slice(at))];
    }
    // The commonest colour of a box stands for it: flat areas keep the colour they were drawn in.
    return boxes.map((b) => b.colours.reduce((best, c) => (c.count > best.count ? c : best)).rgb);
}

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32 ? crc32(body) : crc(body), body.length + 4);
    return out;
}

function crc(bytes) {
    let value = 0xffffffff;
    for (const byte of bytes) {
        value ^= byte;
        for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return (value ^ 0xffffffff) >>> 0;
}

function png(width, height, pixels, size) {
    const counts = new Map();
    const keys = new Uint32Array(width * height);
    for (let i = 0; i < keys.length; i++) {
        const rgb = [pixels[i * 4], pixels[i * 4 + 1], pixels[i * 4 + 2]];
        keys[i] = (rgb[0] << 16) | (rgb[1] << 8) | rgb[2];
        const known = counts.get(keys[i]);
        if (known) known.count++;
        else counts.set(keys[i], { rgb, count: 1 });
    }
    const colours = palette(counts, size);
    const nearest = new Map();
    for (const [key, { rgb }] of counts) {
        let [best, least] = [0, Infinity];
        colours.forEach((c, i) => {
            const d = (c[0] - rgb[0]) ** 2 * 2 + (c[1] - rgb[1]) ** 2 * 4 + (c[2] - rgb[2]) ** 2 * 3;
            if (d < least) [best, least] = [i, d];
        });
        nearest.set(key, best);
    }
    const depth = colours.length <= 16 ? 4 : 8;
    const line = depth === 4 ? Math.ceil(width / 2) : width;
    const raw = Buffer.alloc((line + 1) * height);
    for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
            const colour = nearest.get(keys[y * width + x]);
            const at = y * (line + 1) + 1;
            if (depth === 8) raw[at + x] = colour;
            else raw[at + (x >> 1)] |= x % 2 === 0 ? colour << 4 : colour;
        }
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([depth, 3, 0, 0, 0], 8);
    return Buffer.concat([
        Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
        chunk('IHDR', head),
        chunk('PLTE', Buffer.from(colours.flat())),
        chunk('IDAT', deflateSync(raw, { level: 9, memLevel: 9 })),
        chunk('IEND', Buffer.alloc(0)),
    ]);
}

const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();
await mkdir(to, { recursive: true });
for (const file of (await readdir(from)).filter((f) => f.endsWith('.svg')).toSorted()) {
    const name = file.slice(0, -4);
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const svg = await readFile(from + file, 'utf8');
    const drawn = await page.evaluate(async (source) => {
        const image = new Image();
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0);
        const bytes = pen.getImageData(0, 0, image.width, image.height).data;
        let text = '';
        for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
        return { width: image.width, height: image.height, data: btoa(text) };
    }, svg);
    const pixels = Buffer.from(drawn.data, 'base64');
    let made;
    for (const size of [96, 64, 48, 32, 24, 16]) {
        made = png(drawn.width, drawn.height, pixels, size);
        if (made.length <= limit) break;
    }
    if (made.length > limit) throw new Error(`${name} has ${made.length} bytes; draw it simpler`);
    await writeFile(`${to}${name}.png`, made);
    console.log(`${name}.png  ${drawn.width} x ${drawn.height}  ${(made.length / 1024).toFixed(1)} kB`);
}
await browser.close();
