-- The index for the whole country: see docs/engagement-index.md, "Tables".
-- Everything of one resident lies in one of 16 partitions, so that a look-up opens one, and vacuum and
-- index builds work on a sixteenth at a time. More partitions cost every look-up more locks.

ALTER TABLE engagement RENAME TO engagement_before;
ALTER TABLE version RENAME TO version_before;
DROP INDEX engagement_search;
ALTER TABLE engagement_before DROP CONSTRAINT engagement_pkey;
ALTER TABLE version_before DROP CONSTRAINT version_pkey;

CREATE TABLE engagement (
  -- SHA-256 over the length-prefixed key fields.
  id                                  bytea NOT NULL CHECK (octet_length(id) = 32),
  resident                            text COLLATE "C" NOT NULL,
  service_domain                      text COLLATE "C" NOT NULL,
  categorization                      text COLLATE "C" NOT NULL,
  logical_address                     text COLLATE "C" NOT NULL,
  business_object_instance_identifier text COLLATE "C" NOT NULL,
  clinical_process_interest_id        text COLLATE "C" NOT NULL,
  -- Local Swedish time without zone, as the contract has it.
  most_recent_content                 timestamp(0),
  source_system                       text COLLATE "C" NOT NULL,
  creation_time                       timestamptz(0) NOT NULL,
  update_time                         timestamptz(0),
  data_controller                     text COLLATE "C" NOT NULL,
  owner                               text COLLATE "C" NOT NULL
) PARTITION BY HASH (resident);

-- Never loses a row: a version that began again at 1 could make an old answer look fresh.
-- version is not carried in the key's index: each accepted update raises two versions, and leaving
-- the index alone lets PostgreSQL rewrite the row in its page (HOT) at the price of one more page
-- per address in a look-up.
CREATE TABLE version (
  resident       text COLLATE "C" NOT NULL,
  service_domain text COLLATE "C" NOT NULL,
  -- In upper case.
  address        text COLLATE "C" NOT NULL,
  version        bigint NOT NULL,
  changed_at     timestamptz NOT NULL
) PARTITION BY HASH (resident);

DO $$
BEGIN
  FOR part IN 0..15 LOOP
    EXECUTE format('CREATE TABLE engagement_%s PARTITION OF engagement'
                   ' FOR VALUES WITH (MODULUS 16, REMAINDER %s) WITH (fillfactor = 90)',
                   to_char(part, 'FM00'), part);
    EXECUTE format('CREATE TABLE version_%s PARTITION OF version'
                   ' FOR VALUES WITH (MODULUS 16, REMAINDER %s) WITH (fillfactor = 70)',
                   to_char(part, 'FM00'), part);
  END LOOP;
END $$;

INSERT INTO engagement SELECT * FROM engagement_before;
INSERT INTO version SELECT * FROM version_before;
DROP TABLE engagement_before, version_before;

-- Made when the rows are in: many times quicker.
-- The resident is a part of the id; it stands here since a key must hold what partitions go by.
ALTER TABLE engagement ADD CONSTRAINT engagement_pkey PRIMARY KEY (id, resident);
-- Domain first: it serves the search for one resident, which always names a domain, and the walk
-- through all residents of a domain for GetUpdates.
CREATE INDEX engagement_search ON engagement (service_domain, resident, categorization)
  INCLUDE (logical_address, source_system);
ALTER TABLE version ADD CONSTRAINT version_pkey PRIMARY KEY (service_domain, resident, address);

-- Versions that a bulk load raises: one for all residents of a domain and address. They count beside
-- those of a resident. Never loses a row.
CREATE TABLE address_version (
  service_domain text COLLATE "C" NOT NULL,
  -- In upper case.
  address        text COLLATE "C" NOT NULL,
  version        bigint NOT NULL,
  changed_at     timestamptz NOT NULL,
  PRIMARY KEY (service_domain, address)
) WITH (fillfactor = 70);

-- Which of 1,024 buckets a resident's changes stand in.
CREATE FUNCTION bucket_of(resident text) RETURNS smallint
  LANGUAGE sql STABLE STRICT PARALLEL SAFE
  RETURN (crc32(convert_to(resident, 'UTF8')) & 1023)::smallint;

