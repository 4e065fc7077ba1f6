-- The audit store: what the boxes testified, each message once. Run it as the owner of the database; running it again changes nothing.
--   psql -d lanewarden -v ON_ERROR_STOP=1 -f schema.sql
-- A hypertable of TimescaleDB can be unique only together with its time, and a forged message may bring another time under the same number.
-- So the key stands in a plain table, `message`, and the rows with a time stand in hypertables, written in the same transaction.
create extension if not exists timescaledb;

-- Where a box stands: the consumer adds boxes it hears of, people fill in park and operator.
create table if not exists box (
  box text primary key,
  park text not null default '',
  operator text not null default '',
  online boolean not null default false,
  version text not null default '',
  -- When the consumer last received anything of it; kept to 10 s.
  heard timestamptz not null default now(),
  -- Its public key as first seen: another one is an alarm.
  evidence_key text
);

-- It signs its messages: one without its signature counts no more.
alter table box add column if not exists signs boolean not null default false;

-- Numbers begin at 1 in each series; a new one begins with each chain of evidence.
create table if not exists series (
  id integer generated always as identity primary key,
  box text not null references box,
  series text not null,
  destination text not null,
  -- All up to this number came or were not used.
  whole bigint not null default 0,
  -- As the box says: nothing older than `oldest` waits on it, and `last` is the newest there is.
  oldest bigint not null default 1,
  last bigint not null default 0,
  unique (box, series, destination)
);
-- A series goes with one chain of evidence.
alter table series add column if not exists chain text;

-- The key, and the SHA-256 of the payload: the same number with another digest is an alarm.
create table if not exists message (
  series integer not null references series,
  n bigint not null,
  digest bytea not null,
  primary key (series, n)
);
-- The row of the chain that a release names, and the SHA-256 of its text: rows follow one another as numbers do.
alter table message add column if not exists chain_row bigint, add column if not exists row_digest bytea;

-- Numbers the box reserved and did not use, and holes a person has looked into and accepted (`who` says who).
create table if not exists not_used (
  series integer not null references series,
  first bigint not null,
  last bigint not null,
  who text not null default '',
  primary key (series, first, last)
);

create table if not exists release (
  time timestamptz not null,
  series integer not null,
  n bigint not null,
  box text not null,
  lane text not null,
  -- The platform's parking_serial. The same one comes again when it was paid for after all.
  id text not null,
  method smallint,
  verdict text,
  plate text,
  attendant text,
  passed boolean,
  reported boolean,
  withdrawn boolean not null,
  -- As it came.
  payload text not null
);
select create_hypertable('release', by_range('time', interval '7 days'), if_not_exists => true);
create index if not exists release_by_box on release (box, lane, time desc);
create index if not exists release_withdrawn on release (box, id) where withdrawn;

-- All other messages: watch reports, corrections, marks.
create table if not exists report (
  time timestamptz not null,
  series integer not null,
  n bigint not null,
  box text not null,
  lane text not null default '',
  kind text not null,
  payload text not null
);
select create_hypertable('report', by_range('time', interval '7 days'), if_not_exists => true);
create index if not exists report_by_box on report (box, kind, time desc);

-- Heads of the chain that left the box: `lanewarden verify --heads FILE` takes their payloads.
create table if not exists head (
  box text not null references box,
  chain text not null,
  last bigint not null,
  head text not null,
  signed timestamptz not null,
  received timestamptz not null default now(),
  payload text not null,
  primary key (box, chain, last, head)
);

-- Messages that are not believed, as they came: of a box that signs its messages without its signature or under another topic, of one that signs heads without
-- a row of its chain, or of a chain that no head has named (taken back when one does); and numbers far beyond the highest so far. Who has looked into one writes his name into accepted_by: it is counted then.
create table if not exists apart (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  box text not null references box,
  topic text not null,
  payload text not null,
  why text not null,
  digest bytea not null,
  accepted_by text,
  taken timestamptz,
  unique (box, digest)
);
create index if not exists apart_waiting on apart (box) where taken is null;
create index if not exists apart_accepted on apart (id) where accepted_by is not null and taken is null;

