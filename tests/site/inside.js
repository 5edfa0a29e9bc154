// What is asked of a page from inside, and of the files of a site.

import { join } from 'node:path';

/** Where a page leads to, and what others may lead to in it. */
export function links() {
    const targets = Array.from(document.querySelectorAll('a[href], area[href]'), link => link.href);
    const anchors = Array.from(document.querySelectorAll('[id]'), element => element.id);
    return { targets: [...new Set(targets)], anchors };
}

/** How wide a page is, and which element makes it so. */
export function reach() {
    // mdBook lets the main part scroll inside the page, so the page alone would never be too wide.
    let width = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
    for (let at = document.querySelector('main'); at !== document.body; at = at.parentElement) {
        const { left } = at.getBoundingClientRect();
        width = Math.max(width, Math.floor(left) + at.scrollWidth);
    }
    let widest = '';
    let most = 0;
    for (const element of document.querySelectorAll('main *')) {
        const pane = element.parentElement.closest('pre, .table-wrapper');
        const { right } = element.getBoundingClientRect();
        if (pane === null && right > most) {
            most = right;
            widest = element.outerHTML.slice(0, 120);
        }
    }
    return { width, widest };
}

/** Texts of the main part whose contrast is below 4.5 to 1 (WCAG 2.2, 1.4.3), or 3 to 1 where they are large. */
export function contrasts() {
    const parse = text => {
        const canvas = parse.canvas ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((part, at) => part * a + below[at] * (1 - a));
    const luminance = parts => {
        const [r, g, b] = parts.map(part => {
            const share = part / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = element => {
        const layers = [];
        for (let at = element; at !== null; at = at.parentElement) {
            const layer = parse(getComputedStyle(at).backgroundColor);
            layers.push(layer);
            if (layer[3] === 1) {
                break;
            }
        }
        return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
    };
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const seen = new Set();
    const low = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const element = walker.currentNode.parentElement;
        if (text === '' || seen.has(element) || element.closest('.buttons') || !element.checkVisibility()) {
            continue;
        }
        seen.add(element);
        const style = getComputedStyle(element);
        const behind = background(element);
        const color = over(parse(style.color), behind);
        const [bright, dark] = [luminance(color), luminance(behind)].sort((a, b) => b - a);
        const ratio = (bright + 0.05) / (dark + 0.05);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (ratio < (isLarge ? 3 : 4.5)) {
            const shown = parts => `rgb(${parts.map(Math.round).join(', ')})`;
            low.push({ text: text.slice(0, 40), ratio, color: shown(color), background: shown(behind) });
        }
    }
    return { looked: seen.size, low };
}

/** On which side the block that holds `text` begins. */
export function direction(text) {
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const at = node.textContent.indexOf(text);
        if (at < 0) {
            continue;
        }
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const letter = range.getBoundingClientRect();
        const block = node.parentElement.getBoundingClientRect();
        return block.right - letter.right < letter.left - block.left ? 'rtl' : 'ltr';
    }
    return 'nothing';
}

/** What a site should not hold: addresses of other hosts in what is loaded, and files that nothing names. */
export function leftovers(folder, files, read) {
    const found = [];
    for (const file of files.filter(path => path.endsWith('.css'))) {
        for (const [, address] of read(join(folder, file)).matchAll(/url\(\s*['"]?(https?:|\/\/)/g)) {
            found.push(`${file} loads from ${address}`);
        }
    }
    return found;
}
