// Embedding through the published client, at both mounts: every kind of relation, hints, inner joins, spreads, nested filters.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { client, http, mounts, unique } from './connection.mjs';

const sql = async (query) => {
  const answer = await http('POST', '/api/database/advance/rawsql', { body: { query } });
  assert.equal(answer.status, 200, answer.text);
};

const prefix = unique('e');
const name = (table) => `${prefix}_${table}`;
const [clients, projects, tasks, plans, people, work, messages, folders] =
  ['clients', 'projects', 'tasks', 'plans', 'people', 'work', 'messages', 'folders'].map(name);

before(async () => {
  for (const statement of [
    `CREATE TABLE ${clients} (id integer PRIMARY KEY, name text)`,
    `CREATE TABLE ${projects} (id integer PRIMARY KEY, name text, paid boolean, client_id integer REFERENCES ${clients} (id))`,
    `CREATE TABLE ${tasks} (id integer PRIMARY KEY, title text, hours integer, project_id integer REFERENCES ${projects} (id))`,
    `CREATE TABLE ${plans} (id integer PRIMARY KEY, body text, project_id integer UNIQUE REFERENCES ${projects} (id))`,
    `CREATE TABLE ${people} (id integer PRIMARY KEY, name text)`,
    `CREATE TABLE ${work} (project_id integer REFERENCES ${projects} (id), person_id integer REFERENCES ${people} (id), job text, PRIMARY KEY (project_id, person_id))`,
    `CREATE TABLE ${messages} (id integer PRIMARY KEY, body text, from_id integer REFERENCES ${people} (id), to_id integer REFERENCES ${people} (id))`,
    `CREATE TABLE ${folders} (id integer PRIMARY KEY, name text, parent_id integer REFERENCES ${folders} (id))`,
  ]) await sql(statement);
  const rest = client('/rest/v1');
  for (const [table, rows] of [
    [clients, [{ id: 1, name: 'Acme' }, { id: 2, name: 'Bolt' }]],
    [projects, [{ id: 1, name: 'One', paid: true, client_id: 1 }, { id: 2, name: 'Two', paid: false, client_id: 1 },
      { id: 3, name: 'Three', paid: null, client_id: 2 }, { id: 4, name: 'Four', paid: true, client_id: null }]],
    [tasks, [{ id: 1, title: 'a', hours: 3, project_id: 1 }, { id: 2, title: 'b', hours: 1, project_id: 1 }, { id: 3, title: 'c', hours: 8, project_id: 2 }]],
    [plans, [{ id: 1, body: 'go', project_id: 1 }]],
    [people, [{ id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }, { id: 3, name: 'Cy' }]],
    [work, [{ project_id: 1, person_id: 1, job: 'lead' }, { project_id: 1, person_id: 2, job: 'dev' }, { project_id: 2, person_id: 2, job: 'lead' }]],
    [messages, [{ id: 1, body: 'hi', from_id: 1, to_id: 2 }, { id: 2, body: 'yo', from_id: 2, to_id: 1 }]],
    [folders, [{ id: 1, name: 'root', parent_id: null }, { id: 2, name: 'left', parent_id: 1 }, { id: 3, name: 'leaf', parent_id: 2 }]],
  ]) {
    const { error } = await rest.from(table).insert(rows);
    assert.equal(error, null, JSON.stringify(error));
  }
});

