// The documented error for each wrong use. Contract: insforge 1.2, 1.4, 5.6, pitfalls 3, 6, 11, 26.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { admin, anonKey, asAdmin, http, newEmail, newPerson, newTable, password, unique, visitor } from './connection.mjs';

const refused = (answer, status, error, message) => {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.error, error, answer.text);
  assert.equal(answer.body.statusCode, status);
  assert.equal(typeof answer.body.message, 'string');
  if (message) assert.equal(answer.body.message, message);
};

describe('credentials', () => {
  let person;
  before(async () => { person = await newPerson(); });
  const path = '/api/database/tables';

  test('none', async () => refused(await http('GET', path), 401, 'AUTH_INVALID_CREDENTIALS', 'No admin token provided'));
  test('none, for records', async () => refused(await http('GET', '/api/database/records/any'), 401, 'AUTH_INVALID_CREDENTIALS', 'No token provided'));
  test('a garbage bearer', async () => refused(await http('GET', path, { as: 'garbage' }), 401, 'AUTH_UNAUTHORIZED', 'Invalid token'));
  test('a wrong API key as a bearer', async () => refused(await http('GET', path, { as: `ik_${'0'.repeat(64)}` }), 401, 'AUTH_INVALID_API_KEY', 'Invalid API key'));
  test('a wrong API key as a header', async () => refused(await http('GET', path, { headers: { 'x-api-key': 'nonsense' } }), 401, 'AUTH_INVALID_API_KEY', 'Invalid API key'));
  test('a wrong anon key', async () => refused(await http('GET', '/api/database/records/any', { as: `anon_${'0'.repeat(64)}` }), 401, 'AUTH_INVALID_CREDENTIALS', 'Invalid anon key'));
  test('a person where an administrator is asked for', async () => refused(await http('GET', path, { as: person.accessToken }), 403, 'AUTH_UNAUTHORIZED', 'Admin access required'));
  test('the anon key where an administrator is asked for', async () => refused(await http('GET', path, { as: anonKey }), 401, 'AUTH_UNAUTHORIZED', 'Invalid token'));
  test('the anon key where a person is asked for', async () => refused(await http('PATCH', '/api/auth/profiles/current', { as: anonKey, body: { profile: {} } }), 401, 'AUTH_UNAUTHORIZED', 'Invalid token'));
});

describe('paths and bodies', () => {
  test('an unknown path', async () => refused(await http('GET', '/api/nope'), 404, 'NOT_FOUND', 'Endpoint /api/nope not found'));
  test('malformed JSON', async () => refused(await http('POST', '/api/auth/sessions', { raw: '{"email":', headers: { 'content-type': 'application/json' } }), 400, 'INVALID_INPUT'));
  test('a body of the wrong shape', async () => {
    for (const raw of ['[]', '"text"', 'null', '5', '']) {
      refused(await http('POST', '/api/auth/sessions', { raw, headers: { 'content-type': 'application/json' } }), 400, 'INVALID_INPUT');
    }
  });
  test('a missing field, named', async () => {
    const answer = await http('POST', '/api/auth/sessions', { body: { email: newEmail() } });
    refused(answer, 400, 'INVALID_INPUT');
    assert.match(answer.body.message, /password: Required/);
  });
  test('an invalid address', async () => {
    const { error } = await visitor().auth.signUp({ email: 'not an address', password });
    assert.deepEqual([error.statusCode, error.error], [400, 'INVALID_INPUT']);
    assert.match(error.message, /email/i);
  });
  test('a weak password', async () => {
    const { error } = await visitor().auth.signUp({ email: newEmail(), password: 'abc' });
    assert.deepEqual([error.statusCode, error.error], [400, 'INVALID_INPUT']);
    assert.match(error.message, /password/i);
  });
  test('a refresh without a token', async () => {
    const bare = await http('POST', '/api/auth/refresh');
    refused(bare, 401, 'AUTH_UNAUTHORIZED');
    refused(await http('POST', '/api/auth/refresh?client_type=mobile', { body: {} }), 400, 'INVALID_INPUT');
    refused(await http('POST', '/api/auth/refresh?client_type=mobile', { body: { refreshToken: 'garbage' } }), 401, 'AUTH_UNAUTHORIZED');
  });
  test('a profile that is nobody\'s', async () => {
    refused(await http('GET', '/api/auth/profiles/018f3b5e-7c1a-7000-8000-00000000dead'), 404, 'AUTH_USER_NOT_FOUND');
    assert.equal((await http('GET', '/api/auth/profiles/not-a-uuid')).status, 400);
  });
});

