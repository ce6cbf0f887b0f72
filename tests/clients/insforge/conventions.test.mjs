// What every answer keeps to: CORS, compact JSON, error bodies, health. Contract: insforge 1.1, 1.2, pitfalls 5, 6, 24.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anonKey, http, newEmail, newTable, password } from './connection.mjs';

const origin = 'https://shop.example';

test('CORS reflects the origin with credentials and exposes the paging headers', async () => {
  const table = await newTable([{ columnName: 'name', type: 'string' }]);
  const answer = await http('GET', `/api/database/records/${table}`, { as: anonKey, headers: { origin } });
  assert.equal(answer.headers.get('access-control-allow-origin'), origin);
  assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
  assert.match(answer.headers.get('vary') ?? '', /origin/i);
  const exposed = answer.headers.get('access-control-expose-headers').toLowerCase();
  assert.ok(exposed.includes('content-range') && exposed.includes('preference-applied'), exposed);
  const refused = await http('GET', '/api/database/tables', { headers: { origin } });
  assert.equal(refused.headers.get('access-control-allow-origin'), origin, 'refusals too, or pages cannot read them');
});

test('a preflight is 204 and grants the methods and headers asked for', async () => {
  const answer = await http('OPTIONS', '/api/database/records/any', {
    headers: { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization,x-csrf-token,prefer' },
  });
  assert.equal(answer.status, 204);
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE']) {
    assert.ok(answer.headers.get('access-control-allow-methods').includes(method), method);
  }
  const allowed = answer.headers.get('access-control-allow-headers').toLowerCase();
  for (const name of ['authorization', 'x-csrf-token', 'prefer']) assert.ok(allowed.includes(name), name);
});

test('JSON has no space after a colon, so that the token can be cut out with grep', async () => {
  const answer = await http('POST', '/api/auth/users', { as: anonKey, body: { email: newEmail(), password } });
  assert.match(answer.text, /"accessToken":"[^"]+"/);
  assert.match(answer.headers.get('content-type'), /^application\/json; ?charset=utf-8$/i);
});

test('health is public, and names no detail', async () => {
  const api = await http('GET', '/api/health');
  assert.equal(api.status, 200);
  assert.equal(api.body.status, 'ok');
  assert.ok(api.body.version && api.body.service && api.body.timestamp);
  for (const path of ['/health', '/health/live', '/health/ready']) {
    const answer = await http('GET', path);
    assert.equal(answer.status, 200, path);
  }
});

test('a request id is echoed, or made', async () => {
  assert.equal((await http('GET', '/api/health', { headers: { 'x-request-id': 'abc-123' } })).headers.get('x-request-id'), 'abc-123');
  assert.ok((await http('GET', '/api/health')).headers.get('x-request-id'));
});

test('OpenAPI describes it, and the pages that show it need nothing from outside', async () => {
  const document = await http('GET', '/openapi.json');
  assert.equal(document.status, 200);
  assert.match(document.body.openapi, /^3\.1/);
  assert.ok(Object.keys(document.body.paths).length > 20);
  for (const path of ['/docs', '/redoc']) {
    const answer = await http('GET', path);
    assert.equal(answer.status, 200, path);
    assert.doesNotMatch(answer.text, /(?:src|href)="(?:https?:)?\/\//, `${path} loads nothing from another host`);
  }
});
