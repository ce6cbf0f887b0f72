// Records through the published client. Contract: insforge 4 and 5, pitfalls 6 to 11.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { admin, anonKey, apiKey, asAdmin, http, newPerson, newTable, visitor } from './connection.mjs';

const NUMBERS = [{ columnName: 'name', type: 'string' }, { columnName: 'num', type: 'integer' }, { columnName: 'ok', type: 'boolean' }, { columnName: 'doc', type: 'json' }];

describe('reading', () => {
  let table;
  let rows;
  before(async () => {
    table = await newTable(NUMBERS);
    const made = Array.from({ length: 10 }, (_, number) => ({
      name: `Row ${number}`, num: number, ok: number % 2 === 0 ? true : number % 3 === 0 ? null : false, doc: { n: number },
    }));
    const { error } = await admin().database.from(table).insert(made);
    assert.equal(error, null);
    rows = () => visitor().database.from(table);
  });
  const nums = async (query) => {
    const { data, error } = await query;
    assert.equal(error, null, JSON.stringify(error));
    return data.map(({ num }) => num).sort((a, b) => a - b);
  };

  for (const [name, filter, expected] of [
    ['eq', (q) => q.eq('num', 4), [4]],
    ['neq', (q) => q.neq('num', 4), [0, 1, 2, 3, 5, 6, 7, 8, 9]],
    ['gt and lt on one column', (q) => q.gt('num', 1).lt('num', 5), [2, 3, 4]],
    ['gte and lte on one column', (q) => q.gte('num', 1).lte('num', 3), [1, 2, 3]],
    ['three filters on one column', (q) => q.gt('num', 1).lt('num', 8).neq('num', 5), [2, 3, 4, 6, 7]],
    ['in', (q) => q.in('num', [1, 3, 99]), [1, 3]],
    ['in with nothing', (q) => q.in('num', []), []],
    ['in with commas and parentheses', (q) => q.in('name', ['Row 1', 'a,b', '(c)']), [1]],
    ['like', (q) => q.like('name', 'Row%'), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['like is case-sensitive', (q) => q.like('name', 'row%'), []],
    ['ilike', (q) => q.ilike('name', 'ROW 7'), [7]],
    ['ilike with a star', (q) => q.filter('name', 'ilike', '*W 7'), [7]],
    ['is null', (q) => q.is('ok', null), [3, 9]],
    ['is true', (q) => q.is('ok', true), [0, 2, 4, 6, 8]],
    ['not is null', (q) => q.not('ok', 'is', null), [0, 1, 2, 4, 5, 6, 7, 8]],
    ['neq leaves null out', (q) => q.neq('ok', true), [1, 5, 7]],
    ['not eq', (q) => q.not('num', 'eq', 0), [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['or', (q) => q.or('num.eq.1,num.eq.2'), [1, 2]],
    ['or with a nested and', (q) => q.or('num.eq.9,and(num.gt.1,num.lt.4)'), [2, 3, 9]],
    ['or with a quoted value', (q) => q.or('name.eq."Row 3",num.eq.5'), [3, 5]],
    ['match', (q) => q.match({ num: 2, name: 'Row 2' }), [2]],
    ['not in', (q) => q.not('num', 'in', '(0,1,2,3,4,5,6,7)'), [8, 9]],
  ]) {
    test(`filters by ${name}`, async () => assert.deepEqual(await nums(filter(rows().select('num'))), expected));
  }

  test('selects columns, renames them, and orders the keys as asked', async () => {
    const { data } = await rows().select('num, title:name').eq('num', 1).single();
    assert.deepEqual(data, { num: 1, title: 'Row 1' });
    assert.deepEqual(Object.keys(data), ['num', 'title']);
  });

  test('orders with nulls last upwards, first downwards, and as told', async () => {
    const order = async (options) => (await rows().select('ok').order('ok', options).order('num')).data.map(({ ok }) => ok);
    assert.equal((await order({ ascending: true })).at(-1), null);
    assert.equal((await order({ ascending: false }))[0], null);
    assert.equal((await order({ ascending: true, nullsFirst: true }))[0], null);
    const { data } = await rows().select('num').order('num', { ascending: false }).limit(3);
    assert.deepEqual(data.map(({ num }) => num), [9, 8, 7]);
  });

  test('pages by range, by limit and by the Range header, with the total', async () => {
    const paged = await rows().select('num', { count: 'exact' }).order('num').range(2, 4);
    assert.deepEqual([paged.status, paged.count, paged.data.map(({ num }) => num)], [206, 10, [2, 3, 4]]);
    const whole = await rows().select('num', { count: 'exact' });
    assert.deepEqual([whole.status, whole.count], [200, 10]);
    const ranged = await http('GET', `/api/database/records/${table}?select=num&order=num`, { as: anonKey, headers: { range: '2-4', 'range-unit': 'items', prefer: 'count=exact' } });
    assert.deepEqual([ranged.status, ranged.headers.get('content-range'), ranged.headers.get('preference-applied')], [206, '2-4/10', 'count=exact']);
    const open = await http('GET', `/api/database/records/${table}?select=num&limit=3`, { as: anonKey });
    assert.deepEqual([open.status, open.headers.get('content-range')], [200, '0-2/*']);
    const empty = await http('GET', `/api/database/records/${table}?num=eq.99`, { as: anonKey, headers: { prefer: 'count=exact' } });
    assert.deepEqual([empty.status, empty.headers.get('content-range'), empty.text], [200, '*/0', '[]']);
    const beyond = await http('GET', `/api/database/records/${table}?offset=100`, { as: anonKey, headers: { prefer: 'count=exact' } });
    assert.deepEqual([beyond.status, beyond.body.code], [416, 'PGRST103']);
    assert.deepEqual((await rows().select('num').limit(0)).data, []);
  });

  test('counts without rows', async () => {
    const { count, data, error } = await rows().select('*', { count: 'exact', head: true }).gt('num', 6);
    assert.equal(error, null);
    assert.equal(count, 3);
    assert.ok(!data?.length);
  });

  test('gives one row as an object, or says how many there were', async () => {
    assert.equal((await rows().select().eq('num', 3).single()).data.name, 'Row 3');
    for (const [query, number] of [[rows().select().eq('num', 99).single(), 0], [rows().select().gt('num', 7).single(), 2]]) {
      const { error, status } = await query;
      assert.equal(status, 406);
      assert.equal(error.code, 'PGRST116');
      assert.equal(error.message, 'JSON object requested, multiple (or no) rows returned');
      assert.equal(error.details, `The result contains ${number} rows`);
    }
    assert.equal((await rows().select().eq('num', 99).maybeSingle()).data, null);
    assert.equal((await rows().select().eq('num', 3).maybeSingle()).data.num, 3);
    assert.equal((await rows().select().gt('num', 7).maybeSingle()).error.code, 'PGRST116');
  });

  test('keeps JSON compact', async () => {
    const answer = await http('GET', `/api/database/records/${table}?select=num,doc&num=eq.1`, { as: anonKey });
    assert.equal(answer.text.replaceAll(/\s/g, ''), '[{"num":1,"doc":{"n":1}}]');
    assert.match(answer.text, /"num":1/);
    assert.match(answer.headers.get('content-type'), /^application\/json; ?charset=utf-8$/i);
  });
});

describe('writing', () => {
  let table;
  before(async () => { table = await newTable([{ columnName: 'key', type: 'string', isUnique: true }, ...NUMBERS.slice(1)]); });
  const path = (query = '') => `/api/database/records/${table}${query}`;
  const rows = () => admin().database.from(table);

  test('insert without select is 201 with an empty array', async () => {
    const answer = await asAdmin('POST', path(), { body: { key: 'w1', num: 1 } });
    assert.deepEqual([answer.status, answer.text], [201, '[]']);
    const { data, error, status } = await rows().insert({ key: 'w2', num: 2 });
    assert.deepEqual([status, error, data], [201, null, []]);
  });

  test('insert with select gives the row with its automatic columns', async () => {
    const { data, error, status } = await rows().insert({ key: 'w3', num: 3, ok: true, doc: [1, 'two'] }).select();
    assert.deepEqual([status, error], [201, null]);
    assert.equal(data.length, 1);
    assert.match(data[0].id, /^[0-9a-f-]{36}$/);
    assert.deepEqual([data[0].num, data[0].ok, data[0].doc], [3, true, [1, 'two']]);
    assert.ok(Date.parse(data[0].created_at));
  });

  test('many rows are one act: all or none', async () => {
    const good = await rows().insert([{ key: 'm1', num: 1 }, { key: 'm2', num: 2 }, { key: 'm3', num: 3 }]).select('key');
    assert.deepEqual(good.data.map(({ key }) => key), ['m1', 'm2', 'm3']);
    const bad = await rows().insert([{ key: 'n1' }, { key: 'n2' }, { key: 'm1' }]);
    assert.equal(bad.status, 409);
    assert.equal(bad.error.code, '23505');
    assert.deepEqual((await rows().select().in('key', ['n1', 'n2'])).data, []);
    const uneven = await rows().insert([{ key: 'u1', num: 1 }, { key: 'u2' }]).select('key,num').order('key');
    assert.deepEqual(uneven.data, [{ key: 'u1', num: 1 }, { key: 'u2', num: null }]);
  });

  test('CSV rows arrive with their types', async () => {
    const answer = await asAdmin('POST', path(), { raw: 'key,num,ok\ncsv1,1,true\n"csv,2",2,false\n"csv ""3""",NULL,NULL\n', headers: { 'content-type': 'text/csv', prefer: 'return=representation' } });
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(answer.body.map(({ key, num, ok }) => [key, num, ok]), [['csv1', 1, true], ['csv,2', 2, false], ['csv "3"', null, null]]);
    const ragged = await asAdmin('POST', path(), { raw: 'key,num\na\n', headers: { 'content-type': 'text/csv' } });
    assert.deepEqual([ragged.status, ragged.body.code], [400, 'PGRST102']);
  });

  test('update changes what the filters choose and says so', async () => {
    await rows().insert([{ key: 'p1', num: 1 }, { key: 'p2', num: 2 }]);
    const quiet = await rows().update({ num: 10 }).eq('key', 'p1');
    assert.deepEqual([quiet.status, quiet.error, quiet.data], [204, null, null]);
    const told = await rows().update({ num: 11 }).in('key', ['p1', 'p2']).select('num');
    assert.deepEqual([told.status, told.data], [200, [{ num: 11 }, { num: 11 }]]);
    const none = await rows().update({ num: 12 }).eq('key', 'nobody').select();
    assert.deepEqual([none.status, none.data], [200, []]);
    const counted = await rows().update({ num: 13 }, { count: 'exact' }).gte('num', 11).in('key', ['p1', 'p2']);
    assert.equal(counted.count, 2);
  });

  test('delete removes what the filters choose', async () => {
    await rows().insert([{ key: 'd1', num: 1 }, { key: 'd2', num: 2 }]);
    const told = await rows().delete().eq('key', 'd1').select('key');
    assert.deepEqual([told.status, told.data], [200, [{ key: 'd1' }]]);
    const quiet = await rows().delete({ count: 'exact' }).eq('key', 'd2');
    assert.deepEqual([quiet.status, quiet.count], [204, 1]);
    assert.deepEqual((await rows().select().in('key', ['d1', 'd2'])).data, []);
  });

  test('upsert merges, or leaves alone', async () => {
    const first = await rows().upsert({ key: 'x', num: 1, ok: true }, { onConflict: 'key' }).select('num,ok');
    assert.deepEqual([first.status, first.data], [201, [{ num: 1, ok: true }]]);
    const merged = await rows().upsert([{ key: 'x', num: 2 }, { key: 'y', num: 3 }], { onConflict: 'key' }).select('key,num,ok').order('key');
    assert.deepEqual(merged.data, [{ key: 'x', num: 2, ok: true }, { key: 'y', num: 3, ok: null }]);
    const left = await rows().upsert([{ key: 'x', num: 99 }, { key: 'z', num: 4 }], { onConflict: 'key', ignoreDuplicates: true }).select('key,num');
    assert.deepEqual(left.data, [{ key: 'z', num: 4 }]);
    assert.equal((await rows().select('num').eq('key', 'x').single()).data.num, 2);
    const { data: { id } } = await rows().select('id').eq('key', 'x').single();
    const byId = await rows().upsert({ id, key: 'x2', num: 5 }).select('id,key');
    assert.deepEqual(byId.data, [{ id, key: 'x2' }]);
  });

  test('empty strings are dropped unless the column is text', async () => {
    const { data, error } = await rows().insert({ key: '', num: '', ok: '', nowhere: '' }).select().single();
    assert.equal(error, null, JSON.stringify(error));
    assert.deepEqual([data.key, data.num, data.ok], ['', null, null]);
    await rows().delete().eq('key', '');
  });

  test('writing a single object answers one, and rolls back when it is not one', async () => {
    await rows().insert([{ key: 's1', num: 70 }, { key: 's2', num: 70 }]);
    const { error, status } = await rows().update({ num: 71 }).eq('num', 70).select().single();
    assert.deepEqual([status, error.code], [406, 'PGRST116']);
    assert.equal((await rows().select().eq('num', 71)).data.length, 0);
  });
});

describe('big numbers', () => {
  test('outside what JavaScript can hold keep every digit', async () => {
    const table = await newTable([{ columnName: 'doc', type: 'json' }]);
    const raw = '{"doc":{"big":9007199254740993}}';
    const made = await asAdmin('POST', `/api/database/records/${table}`, { raw, headers: { 'content-type': 'application/json' } });
    assert.equal(made.status, 201, made.text);
    const read = await asAdmin('GET', `/api/database/records/${table}?select=doc`);
    assert.match(read.text, /9007199254740993/);
  });
});

describe('who may', () => {
  test('a table with row security and no policy is empty to all but the administrator', async () => {
    const table = await newTable([{ columnName: 'name', type: 'string' }], { rlsEnabled: true });
    await admin().database.from(table).insert({ name: 'secret' });
    const person = await newPerson();
    for (const [as, refusal] of [[anonKey, 401], [person.accessToken, 403]]) {
      const read = await http('GET', `/api/database/records/${table}`, { as });
      assert.deepEqual([read.status, read.text], [200, '[]']);
      const write = await http('POST', `/api/database/records/${table}`, { as, body: { name: 'mine' } });
      assert.deepEqual([write.status, write.body.code], [refusal, '42501'], write.text);
      const change = await http('PATCH', `/api/database/records/${table}?name=eq.secret`, { as, body: { name: 'taken' }, headers: { prefer: 'return=representation' } });
      assert.deepEqual([change.status, change.text], [200, '[]']);
      const removal = await http('DELETE', `/api/database/records/${table}?name=eq.secret`, { as, headers: { prefer: 'return=representation' } });
      assert.deepEqual([removal.status, removal.text], [200, '[]']);
    }
    assert.deepEqual((await admin().database.from(table).select('name')).data, [{ name: 'secret' }]);
  });

  test('an open table serves a visitor and a person', async () => {
    const table = await newTable([{ columnName: 'name', type: 'string' }]);
    const person = await newPerson();
    assert.equal((await visitor().database.from(table).insert({ name: 'visitor' })).error, null);
    assert.equal((await person.client.database.from(table).insert({ name: 'person' })).error, null);
    assert.equal((await visitor().database.from(table).select()).data.length, 2);
  });

  test('the API key works as a bearer and as a header', async () => {
    const table = await newTable([{ columnName: 'name', type: 'string' }], { rlsEnabled: true });
    for (const headers of [{ 'x-api-key': apiKey }, { authorization: `Bearer ${apiKey}` }]) {
      assert.equal((await http('POST', `/api/database/records/${table}`, { headers, body: { name: 'a' } })).status, 201);
    }
  });
});
