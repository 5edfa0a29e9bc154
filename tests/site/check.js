// Opens every page of some sites in Chromium and looks whether they keep what they promise.
//
//     node check.js NAME=FOLDER...
//
// NAME says what is searched for and which page has tabs; see `EXPECTED`.

import { createServer } from 'node:http';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

import axe from 'axe-core';
import { chromium } from 'playwright-core';

import { contrasts, direction, leftovers, links, reach } from './inside.js';

/** What is looked for in each site: what is typed, and where one of the results must lead. */
const EXPECTED = {
    pets: {
        searches: [
            ['adopt_pet', 'docs/pets/operations/cats_and_dogs.html#adopt_pet'],
            ['adopt', 'docs/pets/operations/cats_and_dogs.html#adopt_pet'],
            ['/pets/{pet_id}/adoptions/{adoption_id}/papers/{paper_id}', 'docs/pets/operations/cats_and_dogs.html#adopt_pet'],
            ['AdoptionRequest', 'docs/pets/models/adoption_request.html#adoptionrequest'],
            ['adoption request', 'docs/pets/models/adoption_request.html#adoptionrequest'],
            ['Trouble', 'docs/pets/operations/hostile.html'],
        ],
        tabs: 'docs/pets/operations/cats_and_dogs.html',
    },
    clients: {
        searches: [
            ['post_token', 'docs/akeneo/operations/authentication.html#post_token'],
            ['refresh token', 'docs/akeneo/operations/authentication.html#refresh_token'],
            ['PostTokenRequest', 'docs/akeneo/models/post_token_request.html#posttokenrequest'],
            ['/api/oauth/v1/token', 'docs/akeneo/operations/authentication.html#post_token'],
        ],
        tabs: 'docs/akeneo/operations/authentication.html',
    },
    book: { searches: [['five minutes', 'guide/first-client.html']] },
};

const TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css',
    '.js': 'text/javascript',
    '.svg': 'image/svg+xml',
    '.woff2': 'font/woff2',
};

/** Up to how many pages are open at a time. */
const AT_A_TIME = 4;
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

const problems = [];

function problem(where, what) {
    problems.push(`${where}: ${what}`);
}

/** Every file of a site, relative to it. */
function files(folder) {
    return readdirSync(folder, { recursive: true })
        .filter(path => statSync(join(folder, path)).isFile())
        .map(path => path.split(sep).join('/'))
        .sort();
}

/** Serves a folder on a free port of this machine. */
function serve(folder) {
    const server = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url, 'http://site').pathname);
        const file = resolve(folder, '.' + (path.endsWith('/') ? path + 'index.html' : path));
        try {
            if (relative(folder, file).startsWith('..')) {
                throw new Error('out of the folder');
            }
            const body = readFileSync(file);
            response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
            response.end(body);
        } catch {
            response.writeHead(404);
            response.end();
        }
    });
    return new Promise(done => {
        server.listen(0, '127.0.0.1', () => done({ server, base: `http://127.0.0.1:${server.address().port}/` }));
    });
}

