// Writing through the published client, at both mounts.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { client, http, mounts, newTable } from './connection.mjs';

for (const mount of mounts) {
  describe(`writing at ${mount}`, () => {
    let table;
    const from = () => client(mount).from(table);
    const all = async () => (await from().select('code,label,size').order('code')).data;
    beforeEach(async () => {
      table = await newTable(['code string!*', 'label string', 'size integer']);
      const { error } = await from().insert([{ code: 'a', label: 'A', size: 1 }, { code: 'b', label: 'B', size: 2 }]);
      assert.equal(error, null, JSON.stringify(error));
    });

    test('inserts one, many, with other keys, and returns what is asked', async () => {
      const one = await from().insert({ code: 'c' }).select('code,size').single();
      assert.deepEqual([one.status, one.data], [201, { code: 'c', size: null }]);
      const many = await from().insert([{ code: 'd', size: 4 }, { code: 'e', label: 'E' }], { count: 'exact' }).select('code');
      assert.deepEqual([many.status, many.count, many.data], [201, 2, [{ code: 'd' }, { code: 'e' }]]);
      const plain = await http('POST', `${mount}/${table}`, { body: { code: 'f' }, headers: { prefer: 'return=headers-only' } });
      assert.equal(plain.status, 201);
      assert.match(plain.headers.get('location'), new RegExp(`^/${table}\\?id=eq\\.`));
      const csv = await http('POST', `${mount}/${table}`, { body: 'code,size\ng,7\nh,NULL', headers: { 'content-type': 'text/csv' } });
      assert.equal(csv.status, 201, csv.text);
      assert.deepEqual((await all()).map(({ code }) => code), ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    });

    test('upserts by a unique column, merging or leaving out', async () => {
      const merged = await from().upsert([{ code: 'a', size: 10 }, { code: 'z', size: 26 }], { onConflict: 'code' }).select('code,size');
      assert.deepEqual([merged.status, merged.data], [201, [{ code: 'a', size: 10 }, { code: 'z', size: 26 }]]);
      const only = await from().upsert({ code: 'a', size: 11 }, { onConflict: 'code' });
      assert.equal(only.status, 200);
      const left = await from().upsert([{ code: 'a', size: 0 }, { code: 'y', size: 25 }], { onConflict: 'code', ignoreDuplicates: true }).select('code');
      assert.deepEqual([left.status, left.data], [201, [{ code: 'y' }]]);
      assert.deepEqual((await all()).map(({ code, size }) => [code, size]), [['a', 11], ['b', 2], ['y', 25], ['z', 26]]);
    });

    test('updates and deletes what filters pick, and no more than allowed', async () => {
      const changed = await from().update({ label: 'X' }).eq('code', 'a').select('label');
      assert.deepEqual([changed.status, changed.data], [200, [{ label: 'X' }]]);
      assert.equal((await from().update({ label: 'Y' }).eq('code', 'none')).status, 204);
      const held = await from().update({ label: 'Z' }).gte('size', 0).maxAffected(1);
      assert.deepEqual([held.status, held.error.code], [400, 'PGRST124']);
      const single = await from().delete().gte('size', 0).select().single();
      assert.deepEqual([single.status, single.error.code], [406, 'PGRST116']);
      assert.equal((await all()).length, 2, 'a refused write changes nothing');
      const gone = await from().delete({ count: 'exact' }).eq('code', 'a');
      assert.deepEqual([gone.status, gone.count], [204, 1]);
      assert.deepEqual(await all(), [{ code: 'b', label: 'B', size: 2 }]);
    });

    test('rolls back when it is asked to and allowed', async () => {
      const { data, error } = await from().insert({ code: 'r' }).select('code').rollback();
      assert.equal(error, null, JSON.stringify(error));
      assert.deepEqual(data, [{ code: 'r' }]);
      assert.equal((await all()).length, 2);
      const echoed = await http('DELETE', `${mount}/${table}`, { headers: { prefer: 'tx=rollback' } });
      assert.deepEqual([echoed.status, echoed.headers.get('preference-applied')], [204, 'tx=rollback']);
      assert.equal((await all()).length, 2);
    });

    test('puts one row by its key', async () => {
      const id = (await from().select('id').eq('code', 'a').single()).data.id;
      const put = await http('PUT', `${mount}/${table}?id=eq.${id}`, { body: { id, code: 'a', size: 5 }, headers: { prefer: 'return=representation' } });
      assert.deepEqual([put.status, put.body[0].size, put.body[0].label], [200, 5, null]);
      const other = await http('PUT', `${mount}/${table}?code=eq.a`, { body: { id, code: 'a' } });
      assert.deepEqual([other.status, other.body.code], [405, 'PGRST105']);
    });

    test('says what a constraint refuses, with the key', async () => {
      const twice = await from().insert({ code: 'a' });
      assert.deepEqual([twice.status, twice.error.code, twice.error.details], [409, '23505', 'Key (code)=(a) already exists.']);
      const missing = await from().insert({ label: 'no code' });
      assert.deepEqual([missing.status, missing.error.code], [400, '23502']);
      const unknown = await from().insert({ code: 'q', nope: 1 });
      assert.deepEqual([unknown.status, unknown.error.code], [400, 'PGRST204']);
      const child = await newTable(['parent string'], {
        foreignKeys: [{ referenceTable: table, referenceColumns: [{ sourceColumn: 'parent', referenceColumn: 'code' }], onDelete: 'NO ACTION', onUpdate: 'NO ACTION' }],
      });
      const orphan = await client(mount).from(child).insert({ parent: 'none' });
      assert.deepEqual([orphan.status, orphan.error.code, orphan.error.details], [409, '23503', `Key (parent)=(none) is not present in table "${table}".`]);
    });
  });
}
