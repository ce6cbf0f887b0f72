-- What only PostgreSQL has, for the client's tests. Tables made here get the data scope's default grants.
CREATE TABLE shelves (id integer PRIMARY KEY, tags text[], span int4range, words tsvector, body text);
INSERT INTO shelves VALUES
    (1, '{red,blue}', '[1,5)', to_tsvector('english', 'The fat cats sat'), 'The fat cats sat'),
    (2, '{green}', '[5,10)', to_tsvector('english', 'A dog barks'), 'A dog barks'),
    (3, '{}', '[20,30)', to_tsvector('english', 'Cats and dogs'), 'Cats and dogs');

CREATE FUNCTION add_them(a integer, b integer DEFAULT 10) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE FUNCTION shelves_from(first integer) RETURNS SETOF shelves LANGUAGE sql STABLE AS 'SELECT * FROM shelves WHERE id >= first';
CREATE FUNCTION one_shelf(number integer) RETURNS shelves LANGUAGE sql STABLE AS 'SELECT * FROM shelves WHERE id = number';
CREATE FUNCTION numbers(upto integer) RETURNS SETOF integer LANGUAGE sql IMMUTABLE AS 'SELECT generate_series(1, upto)';
CREATE FUNCTION pairs() RETURNS TABLE (n integer, t text) LANGUAGE sql STABLE AS $$ VALUES (1, 'a'), (2, 'b'), (3, NULL) $$;
CREATE FUNCTION nothing() RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION sum_of(VARIADIC them integer[]) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT sum(x) FROM unnest(them) x';
CREATE FUNCTION echo_body(json) RETURNS json LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION echo_text(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';
CREATE FUNCTION over(a integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'one' $$;
CREATE FUNCTION over(a integer, b integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'two' $$;
CREATE FUNCTION torn(a integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'integer' $$;
CREATE FUNCTION torn(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'text' $$;
CREATE FUNCTION who() RETURNS json LANGUAGE sql STABLE AS
    $$ SELECT json_build_object('role', current_user, 'claim', auth.role(), 'method', current_setting('request.method', true)) $$;
CREATE FUNCTION writes_a_row() RETURNS void LANGUAGE sql AS 'INSERT INTO shelves (id) VALUES (99)';
CREATE FUNCTION raise_it(kind text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF kind = 'plain' THEN RAISE 'no luck' USING HINT = 'try again', DETAIL = 'none left'; END IF;
    IF kind = 'status' THEN RAISE SQLSTATE 'PT402' USING MESSAGE = 'Payment Required', DETAIL = 'Quota exceeded'; END IF;
    IF kind = 'full' THEN RAISE SQLSTATE 'PGRST' USING
        MESSAGE = '{"code":"123","message":"Odd","details":"d","hint":"h"}', DETAIL = '{"status":418,"headers":{"X-Tea":"green"}}'; END IF;
    RAISE SQLSTATE 'PGRST' USING MESSAGE = 'not json';
END $$;
CREATE FUNCTION teapot() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('response.status', '418', true);
    PERFORM set_config('response.headers', '[{"X-Tea":"black"}]', true);
    RETURN 'short and stout';
END $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO anon, authenticated, project_admin;
