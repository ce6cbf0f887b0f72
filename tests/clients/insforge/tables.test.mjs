// Tables as an administrator makes them. Contract: insforge 6.1, pitfall 13.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { admin, asAdmin, newTable, unique } from './connection.mjs';

const schemaOf = async (table) => (await asAdmin('GET', `/api/database/tables/${table}/schema`)).body;
const columnOf = (schema, name) => schema.columns.find((column) => column.columnName === name);

describe('a table', () => {
  test('is created with its own columns and three automatic ones', async () => {
    const tableName = unique('t');
    const answer = await asAdmin('POST', '/api/database/tables', {
      body: {
        tableName,
        columns: [
          { columnName: 'title', type: 'string', isNullable: false, isUnique: true },
          { columnName: 'stars', type: 'integer', isNullable: true, isUnique: false, defaultValue: '3' },
        ],
      },
    });
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.body.tableName, tableName);
    assert.equal(answer.body.schemaName, 'public');
    assert.deepEqual(answer.body.autoFields, ['id', 'created_at', 'updated_at']);
    assert.ok(answer.body.columns.every((column) => column.sqlType));
    const schema = await schemaOf(tableName);
    assert.equal(schema.recordCount, 0);
    assert.equal(columnOf(schema, 'id').isPrimaryKey, true);
    assert.equal(columnOf(schema, 'id').type, 'uuid');
    assert.deepEqual(
      { nullable: columnOf(schema, 'title').isNullable, unique: columnOf(schema, 'title').isUnique, type: columnOf(schema, 'title').type },
      { nullable: false, unique: true, type: 'string' },
    );
    assert.equal(columnOf(schema, 'created_at').type, 'datetime');
    assert.ok((await asAdmin('GET', '/api/database/tables')).body.includes(tableName));
  });

  test('holds every type of the type map, and gives each value back as it came', async () => {
    const table = await newTable(['string', 'date', 'datetime', 'integer', 'float', 'boolean', 'uuid', 'json']
      .map((type) => ({ columnName: `a_${type}`, type })));
    const schema = await schemaOf(table);
    for (const column of schema.columns.filter(({ columnName }) => columnName.startsWith('a_'))) {
      assert.equal(`a_${column.type}`, column.columnName);
    }
    const row = {
      a_string: 'Zoë "quoted" \u0001 \\ 漢字', a_date: '2026-02-28', a_datetime: '2026-02-28T12:34:56.789+00:00', a_integer: -7,
      a_float: 0.1, a_boolean: true, a_uuid: '018f3b5e-7c1a-7000-8000-000000000001', a_json: { deep: [1, { b: null }], text: 'x' },
    };
    const { data, error } = await admin().database.from(table).insert(row).select().single();
    assert.equal(error, null);
    for (const [name, value] of Object.entries(row)) {
      if (name === 'a_datetime') assert.equal(new Date(data[name]).toISOString(), new Date(value).toISOString());
      else assert.deepEqual(data[name], value, name);
    }
  });

  test('stamps changes: updated_at moves, created_at stays', async () => {
    const table = await newTable([{ columnName: 'name', type: 'string' }]);
    const { data: made } = await admin().database.from(table).insert({ name: 'a' }).select().single();
    const { data: changed } = await admin().database.from(table).update({ name: 'b' }).eq('id', made.id).select().single();
    assert.equal(changed.created_at, made.created_at);
    assert.ok(new Date(changed.updated_at) >= new Date(made.updated_at));
    assert.equal(changed.name, 'b');
  });

  test('is altered: columns added, renamed and dropped, then the table renamed', async () => {
    const table = await newTable([{ columnName: 'old', type: 'string' }, { columnName: 'extra', type: 'integer' }]);
    await admin().database.from(table).insert({ old: 'kept', extra: 1 });
    const altered = await asAdmin('PATCH', `/api/database/tables/${table}/schema`, {
      body: {
        addColumns: [{ columnName: 'added', type: 'boolean', isNullable: true, isUnique: false }],
        dropColumns: ['extra'],
        updateColumns: [{ columnName: 'old', newColumnName: 'new' }],
      },
    });
    assert.equal(altered.status, 200, altered.text);
    assert.ok(altered.body.operations.length >= 3, altered.text);
    const names = (await schemaOf(table)).columns.map(({ columnName }) => columnName);
    assert.ok(names.includes('added') && names.includes('new') && !names.includes('old') && !names.includes('extra'), names.join());
    const { data } = await admin().database.from(table).select('new,added').single();
    assert.deepEqual(data, { new: 'kept', added: null });
    const newTableName = unique('t');
    const renamed = await asAdmin('PATCH', `/api/database/tables/${table}/schema`, { body: { renameTable: { newTableName } } });
    assert.equal(renamed.status, 200, renamed.text);
    assert.equal((await admin().database.from(newTableName).select('new').single()).data.new, 'kept');
    assert.equal((await asAdmin('GET', `/api/database/tables/${table}/schema`)).status, 404);
  });

  test('refers to another by a foreign key that is enforced', async () => {
    const parent = await newTable([{ columnName: 'name', type: 'string' }]);
    const child = await newTable([{ columnName: 'parent_id', type: 'uuid' }], {
      foreignKeys: [{ referenceTable: parent, referenceColumns: [{ sourceColumn: 'parent_id', referenceColumn: 'id' }], onDelete: 'CASCADE', onUpdate: 'NO ACTION' }],
    });
    const { data: row } = await admin().database.from(parent).insert({ name: 'p' }).select().single();
    assert.equal((await admin().database.from(child).insert({ parent_id: row.id })).error, null);
    const { error } = await admin().database.from(child).insert({ parent_id: '018f3b5e-7c1a-7000-8000-00000000dead' });
    assert.equal(error.code, '23503');
    await admin().database.from(parent).delete().eq('id', row.id);
    assert.deepEqual((await admin().database.from(child).select()).data, []);
    const [key] = (await schemaOf(child)).foreignKeys;
    assert.equal(key.referenceTable, parent);
  });

  test('that exists already is 400, that is missing is 404 to read and 200 to delete', async () => {
    const table = await newTable([{ columnName: 'name', type: 'string' }]);
    const twice = await asAdmin('POST', '/api/database/tables', { body: { tableName: table, columns: [{ columnName: 'name', type: 'string', isNullable: true, isUnique: false }] } });
    assert.deepEqual([twice.status, twice.body.error], [400, 'DATABASE_DUPLICATE']);
    const missing = await asAdmin('GET', `/api/database/tables/${unique('none')}/schema`);
    assert.deepEqual([missing.status, missing.body.error], [404, 'DATABASE_NOT_FOUND']);
    assert.equal((await asAdmin('DELETE', `/api/database/tables/${table}`)).status, 200);
    assert.equal((await asAdmin('DELETE', `/api/database/tables/${table}`)).status, 200);
    assert.equal((await asAdmin('GET', '/api/database/tables')).body.includes(table), false);
  });

  test('without columns, with a bad type or a bad name is 400 and makes nothing', async () => {
    const before = (await asAdmin('GET', '/api/database/tables')).body;
    const column = { columnName: 'name', type: 'string', isNullable: true, isUnique: false };
    for (const body of [
      { tableName: unique('t'), columns: [] },
      { tableName: unique('t') },
      { columns: [column] },
      { tableName: unique('t'), columns: [{ ...column, type: 'money' }] },
      { tableName: '', columns: [column] },
      { tableName: 'x'.repeat(64), columns: [column] },
      { tableName: unique('t'), columns: [{ ...column, columnName: '' }] },
      { tableName: unique('t'), columns: [column, column] },
    ]) {
      const answer = await asAdmin('POST', '/api/database/tables', { body });
      assert.equal(answer.status, 400, `${JSON.stringify(body)}: ${answer.text}`);
      assert.equal(answer.body.statusCode, 400);
    }
    assert.deepEqual((await asAdmin('GET', '/api/database/tables')).body, before);
  });
});
