// Takes the pictures of docs/images from a running server with the demo data:
//   bin/up --demo --urls http://127.0.0.1:5080     (prints the password)
//   MILLRACE_PASSWORD=... node scripts/pictures.mjs [--every FOLDER]
// With --every, instead: every page in light, in dark and on a phone, to look at.
import { mkdir } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const url = process.env.MILLRACE_URL || 'http://127.0.0.1:5080';
const email = process.env.MILLRACE_EMAIL || 'demo@millrace.example';
const password = process.env.MILLRACE_PASSWORD ?? '';
const at = process.argv.indexOf('--every');
const folder = at < 0 ? null : process.argv[at + 1];
const images = new URL('../../docs/images/', import.meta.url).pathname;

const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
});

async function open(scheme, width, height) {
    const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        reducedMotion: 'reduce',
    });
    await context.addCookies([{ name: 'millrace_color_scheme', value: scheme, url }]);
    await context.addInitScript((s) => localStorage.setItem('mantine-color-scheme-value', s), scheme);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${url}/app/login`);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((to) => !to.pathname.endsWith('/login'));
    return page;
}

async function settle(page) {
    await page.waitForLoadState('networkidle').catch(() => {});
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(700);
}

/** Asks the server as the page would. */
const ask = (page, path, body) =>
    page.evaluate(
        async ([to, sent]) => {
            const token = document.cookie.match(/millrace_csrf=([^;]+)/)?.[1] ?? '';
            const answer = await fetch(`/api/app/${to}`, {
                method: sent === null ? 'GET' : 'POST',
                headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': decodeURIComponent(token) },
                ...(sent === null ? {} : { body: JSON.stringify(sent) }),
            });
            return answer.json();
        },
        [path, body ?? null],
    );

/** A segment worth looking at, made once. */
async function segmentOf(page) {
    const name = 'Engaged readers in Berlin';
    const { items } = await ask(page, 'segments');
    const there = items?.find((s) => s.name === name);
    if (there) return there.id;
    const { conditions } = await ask(page, 'conditions');
    const city = conditions.find((c) => c.title === 'City')?.key ?? 'first_name';
    const tags = await ask(page, 'references/tag?q=');
    const list = await ask(page, 'references/list?q=');
    await ask(page, 'segments', {
        name: 'Newsletter readers',
        description: '',
        tags: [],
        conditions: { all: [{ field: `list:${list.items[0].id}`, op: 'is', value: 'active' }] },
    });
    const made = await ask(page, 'segments', {
        name,
        description: 'For the spring offer of the Berlin shop.',
        tags: ['spring'],
        conditions: {
            all: [
                {
                    any: [
                        { field: city, op: 'is', value: 'Berlin' },
                        { field: city, op: 'is', value: 'Prague' },
                    ],
                },
                { field: 'tag', op: 'has_any', value: tags.items.slice(0, 2).map((t) => t.id) },
                { same: 'subscription', all: [{ field: 'subscription.status', op: 'is', value: 'active' }] },
            ],
        },
    });
    return made.id;
}

/** A mail from a template, made once. */
async function messageOf(page) {
    const name = 'Spring letter';
    const all = await ask(page, 'messages');
    const there = (all.messages ?? all.items ?? []).find((m) => m.name === name);
    if (there) return there.id;
    const { design } = await ask(page, 'templates/content?template=library/newsletter');
    return (await ask(page, 'messages', { name, subject: 'Spring is here, %FIRSTNAME|friend%', design })).id;
}

/** A campaign that has gone out. */
async function campaignOf(page) {
    const { campaigns } = await ask(page, 'campaigns?view=sent');
    return campaigns?.[0]?.id;
}

async function theRest(page) {
    const automation = (await ask(page, 'automations')).items?.[0]?.id;
    const message = await messageOf(page);
    const contact = await page.evaluate(
        async () => (await (await fetch('/api/app/contacts?limit=1')).json()).items?.[0]?.id,
    );
    return { automation, message, contact };
}

if (folder === null) {
    const light = await open('light', 1440, 900);
    const dark = await open('dark', 1440, 900);
    const segment = await segmentOf(light);
    const { automation, message } = await theRest(light);
    const take = async (page, name, path, ready) => {
        await page.goto(`${url}/app/${path}`);
        await settle(page);
        if (ready) await ready(page);
        await page.mouse.move(1439, 899);
        await page.screenshot({ path: `${images}${name}.png`, scale: 'css' });
        console.log(name);
    };
    await take(light, 'home', '');
    await take(light, 'contacts', `contacts?segment=${segment}`);
    await take(light, 'segment', `segments/${segment}`);
    await take(light, 'automation', `automations/${automation}`);
    await take(light, 'recipes', 'automations/new');
    await take(light, 'templates', 'templates');
    if (message !== undefined) await take(light, 'mail-editor', `messages/${message}`);
    await take(light, 'simulator', `automations/${automation}/simulate`, async (page) => {
        await page.getByRole('button', { name: 'Simulate', exact: true }).click();
        await page.getByRole('list', { name: 'People' }).getByRole('button').first().waitFor();
        await settle(page);
    });
    const caught = (await ask(light, 'caught-mail?limit=1')).mails?.[0]?.id;
    if (caught !== undefined) await take(light, 'caught-mail', `caught-mail/${caught}`);
    await take(light, 'report', `automations/${automation}/report`);
    const sent = await campaignOf(light);
    await take(light, 'calendar', 'campaigns/calendar');
    if (sent !== undefined) {
        await take(light, 'campaign', `campaigns/${sent}`);
        await take(light, 'campaign-report', `campaigns/${sent}/report`);
    }
    await take(light, 'deliverability', 'settings/deliverability');
    await take(dark, 'automation-dark', `automations/${automation}`);
} else {
    await mkdir(folder, { recursive: true });
    for (const [mode, scheme, width, height] of [
        ['light', 'light', 1440, 900],
        ['dark', 'dark', 1440, 900],
        ['phone', 'light', 390, 844],
    ]) {
        const page = await open(scheme, width, height);
        const segment = await segmentOf(page);
        const { contact, message } = await theRest(page);
        const sent = await campaignOf(page);
        const paths = [
            '',
            'contacts',
            `contacts/${contact}`,
            'contacts?advanced=true',
            'lists',
            'tags',
            'fields',
            'segments',
            `segments/${segment}`,
            'automations',
            'automations/map',
            'automations/new',
            'campaigns',
            'campaigns/new',
            'campaigns/calendar',
            'campaigns/calendar?week=true&best=true',
            `campaigns/${sent}`,
            ...['', 'clicks', 'people', 'bounces', 'readers', 'actions'].map(
                (tab) => `campaigns/${sent}/report/${tab}`,
            ),
            'messages',
            `messages/${message}`,
            'templates',
            'brand',
            'files',
            'blocks',
            'transactional',
            'caught-mail',
            'contacts/imports',
            'contacts/exports',
            'settings',
            'settings/profile',
            'settings/account',
            'settings/users',
            'settings/sending',
            'settings/domains',
            'settings/exclusions',
            'settings/delivery-log',
            'settings/deliverability',
            'settings/inbound-mail',
            'settings/mail-tracking',
            'settings/variables',
            'settings/tracking',
            'settings/api',
            'settings/webhooks',
        ];
        for (const path of paths) {
            await page.goto(`${url}/app/${path}`);
            await settle(page);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            if (wide > 1) console.log(`${mode} ${path}: ${wide} px too wide`);
            await page.screenshot({ path: `${folder}/${(path || 'home').replace(/[/?=]/g, '-')}-${mode}.png` });
        }
        await page.context().close();
    }
}
await browser.close();
