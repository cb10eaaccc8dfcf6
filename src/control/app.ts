/** The API over HTTP: who may, which path, what comes back. Knows no socket, so a test can ask it without one. */
import { type Context, Hono } from 'hono';
import type { Asked } from './access.js';
import { jsonBody } from './body.js';
import { ControlFailure, failureOf } from './failure.js';
import { type Pages, pageNotBuilt } from './pages.js';
import { routes } from './routes/index.js';
import { Reply, type Rig, type Route } from './routes/route.js';

/** xterm puts its colours into style elements; all else is a file of this server. */
const contentPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const always: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

export function controlApp(rig: Rig, pages: Pages): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(always)) context.header(name, value);
    const refusal = rig.access.refusal(askedIn(context));
    if (refusal) throw refusal;
    await next();
  });
  for (const route of routes) app.on(route.method.toUpperCase(), route.path, context => answer(rig, route, context));
  for (const path of new Set(routes.map(({ path }) => path))) app.all(path, context => refuseMethod(path, context));
  app.get('*', context => page(pages, context));
  app.notFound(context => failed(noSuchPath(context.req.path), context));
  app.onError((error, context) => {
    const failure = failureOf(error);
    if (failure.code === 'bug') rig.target.log.error({ err: error, path: context.req.path }, 'a bug in atmodem');
    return failed(failure, context);
  });
  return app;
}

function askedIn({ req }: Context): Asked {
  return {
    method: req.method,
    path: req.path,
    host: req.header('host'),
    origin: req.header('origin'),
    contentType: req.header('content-type'),
    authorization: req.header('authorization'),
    cookie: req.header('cookie'),
  };
}

async function answer(rig: Rig, route: Route, context: Context): Promise<Response> {
  const { req } = context;
  context.header('cache-control', 'no-store');
  const body = route.body ? await jsonBody(req.raw) : undefined;
  const result = await route.run({ rig, params: req.param(), query: req.query(), body });
  if (route.method !== 'get') rig.target.log.info({ method: req.method, path: req.path }, 'control');
  const status = (route.status ?? 200) as 200;
  if (!(result instanceof Reply)) return context.json(result as object, status);
  const headers = { ...result.headers };
  return result.text === null ? context.body(null, status, headers) : context.body(result.text, status, headers);
}

function refuseMethod(path: string, context: Context): Response {
  const allowed = routes.filter(route => route.path === path).map(({ method }) => method.toUpperCase());
  context.header('allow', allowed.join(', '));
  return failed(
    new ControlFailure('method-not-allowed', `${context.req.path} does not take ${context.req.method}`, {
      expected: allowed.join(' or '),
    }),
    context,
  );
}

function page(pages: Pages, context: Context): Response {
  const { req } = context;
  const found = pages.get(req.path);
  if (!found) {
    if (req.path === '/') return context.text(pageNotBuilt, 404);
    throw noSuchPath(req.path);
  }
  // Asked for anew each time, and sent only where it changed: a page must fit its daemon.
  context.header('cache-control', 'no-cache');
  context.header('etag', found.etag);
  if (req.header('if-none-match') === found.etag) return context.body(null, 304);
  return context.body(found.bytes, 200, { 'content-type': found.type });
}

const noSuchPath = (path: string): ControlFailure =>
  new ControlFailure('not-found', 'there is no such path', {
    found: path.slice(0, 200),
    hint: 'GET /openapi.json lists them',
  });

function failed(failure: ControlFailure, context: Context): Response {
  if (failure.code === 'unauthorized') context.header('www-authenticate', 'Bearer');
  return context.json(failure.body, failure.status);
}