/** A page whose errors and requests are watched. */
async function open(context, base, where) {
    const page = await context.newPage();
    page.on('console', message => {
        if (['error', 'warning'].includes(message.type())) {
            problem(where(), `console: ${message.text()}`);
        }
    });
    page.on('pageerror', error => problem(where(), `error: ${error.message}`));
    page.on('dialog', dialog => {
        problem(where(), `a dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
    await page.route('**', (route, request) => {
        if (request.url().startsWith(base) || request.url().startsWith('data:')) {
            return route.continue();
        }
        problem(where(), `asks for ${request.url()}`);
        return route.abort();
    });
    page.on('response', response => {
        if (response.status() >= 400) {
            problem(where(), `${response.status()} for ${response.url()}`);
        }
    });
    return page;
}

/** Looks at each page, some at a time. */
async function each(context, base, paths, look) {
    const waiting = [...paths];
    const worker = async () => {
        let path = '';
        const page = await open(context, base, () => base + path);
        while ((path = waiting.shift()) !== undefined) {
            await page.goto(base + path, { waitUntil: 'load' });
            await look(page, path);
            if (await page.evaluate(() => window.broken !== undefined)) {
                problem(path, 'text of a document ran as a script');
            }
        }
        await page.close();
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** At a desk, in the light: errors, requests, links, accessibility. */
async function atDesk(browser, name, base, paths) {
    const context = await browser.newContext({ viewport: DESK, colorScheme: 'light', reducedMotion: 'reduce' });
    const found = new Map();
    await each(context, base, paths, async (page, path) => {
        found.set(path, await page.evaluate(links));
        if (path.endsWith('toc.html') || path === 'print.html') {
            return;
        }
        const title = await page.title();
        if (title.trim() === '' || await page.getAttribute('html', 'lang') !== 'en') {
            problem(`${name}/${path}`, 'has no title or no language');
        }
        judgeContrast(`${name}/${path} (light)`, await page.evaluate(contrasts));
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => globalThis.axe.run('main', {
            resultTypes: ['violations'],
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
        }));
        for (const { id, impact, nodes } of violations) {
            if (['serious', 'critical'].includes(impact)) {
                problem(`${name}/${path}`, `${id} (${impact}): ${nodes[0].html.slice(0, 160)}`);
            }
        }
    });
    await context.close();
    judgeLinks(name, base, found);
}

function judgeContrast(where, { looked, low }) {
    if (looked === 0) {
        problem(where, 'has no text');
    }
    for (const { text, ratio, color, background } of low.slice(0, 3)) {
        problem(where, `contrast of ${ratio.toFixed(2)}: "${text}" (${color} on ${background})`);
    }
}

/** Each link leads to a file of the site, and to an anchor of it. */
function judgeLinks(name, base, found) {
    for (const [path, { targets }] of found) {
        for (const target of targets) {
            const url = new URL(target);
            if (!target.startsWith(base)) {
                if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) {
                    problem(`${name}/${path}`, `leads to ${target}`);
                }
                continue;
            }
            const anchor = decodeURIComponent(url.hash.slice(1));
            const file = decodeURIComponent(url.href.slice(base.length).split(/[?#]/)[0]);
            const page = found.get(file === '' || file.endsWith('/') ? `${file}index.html` : file);
            if (page === undefined) {
                problem(`${name}/${path}`, `leads to ${file}, which is not there`);
            } else if (anchor !== '' && !page.anchors.includes(anchor)) {
                problem(`${name}/${path}`, `leads to ${file}#${anchor}, which is not there`);
            }
        }
    }
}

/** On a phone, in the dark: width and contrast. */
async function onPhone(browser, name, base, paths) {
    const context = await browser.newContext({ viewport: PHONE, colorScheme: 'dark', isMobile: true, hasTouch: true });
    await each(context, base, paths, async (page, path) => {
        if (path.endsWith('toc.html')) {
            return;
        }
        const { width, widest } = await page.evaluate(reach);
        if (width > PHONE.width) {
            problem(`${name}/${path} (phone)`, `is ${width} pixels wide; ${widest}`);
        }
        judgeContrast(`${name}/${path} (dark)`, await page.evaluate(contrasts));
    });
    await context.close();
}

