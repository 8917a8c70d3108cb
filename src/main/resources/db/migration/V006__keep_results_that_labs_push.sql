-- Results that labs push: see docs/labs.md.

-- One row per answer: which of its versions stands. Its row is the lock under which versions are added.
CREATE TABLE lab_record (
  source_system   text COLLATE "C" NOT NULL,
  record_id       text COLLATE "C" NOT NULL,
  -- The version that stands; 0 only within the transaction that makes the row.
  version         integer NOT NULL,
  versions        integer NOT NULL,
  -- Of the version that stands.
  resident        text COLLATE "C" NOT NULL,
  withdrawn       boolean NOT NULL,
  data_controller text COLLATE "C" NOT NULL,
  first_arrival   timestamptz NOT NULL,
  -- Until then the resident does not see it.
  release_at      timestamptz NOT NULL,
  -- When a version was added last.
  changed_at      timestamptz NOT NULL,
  PRIMARY KEY (source_system, record_id)
) WITH (fillfactor = 80);
CREATE INDEX lab_record_resident ON lab_record (resident, source_system) WHERE NOT withdrawn;
CREATE INDEX lab_record_changed ON lab_record (source_system, changed_at, record_id);
CREATE INDEX lab_record_controller ON lab_record (data_controller, changed_at);

-- Every distinct content of an answer, in the order of arrivals.
CREATE TABLE lab_version (
  source_system   text COLLATE "C" NOT NULL,
  record_id       text COLLATE "C" NOT NULL,
  version         integer NOT NULL,
  -- SHA-256 of the content.
  digest          bytea NOT NULL CHECK (octet_length(digest) = 32),
  sender          text NOT NULL,
  way             text NOT NULL,
  arrived_at      timestamptz NOT NULL,
  sequence        bigint,
  status          text NOT NULL,
  source_time     timestamptz,
  resident        text COLLATE "C" NOT NULL,
  data_controller text COLLATE "C" NOT NULL,
  -- The answer as JSON: se.samflode.lab.LabReport.
  content         text NOT NULL,
  PRIMARY KEY (source_system, record_id, version),
  UNIQUE (source_system, record_id, digest),
  FOREIGN KEY (source_system, record_id) REFERENCES lab_record ON DELETE CASCADE
);

-- What a resident must not be shown any more, from whatever source: answers that were withdrawn, or
-- turned out to be about somebody else.
CREATE TABLE lab_tombstone (
  resident        text COLLATE "C" NOT NULL,
  source_system   text COLLATE "C" NOT NULL,
  record_id       text COLLATE "C" NOT NULL,
  withdrawn_at    timestamptz NOT NULL,
  data_controller text COLLATE "C" NOT NULL,
  reason          text NOT NULL,
  PRIMARY KEY (resident, source_system, record_id),
  FOREIGN KEY (source_system, record_id) REFERENCES lab_record ON DELETE CASCADE
);
CREATE INDEX lab_tombstone_record ON lab_tombstone (source_system, record_id);

-- Ids of messages that have been stored: one that comes again with the same id has the same content.
CREATE TABLE lab_message (
  sender      text NOT NULL,
  message_id  text COLLATE "C" NOT NULL,
  digest      bytea NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (sender, message_id)
);
CREATE INDEX lab_message_received ON lab_message USING brin (received_at);

-- Messages that were not taken, and why.
CREATE TABLE lab_rejection (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sender      text NOT NULL,
  way         text NOT NULL,
  format      text NOT NULL,
  message_id  text,
  rejected_at timestamptz NOT NULL,
  -- A list of {code, path, text}; repeats no value of the message.
  faults      jsonb NOT NULL,
  -- The message; NULL where it was too large to be kept.
  content     bytea,
  -- When it was taken after all.
  stored_at   timestamptz
);
CREATE INDEX lab_rejection_sender ON lab_rejection (sender, rejected_at, id);

-- Who has sent rejected messages again and erased results, and why. Only grows.
CREATE TABLE lab_log (
  entry         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_by       text NOT NULL,
  database_user text NOT NULL DEFAULT session_user,
  action        text NOT NULL CHECK (action IN ('resend', 'erase', 'export')),
  subject       text NOT NULL,
  outcome       text NOT NULL
);
