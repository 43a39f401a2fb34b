// Serves the build as the host does (nonce, colour scheme, Content Security Policy) with made-up answers; for looking at pages only.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

// With the kit page where `npm run build:kit` has built it, else as shipped.
const dist = [new URL('../dist-kit', import.meta.url), new URL('../dist', import.meta.url)]
    .map((u) => u.pathname)
    .find((d) => existsSync(d));
const types = {
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.woff2': 'font/woff2',
    '.html': 'text/html',
};
const session = {
    user: { id: 1, email: 'ann@acme.example', name: 'Ann Rivers', role: 'admin' },
    account: { id: 1, name: 'Acme', time_zone: 'Europe/Berlin' },
    permissions: ['*'],
    facts: { mail_catcher: true },
};
const hour = 3_600_000;
const home = {
    checklist: [
        { key: 'sender', done: true, title: 'Say who your mail is from', url: '/settings/sending' },
        { key: 'contacts', done: false, title: 'Add your first contacts', url: '/contacts/import' },
        { key: 'caught', done: false, title: 'See your first mail in the catcher', url: '/caught-mail' },
        { key: 'automation', done: false, title: 'Build your first automation', url: '/automations/new' },
    ],
    metrics: [
        { key: 'contacts', label: 'Contacts', value: 128402, change_percent: 2.1 },
        { key: 'sent', label: 'Sent in 30 days', value: 46118, change_percent: 8 },
        { key: 'opened', label: 'Opened', value: 19046, change_percent: -0.4 },
        { key: 'running', label: 'In automations now', value: 1204, change_percent: null },
    ],
    recent: [
        {
            type: 'automation',
            id: '7',
            title: 'Welcome series',
            url: '/automations/7',
            at: new Date(Date.now() - hour).toISOString(),
        },
        {
            type: 'list',
            id: '2',
            title: 'Newsletter',
            url: '/lists/2',
            at: new Date(Date.now() - 30 * hour).toISOString(),
        },
    ],
};

const cookie = (request, name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1];
const json = (response, status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

function answer(request, response, path) {
    const route = `${request.method} ${path}`;
    const signedIn = cookie(request, 'stand_in') !== 'out';
    if (route === 'GET /api/app/session')
        return signedIn ? json(response, 200, session) : json(response, 401, { status: 401, code: 'unauthenticated' });
    if (route === 'POST /api/app/session') return json(response, 200, session);
    if (route === 'GET /api/app/setup')
        return json(response, 200, { required: cookie(request, 'stand_in_setup') === '1' });
    // The live channel: open, and silent.
    if (route === 'GET /api/app/live')
        return response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
    if (route === 'GET /api/app/contacts/bulk') return json(response, 200, { items: [] });
    if (route === 'GET /api/app/personalization-tags') return json(response, 200, { tags: [] });
    if (route === 'GET /api/app/home') return json(response, 200, home);
    if (route === 'GET /api/app/search')
        return json(response, 200, {
            results: [
                { type: 'contact', id: '1', title: 'Ann Rivers', subtitle: 'ann@acme.example', url: '/contacts/1' },
            ],
        });
    return json(response, 404, { status: 404, code: 'not_found' });
}

async function page(request, response) {
    const nonce = randomBytes(16).toString('base64');
    const html = (await readFile(join(dist, 'index.html'), 'utf8'))
        .replaceAll('__CSP_NONCE__', nonce)
        .replaceAll('__COLOR_SCHEME__', cookie(request, 'millrace_color_scheme') ?? 'auto');
    response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy':
            `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; ` +
            "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default blocks ProseMirrorClipboard",
    });
    response.end(html);
}

createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/health') return response.writeHead(200).end('ok');
    if (path.startsWith('/api/')) return answer(request, response, path);
    const type = types[extname(path)];
    if (type === undefined) return page(request, response);
    try {
        const bytes = await readFile(join(dist, normalize(path.replace(/^\/app/, ''))));
        response.writeHead(200, { 'content-type': type }).end(bytes);
    } catch {
        response.writeHead(404).end();
    }
}).listen(4173, '127.0.0.1');