describe('records', () => {
  let table;
  before(async () => { table = await newTable([{ columnName: 'key', type: 'string', isUnique: true, isNullable: false }, { columnName: 'num', type: 'integer' }]); });
  const ask = (method, query, options = {}) => asAdmin(method, `/api/database/records/${table}${query}`, options);
  const pgrst = (answer, status, code) => {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.body.code, code, answer.text);
    assert.deepEqual(Object.keys(answer.body).sort(), ['code', 'details', 'hint', 'message'], answer.text);
  };

  test('of an unknown table', async () => pgrst(await asAdmin('GET', `/api/database/records/${unique('none')}`), 404, '42P01'));
  test('with an unknown column in a filter', async () => pgrst(await ask('GET', '?nope=eq.1'), 400, '42703'));
  test('with an unknown column selected', async () => pgrst(await ask('GET', '?select=nope'), 400, '42703'));
  test('with an unknown column in the order', async () => pgrst(await ask('GET', '?order=nope'), 400, '42703'));
  test('with an unknown column written', async () => pgrst(await ask('POST', '', { body: { key: 'a', nope: 1 } }), 400, 'PGRST204'));
  test('with an unknown operator', async () => pgrst(await ask('GET', '?num=about.1'), 400, 'PGRST100'));
  test('with a filter without an operator', async () => pgrst(await ask('GET', '?num=5'), 400, 'PGRST100'));
  test('with a broken or', async () => pgrst(await ask('GET', '?or=(num.eq.1'), 400, 'PGRST100'));
  test('with a broken select', async () => pgrst(await ask('GET', '?select=num,(key'), 400, 'PGRST100'));
  test('with a broken order', async () => pgrst(await ask('GET', '?order=num.sideways'), 400, 'PGRST100'));
  test('with a value of the wrong type in a filter', async () => pgrst(await ask('GET', '?num=eq.many'), 400, '22P02'));
  test('with a value of the wrong type written', async () => pgrst(await ask('POST', '', { body: { key: 'a', num: 'many' } }), 400, '22P02'));
  test('with a number that does not fit', async () => pgrst(await ask('POST', '', { body: { key: 'a', num: 99999999999 } }), 400, '22003'));
  test('with malformed JSON', async () => pgrst(await ask('POST', '', { raw: '[{"key":', headers: { 'content-type': 'application/json' } }), 400, 'PGRST102'));
  test('with objects of different keys', async () => pgrst(await ask('POST', '', { body: [{ key: 'a' }, { key: 'b', num: 1 }] }), 400, 'PGRST102'));
  test('without what must be there', async () => pgrst(await ask('POST', '', { body: { num: 1 } }), 400, '23502'));
  test('twice the same unique value', async () => {
    assert.equal((await ask('POST', '', { body: { key: 'dup' } })).status, 201);
    const answer = await ask('POST', '', { body: { key: 'dup' } });
    pgrst(answer, 409, '23505');
    assert.match(answer.body.message, /duplicate key value violates unique constraint/);
  });
  test('with an expired or broken token are the gateway\'s refusal, not PostgREST\'s', async () => {
    refused(await http('GET', `/api/database/records/${table}`, { as: 'a.b.c' }), 401, 'AUTH_UNAUTHORIZED', 'Invalid token');
  });
  test('never answer 5xx to a client\'s mistake, which clients would repeat', async () => {
    for (const query of ['?num=eq.', '?num=in.(', '?select=*,*', '?limit=-1', '?offset=-1', '?limit=many', '?order=', '?select=', '?and=()', '?%00=eq.1', '?num=eq.%00', '?key=like.%25%5C',
      '?on_conflict=nope', '?columns=nope', '?schema=information_schema', '?schema=pg_catalog', '?schema=nope', '?num=is.maybe', '?num.key=eq.1', '?num->a=eq.1', '?select=num::nope']) {
      const answer = await ask('GET', query);
      assert.ok(answer.status < 500, `${query}: ${answer.status} ${answer.text}`);
    }
  });
  test('through the client arrive as PostgREST\'s error', async () => {
    const { error, status } = await admin().database.from(table).select('nope');
    assert.deepEqual([status, error.code], [400, '42703']);
  });
});
