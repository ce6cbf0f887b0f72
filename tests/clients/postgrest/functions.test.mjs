// Functions of the database through the published client.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anonKey, client, http, onPostgres } from './connection.mjs';

const root = client('/rest/v1');

describe('functions', { skip: onPostgres ? false : undefined }, () => {
  if (!onPostgres) {
    test('are refused by one clear error on SQLite', async () => {
      for (const path of ['/rest/v1/rpc/add_them', '/api/database/rpc/add_them']) {
        const answer = await http('POST', path, { body: { a: 1 } });
        assert.deepEqual([answer.status, answer.body.code], [400, '0A000'], answer.text);
        assert.match(answer.body.hint, /PostgreSQL/);
      }
    });
    return;
  }

  const data = async (query) => {
    const { data: found, error } = await query;
    assert.equal(error, null, JSON.stringify(error));
    return found;
  };

  test('take arguments by name, by GET and by POST, with defaults', async () => {
    assert.equal(await data(root.rpc('add_them', { a: 1, b: 2 })), 3);
    assert.equal(await data(root.rpc('add_them', { a: 1 })), 11);
    assert.equal(await data(root.rpc('add_them', { a: 1, b: 2 }, { get: true })), 3);
    assert.equal(await data(root.rpc('sum_of', { them: [1, 2, 3] })), 6);
    assert.equal((await http('GET', '/rest/v1/rpc/sum_of?them=1&them=2')).body, 3);
    assert.equal((await http('POST', '/rest/v1/rpc/add_them', { body: 'a=4&b=5', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).body, 9);
    assert.equal((await http('POST', '/api/database/rpc/add_them', { body: { a: 2, b: 2 } })).body, 4);
    const head = await root.rpc('shelves_from', { first: 1 }, { head: true, get: true, count: 'exact' });
    assert.deepEqual([head.status, head.count], [200, 3]);
  });

  test('take the whole body when their one parameter has no name', async () => {
    assert.deepEqual((await http('POST', '/rest/v1/rpc/echo_body', { body: { any: [1, 2] } })).body, { any: [1, 2] });
    const text = await http('POST', '/rest/v1/rpc/echo_text', { body: 'quiet', headers: { 'content-type': 'text/plain' } });
    assert.equal(text.body, 'QUIET');
  });

  test('return rows that filters, select, order and pages apply to', async () => {
    const some = await data(root.rpc('shelves_from', { first: 1 }).select('id,tags').gt('id', 1).order('id', { ascending: false }).limit(1));
    assert.deepEqual(some, [{ id: 3, tags: [] }]);
    const counted = await root.rpc('shelves_from', { first: 1 }, { count: 'exact' }).select('id').limit(2);
    assert.deepEqual([counted.status, counted.count, counted.data.length], [206, 3, 2]);
    assert.equal((await data(root.rpc('one_shelf', { number: 2 }))).body, 'A dog barks');
    assert.deepEqual(await data(root.rpc('numbers', { upto: 3 })), [1, 2, 3]);
    assert.deepEqual(await data(root.rpc('pairs').select('t').eq('n', 2).single()), { t: 'b' });
    assert.equal(await data(root.rpc('pairs').select('n').csv()), 'n\n1\n2\n3');
    const nothing = await root.rpc('nothing');
    assert.deepEqual([nothing.status, nothing.data], [204, null]);
  });

  test('are chosen by the names of the arguments', async () => {
    assert.equal(await data(root.rpc('over', { a: 1 })), 'one');
    assert.equal(await data(root.rpc('over', { a: 1, b: 2 })), 'two');
    const torn = await root.rpc('torn', { a: 1 });
    assert.deepEqual([torn.status, torn.error.code], [300, 'PGRST203']);
    const none = await root.rpc('add_them', { c: 1 });
    assert.deepEqual([none.status, none.error.code], [404, 'PGRST202']);
    assert.match(none.error.details, /Searched for the function public\.add_them with parameter c/);
    const near = await root.rpc('add_then', { a: 1 });
    assert.equal(near.error.hint, 'Perhaps you meant to call the function public.add_them');
    assert.equal((await http('PATCH', '/rest/v1/rpc/add_them', { body: {} })).body.code, 'PGRST101');
    assert.equal((await http('OPTIONS', '/rest/v1/rpc/add_them')).headers.get('allow'), 'OPTIONS,GET,HEAD,POST');
    assert.equal((await http('OPTIONS', '/rest/v1/rpc/nothing')).headers.get('allow'), 'OPTIONS,POST');
  });

  test('run as the caller, and only read by GET', async () => {
    assert.deepEqual(await data(client('/rest/v1', anonKey).rpc('who')), { role: 'anon', claim: 'anon', method: 'POST' });
    assert.deepEqual(await data(root.rpc('who', {}, { get: true })), { role: 'project_admin', claim: 'project_admin', method: 'GET' });
    const writing = await http('GET', '/rest/v1/rpc/writes_a_row');
    assert.deepEqual([writing.status, writing.body.code], [405, '25006'], writing.text);
  });

  test('choose their status and headers, and raise with them', async () => {
    const tea = await http('POST', '/rest/v1/rpc/teapot', { body: {} });
    assert.deepEqual([tea.status, tea.headers.get('x-tea'), tea.body], [418, 'black', 'short and stout']);
    const plain = await root.rpc('raise_it', { kind: 'plain' });
    assert.deepEqual([plain.status, plain.error.code, plain.error.message, plain.error.hint, plain.error.details], [400, 'P0001', 'no luck', 'try again', 'none left']);
    const status = await root.rpc('raise_it', { kind: 'status' });
    assert.deepEqual([status.status, status.error.message], [402, 'Payment Required']);
    const full = await http('POST', '/rest/v1/rpc/raise_it', { body: { kind: 'full' } });
    assert.deepEqual([full.status, full.headers.get('x-tea'), full.body], [418, 'green', { code: '123', message: 'Odd', details: 'd', hint: 'h' }]);
    const odd = await root.rpc('raise_it', { kind: 'odd' });
    assert.deepEqual([odd.status, odd.error.code], [500, 'PGRST121']);
  });
});