-- The last position of each bucket's changes. Its row is the bucket's lock. Rewritten by every
-- update, so pages have room to do it in place.
CREATE TABLE feed_bucket (
  bucket   smallint PRIMARY KEY CHECK (bucket BETWEEN 0 AND 1023),
  position bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
INSERT INTO feed_bucket (bucket) SELECT generate_series(0, 1023);

-- The change feed, which is the subscribers' outbox too. Positions of a bucket have no gaps and become
-- visible in order. One partition a day (UTC), made ahead and dropped when they are old enough.
CREATE TABLE change (
  bucket                              smallint NOT NULL,
  position                            bigint NOT NULL,
  changed_at                          timestamptz NOT NULL,
  deleted                             boolean NOT NULL,
  id                                  bytea NOT NULL,
  resident                            text COLLATE "C" NOT NULL,
  service_domain                      text COLLATE "C" NOT NULL,
  categorization                      text COLLATE "C" NOT NULL,
  logical_address                     text COLLATE "C" NOT NULL,
  business_object_instance_identifier text COLLATE "C" NOT NULL,
  clinical_process_interest_id        text COLLATE "C" NOT NULL,
  most_recent_content                 timestamp(0),
  source_system                       text COLLATE "C" NOT NULL,
  creation_time                       timestamptz(0) NOT NULL,
  update_time                         timestamptz(0),
  data_controller                     text COLLATE "C" NOT NULL,
  owner                               text COLLATE "C" NOT NULL,
  PRIMARY KEY (bucket, position, changed_at)
) PARTITION BY RANGE (changed_at);
-- The feed is written in the order of time: this costs next to nothing, and finds what is recent.
CREATE INDEX change_time ON change USING brin (changed_at) WITH (pages_per_range = 32);
-- Takes what no day's partition takes, so that an update is never refused for want of one.
CREATE TABLE change_rest PARTITION OF change DEFAULT;

-- From when on the feed tells every change. Moved forward when old days are dropped, and by a bulk
-- load, whose rows are in no feed.
CREATE TABLE feed_state (
  one           boolean PRIMARY KEY DEFAULT true CHECK (one),
  complete_from timestamptz NOT NULL
);
INSERT INTO feed_state (complete_from) VALUES (clock_timestamp());

-- Scheduled work that one node at a time does. The token grows with each new holder.
CREATE TABLE lease (
  name        text PRIMARY KEY,
  holder      text NOT NULL,
  token       bigint NOT NULL,
  valid_until timestamptz NOT NULL
);

CREATE TABLE subscriber (
  -- In upper case.
  address             text COLLATE "C" PRIMARY KEY,
  first_seen          timestamptz NOT NULL,
  last_delivery       timestamptz,
  last_failure        timestamptz,
  last_failure_reason text,
  -- Set by a bulk load and where the feed no longer holds what has not been delivered; cleared by the operator.
  seed_anew_since     timestamptz,
  -- When the operator asked for dead letters to be sent again: those given up until then.
  resend_asked_at     timestamptz
);

-- What the register of services answered last: the subscribers that it names, with their filters.
CREATE TABLE register_answer (
  one         boolean PRIMARY KEY DEFAULT true CHECK (one),
  read_at     timestamptz NOT NULL,
  subscribers jsonb NOT NULL
);

-- How far each subscriber has been told: everything up to the position has been delivered, filtered out,
-- or stands in dead_letter.
CREATE TABLE subscriber_position (
  subscriber text COLLATE "C" NOT NULL REFERENCES subscriber ON DELETE CASCADE,
  bucket     smallint NOT NULL,
  position   bigint NOT NULL,
  PRIMARY KEY (subscriber, bucket)
) WITH (fillfactor = 50);

-- Keys of which a change was given up. No state: what is sent again is the state of then.
CREATE TABLE dead_letter (
  subscriber                          text COLLATE "C" NOT NULL REFERENCES subscriber ON DELETE CASCADE,
  id                                  bytea NOT NULL,
  resident                            text COLLATE "C" NOT NULL,
  service_domain                      text COLLATE "C" NOT NULL,
  categorization                      text COLLATE "C" NOT NULL,
  logical_address                     text COLLATE "C" NOT NULL,
  business_object_instance_identifier text COLLATE "C" NOT NULL,
  clinical_process_interest_id        text COLLATE "C" NOT NULL,
  source_system                       text COLLATE "C" NOT NULL,
  data_controller                     text COLLATE "C" NOT NULL,
  owner                               text COLLATE "C" NOT NULL,
  given_up_at                         timestamptz NOT NULL,
  reason                              text NOT NULL,
  PRIMARY KEY (subscriber, id)
);
-- There may be millions of a subscriber: they are sent again in this order, some at a time.
CREATE INDEX dead_letter_age ON dead_letter (subscriber, given_up_at);

-- How far each source that is pulled has come, per service domain.
CREATE TABLE pull_state (
  source         text COLLATE "C" NOT NULL,
  service_domain text COLLATE "C" NOT NULL,
  -- Start of the last run that came to its end; the next run asks for what has changed since.
  last_success   timestamptz,
  -- A run that has not come to its end: when it began, and the last resident that is stored.
  run_started    timestamptz,
  last_resident  text COLLATE "C",
  PRIMARY KEY (source, service_domain)
);

CREATE TABLE bulk_load (
  -- Digest of the file.
  file           bytea PRIMARY KEY,
  file_name      text NOT NULL,
  started_at     timestamptz NOT NULL,
  rows_committed bigint NOT NULL,
  rows_refused   bigint NOT NULL,
  -- Also how often it ended: a file may be loaded again.
  ended_at       timestamptz
);

-- Identities of one person. person is the newest identity, which has no row of its own.
CREATE TABLE identity_link (
  identity  text COLLATE "C" PRIMARY KEY,
  -- The identity that it was linked to, from which person follows.
  linked_to text COLLATE "C" NOT NULL,
  person    text COLLATE "C" NOT NULL,
  CHECK (identity <> linked_to AND identity <> person)
);
CREATE INDEX identity_link_person ON identity_link (person);
CREATE INDEX identity_link_linked_to ON identity_link (linked_to);

-- Who has linked and unlinked what, and why. Only grows.
CREATE TABLE identity_link_log (
  entry      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_by    text NOT NULL,
  database_user text NOT NULL DEFAULT session_user,
  reason     text NOT NULL,
  action     text NOT NULL CHECK (action IN ('link', 'unlink')),
  identity   text COLLATE "C" NOT NULL,
  linked_to  text COLLATE "C" NOT NULL
);
