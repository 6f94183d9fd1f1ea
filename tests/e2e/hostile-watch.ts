import type { BrowserContext, Page } from 'playwright-core';

/** What hostile text did in a page; all empty when it stayed text. */
export interface Misdeeds {
  readonly elements: string[];
  readonly ran: string[];
  readonly violations: string[];
  readonly dialogs: string[];
  readonly requests: string[];
  readonly complaints: string[];
}

/** Watches every page of a context from its first moment on: elements, code, policy, dialogs, requests, the console. */
export async function watchMisdeeds(context: BrowserContext, origin: string): Promise<Misdeeds> {
  const seen: Misdeeds = {
    elements: [],
    ran: [],
    violations: [],
    dialogs: [],
    requests: [],
    complaints: [],
  };
  await context.exposeFunction('tellHostile', (kind: 'elements' | 'ran' | 'violations', what: string) => {
    seen[kind].push(what);
  });
  await context.addInitScript(watchInPage);
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('blob:') && !url.startsWith('data:image/'))
      seen.requests.push(url);
  });
  context.on('page', (page) => watchPage(page, seen));
  return seen;
}

function watchPage(page: Page, seen: Misdeeds): void {
  page.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => void seen.complaints.push(String(error)));
  page.on('console', (message) => {
    // What the server refuses, such as a search too many, is no fault of the page.
    const isRefusal = /the server responded with a status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !isRefusal) seen.complaints.push(message.text());
  });
}

/** Runs in the page before anything else does. */
function watchInPage(): void {
  const tell = (kind: string, what: string): void =>
    (window as unknown as { tellHostile: (kind: string, what: string) => void }).tellHostile(kind, what);
  const ours = new Set(['/assets/']);
  const isHostile = (element: Element): boolean => {
    if (element.hasAttribute('data-hostile')) return true;
    if (['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'TEMPLATE', 'MGLYPH', 'IMG'].includes(element.tagName))
      return true;
    if ([...element.attributes].some(({ name }) => /^on/i.test(name))) return true;
    const address = element.getAttribute('href') ?? element.getAttribute('xlink:href') ?? '';
    if (/^\s*(?:javascript|data|vbscript):/i.test(address)) return true;
    if (element instanceof HTMLAnchorElement && element.origin !== location.origin) return true;
    const script = element instanceof HTMLScriptElement ? new URL(element.src, location.href).pathname : null;
    return script !== null && ![...ours].some((prefix) => script.startsWith(prefix));
  };
  const look = (node: Node): void => {
    if (!(node instanceof Element)) return;
    for (const element of [node, ...node.querySelectorAll('*')])
      if (isHostile(element)) tell('elements', element.outerHTML.slice(0, 200));
  };
  new MutationObserver((changes) => {
    for (const { addedNodes, target, type } of changes) {
      if (type === 'attributes') look(target);
      for (const node of addedNodes) look(node);
    }
  }).observe(document, { childList: true, subtree: true, attributes: true });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    tell('violations', `${violatedDirective} ${blockedURI}`);
  });
  Object.defineProperty(window, 'hostile', {
    set: () => {
      tell('ran', location.href);
    },
  });
}
