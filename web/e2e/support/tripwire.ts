/** What happens when a text that somebody typed becomes code: wires that anything of it trips. */
import type { Browser, BrowserContext, Page } from '@playwright/test';

/**
 * Texts of attackers. Each calls `__xss` when it runs, and leaves an element with `data-xss` when it is only parsed as HTML, which no text of a
 * person may ever be.
 */
export const PAYLOADS = [
  '<script data-xss>__xss(1)</script>',
  '"><script data-xss>__xss(2)</script>',
  '<img data-xss src=x onerror=__xss(3)>',
  "'\"><img data-xss src=/xss-request onerror=__xss(4)>",
  '<svg data-xss onload=__xss(5)><animate onbegin=__xss(5) attributeName=x></svg>',
  '<svg data-xss><a xlink:href="javascript:__xss(6)"><text y=20>x</text></a></svg>',
  '<a data-xss href="javascript:__xss(7)">x</a>',
  'javascript:__xss(8)',
  'JaVaScRiPt&colon;__xss(9)//',
  ' \u0001javascript:__xss(10)',
  'data:text/html,<script data-xss>__xss(11)</script>',
  '<iframe data-xss srcdoc="<script>parent.__xss(12)</script>"></iframe>',
  '<math data-xss><mi xlink:href="data:x,<script>__xss(13)</script>">',
  '<details data-xss open ontoggle=__xss(14)>',
  '<input data-xss autofocus onfocus=__xss(15)>',
  '<style data-xss>@import "/xss-request";*{background:url(/xss-request)}</style>',
  '</title></textarea></style><img data-xss src=x onerror=__xss(17)>',
  '{{constructor.constructor("__xss(18)")()}} ${__xss(18)} #{__xss(18)} <%= __xss(18) %>',
  '$t(records:title) {{count}} {{- name}}',
  '[x](javascript:__xss(20)) ![x](/xss-request) <https://x.invalid>',
  '\u202Egnp.<img data-xss src=x onerror=__xss(21)>\u202C',
  '＜script＞__xss(22)＜/script＞ &lt;img data-xss src=x onerror=__xss(22)&gt;',
  '<form data-xss action="/xss-request"><button formaction="javascript:__xss(23)">x</button></form>',
  '<base data-xss href="/xss-request/"><link data-xss rel=stylesheet href="/xss-request">',
  '<object data-xss data="data:text/html,<script>__xss(25)</script>"></object><embed data-xss src="/xss-request">',
  '--><!--<img data-xss src=x onerror=__xss(26)>-->]]><img data-xss src=x onerror=__xss(26)>',
  '\'-__xss(27)-\'"-__xss(27)-"`-__xss(27)-`\\u003cimg src=x onerror=__xss(27)\\u003e',
  '<template data-xss><script>__xss(28)</script></template><slot data-xss onslotchange=__xss(28)>',
  '=HYPERLINK("javascript:__xss(29)";"x")',
  '__proto__[innerHTML]=<img data-xss src=x onerror=__xss(30)>',
] as const;

/** The text of a payload with a name by which it is found on a screen: `Ж07`. */
export function marked(index: number): string {
  return `${markOf(index)} ${PAYLOADS[index % PAYLOADS.length] ?? ''}`;
}

export function markOf(index: number): string {
  return `Ж${String(index % PAYLOADS.length).padStart(2, '0')}`;
}

/** Schemes that a link of the program may have; an address of a person is none of these by itself. */
const SCHEMES = ['http:', 'https:', 'mailto:', 'tel:', 'sip:', 'viber:', 'tg:', 'whatsapp:', 'skype:', 'blob:', ''];

export class Tripwire {
  /** What was tripped, in its order. */
  readonly tripped: string[] = [];

  private constructor(readonly context: BrowserContext) {}

  static async in(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<Tripwire> {
    const context = await browser.newContext(options);
    const wire = new Tripwire(context);
    await context.exposeFunction('__xss', (which: unknown) => wire.tripped.push(`payload ${String(which)} ran`));
    await context.exposeFunction('__violation', (what: string) => wire.tripped.push(`the policy stopped ${what}`));
    await context.addInitScript(() => {
      const report = (window as unknown as { __violation: (what: string) => void }).__violation;
      document.addEventListener('securitypolicyviolation', (event) => report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    });
    context.on('dialog', (dialog) => {
      wire.tripped.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('weberror', (error) => wire.tripped.push(`an exception: ${error.error().message}`));
    context.on('request', (request) => {
      const { protocol, hostname, pathname } = new URL(request.url());
      const isForeign = protocol.startsWith('http') && hostname !== '127.0.0.1';
      if (isForeign || pathname.includes('xss')) wire.tripped.push(`a request: ${request.url()}`);
    });
    return wire;
  }

  /** Looks through a page for what should be a text and is an element or a link. */
  async search(page: Page, where: string): Promise<void> {
    const found = await page.evaluate((schemes) => {
      const wrong: string[] = [];
      for (const element of document.querySelectorAll('*')) {
        if (element.hasAttribute('data-xss')) wrong.push(`an element of a payload: ${element.outerHTML.slice(0, 120)}`);
        for (const { name, value } of element.attributes) {
          if (name.startsWith('on')) wrong.push(`a handler: ${element.outerHTML.slice(0, 120)}`);
          const isLink = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'srcdoc'].includes(name);
          // As browsers read it: without blanks and control characters.
          // eslint-disable-next-line no-control-regex
          const scheme = /^([a-z][a-z0-9+.-]*:)?/iu.exec(value.replaceAll(/[\u0000-\u0020]/gu, ''))?.[0].toLowerCase() ?? '';
          const isPicture = element.tagName === 'IMG' && value.startsWith('data:image/');
          if (isLink && !schemes.includes(scheme) && !isPicture) wrong.push(`a link: ${element.outerHTML.slice(0, 160)}`);
        }
      }
      return wrong;
    }, SCHEMES);
    this.tripped.push(...found.map((what) => `${where}: ${what}`));
  }
}