-- What a person has to look at. `what` names it, so that a message that comes again adds nothing.
create table if not exists alarm (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  box text not null,
  kind text not null,
  what text not null,
  payload text not null default '',
  closed_by text,
  unique (box, kind, what)
);

alter table alarm drop constraint if exists alarm_kind_check;
alter table alarm add constraint alarm_kind_check check (kind in
  ('otherContents', 'otherBox', 'unreadable', 'signature', 'otherKey', 'rewritten', 'rolledBack', 'otherChain', 'row', 'unproven'));

-- Holes in the numbers. `lost`: the box says that it no longer has them.
create or replace view missing as
with covered as (
  select m.series, m.n as first, m.n as last from series s join message m on m.series = s.id and m.n > s.whole
  union all select u.series, u.first, u.last from series s join not_used u on u.series = s.id and u.last > s.whole
  union all select id, last + 1, last + 1 from series where last > whole
), ordered as (
  select c.series, c.first,
         greatest(s.whole, coalesce(max(c.last) over (partition by c.series order by c.first, c.last
                                                      rows between unbounded preceding and 1 preceding), 0)) as before
  from covered c join series s on s.id = c.series
)
select s.box, s.series, s.destination, s.id as series_id, o.before + 1 as first, o.first - 1 as last, o.first - 1 < s.oldest as lost
from ordered o join series s on s.id = o.series
-- Watch reports count by themselves, and go on from the next million after a damaged database.
where o.first > o.before + 1 and s.series <> 'report';

-- Moves `whole` on behind what came: keeps `missing` small however many rows there are.
create or replace procedure advance(ids integer[]) language sql as $$
  update series s set whole = greatest(s.whole, coalesce(
    (select min(m.first) - 1 from missing m where m.series_id = s.id),
    greatest((select max(n) from message where series = s.id), (select max(last) from not_used where series = s.id)),
    s.whole))
  where s.id = any (ids)
$$;

-- What counts: a release that was withdrawn stands in `release` twice and here not at all. `day` is Beijing's.
create or replace view counted_release as
select r.*, b.park, b.operator, (r.time at time zone 'Asia/Shanghai')::date as day
from release r join box b using (box)
where not r.withdrawn and not exists (select from release w where w.box = r.box and w.id = r.id and w.withdrawn);

create or replace view releases_by_operator as
select operator, day, verdict, count(*) as releases, count(*) filter (where reported) as reported from counted_release group by operator, day, verdict;
create or replace view releases_by_park as
select operator, park, day, verdict, count(*) as releases, count(*) filter (where reported) as reported from counted_release group by operator, park, day, verdict;
create or replace view releases_by_lane as
select operator, park, box, lane, day, verdict, count(*) as releases, count(*) filter (where reported) as reported
from counted_release group by operator, park, box, lane, day, verdict;
-- A question, not an accusation: who had the most openings by hand, beside how many others had.
create or replace view releases_by_attendant as
select operator, park, coalesce(attendant, '') as attendant, day, verdict, count(*) as releases from counted_release group by operator, park, coalesce(attendant, ''), day, verdict;
create or replace view releases_by_day as
select day, verdict, count(*) as releases, count(distinct box) as boxes from counted_release group by day, verdict;

-- The consumer adds and never changes what a box testified. Grafana reads.
do $$
declare name text;
begin
  foreach name in array array['lanewarden-consumer', 'grafana'] loop
    if not exists (select from pg_roles where rolname = name) then execute format('create role %I login', name); end if;
  end loop;
end $$;
revoke create on schema public from public;
grant select, insert on all tables in schema public to "lanewarden-consumer";
grant update on box, series, apart to "lanewarden-consumer";
grant delete on apart to "lanewarden-consumer";
grant select on all tables in schema public to grafana;
