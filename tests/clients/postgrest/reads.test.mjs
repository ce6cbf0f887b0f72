// Reading through the published client, at both mounts.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { client, http, mounts, newTable, onPostgres } from './connection.mjs';

const ROWS = [
  { n: 1, t: 'Alpha', ok: true, f: 1.5, d: '2026-01-01', j: { a: { b: 1 }, tags: ['x', 'y'] } },
  { n: 2, t: 'beta, (two)', ok: false, f: 2.5, d: '2026-02-01', j: { a: { b: 2 }, tags: ['y'] } },
  { n: 3, t: 'Gamma', ok: null, f: null, d: null, j: null },
  { n: 4, t: null, ok: true, f: -4, d: '2026-04-01', j: [1, 2, 3] },
];

for (const mount of mounts) {
  describe(`reading at ${mount}`, () => {
    let table;
    const from = () => client(mount).from(table);
    before(async () => {
      table = await newTable(['n integer', 't string', 'ok boolean', 'f float', 'd date', 'j json']);
      const { error } = await from().insert(ROWS);
      assert.equal(error, null, JSON.stringify(error));
    });
    const numbers = async (query) => {
      const { data, error } = await query.order('n');
      assert.equal(error, null, JSON.stringify(error));
      return data.map(({ n }) => n);
    };

    for (const [name, filter, expected] of [
      ['eq', (q) => q.eq('n', 2), [2]],
      ['neq', (q) => q.neq('n', 2), [1, 3, 4]],
      ['gt, lt', (q) => q.gt('n', 1).lt('n', 4), [2, 3]],
      ['gte, lte', (q) => q.gte('n', 2).lte('n', 3), [2, 3]],
      ['like', (q) => q.like('t', 'A%'), [1]],
      ['like by a star', (q) => q.like('t', '*ma'), [3]],
      ['ilike', (q) => q.ilike('t', 'ALPHA'), [1]],
      ['likeAnyOf', (q) => q.likeAnyOf('t', ['A%', 'G%']), [1, 3]],
      ['likeAllOf', (q) => q.likeAllOf('t', ['A%', '%a']), [1]],
      ['ilikeAnyOf', (q) => q.ilikeAnyOf('t', ['a%', 'g%']), [1, 3]],
      ['ilikeAllOf', (q) => q.ilikeAllOf('t', ['a%', '%A']), [1]],
      ['regexMatch', (q) => q.regexMatch('t', '^[AG]'), [1, 3]],
      ['regexIMatch', (q) => q.regexIMatch('t', '^a'), [1]],
      ['is null', (q) => q.is('t', null), [4]],
      ['is true', (q) => q.is('ok', true), [1, 4]],
      ['isDistinct', (q) => q.isDistinct('ok', true), [2, 3]],
      ['in', (q) => q.in('t', ['Alpha', 'beta, (two)']), [1, 2]],
      ['notIn', (q) => q.notIn('n', [1, 2]), [3, 4]],
      ['contains an object', (q) => q.contains('j', { a: { b: 1 } }), [1]],
      ['contains an array', (q) => q.contains('j', '[3,1]'), [4]],
      ['containedBy', (q) => q.containedBy('j', '[1,2,3,4]'), [4]],
      ['or', (q) => q.or('n.eq.1,and(n.gt.2,ok.is.true)'), [1, 4]],
      ['not', (q) => q.not('n', 'in', '(1,2)'), [3, 4]],
      ['match', (q) => q.match({ n: 1, t: 'Alpha' }), [1]],
      ['filter on a path', (q) => q.filter('j->a->>b', 'eq', '2'), [2]],
      ['filter on a typed path', (q) => q.filter('j->a->b', 'gte', '2'), [2]],
      ['filter on an element', (q) => q.filter('j->-1', 'eq', '3'), [4]],
    ]) {
      test(`filters by ${name}`, async () => assert.deepEqual(await numbers(filter(from().select('n'))), expected));
    }

    test('orders by paths and by NULLs as told', async () => {
      const by = async (...order) => (await from().select('n').order(...order).order('n')).data.map(({ n }) => n);
      assert.deepEqual(await by('f'), [4, 1, 2, 3]);
      assert.deepEqual(await by('f', { ascending: false }), [3, 2, 1, 4]);
      assert.deepEqual(await by('f', { nullsFirst: true }), [3, 4, 1, 2]);
      assert.deepEqual((await by('j->a->b', { ascending: false, nullsFirst: false })).slice(0, 2), [2, 1]);
    });

    test('pages, and counts exactly, by plan and by estimate', async () => {
      const paged = await from().select('n', { count: 'exact' }).order('n').range(1, 2);
      assert.deepEqual([paged.status, paged.count, paged.data.map(({ n }) => n)], [206, 4, [2, 3]]);
      const estimated = await from().select('n', { count: 'estimated' });
      assert.deepEqual([estimated.status, estimated.count], [200, 4]);
      const planned = await from().select('n', { count: 'planned' });
      assert.equal(planned.error, null);
      assert.ok(Number.isInteger(planned.count) && planned.count >= 0, String(planned.count));
      const head = await from().select('n', { count: 'exact', head: true });
      assert.deepEqual([head.status, head.count, head.data], [200, 4, null]);
      const beyond = await from().select('n', { count: 'exact' }).range(10, 20);
      assert.deepEqual([beyond.status, beyond.error.code], [416, 'PGRST103']);
    });

    test('answers one row, one or none, CSV, without nulls, and a plan', async () => {
      assert.deepEqual((await from().select('n,t').eq('n', 1).single()).data, { n: 1, t: 'Alpha' });
      const none = await from().select('n').eq('n', 99).single();
      assert.deepEqual([none.status, none.error.code], [406, 'PGRST116']);
      assert.equal((await from().select('n').eq('n', 99).maybeSingle()).data, null);
      assert.equal((await from().select('n').eq('n', 2).maybeSingle()).data.n, 2);
      assert.equal((await from().select('n,t').lte('n', 2).order('n').csv()).data, 'n,t\n1,Alpha\n2,"beta, (two)"');
      assert.deepEqual((await from().select('n,t').eq('n', 4).stripNulls()).data, [{ n: 4 }]);
      const plan = await from().select('n').explain({ format: 'json' });
      assert.equal(plan.error, null, JSON.stringify(plan.error));
      assert.ok(plan.data[0].Plan, JSON.stringify(plan.data));
      assert.equal(typeof (await from().select('n').explain()).data, 'string');
    });

    test('selects aliases, casts and paths', async () => {
      const { data } = await from().select('number:n, n::text, j->a->b, deep:j->tags->>0').eq('n', 1).single();
      assert.deepEqual(data, { number: 1, n: '1', b: 1, deep: 'x' });
    });

    test('refuses what does not parse, and values of a wrong type', async () => {
      for (const [query, status, code] of [
        ['n=xx.1', 400, 'PGRST100'],
        ['n=eq.abc', 400, '22P02'],
        ['d=eq.nonsense', 400, '22007'],
        ['t=match.(', 400, '2201B'],
        ['nope=eq.1', 400, '42703'],
        ['order=n.up', 400, 'PGRST100'],
        ['limit=-1', 416, 'PGRST103'],
      ]) {
        const answer = await http('GET', `${mount}/${table}?${query}`);
        assert.deepEqual([answer.status, answer.body.code], [status, code], `${query}: ${answer.text}`);
        assert.deepEqual(Object.keys(answer.body).sort(), ['code', 'details', 'hint', 'message']);
      }
    });

    test('searches texts, arrays and ranges on PostgreSQL, and says so on SQLite', async () => {
      if (!onPostgres) {
        const said = await from().select('n').textSearch('t', 'alpha');
        assert.deepEqual([said.status, said.error.code], [400, '0A000']);
        assert.match(said.error.hint, /PostgreSQL/);
        return;
      }
      const shelves = () => client(mount).from('shelves').select('id');
      for (const [name, query, expected] of [
        ['fts', shelves().textSearch('words', "'fat' & 'cat'", { config: 'english' }), [1]],
        ['plfts', shelves().textSearch('body', 'cats', { config: 'english', type: 'plain' }), [1, 3]],
        ['phfts', shelves().textSearch('words', 'fat cats', { config: 'english', type: 'phrase' }), [1]],
        ['wfts', shelves().textSearch('words', 'cats -fat', { config: 'english', type: 'websearch' }), [3]],
        ['contains', shelves().contains('tags', ['red']), [1]],
        ['containedBy', shelves().containedBy('tags', ['green', 'red']), [2, 3]],
        ['overlaps', shelves().overlaps('tags', ['blue', 'green']), [1, 2]],
        ['rangeGt', shelves().rangeGt('span', '[5,10)'), [3]],
        ['rangeGte', shelves().rangeGte('span', '[5,10)'), [2, 3]],
        ['rangeLt', shelves().rangeLt('span', '[5,10)'), [1]],
        ['rangeLte', shelves().rangeLte('span', '[5,10)'), [1, 2]],
        ['rangeAdjacent', shelves().rangeAdjacent('span', '[10,20)'), [2, 3]],
        ['range overlaps', shelves().overlaps('span', '[4,6)'), [1, 2]],
        ['element of an array', shelves().filter('tags->>0', 'eq', 'green'), [2]],
      ]) {
        const { data, error } = await query.order('id');
        assert.equal(error, null, `${name}: ${JSON.stringify(error)}`);
        assert.deepEqual(data.map(({ id }) => id), expected, name);
      }
    });
  });
}
