// Tabs for alternatives of one example, and panes that scroll within reach of the keyboard.
(function () {
    'use strict';
    const KEY = 'specmint-tab';

    function remembered() {
        try { return localStorage.getItem(KEY); } catch (_) { return null; }
    }

    function remember(title) {
        try { localStorage.setItem(KEY, title); } catch (_) { /* It is forgotten, then. */ }
    }

    const groups = [];

    function build(box, number) {
        const panels = Array.from(box.children).filter(child => child.classList.contains('tab'));
        const list = document.createElement('div');
        list.setAttribute('role', 'tablist');
        list.setAttribute('aria-label', 'Alternatives');
        const tabs = panels.map((panel, index) => {
            const heading = panel.querySelector('h4');
            const tab = document.createElement('button');
            tab.type = 'button';
            tab.setAttribute('role', 'tab');
            tab.id = 'tab-' + number + '-' + index;
            tab.textContent = heading ? heading.textContent : String(index + 1);
            panel.id = 'panel-' + number + '-' + index;
            tab.setAttribute('aria-controls', panel.id);
            panel.setAttribute('role', 'tabpanel');
            panel.setAttribute('aria-labelledby', tab.id);
            if (heading) {
                heading.classList.add('tab-title');
            }
            list.appendChild(tab);
            return tab;
        });
        const group = {
            tabs,
            panels,
            select(index) {
                tabs.forEach((tab, at) => {
                    tab.setAttribute('aria-selected', String(at === index));
                    tab.tabIndex = at === index ? 0 : -1;
                    panels[at].hidden = at !== index;
                });
            },
            choose(index) {
                const title = tabs[index].textContent;
                remember(title);
                // What is shown must not move away from under the reader.
                const before = list.getBoundingClientRect().top;
                group.select(index);
                groups.filter(other => other !== group).forEach(other => other.follow(title));
                window.scrollBy(0, list.getBoundingClientRect().top - before);
            },
            follow(title) {
                const index = tabs.findIndex(tab => tab.textContent === title);
                if (index >= 0) {
                    group.select(index);
                }
            },
        };
        list.addEventListener('click', event => {
            const index = tabs.indexOf(event.target);
            if (index >= 0) {
                group.choose(index);
            }
        });
        list.addEventListener('keydown', event => {
            const at = tabs.indexOf(event.target);
            const next = {
                ArrowLeft: at - 1,
                ArrowRight: at + 1,
                Home: 0,
                End: tabs.length - 1,
            }[event.key];
            if (at < 0 || next === undefined || event.altKey || event.ctrlKey || event.metaKey) {
                return;
            }
            event.preventDefault();
            // The arrows turn pages elsewhere.
            event.stopPropagation();
            const index = (next + tabs.length) % tabs.length;
            group.choose(index);
            tabs[index].focus();
        });
        box.insertBefore(list, panels[0]);
        box.classList.add('ready');
        group.select(0);
        return group;
    }

    function reveal() {
        let id = location.hash.slice(1);
        try { id = decodeURIComponent(id); } catch (_) { /* It is no encoded text: taken as it is. */ }
        const target = id && document.getElementById(id);
        const panel = target && target.closest('.tab');
        for (const group of panel ? groups : []) {
            const index = group.panels.indexOf(panel);
            if (index >= 0) {
                group.select(index);
                target.scrollIntoView();
            }
        }
    }

    function reachable() {
        for (const pane of document.querySelectorAll('.table-wrapper, main pre > code')) {
            if (pane.scrollWidth > pane.clientWidth) {
                pane.tabIndex = 0;
            } else {
                pane.removeAttribute('tabindex');
            }
        }
    }

    document.querySelectorAll('main .tabs').forEach((box, number) => {
        if (box.querySelector(':scope > .tab')) {
            groups.push(build(box, number));
        }
    });
    const title = remembered();
    if (title !== null) {
        groups.forEach(group => group.follow(title));
    }
    reveal();
    reachable();
    window.addEventListener('hashchange', reveal);
    window.addEventListener('resize', reachable);
})();