for (const mount of mounts) {
  describe(`embedding at ${mount}`, () => {
    const from = (table) => client(mount).from(table);
    const data = async (query) => {
      const { data: found, error } = await query;
      assert.equal(error, null, JSON.stringify(error));
      return found;
    };

    test('one to many, many to one, one to one', async () => {
      assert.deepEqual(await data(from(projects).select(`id,${clients}(name)`).in('id', [1, 4]).order('id')),
        [{ id: 1, [clients]: { name: 'Acme' } }, { id: 4, [clients]: null }]);
      assert.deepEqual(await data(from(clients).select(`name,projects:${projects}(id)`).order('id').order('id', { referencedTable: 'projects' })),
        [{ name: 'Acme', projects: [{ id: 1 }, { id: 2 }] }, { name: 'Bolt', projects: [{ id: 3 }] }]);
      assert.deepEqual(await data(from(projects).select(`plan:${plans}(body)`).lte('id', 2).order('id')), [{ plan: { body: 'go' } }, { plan: null }]);
      assert.deepEqual(await data(from(plans).select(`project:project_id(name)`)), [{ project: { name: 'One' } }]);
    });

    test('many to many, by name and by junction', async () => {
      assert.deepEqual(await data(from(projects).select(`id,people:${people}(name)`).eq('id', 1).order('name', { referencedTable: 'people' })),
        [{ id: 1, people: [{ name: 'Ann' }, { name: 'Bob' }] }]);
      assert.deepEqual(await data(from(people).select(`name,projects:${projects}!${work}(id)`).eq('name', 'Bob').order('id', { referencedTable: 'projects' })),
        [{ name: 'Bob', projects: [{ id: 1 }, { id: 2 }] }]);
      assert.deepEqual(await data(from(people).select(`name,${work}(job,${projects}(name))`).eq('id', 1)),
        [{ name: 'Ann', [work]: [{ job: 'lead', [projects]: { name: 'One' } }] }]);
    });

    test('hints where there are several, and the refusal without', async () => {
      const torn = await from(messages).select(`id,${people}(name)`);
      assert.deepEqual([torn.status, torn.error.code], [300, 'PGRST201']);
      assert.equal(torn.error.details.length > 0 && /from_id/.test(JSON.stringify(torn.error.details)), true);
      assert.deepEqual(await data(from(messages).select(`id,from:${people}!from_id(name),to:${people}!to_id(name)`).eq('id', 1)),
        [{ id: 1, from: { name: 'Ann' }, to: { name: 'Bob' } }]);
      assert.deepEqual(await data(from(people).select(`sent:${messages}!from_id(body)`).eq('id', 2)), [{ sent: [{ body: 'yo' }] }]);
      const none = await from(clients).select(`id,${messages}(id)`);
      assert.deepEqual([none.status, none.error.code], [400, 'PGRST200']);
    });

    test('tables that refer to themselves', async () => {
      assert.deepEqual(await data(from(folders).select(`name,children:${folders}(name),parent:parent_id(name)`).eq('id', 2)),
        [{ name: 'left', children: [{ name: 'leaf' }], parent: { name: 'root' } }]);
    });

    test('inner joins leave out and count out', async () => {
      const inner = await from(clients).select(`name,projects:${projects}!inner(id)`, { count: 'exact' }).eq('projects.paid', true);
      assert.deepEqual([inner.count, inner.data], [1, [{ name: 'Acme', projects: [{ id: 1 }] }]]);
      const left = await from(clients).select(`name,projects:${projects}(id)`, { count: 'exact' }).eq('projects.paid', true).order('id');
      assert.deepEqual([left.count, left.data], [2, [{ name: 'Acme', projects: [{ id: 1 }] }, { name: 'Bolt', projects: [] }]]);
      assert.deepEqual(await data(from(clients).select(`name,projects:${projects}!inner(tasks:${tasks}!inner(title))`).gt('projects.tasks.hours', 5)),
        [{ name: 'Acme', projects: [{ tasks: [{ title: 'c' }] }] }]);
      assert.deepEqual(await data(from(projects).select(`id,t:${tasks}()`).is('t', null).order('id')), [{ id: 3 }, { id: 4 }]);
    });

    test('spreads lift, nested ones too', async () => {
      assert.deepEqual(await data(from(tasks).select(`title,...${projects}(project:name,...${clients}(client:name))`).eq('id', 3)),
        [{ title: 'c', project: 'Two', client: 'Acme' }]);
      assert.deepEqual(await data(from(projects).select(`id,...${clients}(client:name)`).eq('id', 4)), [{ id: 4, client: null }]);
      const many = await from(clients).select(`id,...${projects}(name)`);
      assert.deepEqual([many.status, many.error.code], [400, 'PGRST119']);
    });

    test('filters, trees, orders, limits and pages of what is embedded', async () => {
      assert.deepEqual(await data(from(clients).select(`id,projects:${projects}(id,tasks:${tasks}(id))`).eq('id', 1)
        .or('paid.is.true,id.eq.2', { referencedTable: 'projects' }).gte('projects.tasks.hours', 3)
        .order('id', { referencedTable: 'projects', ascending: false })),
      [{ id: 1, projects: [{ id: 2, tasks: [{ id: 3 }] }, { id: 1, tasks: [{ id: 1 }] }] }]);
      assert.deepEqual(await data(from(projects).select(`id,tasks:${tasks}(id)`).eq('id', 1).order('id', { referencedTable: 'tasks', ascending: false })
        .limit(1, { referencedTable: 'tasks' })), [{ id: 1, tasks: [{ id: 2 }] }]);
      assert.deepEqual(await data(from(projects).select(`id,tasks:${tasks}(id)`).eq('id', 1).order('id', { referencedTable: 'tasks' })
        .range(1, 1, { referencedTable: 'tasks' })), [{ id: 1, tasks: [{ id: 2 }] }]);
      assert.deepEqual((await data(from(projects).select(`id,${clients}(name)`).order(`${clients}(name)`, { ascending: false, nullsFirst: false }).order('id')))
        .map(({ id }) => id), [3, 1, 2, 4]);
      const lost = await from(projects).select('id').eq('nothing.id', 1);
      assert.deepEqual([lost.status, lost.error.code], [400, 'PGRST108']);
    });

    test('counts of pages over embeds: exact, planned, estimated, by HEAD', async () => {
      const page = await from(projects).select(`id,${tasks}(id)`, { count: 'exact' }).order('id').range(1, 2);
      assert.deepEqual([page.status, page.count, page.data.map(({ id }) => id)], [206, 4, [2, 3]]);
      const head = await from(projects).select(`id,${clients}!inner(id)`, { count: 'exact', head: true });
      assert.deepEqual([head.status, head.count, head.data], [200, 3, null]);
      for (const count of ['planned', 'estimated']) {
        const about = await from(projects).select('id', { count });
        assert.equal(about.data.length, 4);
        assert.ok(about.count >= 4, `${count}: ${about.count}`);
      }
    });

    test('writes and upserts return what is embedded', async () => {
      const put = await from(projects).upsert({ id: 9, name: 'Nine', client_id: 2 }).select(`id,${clients}(name)`);
      assert.deepEqual([put.status, put.data], [201, [{ id: 9, [clients]: { name: 'Bolt' } }]]);
      const again = await from(projects).upsert([{ id: 9, name: 'Nine again', client_id: 1 }], { count: 'exact' }).select(`name,...${clients}(client:name)`);
      assert.deepEqual([again.status, again.count, again.data], [200, 1, [{ name: 'Nine again', client: 'Acme' }]]);
      assert.deepEqual(await data(from(projects).update({ name: 'Ninth' }).eq('id', 9).select(`name,${tasks}(id)`)), [{ name: 'Ninth', [tasks]: [] }]);
      assert.deepEqual(await data(from(projects).delete().eq('id', 9).select(`id,${clients}(name)`)), [{ id: 9, [clients]: { name: 'Acme' } }]);
    });
  });
}