async function search(browser, name, base, searches) {
    const context = await browser.newContext({ viewport: DESK, reducedMotion: 'reduce' });
    const page = await open(context, base, () => `${name}, searching`);
    for (const [typed, wanted] of searches) {
        await page.goto(base + 'index.html');
        await page.click('#mdbook-search-toggle');
        await page.locator('#mdbook-searchbar').pressSequentially(typed);
        const results = page.locator('#mdbook-searchresults a');
        try {
            await page.locator('#mdbook-searchresults-header', { hasText: `results for '${typed}'` }).or(
                page.locator('#mdbook-searchresults-header', { hasText: `result for '${typed}'` })).waitFor({ timeout: 5000 });
        } catch {
            problem(name, `nothing is found for "${typed}"`);
            continue;
        }
        const found = await results.evaluateAll(all => all.map(link => link.href));
        const plain = found.map(href => href.slice(base.length).replace(/\?[^#]*/, ''));
        const index = plain.slice(0, 5).findIndex(href => href === wanted || (!wanted.includes('#') && href.startsWith(`${wanted}#`)));
        if (index < 0) {
            problem(name, `"${typed}" finds ${plain.slice(0, 5).join(', ')} and not ${wanted}`);
            continue;
        }
        await results.nth(index).click();
        await page.waitForURL(url => url.href.includes(wanted.split('#')[0]));
        const anchor = wanted.split('#')[1];
        if (anchor !== undefined && !await page.locator(`[id="${anchor}"]`).isVisible()) {
            problem(name, `the result for "${typed}" does not show #${anchor}`);
        }
    }
    if (await page.evaluate(() => window.broken !== undefined)) {
        problem(name, 'a result of the search ran as a script');
    }
    await context.close();
}

/** What a group of tabs shows. */
async function shown(page, group) {
    return page.locator('.tabs').nth(group).evaluate(box => ({
        tabs: Array.from(box.querySelectorAll('[role=tablist] > [role=tab]'), tab => ({
            title: tab.textContent,
            selected: tab.getAttribute('aria-selected') === 'true',
            reachable: tab.tabIndex === 0,
            focused: tab === document.activeElement,
            panel: document.getElementById(tab.getAttribute('aria-controls'))?.getAttribute('aria-labelledby') === tab.id,
        })),
        visible: Array.from(box.querySelectorAll('[role=tabpanel]'), panel => panel.offsetHeight > 0),
    }));
}

async function tabs(browser, name, base, path) {
    const where = `${name}/${path}, tabs`;
    const context = await browser.newContext({ viewport: DESK });
    const page = await open(context, base, () => where);
    await page.goto(base + path);
    const expect = async (group, index, what) => {
        const { tabs, visible } = await shown(page, group);
        const right = tabs.length > 1 && tabs.length === visible.length && tabs.every((tab, at) =>
            tab.selected === (at === index) && tab.reachable === (at === index) && tab.panel && visible[at] === (at === index));
        if (!right) {
            problem(where, `${what}: ${JSON.stringify({ tabs, visible })}`);
        }
    };
    const last = (await shown(page, 0)).tabs.length - 1;
    const tab = index => page.locator('.tabs').nth(0).locator('[role=tab]').nth(index);
    await expect(0, 0, 'the first is shown first');
    await tab(1).click();
    await expect(0, 1, 'a click chooses');
    await page.keyboard.press('ArrowLeft');
    await expect(0, 0, 'the left arrow chooses the one before');
    await page.keyboard.press('ArrowLeft');
    await expect(0, last, 'before the first is the last');
    await page.keyboard.press('ArrowRight');
    await expect(0, 0, 'behind the last is the first');
    await page.keyboard.press('End');
    await expect(0, last, 'End chooses the last');
    await page.keyboard.press('Home');
    await expect(0, 0, 'Home chooses the first');
    if (!(await shown(page, 0)).tabs[0].focused) {
        problem(where, 'the keyboard loses the tab');
    }
    if (page.url() !== base + path) {
        problem(where, `the arrows turned the page to ${page.url()}`);
    }
    await tab(1).click();
    await page.reload();
    await expect(0, 1, 'the choice is remembered');
    if (await page.locator('.tabs').count() > 1) {
        await expect(1, 1, 'other groups follow the choice');
    }
    await page.emulateMedia({ media: 'print' });
    const printed = (await shown(page, 0)).visible;
    if (printed.includes(false) || await page.locator('#mdbook-sidebar').isVisible()) {
        problem(where, 'print leaves out alternatives, or shows the contents');
    }
    await context.close();

    const plain = await browser.newContext({ viewport: DESK, javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.goto(base + path);
    for (const part of await still.locator('.tabs').nth(0).locator('h4, pre').all()) {
        if (!await part.isVisible()) {
            problem(where, 'without a script an alternative cannot be read');
        }
    }
    await plain.close();
}

/** Text of any direction begins where its readers begin. */
async function directions(browser, base, path) {
    const page = await browser.newPage({ viewport: DESK });
    await page.goto(base + path);
    for (const [text, wanted] of [['هذا نص عربي', 'rtl'], ['حقل', 'rtl'], ['A page whose text', 'ltr']]) {
        const found = await page.evaluate(direction, text);
        if (found !== wanted) {
            problem(path, `"${text}" begins as ${found}, not as ${wanted}`);
        }
    }
    await page.close();
}

/** The same site from the disk, without a server. */
async function fromDisk(browser, name, folder, { searches, tabs: tabbed }) {
    const base = pathToFileURL(folder + sep).href;
    await search(browser, `${name} (from the disk)`, base, searches.slice(0, 1));
    if (tabbed) {
        await tabs(browser, `${name} (from the disk)`, base, tabbed);
    }
}

async function check(browser, name, folder) {
    const expected = EXPECTED[name] ?? { searches: [] };
    const { server, base } = await serve(folder);
    const all = files(folder);
    for (const what of leftovers(folder, all, path => readFileSync(path, 'utf8'))) {
        problem(name, what);
    }
    const paths = all.filter(path => path.endsWith('.html'));
    await atDesk(browser, name, base, paths);
    await onPhone(browser, name, base, paths);
    await search(browser, name, base, expected.searches);
    if (expected.tabs) {
        await tabs(browser, name, base, expected.tabs);
    }
    if (name === 'pets') {
        await directions(browser, base, 'docs/pets/operations/hostile.html');
    }
    await fromDisk(browser, name, folder, expected);
    server.close();
    return paths.length;
}

const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Sites are ours, and a sandbox of its own is what a container may not give it.
    args: ['--no-sandbox', '--disable-gpu'],
});
for (const argument of process.argv.slice(2)) {
    const [name, folder] = argument.split('=');
    const start = Date.now();
    const before = problems.length;
    const pages = await check(browser, name, resolve(folder));
    console.log(`${name}: ${pages} pages, ${problems.length - before} problems, ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
await browser.close();
for (const line of problems) {
    console.error(line);
}
process.exitCode = problems.length === 0 ? 0 : 1;
