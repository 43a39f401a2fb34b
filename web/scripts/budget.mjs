// Fails when the build is heavier than the budget (kB = 1000 bytes, gzip level 9).
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', dist), 'utf8'));
const size = async (file) => gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length / 1000;

/** The keys a chunk needs before it can run. */
function needs(key, seen = new Set()) {
    if (seen.has(key)) return seen;
    seen.add(key);
    for (const next of manifest[key].imports ?? []) needs(next, seen);
    return seen;
}

/** Chunks that may be heavier than an ordinary route, by what is in them. */
const heavy = [
    [/canvas|xyflow|Builder/i, 80],
    [/chart/i, 160],
    [/tiptap|designer|codemirror|blocks|richText|extensions|parse/i, 190],
];
const limit = (file) => heavy.find(([name]) => name.test(file))?.[1] ?? 60;

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = needs(entry);
const rows = [];
let js = 0;
let css = 0;
for (const key of first) {
    js += await size(manifest[key].file);
    for (const file of manifest[key].css ?? []) css += await size(file);
}
rows.push(['first load JS', js, 230], ['first load CSS', css, 45]);
for (const [key, chunk] of Object.entries(manifest)) {
    if (first.has(key) || !chunk.file.endsWith('.js')) continue;
    rows.push([chunk.file, await size(chunk.file), limit(chunk.file)]);
}
rows.sort((a, b) => b[1] / b[2] - a[1] / a[2]);
for (const [what, is, max] of rows.slice(0, 20)) {
    console.log(`${is > max ? 'OVER' : 'ok  '} ${is.toFixed(1).padStart(7)} / ${max} kB  ${what}`);
}
if (rows.some(([, is, max]) => is > max)) process.exit(1);
